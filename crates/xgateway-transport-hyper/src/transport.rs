use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::SystemTime;

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use tokio::time::Instant;
use tokio_rustls::TlsConnector;
use xgateway_transport::{Body, Transport, TransportError, TransportErrorKind};

use crate::builder::{BuildError, HyperTransportBuilder, Limits};
use crate::connect::Connector;
use crate::exchange::{Handover, hand_over, read};
use crate::failure::unsent;
use crate::pool::{Connection, Pool};
use crate::prepare::{Origin, origin, prepare, take_path};

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
///   future. A dropped exchange closes its connection, or its stream in HTTP/2;
///   if it still waits for a stream there, its body is never sent whole.
/// - Uses a kept connection in the runtime alone that opened it, and none that
///   was kept while the machine slept.
/// - Drives a connection of HTTP/1.1 in the task of the call: nobody else is
///   woken, and a future that is not polled stands still.
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
    pool: Arc<Pool>,
    /// How many exchanges there are at the moment.
    under_way: AtomicUsize,
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
            under_way: AtomicUsize::new(0),
            pool: Arc::new(Pool::new(
                limits.pool_idle_timeout,
                limits.pool_idle_per_host_max,
            )),
        }))
    }
}

impl Inner {
    /// A new connection. This is seldom needed and large, so it is kept apart from what every call is made of.
    #[cold]
    fn connect<'a>(
        &'a self,
        origin: Origin<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Connection, TransportError>> + Send + 'a>> {
        Box::pin(async move {
            let connection = self.connector.connect(origin).await?;
            if let Connection::Http2(sender) = &connection {
                self.pool.share(origin, sender.clone());
            }
            Ok(connection)
        })
    }

    /// Sends no more requests where one was answered too late.
    fn failed(&self, origin: Origin<'_>, err: TransportError) -> TransportError {
        if err.kind() == TransportErrorKind::Timeout {
            self.pool.unshare(origin);
        }
        err
    }
}

#[async_trait]
impl Transport for HyperTransport {
    // In one piece: each future that the request, or the answer, passes through is a copy of it.
    async fn send(&self, mut request: Request<Body>) -> Result<Response<Bytes>, TransportError> {
        let inner = &*self.0;
        let mut url = std::mem::take(request.uri_mut()).into_parts();
        let path = take_path(&mut url);
        let origin = origin(&url)?;
        *request.uri_mut() = path.into();
        prepare(&mut request, &inner.user_agent)?;
        let others = UnderWay::begin(&inner.under_way);
        let mut now = Instant::now();
        // Held until the answer is read: a server may answer before it has read all.
        let mut wanted = None;
        let (answer, mut connection) = loop {
            let kept = inner.pool.take(origin, now, wall_clock());
            let is_kept = kept.is_some();
            let mut connection = if let Some(connection) = kept {
                connection
            } else {
                let new = inner.connect(origin).await?;
                now = Instant::now();
                new
            };
            if let (Connection::Http1(_), true) = (&connection, others.are_there()) {
                step_back().await;
            }
            let limits = &inner.limits;
            let handover = hand_over(
                &mut connection,
                &mut request,
                &url,
                origin,
                now,
                limits,
                &mut wanted,
            );
            match handover.await {
                Ok(Handover::Answered(answer)) => break (answer, connection),
                // Closed while it was idle. This is no retry: nothing was sent.
                Ok(Handover::Unsent(_)) if is_kept => inner.pool.unshare(origin),
                Ok(Handover::Unsent(err)) => return Err(unsent(err)),
                Err(err) => return Err(inner.failed(origin, err)),
            }
        };
        let (head, mut body) = answer.into_parts();
        let whole = read(&mut connection, &mut body, &inner.limits)
            .await
            .map_err(|err| inner.failed(origin, err))?;
        // Not after an error: what is left of the answer must not meet the next request.
        if let Connection::Http1(http1) = connection {
            inner.pool.put(origin, http1);
        }
        Ok(Response::from_parts(head, whole))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "it is compared with itself alone, to see that the machine slept"
)]
fn wall_clock() -> SystemTime {
    SystemTime::now()
}

/// One of the exchanges that are counted.
struct UnderWay<'a>(&'a AtomicUsize);

impl<'a> UnderWay<'a> {
    fn begin(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }

    /// Whether it is not the only one.
    fn are_there(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 1
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Lets the tasks that are ready go first. They take their answers, and then all requests are written one behind the
/// other: less is paid for waking the other side.
async fn step_back() {
    let mut has_waited = false;
    poll_fn(|context| {
        if std::mem::replace(&mut has_waited, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl fmt::Debug for HyperTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperTransport")
            .field("limits", &self.0.limits)
            .finish_non_exhaustive()
    }
}
