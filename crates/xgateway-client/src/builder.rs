use std::fmt;
use std::time::{Duration, SystemTime};

use xgateway_api::environment::Environment;
use xgateway_api::operation::Operation;
use xgateway_api::path::Paths;
use xgateway_core::secret::ApiKey;
use xgateway_transport::{SharedTransport, Transport};

use crate::Client;
use crate::retry::{Jitter, RetryBudget, RetryPolicy};
use crate::wall_clock::WallClock;

/// How long to wait for an answer unless told otherwise (protocol §13, O3: nobody wrote it down).
const TIMEOUT: Duration = Duration::from_secs(10);
/// The same where money moves: a bank is asked meanwhile, and giving up early leaves a doubt behind.
const MONEY_TIMEOUT: Duration = Duration::from_secs(30);

/// Settings of a [`Client`].
///
/// ```
/// use std::time::Duration;
/// use xgateway_api::environment::Environment;
/// use xgateway_api::operations::CREATE_CARD_DEPOSIT;
/// use xgateway_client::Client;
/// use xgateway_core::secret::ApiKey;
/// # use xgateway_transport::test_util::NeverTransport as Network;
///
/// let key = ApiKey::parse("5f0c6a9e-0d6b-4a63-9a0e-5f2a7d3f1c11")?;
/// let client = Client::builder(Environment::Production, key, Network)
///     .timeout(Duration::from_secs(5))
///     .operation_timeout(&CREATE_CARD_DEPOSIT, Duration::from_secs(60))
///     .build();
/// assert_eq!(client.environment(), &Environment::Production);
/// # Ok::<(), xgateway_core::secret::KeyError>(())
/// ```
#[derive(Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder {
    pub(crate) environment: Environment,
    pub(crate) api_key: ApiKey,
    pub(crate) transport: SharedTransport,
    pub(crate) timeouts: Timeouts,
    pub(crate) retry_policy: RetryPolicy,
    pub(crate) retry_budget: RetryBudget,
    pub(crate) jitter: Jitter,
    pub(crate) wall_clock: WallClock,
    pub(crate) address_operation: AddressOperation,
    pub(crate) paths: Paths,
}

/// By which of its two names the gateway is asked for an address. Both mean the same.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum AddressOperation {
    /// `POST /v2/channels`, the current one.
    #[default]
    Channels,
    /// `POST /v1/wallet/address`, the old one, for merchants who have only that.
    WalletAddress,
}

/// How long to wait for the answer of each operation.
#[derive(Clone)]
pub(crate) struct Timeouts {
    default: Duration,
    attempt: Option<Duration>,
    by_operation: Vec<(&'static str, Duration)>,
    attempt_by_operation: Vec<(&'static str, Duration)>,
}

/// The limits of one call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// For all attempts together, and the waits between them.
    pub(crate) call: Duration,
    /// For one attempt, if it is less.
    pub(crate) attempt: Option<Duration>,
}

impl ClientBuilder {
    pub(crate) fn new(
        environment: Environment,
        api_key: ApiKey,
        transport: impl Transport,
    ) -> Self {
        Self {
            environment,
            api_key,
            transport: SharedTransport::new(transport),
            timeouts: Timeouts {
                default: TIMEOUT,
                attempt: None,
                by_operation: Vec::new(),
                attempt_by_operation: Vec::new(),
            },
            retry_policy: RetryPolicy::default(),
            retry_budget: RetryBudget::default(),
            jitter: Jitter::default(),
            wall_clock: WallClock::default(),
            address_operation: AddressOperation::default(),
            paths: Paths::default(),
        }
    }

    /// How long a call may take, all attempts and waits included; 10 s if never called.
    ///
    /// Operations that move money have 30 s all the same: set theirs with
    /// [`operation_timeout`](Self::operation_timeout).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.default = timeout;
        self
    }

    /// How long a call of one operation may take, all attempts and waits included.
    pub fn operation_timeout(mut self, operation: &'static Operation, timeout: Duration) -> Self {
        put(&mut self.timeouts.by_operation, operation, timeout);
        self
    }

    /// How long one attempt may take, so that time is left for another; as long as the call if never called.
    ///
    /// Not for operations that move money: giving up early leaves a doubt behind. Set theirs, if at all, with
    /// [`operation_attempt_timeout`](Self::operation_attempt_timeout).
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.attempt = Some(timeout);
        self
    }

    /// How long one attempt of one operation may take.
    pub fn operation_attempt_timeout(
        mut self,
        operation: &'static Operation,
        timeout: Duration,
    ) -> Self {
        put(&mut self.timeouts.attempt_by_operation, operation, timeout);
        self
    }

    /// How often a call is tried, and how long to wait in between.
    pub fn retry_policy(mut self, policy: RetryPolicy) -> Self {
        self.retry_policy = policy;
        self
    }

    /// The budget of retries, for several clients to share one. Clones of a client share theirs anyway.
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.retry_budget = budget;
        self
    }

    /// Where the draws come from that spread retries in time: even over all of `u32`.
    ///
    /// If never called, they differ from process to process; a simulation gives its own.
    pub fn jitter(mut self, draw: impl Fn() -> u32 + Send + Sync + 'static) -> Self {
        self.jitter = Jitter::new(draw);
        self
    }

    /// The clock on the wall; the system's if never called. Tests and simulations give their own.
    ///
    /// It is read beside the clock of the runtime, which stands still while the machine sleeps or is stopped: a request whose
    /// time is over by either is not sent, and a key is as old as the one says that has gone further. What may move money is
    /// looked at again when there is a connection to send it on, which may have taken a night.
    pub fn wall_clock(mut self, now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.wall_clock = WallClock::new(now);
        self
    }

    /// By which of its two names [`Client::address`] asks the gateway for an address.
    pub fn address_operation(mut self, operation: AddressOperation) -> Self {
        self.address_operation = operation;
        self
    }

    /// The true paths of operations whose path nobody documented; those of the document if never called.
    pub fn paths(mut self, paths: Paths) -> Self {
        self.paths = paths;
        self
    }

    /// The client.
    pub fn build(self) -> Client {
        Client::from_builder(self)
    }
}

impl Timeouts {
    pub(crate) fn of(&self, operation: &Operation) -> Limits {
        Limits {
            call: get(&self.by_operation, operation).unwrap_or(if operation.moves_money {
                MONEY_TIMEOUT
            } else {
                self.default
            }),
            attempt: get(&self.attempt_by_operation, operation).or(if operation.moves_money {
                None
            } else {
                self.attempt
            }),
        }
    }
}

fn put(
    timeouts: &mut Vec<(&'static str, Duration)>,
    operation: &'static Operation,
    timeout: Duration,
) {
    timeouts.retain(|(name, _)| *name != operation.name);
    timeouts.push((operation.name, timeout));
}

fn get(timeouts: &[(&'static str, Duration)], operation: &Operation) -> Option<Duration> {
    let (_, timeout) = timeouts.iter().find(|(name, _)| *name == operation.name)?;
    Some(*timeout)
}

impl fmt::Debug for Timeouts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own = self.by_operation.iter().copied();
        f.debug_map()
            .entry(&"default", &self.default)
            .entries(own)
            .finish()
    }
}
