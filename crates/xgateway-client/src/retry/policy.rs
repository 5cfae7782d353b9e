use std::time::Duration;

/// How often a call is tried, and how long to wait in between.
///
/// ```
/// use std::time::Duration;
/// use xgateway_client::retry::RetryPolicy;
///
/// let patient = RetryPolicy::default()
///     .attempts_max(5)
///     .waits(Duration::from_secs(1), Duration::from_secs(20));
/// assert_ne!(patient, RetryPolicy::never());
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use = "a policy does nothing until a client has it"]
pub struct RetryPolicy {
    pub(super) attempts_max: u32,
    pub(super) wait_first: Duration,
    pub(super) wait_max: Duration,
    pub(super) retry_after_max: Duration,
    pub(super) key_life: Option<Duration>,
}

impl Default for RetryPolicy {
    /// Three attempts, at first at most 200 ms apart and at most 5 s later on; of what the gateway asks for in
    /// `retry-after`, at most 30 s. No assumption about keys.
    fn default() -> Self {
        Self {
            attempts_max: 3,
            wait_first: Duration::from_millis(200),
            wait_max: Duration::from_secs(5),
            retry_after_max: Duration::from_secs(30),
            key_life: None,
        }
    }
}

impl RetryPolicy {
    /// One attempt, whatever comes of it.
    pub fn never() -> Self {
        Self::default().attempts_max(1)
    }

    /// How many attempts there are in all. 0 means 1.
    pub fn attempts_max(mut self, attempts: u32) -> Self {
        self.attempts_max = attempts;
        self
    }

    /// The most that is waited after the first attempt, which doubles with each that follows, and the most ever.
    pub fn waits(mut self, first: Duration, most: Duration) -> Self {
        self.wait_first = first;
        self.wait_max = most;
        self
    }

    /// The most that is waited because the gateway asks for it. If it asks for more, the next attempt comes earlier than
    /// that, or not at all if the call's time is over by then.
    pub fn retry_after_max(mut self, most: Duration) -> Self {
        self.retry_after_max = most;
        self
    }

    /// Lets a write that may move money be sent again **after a doubt**, with the same order id and the same body.
    ///
    /// That charges nobody twice if all of this is true, which only you can know:
    ///
    /// - The gateway takes an order id for a key, and remembers it for at least `life`, from the first request with it.
    ///   Its documents say the first and not the second (protocol §13, O1).
    /// - No request with this order id was sent before this call; or the client knows how long ago the first one was, by
    ///   [`Client::with_key_first_sent`](crate::Client::with_key_first_sent).
    ///
    /// Only in the first half of `life` is anything sent again. The other half is for a request that is stuck on its way
    /// and must not arrive after its key has been forgotten. The age is looked at again when there is a connection to send on.
    ///
    /// Whichever way the gateway treats a key, nothing is charged twice: it repeats its first answer, finishes what it
    /// left undone, or refuses. After a refusal that follows a doubt the call's effect is still
    /// [`Unknown`](crate::Effect::Unknown), since the first request may be the one that holds the order id.
    pub fn assume_key_life(mut self, life: Duration) -> Self {
        self.key_life = Some(life);
        self
    }
}
