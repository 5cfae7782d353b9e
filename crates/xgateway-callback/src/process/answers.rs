//! What a processor remembers of the API's answers: whether it answers at all, and what was told of its silence.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use xgateway_store::Kind;

use crate::confirm::NoAnswerCause;

/// How often the log is told of one cause: it concerns all callbacks, and not each by itself.
pub(super) const TOLD_EACH: Duration = Duration::from_mins(1);

#[derive(Debug, Default)]
pub(super) struct Answers {
    /// When a question about this kind was answered last.
    heard: Mutex<HashMap<Kind, Timestamp>>,
    /// When the log was told of this cause last.
    told: Mutex<HashMap<NoAnswerCause, Timestamp>>,
}

impl Answers {
    /// Notes that a question was answered.
    pub(super) fn hear(&self, kind: Kind, now: Timestamp) {
        lock(&self.heard).insert(kind, now);
    }

    /// Whether a question about this kind was answered within this time: then the API does not refuse all of them.
    pub(super) fn were_heard_within(&self, time: Duration, kind: Kind, now: Timestamp) -> bool {
        is_within(time, lock(&self.heard).get(&kind), now)
    }

    /// Whether it is time to tell the log of this cause, which is then told.
    pub(super) fn are_to_be_told(&self, cause: NoAnswerCause, now: Timestamp) -> bool {
        let mut told = lock(&self.told);
        let is_told = is_within(TOLD_EACH, told.get(&cause), now);
        if !is_told {
            told.insert(cause, now);
        }
        !is_told
    }
}

fn is_within(time: Duration, at: Option<&Timestamp>, now: Timestamp) -> bool {
    at.is_some_and(|at| now.duration_since(*at).unsigned_abs() < time)
}

/// The maps are whole at any moment, also behind a panic.
fn lock<K: Eq + Hash, V>(map: &Mutex<HashMap<K, V>>) -> MutexGuard<'_, HashMap<K, V>> {
    map.lock().unwrap_or_else(PoisonError::into_inner)
}
