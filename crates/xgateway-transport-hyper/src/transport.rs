use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, Uri};
use hyper::body::Incoming;
use tokio_rustls::TlsConnector;
use xgateway_transport::{Body, Transport, TransportError, TransportErrorKind};

use crate::builder::{BuildError, HyperTransportBuilder, Limits};
use crate::connect::Connector;
use crate::exchange::{Handover, hand_over, read};
use crate::failure::unsent;
use crate::pool::{Pool, Sender};
use crate::prepare::{Origin, origin, prepare};

/// A [`Transport`] over HTTP/1.1 and HTTP/2, with TLS by rustls.
///
/// - Clones share one pool of connections. Make one and keep it: a transport
///   per call means a TLS handshake per call.
/// - Sends each request once. The one thing that happens twice is taking a
///   connection: if a kept one turns out to be closed before any byte of the
///   request was written to it, the request goes to another.
/// - Follows no redirect, keeps no cookies, asks for no compression, uses no
///   proxy and reads no proxy settings from the environment.
/// - Trusts the CA certificates of the machine, and those given to the
///   [builder](Self::builder). On Linux `SSL_CERT_FILE` and `SSL_CERT_DIR` in
///   the environment say where they are.
/// - Limits the time of each stage, see the [builder](Self::builder), and not
///   that of the whole exchange: the caller sets a deadline by dropping the
///   future. A dropped exchange closes its connection, or its stream in HTTP/2.
/// - Adds the headers `accept: */*` and `user-agent` where there are none.
/// - Refuses what it would have to change: a user name in the URL, headers
///   about the connection such as `transfer-encoding`, a `content-length` that
///   is not that of the body. Paths go out as they are, `/a/../b` too.
///
/// Errors hold what the libraries below say, down to host names and addresses,
/// but neither path, query, header nor body.
#[derive(Clone)]
pub struct HyperTransport(Arc<Inner>);

struct Inner {
    limits: Limits,
    user_agent: HeaderValue,
    connector: Connector,
    pool: Pool,
}

impl HyperTransport {
    /// A transport with the default settings.
    ///
    /// # Errors
    ///
    /// [`BuildError`] if the TLS library cannot be set up.
    pub fn new() -> Result<Self, BuildError> {
        Self::builder().build()
    }

    /// Settings to change before the transport is made.
    pub fn builder() -> HyperTransportBuilder {
        HyperTransportBuilder::new()
    }

    pub(crate) fn with_parts(
        limits: Limits,
        user_agent: HeaderValue,
        tls: Option<TlsConnector>,
    ) -> Self {
        Self(Arc::new(Inner {
            limits,
            user_agent,
            connector: Connector::new(limits, tls),
            pool: Pool::new(limits.pool_idle_timeout, limits.pool_idle_per_host_max),
        }))
    }
}

impl Inner {
    /// The whole answer, and the connection that it came on.
    async fn exchange(
        &self,
        request: Request<Body>,
        uri: &Uri,
        origin: Origin<'_>,
    ) -> Result<(Response<Bytes>, Sender), TransportError> {
        let (answer, sender) = self.hand_over(request, uri, origin).await?;
        Ok((read(answer, &self.limits).await?, sender))
    }

    /// Sends `request` on the first connection that takes it.
    async fn hand_over(
        &self,
        mut request: Request<Body>,
        uri: &Uri,
        origin: Origin<'_>,
    ) -> Result<(Response<Incoming>, Sender), TransportError> {
        while let Some(mut sender) = self.pool.take(origin).await {
            match hand_over(&mut sender, request, uri, origin, &self.limits).await? {
                Handover::Answered(answer) => return Ok((answer, sender)),
                // Closed while it was idle. This is no retry: nothing was sent.
                Handover::Unsent(unsent, _) => {
                    self.pool.unshare(origin);
                    request = *unsent;
                }
            }
        }
        self.pool.sweep();
        let mut sender = self.connector.connect(origin).await?;
        if let Sender::Http2(sender) = &sender {
            self.pool.share(origin, sender.clone());
        }
        match hand_over(&mut sender, request, uri, origin, &self.limits).await? {
            Handover::Answered(answer) => Ok((answer, sender)),
            Handover::Unsent(_, err) => Err(unsent(err)),
        }
    }

    async fn send(&self, mut request: Request<Body>) -> Result<Response<Bytes>, TransportError> {
        // The connection gets a part of it, or the whole, when it is known which one.
        let uri = std::mem::take(request.uri_mut());
        let origin = origin(&uri)?;
        prepare(&mut request, &self.user_agent)?;
        let result = self.exchange(request, &uri, origin).await;
        if matches!(&result, Err(err) if err.kind() == TransportErrorKind::Timeout) {
            self.pool.unshare(origin);
        }
        let (answer, sender) = result?;
        // Not after an error: what is left of the answer must not meet the next request.
        if let Sender::Http1(sender) = sender {
            self.pool.put(origin, sender);
        }
        Ok(answer)
    }
}

#[async_trait]
impl Transport for HyperTransport {
    async fn send(&self, request: Request<Body>) -> Result<Response<Bytes>, TransportError> {
        self.0.send(request).await
    }
}

impl fmt::Debug for HyperTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperTransport")
            .field("limits", &self.0.limits)
            .finish_non_exhaustive()
    }
}
