use std::time::Duration;

use tokio::time::Instant;

/// A moment after which an answer is of no use, for one call or for several together.
///
/// See [`Client::with_deadline`](crate::Client::with_deadline).
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Deadline(Instant);

impl Deadline {
    /// The moment `duration` from now, by the clock of the runtime. Needs one.
    pub fn after(duration: Duration) -> Self {
        Self::from(Instant::now(), duration)
    }

    /// The moment `duration` from `now`.
    pub(crate) fn from(now: Instant, duration: Duration) -> Self {
        // What is too far away to be counted is a year away: far enough for anybody to wait.
        let end = now
            .checked_add(duration)
            .unwrap_or_else(|| now + Duration::from_hours(24 * 365));
        Self(end)
    }

    /// How long it is from `now` until then; zero if it is past.
    pub(crate) fn remaining(self, now: Instant) -> Duration {
        self.0.saturating_duration_since(now)
    }

    /// As the clock of the runtime has it.
    pub(crate) const fn instant(self) -> Instant {
        self.0
    }
}
