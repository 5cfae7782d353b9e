//! The faults that are dialled, and how often each could have hit.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Map;
use crate::event::MerchantText;
use crate::faults::FaultRule;

/// How many counts are kept at most.
const COUNTS_MAX: usize = 100_000;

#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct ActiveFaults {
    rules: Vec<ActiveRule>,
    /// By rule, operation (none for callbacks) and subject.
    counts: Map<(u32, Option<MerchantText>, MerchantText), u32>,
    /// How many rules there ever were.
    count: u32,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct ActiveRule {
    /// From 1.
    pub(crate) id: u32,
    pub(crate) rule: Arc<FaultRule>,
    pub(crate) since: Timestamp,
}

impl ActiveFaults {
    pub(crate) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &ActiveRule> {
        self.rules.iter()
    }

    /// Those that are about such requests at this time.
    pub(crate) fn about(
        &self,
        operation: Option<&str>,
        subject: &str,
        now: Timestamp,
    ) -> impl Iterator<Item = &ActiveRule> {
        self.rules.iter().filter(move |active| {
            let age = now.duration_since(active.since);
            let is_over = active.rule.lasts().is_some_and(|lasts| age >= lasts);
            !is_over && active.rule.is_about(operation, subject)
        })
    }

    /// How many requests a rule could have hit.
    pub(crate) fn count(&self, rule: u32, operation: Option<&str>, subject: &str) -> u32 {
        let key = (rule, operation.map(MerchantText::from), subject.into());
        self.counts.get(&key).copied().unwrap_or_default()
    }

    pub(super) fn add(&mut self, rule: &Arc<FaultRule>, since: Timestamp) {
        self.count += 1;
        self.rules.push(ActiveRule {
            id: self.count,
            rule: Arc::clone(rule),
            since,
        });
    }

    pub(super) fn remove(&mut self, id: Option<u32>) {
        match id {
            Some(id) => self.rules.retain(|active| active.id != id),
            None => self.rules.clear(),
        }
        if self.rules.is_empty() {
            self.counts = Map::default();
        }
    }

    /// One more that the rule could have hit.
    pub(super) fn draw(
        &mut self,
        rule: u32,
        operation: Option<MerchantText>,
        subject: MerchantText,
    ) {
        // Whoever lets faults fall on so many orders does not count on the first of each.
        if self.counts.len() >= COUNTS_MAX {
            self.counts = Map::default();
        }
        *self.counts.entry(&(rule, operation, subject)) += 1;
    }
}
