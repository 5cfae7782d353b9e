use std::fmt;

use bytes::Bytes;
use http::{Method, Request};
use xgateway_transport::{
    Body, SharedTransport, Transport as _, TransportError, TransportErrorKind,
};

use super::ThreeDsVisit;

/// A 3DS page of a sandbox that is served elsewhere, without a browser. Its methods send what the page's own forms
/// send.
///
/// ```
/// use xgateway_sandbox::{Config, Sandbox, ThreeDsOverHttp};
/// use xgateway_transport::SharedTransport;
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// // Any transport will do; this one needs no socket.
/// let transport = SharedTransport::new(Sandbox::new(Config::new(1)).transport());
/// let page = ThreeDsOverHttp::new(transport, "http://127.0.0.1:4010/3ds/0");
/// assert_eq!(page.approve().await?.status(), 404);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct ThreeDsOverHttp {
    transport: SharedTransport,
    url: String,
}

impl ThreeDsOverHttp {
    /// The page at `url`, the `threeDSURL` of an answer.
    pub fn new(transport: SharedTransport, url: impl Into<String>) -> Self {
        Self {
            transport,
            url: url.into(),
        }
    }

    /// Opens the page. That of the card which is not enrolled passes by that.
    ///
    /// # Errors
    ///
    /// What the transport says; [`TransportErrorKind::InvalidRequest`] if the URL is none.
    pub async fn visit(&self) -> Result<ThreeDsVisit, TransportError> {
        self.send(Method::GET, "").await
    }

    /// Presses "Approve".
    ///
    /// # Errors
    ///
    /// As for [`visit`](Self::visit).
    pub async fn approve(&self) -> Result<ThreeDsVisit, TransportError> {
        self.send(Method::POST, "/approve").await
    }

    /// Presses "Decline".
    ///
    /// # Errors
    ///
    /// As for [`visit`](Self::visit).
    pub async fn decline(&self) -> Result<ThreeDsVisit, TransportError> {
        self.send(Method::POST, "/decline").await
    }

    /// Presses "Leave without deciding".
    ///
    /// # Errors
    ///
    /// As for [`visit`](Self::visit).
    pub async fn leave(&self) -> Result<ThreeDsVisit, TransportError> {
        self.send(Method::POST, "/leave").await
    }

    async fn send(&self, method: Method, button: &str) -> Result<ThreeDsVisit, TransportError> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{button}", self.url))
            .body(Body::from(Bytes::new()))
            .map_err(|_| TransportError::not_sent(TransportErrorKind::InvalidRequest))?;
        Ok(ThreeDsVisit::new(&self.transport.send(request).await?))
    }
}

/// Without the URL: it is a key to the payment.
impl fmt::Debug for ThreeDsOverHttp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ThreeDsOverHttp").finish_non_exhaustive()
    }
}
