//! When to try again.

use std::time::Duration;

use xgateway_core::backoff;

/// When an entry whose processing failed is tried again, and when no more.
///
/// The wait is drawn evenly between nothing and a bound that doubles with each attempt ("full jitter"), so that what
/// failed together does not come back together. The draw is an argument: the same draw, the same wait.
///
/// ```
/// use std::time::Duration;
///
/// use xgateway_store::Backoff;
///
/// let backoff = Backoff::default();
/// assert_eq!(backoff.wait(1, u32::MAX), Some(Duration::from_secs(1)));
/// assert_eq!(backoff.wait(3, u32::MAX), Some(Duration::from_secs(4)));
/// assert_eq!(backoff.wait(3, u32::MAX / 2), Some(Duration::from_secs(2)));
/// assert_eq!(backoff.wait(36, 0), None); // Dead: a person must look.
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Backoff {
    /// The most that is waited after the first attempt.
    pub first: Duration,
    /// The most that is ever waited.
    pub most: Duration,
    /// How many attempts there are in all.
    pub attempts_max: u32,
}

impl Default for Backoff {
    /// 36 attempts, at first a second, at most an hour apart: half a day on average, a day at most.
    fn default() -> Self {
        Self {
            first: Duration::from_secs(1),
            most: Duration::from_hours(1),
            attempts_max: 36,
        }
    }
}

impl Backoff {
    /// Waits at most so long after the first attempt.
    #[must_use]
    pub fn with_first(mut self, first: Duration) -> Self {
        self.first = first;
        self
    }

    /// Never waits longer than this.
    #[must_use]
    pub fn with_most(mut self, most: Duration) -> Self {
        self.most = most;
        self
    }

    /// Gives up after so many attempts.
    #[must_use]
    pub fn with_attempts_max(mut self, attempts_max: u32) -> Self {
        self.attempts_max = attempts_max;
        self
    }

    /// How long to wait after this many failed attempts (the first is 1), or `None` if that was the last.
    ///
    /// `jitter` is an even draw over all of `u32`: 0 waits not at all, [`u32::MAX`] the whole bound.
    #[must_use]
    pub fn wait(&self, attempts: u32, jitter: u32) -> Option<Duration> {
        if attempts >= self.attempts_max {
            return None;
        }
        let bound = backoff::bound(self.first, self.most, attempts);
        Some(backoff::drawn(bound, jitter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_doubles_up_to_the_most() {
        let backoff = Backoff {
            first: Duration::from_secs(1),
            most: Duration::from_secs(5),
            attempts_max: 6,
        };
        let seconds: Vec<_> = (0..8)
            .map(|attempts| backoff.wait(attempts, u32::MAX).map(|wait| wait.as_secs()))
            .collect();
        assert_eq!(
            seconds,
            [
                Some(1),
                Some(1),
                Some(2),
                Some(4),
                Some(5),
                Some(5),
                None,
                None
            ]
        );
    }

    #[test]
    fn the_usual_attempts_last_for_half_a_day_on_average() {
        let hours = |jitter| {
            let waits = (1..).map_while(|attempts| Backoff::default().wait(attempts, jitter));
            waits.sum::<Duration>().as_secs() / 3600
        };
        assert_eq!((hours(u32::MAX / 2), hours(u32::MAX)), (12, 24));
    }

    #[test]
    fn extremes_neither_overflow_nor_wait_too_long() {
        let backoff = Backoff {
            first: Duration::MAX,
            most: Duration::MAX,
            attempts_max: u32::MAX,
        };
        for attempts in [0, 1, 31, 32, 33, u32::MAX - 1] {
            assert!(backoff.wait(attempts, u32::MAX) >= backoff.wait(attempts, 0));
        }
        assert_eq!(backoff.wait(u32::MAX, 0), None);
    }
}
