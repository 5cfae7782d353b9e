use std::time::Duration;

use async_trait::async_trait;

/// Waits between two looks at the gateway. Flows have no clock: this is the caller's.
///
/// ```
/// use std::time::Duration;
///
/// use async_trait::async_trait;
/// use xgateway_flows::card::Pause;
///
/// /// One second, then two, four, and so on to a minute.
/// struct Backoff;
///
/// #[async_trait]
/// impl Pause for Backoff {
///     async fn pause(&self, attempt: u32) -> Duration {
///         let seconds = 1_u64.checked_shl(attempt).unwrap_or(u64::MAX).min(60);
///         let pause = Duration::from_secs(seconds);
///         tokio::time::sleep(pause).await;
///         pause
///     }
/// }
/// # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?
/// #     .block_on(async { assert_eq!(Backoff.pause(100).await, Duration::from_secs(60)) });
/// # Ok::<(), std::io::Error>(())
/// ```
#[async_trait]
pub trait Pause: Send + Sync {
    /// Waits after look number `attempt`, counted from 0. Returns how much time has really gone by, or less.
    ///
    /// It may wake early, because a callback came, say. Then measure it, by a clock that nobody sets: a flow that takes a
    /// short pause for a long one gives up a lost request that may still arrive.
    async fn pause(&self, attempt: u32) -> Duration;
}
