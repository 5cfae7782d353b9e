use std::sync::atomic::{AtomicU64, Ordering};

use crate::retry::StopReason;
use crate::{Answered, Error};

/// What a client and all its clones have done since it was made. See [`Client::counters`](crate::Client::counters).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Counters {
    /// Calls that ended, however they did.
    pub calls: u64,
    /// Requests that were handed to the transport.
    pub requests: u64,
    /// Those of them that repeated an earlier one.
    pub retries: u64,
    /// Calls that failed.
    pub failures: u64,
    /// Calls that failed and left a doubt: the gateway may have acted.
    pub doubts: u64,
    /// Calls that were not tried again because the shared budget was empty.
    pub budget_stops: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Tally {
    calls: AtomicU64,
    requests: AtomicU64,
    retries: AtomicU64,
    failures: AtomicU64,
    doubts: AtomicU64,
    budget_stops: AtomicU64,
}

impl Tally {
    pub(crate) fn request(&self, is_retry: bool) {
        add(&self.requests);
        if is_retry {
            add(&self.retries);
        }
    }

    pub(crate) fn ended<T>(&self, outcome: &Result<Answered<T>, Error>) {
        add(&self.calls);
        let Err(error) = outcome else {
            return;
        };
        add(&self.failures);
        if error.may_have_acted() {
            add(&self.doubts);
        }
        if error.attempts().stopped() == Some(StopReason::BudgetSpent) {
            add(&self.budget_stops);
        }
    }

    pub(crate) fn read(&self) -> Counters {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counters {
            calls: read(&self.calls),
            requests: read(&self.requests),
            retries: read(&self.retries),
            failures: read(&self.failures),
            doubts: read(&self.doubts),
            budget_stops: read(&self.budget_stops),
        }
    }
}

fn add(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}
