use std::time::Duration;

use tokio::time::Instant;

use crate::wall_clock::WallTime;

/// A moment after which an answer is of no use, for one call or for several together.
///
/// See [`Client::with_deadline`](crate::Client::with_deadline).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Deadline {
    instant: Instant,
    /// The same by the clock on the wall, which goes on while the machine sleeps.
    wall: Option<WallTime>,
}

impl Deadline {
    /// The moment `duration` from now, by the clock of the runtime. Needs one.
    ///
    /// That clock stands still while the machine sleeps. [`Client::deadline`](crate::Client::deadline) makes one that does not.
    pub fn after(duration: Duration) -> Self {
        Self::from(Instant::now(), duration)
    }

    /// The moment `duration` from `now`.
    pub(crate) fn from(now: Instant, duration: Duration) -> Self {
        // What is too far away to be counted is a year away: far enough for anybody to wait.
        let instant = now
            .checked_add(duration)
            .unwrap_or_else(|| now + Duration::from_hours(24 * 365));
        Self {
            instant,
            wall: None,
        }
    }

    /// The same, which is over at this moment of the wall's clock, too.
    pub(crate) const fn with_wall(self, wall: Option<WallTime>) -> Self {
        Self {
            instant: self.instant,
            wall,
        }
    }

    /// What is over when the first of the two is.
    pub(crate) fn or_earlier(self, other: Self) -> Self {
        Self {
            instant: self.instant.min(other.instant),
            wall: match (self.wall, other.wall) {
                (Some(one), Some(other)) => Some(one.earlier(other)),
                (one, other) => one.or(other),
            },
        }
    }

    /// How long it is until then; zero if it is past by either clock.
    pub(crate) fn remaining(self, now: Instant, wall: WallTime) -> Duration {
        if self.wall.is_some_and(|end| end.is_past(wall)) {
            return Duration::ZERO;
        }
        self.instant.saturating_duration_since(now)
    }

    /// Whether it is past, by whichever clock.
    pub(crate) fn is_past(self, now: Instant, wall: WallTime) -> bool {
        self.remaining(now, wall).is_zero()
    }

    /// As the clock on the wall has it, if that counts.
    pub(crate) const fn wall(self) -> Option<WallTime> {
        self.wall
    }

    /// As the clock of the runtime has it.
    pub(crate) const fn instant(self) -> Instant {
        self.instant
    }
}
