use std::error::Error;
use std::time::Duration;

use http::HeaderValue;

use crate::transport::HyperTransport;
use crate::trust;

/// Settings of a [`HyperTransport`]. Start with [`HyperTransport::builder`].
///
/// ```
/// use std::time::Duration;
/// use xgateway_transport_hyper::HyperTransport;
///
/// let transport = HyperTransport::builder()
///     .connect_timeout(Duration::from_secs(3))
///     .user_agent("example-shop/1.0")
///     .build()?;
/// # Ok::<(), xgateway_transport_hyper::BuildError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build`"]
pub struct HyperTransportBuilder {
    pub(crate) limits: Limits,
    user_agent: String,
    root_certificates_pem: Vec<Vec<u8>>,
}

/// Why a [`HyperTransport`] cannot be set up.
///
/// The source says which setting is at fault.
#[derive(Debug, thiserror::Error)]
#[error("cannot set up the HTTP client")]
pub struct BuildError(#[source] pub(crate) Box<dyn Error + Send + Sync>);

/// The settings that are only numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) connect_timeout: Duration,
    pub(crate) handshake_timeout: Duration,
    pub(crate) write_timeout: Duration,
    pub(crate) answer_timeout: Duration,
    pub(crate) read_timeout: Duration,
    pub(crate) answer_bytes_max: usize,
    pub(crate) answer_head_bytes_max: u32,
    pub(crate) pool_idle_timeout: Duration,
    pub(crate) pool_idle_per_host_max: usize,
    pub(crate) http2_prior_knowledge: bool,
}

impl HyperTransportBuilder {
    pub(crate) fn new() -> Self {
        Self {
            limits: Limits {
                connect_timeout: Duration::from_secs(10),
                handshake_timeout: Duration::from_secs(10),
                write_timeout: Duration::from_secs(30),
                answer_timeout: Duration::from_mins(2),
                read_timeout: Duration::from_secs(30),
                answer_bytes_max: 8 << 20,
                answer_head_bytes_max: 64 << 10,
                pool_idle_timeout: Duration::from_secs(20),
                pool_idle_per_host_max: 64,
                http2_prior_knowledge: false,
            },
            user_agent: concat!("xgateway-rust/", env!("CARGO_PKG_VERSION")).to_owned(),
            root_certificates_pem: Vec::new(),
        }
    }

    /// The longest time to look up the name and connect: 10 s.
    ///
    /// A host with several addresses gets an equal share of it for each, so
    /// that one dead address does not hide the others.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.limits.connect_timeout = timeout;
        self
    }

    /// The longest time for the handshakes of TLS and HTTP/2: 10 s.
    pub fn handshake_timeout(mut self, timeout: Duration) -> Self {
        self.limits.handshake_timeout = timeout;
        self
    }

    /// The longest time in which the network takes no byte of what is to be
    /// written: 30 s.
    pub fn write_timeout(mut self, timeout: Duration) -> Self {
        self.limits.write_timeout = timeout;
        self
    }

    /// The longest time from handing the request to the connection to having
    /// the status and headers of the answer: 2 minutes.
    ///
    /// Includes writing the request, and in HTTP/2 waiting for a free stream. A
    /// streamed body gets one second more for every 16 KiB of it.
    /// A guard against connections that died unnoticed; how long a call may
    /// take is for the caller to say, by dropping the future.
    pub fn answer_timeout(mut self, timeout: Duration) -> Self {
        self.limits.answer_timeout = timeout;
        self
    }

    /// The longest pause within the body of an answer: 30 s.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.limits.read_timeout = timeout;
        self
    }

    /// The most bytes of the body of an answer: 8 MiB. A longer one fails.
    pub fn answer_bytes_max(mut self, bytes: usize) -> Self {
        self.limits.answer_bytes_max = bytes;
        self
    }

    /// About the most bytes of the status line and headers of an answer: 64 KiB, and
    /// never less than 8 KiB. A longer head is no valid answer, and neither is
    /// one of more than 100 headers in HTTP/1.1.
    pub fn answer_head_bytes_max(mut self, bytes: u32) -> Self {
        self.limits.answer_head_bytes_max = bytes.max(8 << 10);
        self
    }

    /// How long an unused connection is kept: 20 s. It is closed then, or at
    /// most as long again after it.
    ///
    /// Keep it well below the time after which the other side closes such
    /// connections. A request that meets the close on its way has an unknown
    /// outcome, and somebody has to look whether money moved.
    pub fn pool_idle_timeout(mut self, timeout: Duration) -> Self {
        self.limits.pool_idle_timeout = timeout;
        self
    }

    /// The most unused connections that are kept for each host: 64. With 0,
    /// each request gets a connection of its own.
    ///
    /// HTTP/2 needs one for all requests and keeps no more.
    pub fn pool_idle_per_host_max(mut self, connections: usize) -> Self {
        self.limits.pool_idle_per_host_max = connections;
        self
    }

    /// Speaks HTTP/2 to `http` URLs without asking: no.
    ///
    /// For `https` the handshake settles it: HTTP/2 where the server can.
    pub fn http2_prior_knowledge(mut self, yes: bool) -> Self {
        self.limits.http2_prior_knowledge = yes;
        self
    }

    /// The `user-agent` of requests that have none: `xgateway-rust/` and the
    /// version.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Trusts these PEM certificates besides those of the machine.
    pub fn root_certificates_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates_pem.push(pem.into());
        self
    }

    /// Makes the transport. Opens no connection yet.
    ///
    /// Reads the machine's CA certificates. A machine without any is no error:
    /// there, `http` works and every `https` request fails with
    /// [`Connect`](xgateway_transport::TransportErrorKind::Connect) before a
    /// connection is opened. It is never accepted unchecked.
    ///
    /// # Errors
    ///
    /// [`BuildError`] if the user agent cannot be in a header, or a certificate
    /// cannot be read.
    pub fn build(self) -> Result<HyperTransport, BuildError> {
        let user_agent =
            HeaderValue::try_from(&self.user_agent).map_err(|err| BuildError(err.into()))?;
        let tls = trust::connector(&self.root_certificates_pem)?;
        Ok(HyperTransport::with_parts(self.limits, user_agent, tls))
    }
}
