use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

/// The time, and waiting for it to pass: real, or a test's own.
#[async_trait]
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Waits. Dropping the future ends the wait.
    async fn pause(&self, time: Duration);

    /// Waits as [`pause`](Self::pause) does, for a time limit: what it limits is given up when this is over. Unless
    /// implemented, it is a pause. A test whose pauses take no time lets it wait for ever.
    async fn limit(&self, time: Duration) {
        self.pause(time).await;
    }
}

#[async_trait]
impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }

    async fn pause(&self, time: Duration) {
        (**self).pause(time).await;
    }

    async fn limit(&self, time: Duration) {
        (**self).limit(time).await;
    }
}

/// The clock of the machine.
#[cfg(feature = "tokio")]
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

#[cfg(feature = "tokio")]
#[async_trait]
impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the clock that is injected"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    async fn pause(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}
