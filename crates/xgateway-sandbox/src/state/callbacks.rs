//! The callbacks that the gateway owes, and what became of them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Map, Sorted, Version};
use crate::event::{CallbackOutcome, CustomerNews, MerchantText};

/// How many are kept at most; far more than ever wait.
const KEPT_MAX: usize = 100_000;

#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct Callbacks {
    /// By number.
    all: Sorted<u64, Callback>,
    /// How many there ever were.
    count: u64,
    /// How many there were of each thing that they tell of and that does not count its own.
    ordinals: Map<Uuid, u32>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Callback {
    /// The transaction, or the customer, that it tells of.
    pub(crate) subject: Uuid,
    pub(crate) told: Told,
    /// Which key it has.
    pub(crate) key: u32,
    /// It is the how many-th of its subject, from 0.
    pub(crate) ordinal: u32,
    pub(crate) attempts: Vec<CallbackOutcome>,
    /// Too many waited.
    pub(crate) is_dropped: bool,
    /// Somebody wants it once more.
    #[serde(default)]
    pub(crate) is_wanted: bool,
    /// When it was queued, or attempted last.
    pub(crate) touched_at: Timestamp,
}

/// What a callback tells, as it stood when the callback was made.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) enum Told {
    Transaction(Version),
    Customer(MerchantText, CustomerNews),
}

impl Callbacks {
    /// How many there ever were. They are numbered from 1 without gaps.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    pub(crate) fn get(&self, number: u64) -> Option<&Callback> {
        self.all.get(&number)
    }

    /// The oldest first, with their numbers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, &Callback)> {
        self.all
            .iter()
            .map(|(number, callback)| (*number, callback))
    }

    /// Of one of which there were `earlier` ones, if it counts them itself.
    pub(super) fn queue(
        &mut self,
        subject: Uuid,
        told: Told,
        earlier: Option<u32>,
        (key, at): (u32, Timestamp),
    ) {
        self.count += 1;
        let ordinal = if let Some(earlier) = earlier {
            // In an old log there are transactions that did not count them.
            self.ordinals.get(&subject).copied().unwrap_or_default() + earlier
        } else {
            let next = self.ordinals.entry(&subject);
            *next += 1;
            *next - 1
        };
        let callback = Callback {
            subject,
            told,
            key,
            ordinal,
            attempts: Vec::new(),
            is_dropped: false,
            is_wanted: false,
            touched_at: at,
        };
        self.all.insert(self.count, callback);
        if self.all.len() > KEPT_MAX
            && let Some((number, subject)) = self.oldest()
        {
            self.all.remove(&number);
            self.ordinals.remove(&subject);
        }
    }

    /// The number of the one that is kept no longer once there is one more.
    pub(crate) fn without_room(&self) -> Option<u64> {
        let is_full = self.all.len() >= KEPT_MAX;
        is_full.then(|| self.oldest().map(|(number, _)| number))?
    }

    fn oldest(&self) -> Option<(u64, Uuid)> {
        let (number, callback) = self.all.first()?;
        Some((*number, callback.subject))
    }

    /// It goes out no more.
    pub(super) fn drop(&mut self, number: u64) {
        if let Some(callback) = self.all.get_mut(&number) {
            callback.is_dropped = true;
            callback.is_wanted = false;
        }
    }

    /// It goes out once more.
    pub(super) fn resend(&mut self, number: u64) {
        if let Some(callback) = self.all.get_mut(&number) {
            callback.is_wanted = true;
        }
    }

    pub(super) fn attempt(&mut self, number: u64, outcome: CallbackOutcome, at: Timestamp) {
        if let Some(callback) = self.all.get_mut(&number) {
            callback.attempts.push(outcome);
            callback.touched_at = at;
            callback.is_wanted = false;
        }
    }
}

impl Callback {
    /// Whether the merchant has taken it over.
    pub(crate) fn is_taken_over(&self) -> bool {
        let is_success =
            |outcome: &CallbackOutcome| matches!(outcome, CallbackOutcome::Answered(200..300));
        self.attempts.iter().any(is_success)
    }
}
