use std::time::Duration;

use xgateway_store::Backoff;

/// How a [`Processor`](crate::Processor) works.
///
/// ```
/// use std::time::Duration;
///
/// use xgateway_callback::ProcessorSettings;
///
/// let settings = ProcessorSettings::default()
///     .with_batch(16)
///     .with_lease(Duration::from_mins(5));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ProcessorSettings {
    /// How many entries are taken at once. `None`, which is usual, is 64 with [`ExactlyOnce`](crate::ExactlyOnce), where
    /// they are confirmed at the same time and share a commit: as many questions to the API are then under way. Where each
    /// is applied before the next, it is four: the last must come to its turn within the lease.
    pub batch: Option<usize>,
    /// How long the entries of a batch are held: longer than all of them ever take.
    pub lease: Duration,
    /// How long confirming and applying may take, of one callback or of those that are applied together. `None`, which is
    /// usual, is an even share of the lease, without its last tenth; never is it more than what is left of that.
    ///
    /// An API that does not answer in half of this time counts as away. A handler or a book that does not come to its end
    /// is dropped, which counts as [`HandlerError::Again`](crate::HandlerError::Again); what it has begun elsewhere goes on.
    /// Of many that are applied together nobody knows which one it was: they are put back, and each is tried alone.
    pub time_limit: Option<Duration>,
    /// How long to wait when there is nothing to do, or the store is away.
    pub idle: Duration,
    /// When to try again.
    pub backoff: Backoff,
}

impl Default for ProcessorSettings {
    /// As many entries as suit what applies them, for two minutes; half a second between looks; the store's own back-off.
    fn default() -> Self {
        Self {
            batch: None,
            lease: Duration::from_mins(2),
            time_limit: None,
            idle: Duration::from_millis(500),
            backoff: Backoff::default(),
        }
    }
}

impl ProcessorSettings {
    /// Takes so many [entries at once](Self::batch).
    #[must_use]
    pub fn with_batch(mut self, batch: usize) -> Self {
        self.batch = Some(batch);
        self
    }

    /// Holds entries for this [time](Self::lease).
    #[must_use]
    pub fn with_lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    /// Sets a [time limit](Self::time_limit).
    #[must_use]
    pub fn with_time_limit(mut self, time_limit: Duration) -> Self {
        self.time_limit = Some(time_limit);
        self
    }

    /// Waits so long [between looks](Self::idle).
    #[must_use]
    pub fn with_idle(mut self, idle: Duration) -> Self {
        self.idle = idle;
        self
    }

    /// Tries again at these [times](Self::backoff).
    #[must_use]
    pub fn with_backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }
}
