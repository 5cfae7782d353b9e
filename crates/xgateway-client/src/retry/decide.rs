use std::fmt;
use std::time::Duration;

use http::Method;
use xgateway_api::operation::Operation;
use xgateway_core::backoff;

use super::{Outcome, RetryPolicy};

/// The attempt after which is decided.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Attempt {
    /// Which one it was, counted from 1.
    pub number: u32,
    /// How much time the call has left.
    pub remaining: Duration,
    /// An even draw over all of `u32`: 0 waits not at all, [`u32::MAX`] the whole bound.
    pub draw: u32,
}

/// What is known of the order id of a write.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct KeyUse {
    /// How long ago the gateway may have seen it first; `None` if it cannot have seen it.
    pub first_seen: Option<Duration>,
}

/// Whether to try again.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Decision {
    /// Yes, after this wait.
    Retry {
        /// How long to wait.
        after: Duration,
    },
    /// No.
    Stop(StopReason),
}

/// Why a call was not tried again.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum StopReason {
    /// Another attempt would end the same.
    Final,
    /// It is neither a read nor a write with a key.
    NotRepeatable,
    /// The gateway may have acted, and nobody said how long it remembers an order id.
    InDoubt,
    /// The gateway may forget the order id before another request has arrived.
    KeyTooOld,
    /// There were as many attempts as the policy allows.
    AttemptsSpent,
    /// The call's time would be over before the next attempt.
    NoTime,
    /// The shared budget is empty.
    BudgetSpent,
}

impl RetryPolicy {
    /// Decides after an attempt.
    ///
    /// `key` is `None` if the call has no order id, and `budget` is how many retries the shared budget still allows.
    ///
    /// ```
    /// use std::time::Duration;
    /// use xgateway_api::operations::{CREATE_CARD_DEPOSIT, GET_INVOICE};
    /// use xgateway_client::retry::{Attempt, Decision, KeyUse, Outcome, RetryPolicy, StopReason};
    ///
    /// let policy = RetryPolicy::default();
    /// let attempt = Attempt { number: 1, remaining: Duration::from_secs(10), draw: u32::MAX };
    ///
    /// // A read whose answer was lost is read again; of a deposit nobody knows whether it was charged.
    /// assert_eq!(
    ///     policy.decide(&GET_INVOICE, Outcome::Lost, attempt, None, 10),
    ///     Decision::Retry { after: Duration::from_millis(200) },
    /// );
    /// let key = Some(KeyUse { first_seen: Some(Duration::ZERO) });
    /// assert_eq!(
    ///     policy.decide(&CREATE_CARD_DEPOSIT, Outcome::Lost, attempt, key, 10),
    ///     Decision::Stop(StopReason::InDoubt),
    /// );
    /// ```
    pub fn decide(
        &self,
        operation: &Operation,
        outcome: Outcome,
        attempt: Attempt,
        key: Option<KeyUse>,
        budget: u32,
    ) -> Decision {
        let asked = match outcome {
            Outcome::Final => return Decision::Stop(StopReason::Final),
            Outcome::NotSent | Outcome::Lost => None,
            Outcome::Busy { asked } | Outcome::Failed { asked } => asked,
        };
        let after = self.wait(asked, attempt);
        if operation.method != Method::GET {
            let (Some(_), Some(key)) = (operation.idempotency_key, key) else {
                return Decision::Stop(StopReason::NotRepeatable);
            };
            // Never less than what the outcome itself says.
            let this_one = outcome.leaves_doubt().then_some(Duration::ZERO);
            if let Some(age) = key.first_seen.max(this_one)
                && let Err(reason) = self.check_key(age, after)
            {
                return Decision::Stop(reason);
            }
        }
        if attempt.number >= self.attempts_max {
            Decision::Stop(StopReason::AttemptsSpent)
        } else if after >= attempt.remaining {
            Decision::Stop(StopReason::NoTime)
        } else if budget == 0 {
            Decision::Stop(StopReason::BudgetSpent)
        } else {
            Decision::Retry { after }
        }
    }

    /// Whether a request that is sent after another wait still meets a key that the gateway remembers.
    fn check_key(&self, age: Duration, after: Duration) -> Result<(), StopReason> {
        if self.key_life.is_none() {
            Err(StopReason::InDoubt)
        } else if self.is_remembered(age.saturating_add(after)) {
            Ok(())
        } else {
            Err(StopReason::KeyTooOld)
        }
    }

    /// Whether a request that leaves now arrives before the gateway forgets a key that is so old.
    pub(crate) fn is_remembered(&self, age: Duration) -> bool {
        self.key_life.is_some_and(|life| age <= life / 2)
    }

    /// What the gateway asks for, as far as it is granted, and the jitter on top: those who were told the same must not
    /// come back together.
    fn wait(&self, asked: Option<Duration>, attempt: Attempt) -> Duration {
        let asked = asked.unwrap_or_default().min(self.retry_after_max);
        let bound = backoff::bound(self.wait_first, self.wait_max, attempt.number);
        asked.saturating_add(backoff::drawn(bound, attempt.draw))
    }
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Final => "another attempt would end the same",
            Self::NotRepeatable => "the operation cannot be repeated",
            Self::InDoubt => "the gateway may have acted",
            Self::KeyTooOld => "the gateway may forget the order id",
            Self::AttemptsSpent => "no attempts are left",
            Self::NoTime => "no time is left",
            Self::BudgetSpent => "the budget of retries is empty",
        })
    }
}
