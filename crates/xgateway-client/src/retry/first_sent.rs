use std::time::Duration;

use tokio::time::Instant;

use crate::wall_clock::WallTime;

/// When an order id may first have reached the gateway.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FirstSent {
    /// A moment that the clock of the runtime can name.
    then: Instant,
    /// The same moment on the wall.
    wall: WallTime,
    /// How long before it; the clock may not reach back that far.
    before: Duration,
}

impl FirstSent {
    pub(crate) const fn at(then: Instant, wall: WallTime) -> Self {
        Self {
            then,
            wall,
            before: Duration::ZERO,
        }
    }

    pub(crate) fn ago(before: Duration, wall: WallTime) -> Self {
        Self {
            then: Instant::now(),
            wall,
            before,
        }
    }

    /// How old it is, by the clock that has gone further: a machine that sleeps does not stop the gateway's.
    pub(crate) fn age(self, wall: WallTime) -> Duration {
        let since = self.then.elapsed().max(self.wall.age(wall));
        self.before.saturating_add(since)
    }
}
