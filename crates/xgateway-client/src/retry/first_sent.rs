use std::time::Duration;

use tokio::time::Instant;

/// When an order id may first have reached the gateway.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FirstSent {
    /// A moment that the clock of the runtime can name.
    then: Instant,
    /// How long before it; the clock may not reach back that far.
    before: Duration,
}

impl FirstSent {
    pub(crate) const fn at(then: Instant) -> Self {
        Self {
            then,
            before: Duration::ZERO,
        }
    }

    pub(crate) fn ago(before: Duration) -> Self {
        Self {
            then: Instant::now(),
            before,
        }
    }

    pub(crate) fn age(self) -> Duration {
        self.before.saturating_add(self.then.elapsed())
    }
}
