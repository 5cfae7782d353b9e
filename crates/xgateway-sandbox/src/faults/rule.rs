use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::{Fault, FaultError, Written};
use crate::event::MerchantText;
use crate::hidden;

/// A [`Fault`] and when it happens. Without more it happens every time, to every operation and every callback.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct FaultRule {
    pub(super) fault: Fault,
    pub(super) operation: Option<String>,
    pub(super) order: Option<MerchantText>,
    pub(super) skip: u32,
    pub(super) times: Option<u32>,
    pub(super) occurrences: Vec<u32>,
    pub(super) percent: u32,
    pub(super) seconds: Option<u32>,
}

impl FaultRule {
    /// It happens every time.
    ///
    /// # Panics
    ///
    /// If no gateway does such a thing: answers a failure with another status than 400 to 599, or with a 4xx after it has
    /// acted.
    #[track_caller]
    pub fn new(fault: Fault) -> Self {
        let rule = Self {
            fault,
            operation: None,
            order: None,
            skip: 0,
            times: None,
            occurrences: Vec::new(),
            percent: 100,
            seconds: None,
        };
        rule.sensible()
    }

    /// Reads `at=after_commit,do=reset,operation=create_card_deposit,times=1`: the fields of
    /// [`POST /_sandbox/faults`](crate#faults) as `name=value`.
    ///
    /// # Errors
    ///
    /// [`FaultError`], which names the field.
    pub fn parse(text: &str) -> Result<Self, FaultError> {
        Written::from_pairs(text)?.try_into()
    }

    /// Reads the same as an object of JSON.
    pub(crate) fn from_json(value: serde_json::Value) -> Result<Self, FaultError> {
        Written::from_value(value)?.try_into()
    }

    /// Only to this operation, by its name in the OpenAPI document or `three_ds_page`. A callback has none.
    ///
    /// # Panics
    ///
    /// If there is no such operation, or the fault happens to a callback.
    #[must_use]
    #[track_caller]
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self.sensible()
    }

    /// Only to requests and callbacks about this order id, or about another id if they have no order.
    #[must_use]
    pub fn order(mut self, id: &str) -> Self {
        self.order = Some(MerchantText::from(id));
        self
    }

    /// To that many, for each operation and order.
    ///
    /// # Panics
    ///
    /// If it could then never happen: `count` is 0, or none of the [`occurrences`](Self::occurrences) is left.
    #[must_use]
    #[track_caller]
    pub fn times(mut self, count: u32) -> Self {
        self.times = Some(count);
        self.sensible()
    }

    /// Not to the first ones, for each operation and order.
    ///
    /// # Panics
    ///
    /// If none of the [`occurrences`](Self::occurrences) is left.
    #[must_use]
    #[track_caller]
    pub fn skip(mut self, count: u32) -> Self {
        self.skip = count;
        self.sensible()
    }

    /// A script: only to these, counted from 1 for each operation and order.
    ///
    /// # Panics
    ///
    /// If 0 is one of them, or none is left by [`skip`](Self::skip) and [`times`](Self::times).
    #[must_use]
    #[track_caller]
    pub fn occurrences(mut self, numbers: impl IntoIterator<Item = u32>) -> Self {
        self.occurrences = numbers.into_iter().collect();
        self.sensible()
    }

    /// To that many of a hundred, as the seed says.
    ///
    /// # Panics
    ///
    /// If it is not a number from 1 to 100.
    #[must_use]
    #[track_caller]
    pub fn percent(mut self, percent: u32) -> Self {
        self.percent = percent;
        self.sensible()
    }

    /// Only for so many seconds of the world's clock, from when the rule is added.
    ///
    /// # Panics
    ///
    /// If it is 0: it could never happen.
    #[must_use]
    #[track_caller]
    pub fn lasting(mut self, seconds: u32) -> Self {
        self.seconds = Some(seconds);
        self.sensible()
    }

    /// What happens.
    pub fn fault(&self) -> Fault {
        self.fault
    }

    /// Whoever writes a rule as code finds at once what is wrong with it, as does whoever writes it as text.
    #[expect(clippy::panic, reason = "as documented, at whoever called the builder")]
    #[track_caller]
    fn sensible(self) -> Self {
        match self.checked() {
            Ok(rule) => rule,
            Err(error) => panic!("{error}"),
        }
    }

    pub(crate) fn lasts(&self) -> Option<SignedDuration> {
        self.seconds
            .map(|seconds| SignedDuration::from_secs(seconds.into()))
    }

    /// Whether it is about such requests, whichever of them it hits.
    pub(crate) fn is_about(&self, operation: Option<&str>, subject: &str) -> bool {
        let is_its_kind = match operation {
            Some(operation) => {
                let wanted = self.operation.as_deref();
                !self.fault.is_of_callbacks() && wanted.is_none_or(|wanted| wanted == operation)
            }
            None => self.fault.is_of_callbacks(),
        };
        let order = self.order.as_ref().map(MerchantText::shown);
        is_its_kind && order.is_none_or(|order| order == subject)
    }

    /// Whether it may hit the `occurrence`-th, counted from 1; chance decides the rest.
    pub(crate) fn may_hit(&self, occurrence: u32) -> bool {
        let counted = occurrence > self.skip
            && self
                .times
                .is_none_or(|times| occurrence - self.skip <= times);
        counted && (self.occurrences.is_empty() || self.occurrences.contains(&occurrence))
    }

    /// Whether it hits nothing any more that is the `occurrence`-th of its kind or later.
    pub(crate) fn is_over_at(&self, occurrence: u32) -> bool {
        let counted = self
            .times
            .is_some_and(|times| occurrence > self.skip.saturating_add(times));
        let last = self.occurrences.iter().max();
        counted || last.is_some_and(|last| occurrence > *last)
    }

    pub(crate) fn hit_percent(&self) -> u32 {
        self.percent
    }

    pub(crate) fn order_text(&self) -> Option<&str> {
        self.order.as_ref().map(MerchantText::as_str)
    }

    /// As it may be shown: its order id scrubbed.
    pub(crate) fn shown(&self) -> Self {
        let order = self
            .order_text()
            .map(|text| MerchantText::from(&*hidden::shown(text)));
        Self {
            order,
            ..self.clone()
        }
    }
}
