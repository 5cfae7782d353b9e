use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// By how much the clock on the wall may be set while a call is under way without anybody taking it for sleep.
const SET_MAX: Duration = Duration::from_secs(1);

/// The clock on the wall. It goes on while the machine sleeps or is stopped; the clock of the runtime does not.
#[derive(Clone)]
pub(crate) struct WallClock(Arc<dyn Fn() -> SystemTime + Send + Sync>);

/// A moment on the wall.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct WallTime(SystemTime);

impl WallClock {
    pub(crate) fn new(now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    pub(crate) fn now(&self) -> WallTime {
        WallTime((self.0)())
    }
}

impl WallTime {
    /// The moment `duration` later; none if it is too far away to be counted.
    pub(crate) fn after(self, duration: Duration) -> Option<Self> {
        self.0.checked_add(duration).map(Self)
    }

    /// The earlier of two.
    pub(crate) fn earlier(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }

    /// How long ago it was; nothing if the clock was set back behind it, or a little ahead.
    pub(crate) fn age(self, now: Self) -> Duration {
        // What lies ahead, as deadlines do, costs one comparison.
        if now.0 <= self.0 {
            return Duration::ZERO;
        }
        let age = now.0.duration_since(self.0).unwrap_or_default();
        if age > SET_MAX { age } else { Duration::ZERO }
    }

    /// Whether it is past, by more than a clock is set.
    pub(crate) fn is_past(self, now: Self) -> bool {
        !self.age(now).is_zero()
    }
}

impl Default for WallClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where it is read; whoever needs another one gives it to the builder"
    )]
    fn default() -> Self {
        Self::new(SystemTime::now)
    }
}

impl fmt::Debug for WallClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WallClock")
    }
}
