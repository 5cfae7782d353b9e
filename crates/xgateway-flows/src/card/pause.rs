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
///     async fn pause(&self, attempt: u32) {
///         let seconds = 1_u64.checked_shl(attempt).unwrap_or(u64::MAX).min(60);
///         tokio::time::sleep(Duration::from_secs(seconds)).await;
///     }
/// }
/// # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?
/// #     .block_on(Backoff.pause(100));
/// # Ok::<(), std::io::Error>(())
/// ```
#[async_trait]
pub trait Pause: Send + Sync {
    /// Waits after look number `attempt`, counted from 0.
    async fn pause(&self, attempt: u32);
}
