use std::time::Duration;

use crate::transport::ReqwestTransport;

/// Settings of a [`ReqwestTransport`]. Start with [`ReqwestTransport::builder`].
///
/// ```
/// use std::time::Duration;
/// use xgateway_transport_reqwest::ReqwestTransport;
///
/// let transport = ReqwestTransport::builder()
///     .connect_timeout(Duration::from_secs(3))
///     .user_agent("example-shop/1.0")
///     .build()?;
/// # Ok::<(), xgateway_transport_reqwest::BuildError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build`"]
pub struct ReqwestTransportBuilder {
    connect_timeout: Duration,
    answer_bytes_max: usize,
    pool_idle_timeout: Duration,
    pool_idle_per_host_max: usize,
    http2_prior_knowledge: bool,
    user_agent: String,
    root_certificates_pem: Vec<Vec<u8>>,
}

/// Why a [`ReqwestTransport`] cannot be set up.
///
/// The source says which setting is at fault.
#[derive(Debug, thiserror::Error)]
#[error("cannot set up the HTTP client")]
pub struct BuildError(#[source] reqwest::Error);

impl ReqwestTransportBuilder {
    pub(crate) fn new() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            answer_bytes_max: 8 << 20,
            pool_idle_timeout: Duration::from_secs(20),
            pool_idle_per_host_max: 64,
            http2_prior_knowledge: false,
            user_agent: concat!("xgateway-rust/", env!("CARGO_PKG_VERSION")).to_owned(),
            root_certificates_pem: Vec::new(),
        }
    }

    /// The longest time to look up the name, connect and shake hands: 10 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// The most bytes of the body of an answer: 8 MiB. A longer one fails.
    pub fn answer_bytes_max(mut self, bytes: usize) -> Self {
        self.answer_bytes_max = bytes;
        self
    }

    /// How long an unused connection is kept: 20 s.
    ///
    /// Keep it well below the time after which the other side closes such
    /// connections. A request that meets the close on its way has an unknown
    /// outcome, and somebody has to look whether money moved. The time is that
    /// of a clock which stands still while the machine sleeps, so the first
    /// request after that may meet a connection that everybody else has
    /// forgotten.
    pub fn pool_idle_timeout(mut self, timeout: Duration) -> Self {
        self.pool_idle_timeout = timeout;
        self
    }

    /// The most unused connections that are kept for each host: 64. With 0,
    /// each request gets a connection of its own.
    pub fn pool_idle_per_host_max(mut self, connections: usize) -> Self {
        self.pool_idle_per_host_max = connections;
        self
    }

    /// Speaks HTTP/2 and nothing else, to `http` URLs without asking: no.
    ///
    /// Without it the handshake of `https` settles it, HTTP/2 where the server
    /// can, and `http` is HTTP/1.1.
    pub fn http2_prior_knowledge(mut self, yes: bool) -> Self {
        self.http2_prior_knowledge = yes;
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
    pub fn build(self) -> Result<ReqwestTransport, BuildError> {
        let mut roots = Vec::new();
        for pem in &self.root_certificates_pem {
            roots.extend(reqwest::Certificate::from_pem_bundle(pem).map_err(BuildError)?);
        }
        let no_extra_roots = roots.is_empty();
        let (client, trusts_some_ca) = match self.client().tls_certs_merge(roots).build() {
            Ok(client) => (client, true),
            // With no CA certificates at all reqwest makes no client, not even for `http`. One that
            // trusts nobody can be made; if even that fails, something else is wrong.
            Err(_) if no_extra_roots => (
                self.client()
                    .tls_certs_only([])
                    .build()
                    .map_err(BuildError)?,
                false,
            ),
            Err(err) => return Err(BuildError(err)),
        };
        Ok(ReqwestTransport::with_client(
            client,
            self.answer_bytes_max,
            trusts_some_ca,
        ))
    }

    /// Everything but trust.
    fn client(&self) -> reqwest::ClientBuilder {
        let builder = reqwest::Client::builder();
        let builder = if self.http2_prior_knowledge {
            builder.http2_prior_knowledge()
        } else {
            builder
        };
        builder
            .connect_timeout(self.connect_timeout)
            .pool_idle_timeout(self.pool_idle_timeout)
            .pool_max_idle_per_host(self.pool_idle_per_host_max)
            .user_agent(&self.user_agent)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            // By default reqwest repeats what HTTP/2 servers refuse. Whether to send again is the
            // caller's decision.
            .retry(reqwest::retry::never())
            .no_proxy()
            // What any other crate of the same build switches on in reqwest holds here, too. These say that nothing is
            // compressed, and who looks names up and speaks TLS.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .no_hickory_dns()
            .tls_backend_rustls()
            // Would log every byte, card numbers included. Off by default; stays off.
            .connection_verbose(false)
    }
}
