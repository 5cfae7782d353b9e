use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// So many calls that are answered pay for one retry.
const CALLS_PER_RETRY: u32 = 20;

/// A purse of retries, shared by all clones of it, and so by all clones of a [`Client`](crate::Client).
///
/// It starts full. Each retry takes one; a call that the gateway answers, be it with a refusal, pays in a twentieth of
/// one; a call that fails pays nothing. So retries add at most a twentieth to the calls that work, beside what was in the
/// purse, and when nothing works any more they end altogether once it is empty.
///
/// ```
/// use xgateway_client::retry::RetryBudget;
///
/// let for_several_clients = RetryBudget::new(20);
/// assert_eq!(for_several_clients.clone().left(), 20);
/// ```
#[derive(Clone, Debug)]
pub struct RetryBudget(Arc<Purse>);

#[derive(Debug)]
struct Purse {
    /// In parts of a retry.
    most: u32,
    left: AtomicU32,
}

impl RetryBudget {
    /// A full purse of `retries`, at most 200 million.
    pub fn new(retries: u32) -> Self {
        let most = retries.saturating_mul(CALLS_PER_RETRY);
        Self(Arc::new(Purse {
            most,
            left: AtomicU32::new(most),
        }))
    }

    /// How many retries it still allows.
    pub fn left(&self) -> u32 {
        self.0.left.load(Ordering::Relaxed) / CALLS_PER_RETRY
    }

    /// Takes one retry out, if there is one.
    pub(crate) fn take(&self) -> bool {
        self.change(|left| left.checked_sub(CALLS_PER_RETRY))
    }

    /// Pays in for a call that was answered.
    pub(crate) fn earn(&self) {
        // Full is the usual case, and needs no write that other threads would have to hear of.
        if self.0.left.load(Ordering::Relaxed) < self.0.most {
            self.change(|left| Some(left.saturating_add(1).min(self.0.most)));
        }
    }

    fn change(&self, change: impl Fn(u32) -> Option<u32>) -> bool {
        // It guards no other memory, so no order is needed.
        self.0
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, change)
            .is_ok()
    }
}

impl Default for RetryBudget {
    /// Ten retries.
    fn default() -> Self {
        Self::new(10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_answers_pay_for_one_retry() {
        let budget = RetryBudget::new(1);
        assert!(budget.take());
        assert!(!budget.take());
        for _ in 0..19 {
            budget.earn();
        }
        assert!(!budget.take());
        budget.earn();
        assert!(budget.take());
    }

    #[test]
    fn it_holds_no_more_than_at_first() {
        let budget = RetryBudget::new(2);
        for _ in 0..100 {
            budget.earn();
        }
        assert_eq!(budget.left(), 2);
    }

    #[test]
    fn an_empty_purse_allows_none() {
        assert!(!RetryBudget::new(0).take());
    }
}
