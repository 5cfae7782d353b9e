use std::time::Duration;

use async_trait::async_trait;
use tokio::time::sleep;
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
        let mut left = self.for_seconds;
        let mut count = 0;
        while let Some(rest) = left.checked_sub(self.seconds(count)) {
            left = rest;
            count += 1;
        }
        count
    }

    pub(in crate::commands) async fn wait(self, attempt: u32) {
        sleep(Duration::from_secs(self.seconds(attempt))).await;
    }

    fn seconds(self, attempt: u32) -> u64 {
        let doubled = 1_u64.checked_shl(attempt).unwrap_or(u64::MAX);
        doubled.clamp(1, self.seconds_max)
    }
}

#[async_trait]
impl Pause for Backoff {
    async fn pause(&self, attempt: u32) -> Duration {
        self.wait(attempt).await;
        Duration::from_secs(self.seconds(attempt))
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
        let seconds: Vec<_> = (0..5).map(|attempt| backoff.seconds(attempt)).collect();
        assert_eq!(seconds, [1, 2, 4, 5, 5]);
        assert_eq!(backoff.seconds(100), 5);
        assert_eq!(backoff.pauses_max(), 4);
    }
}
