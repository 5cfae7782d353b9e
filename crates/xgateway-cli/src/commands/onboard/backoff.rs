use std::time::Duration;

use async_trait::async_trait;
use tokio::time::sleep;
use xgateway::core::backoff;
use xgateway::flows::onboarding::Pause;

use crate::arguments::Times;

/// One second, then two, four, and so on to a bound.
#[derive(Clone, Copy)]
pub(in crate::commands) struct Backoff {
    seconds_max: u64,
    for_seconds: u64,
}

impl Backoff {
    pub(in crate::commands) fn new(times: &Times) -> Self {
        Self {
            seconds_max: times.every_seconds,
            for_seconds: times.for_seconds,
        }
    }

    /// How many pauses the whole time has room for.
    pub(in crate::commands) fn pauses_max(self) -> u32 {
        let mut left = Duration::from_secs(self.for_seconds);
        let mut count = 0;
        while let Some(rest) = left.checked_sub(self.after(count)) {
            left = rest;
            count += 1;
        }
        count
    }

    pub(in crate::commands) async fn wait(self, attempt: u32) {
        sleep(self.after(attempt)).await;
    }

    fn after(self, attempt: u32) -> Duration {
        let most = Duration::from_secs(self.seconds_max);
        backoff::bound(Duration::from_secs(1), most, attempt.saturating_add(1))
    }
}

#[async_trait]
impl Pause for Backoff {
    async fn pause(&self, attempt: u32) -> Duration {
        self.wait(attempt).await;
        self.after(attempt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_their_bound() {
        let backoff = Backoff {
            seconds_max: 5,
            for_seconds: 12,
        };
        let seconds: Vec<_> = (0..5)
            .map(|attempt| backoff.after(attempt).as_secs())
            .collect();
        assert_eq!(seconds, [1, 2, 4, 5, 5]);
        assert_eq!(backoff.after(100), Duration::from_secs(5));
        assert_eq!(backoff.pauses_max(), 4);
    }
}
