use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use xgateway_transport::{Body, Transport, TransportError, TransportErrorKind};

use super::Sandbox;
use super::body::{Unread, read_patiently};
use super::damage::DRIP_PAUSE;
use crate::faults::Damage;
use crate::world::{Received, Reply, Silence, body_bytes_max};

/// A [`Transport`] that ends in a sandbox of the same process.
///
/// It answers every absolute http or https URL, whatever its host, so that a client can keep the environment that it
/// has. Only a [fault](crate::Fault) makes an exchange fail, and then as it would over a socket.
///
/// ```
/// use xgateway_sandbox::{Config, Sandbox};
/// use xgateway_transport::{Body, Transport};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let sandbox = Sandbox::new(Config::new(1));
/// let request = http::Request::get("http://sandbox.invalid/_sandbox/health").body(Body::empty())?;
/// let answer = sandbox.transport().send(request).await?;
/// assert_eq!(answer.body().as_ref(), br#"{"data":"ok","success":true}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SandboxTransport(Sandbox);

impl SandboxTransport {
    pub(super) fn new(sandbox: Sandbox) -> Self {
        Self(sandbox)
    }
}

#[async_trait]
impl Transport for SandboxTransport {
    async fn send(&self, request: Request<Body>) -> Result<Response<Bytes>, TransportError> {
        if !matches!(request.uri().scheme_str(), Some("http" | "https")) {
            return Err(TransportError::not_sent(TransportErrorKind::InvalidRequest));
        }
        let (head, body) = request.into_parts();
        let max = body_bytes_max(&head.method, head.uri.path());
        let body = read_patiently(body, max).await;
        let received = match &body {
            Ok(body) => Received::Whole(body),
            Err(Unread::TooLarge) => Received::TooLarge,
            Err(Unread::Broken | Unread::Late) => {
                return Err(TransportError::not_sent(TransportErrorKind::Body));
            }
        };
        let reply = self
            .0
            .exchange(&head.method, &head.uri, &head.headers, received)
            .await;
        match reply {
            Reply::Whole(answer) => Ok(answer),
            Reply::Damaged(answer, Damage::Drip) => {
                let bytes = u32::try_from(answer.body().len()).unwrap_or(u32::MAX);
                tokio::time::sleep(DRIP_PAUSE.saturating_mul(bytes)).await;
                Ok(answer)
            }
            Reply::Damaged(_, Damage::Garbage) => {
                Err(TransportError::unknown(TransportErrorKind::InvalidAnswer))
            }
            Reply::Damaged(_, Damage::Truncate | Damage::Reset) | Reply::None(Silence::Reset) => {
                Err(TransportError::unknown(TransportErrorKind::Io))
            }
            Reply::None(Silence::NoConnection) => {
                Err(TransportError::not_sent(TransportErrorKind::Connect))
            }
            Reply::None(Silence::Hang) => std::future::pending().await,
        }
    }
}
