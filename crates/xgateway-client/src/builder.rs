use std::fmt;
use std::time::Duration;

use xgateway_api::environment::Environment;
use xgateway_api::operation::Operation;
use xgateway_api::path::Paths;
use xgateway_core::secret::ApiKey;
use xgateway_transport::{SharedTransport, Transport};

use crate::Client;

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
    by_operation: Vec<(&'static str, Duration)>,
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
                by_operation: Vec::new(),
            },
            address_operation: AddressOperation::default(),
            paths: Paths::default(),
        }
    }

    /// How long to wait for an answer; 10 s if never called.
    ///
    /// Operations that move money wait 30 s all the same: set theirs with
    /// [`operation_timeout`](Self::operation_timeout).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.default = timeout;
        self
    }

    /// How long to wait for the answer of one operation.
    pub fn operation_timeout(mut self, operation: &'static Operation, timeout: Duration) -> Self {
        let timeouts = &mut self.timeouts.by_operation;
        timeouts.retain(|(name, _)| *name != operation.name);
        timeouts.push((operation.name, timeout));
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
    pub(crate) fn of(&self, operation: &Operation) -> Duration {
        let own = self
            .by_operation
            .iter()
            .find(|(name, _)| *name == operation.name);
        match own {
            Some((_, timeout)) => *timeout,
            None if operation.moves_money => MONEY_TIMEOUT,
            None => self.default,
        }
    }
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
