//! The faults that are dialled, and how often each could have hit.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Map, Sorted};
use crate::event::MerchantText;
use crate::faults::FaultRule;

/// How many counts are kept at most. Beyond that the oldest is forgotten, so that the rule may hit as if for the first time.
const COUNTS_MAX: usize = 100_000;

/// A rule, an operation (none for callbacks) and a subject.
type Counted = (u32, Option<MerchantText>, MerchantText);

#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct ActiveFaults {
    rules: Vec<ActiveRule>,
    counts: Map<Counted, u32>,
    /// What is counted, in the order in which that began.
    #[serde(default)]
    begun: Sorted<u64, Counted>,
    /// How often a count ever began.
    #[serde(default)]
    begun_count: u64,
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
            self.begun = Sorted::default();
        }
    }

    /// One more that the rule could have hit.
    pub(super) fn draw(
        &mut self,
        rule: u32,
        operation: Option<MerchantText>,
        subject: MerchantText,
    ) {
        let counted = (rule, operation, subject);
        if self.counts.get(&counted).is_none() {
            self.begun.insert(self.begun_count, counted.clone());
            self.begun_count += 1;
        }
        *self.counts.entry(&counted) += 1;
        if self.begun.len() > COUNTS_MAX
            && let Some(oldest) = self.begun.first().map(|(number, _)| *number)
            && let Some(oldest) = self.begun.remove(&oldest)
        {
            self.counts.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_too_many_counts_the_oldest_alone_is_forgotten() {
        let mut faults = ActiveFaults::default();
        let subject = |number: usize| number.to_string();
        let count = |faults: &ActiveFaults, number| faults.count(1, None, &subject(number));
        for number in 0..=COUNTS_MAX {
            for _ in 0..2 {
                faults.draw(1, None, MerchantText::from(&*subject(number)));
            }
            if number == COUNTS_MAX - 1 {
                assert_eq!(count(&faults, 0), 2);
            }
        }
        assert_eq!(
            [0, 1, 2, COUNTS_MAX].map(|it| count(&faults, it)),
            [0, 2, 2, 2]
        );
        assert_eq!(
            (faults.counts.len(), faults.begun.len()),
            (COUNTS_MAX, COUNTS_MAX)
        );
    }
}
