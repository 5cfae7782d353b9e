//! The way to a sandbox that is served, which may ask for a token.

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use xgateway::ReqwestTransport;
use xgateway::transport::{Body, Delivery, SharedTransport, Transport, TransportError};

use crate::failure::Failure;
use crate::settings;

/// Where the sandbox looks for its token.
const HEADER: &str = "x-sandbox-token";

/// Says that none could be reached, unless it may have got the request.
pub(super) fn unreached(url: &str, error: TransportError) -> Failure {
    match error.delivery() {
        Delivery::NotSent => Failure::NoSandbox {
            url: url.to_owned(),
            source: error.into(),
        },
        Delivery::Unknown => Failure::System {
            action: format!("hear what the sandbox at {url} has done"),
            hint: Some("it may have done it: look at its page /inspector".to_owned()),
            source: error.into(),
        },
    }
}

/// What to do where none can be reached.
pub(crate) const START_ONE: &str = "start one with `xgateway sandbox`, or name it with --url";

/// A transport that shows the token in `XGATEWAY_SANDBOX_TOKEN`, if there is one.
pub(super) fn transport() -> Result<SharedTransport, Failure> {
    let transport = ReqwestTransport::new()
        .map_err(|error| Failure::system("set up the HTTP client", error))?;
    let Some(token) = settings::sandbox_token() else {
        return Ok(SharedTransport::new(transport));
    };
    let mut token = HeaderValue::from_str(&token).map_err(|_| {
        Failure::usage(
            "XGATEWAY_SANDBOX_TOKEN holds no token",
            "set it to what the sandbox was started with, or has printed",
        )
    })?;
    token.set_sensitive(true);
    Ok(SharedTransport::new(WithToken { transport, token }))
}

#[derive(Debug)]
struct WithToken {
    transport: ReqwestTransport,
    token: HeaderValue,
}

#[async_trait]
impl Transport for WithToken {
    async fn send(&self, mut request: Request<Body>) -> Result<Response<Bytes>, TransportError> {
        let headers = request.headers_mut();
        headers.insert(HEADER, self.token.clone());
        self.transport.send(request).await
    }
}

/// What to do about what answers where a sandbox should, and is none.
pub(super) const NONE_THERE: &str =
    "is it a sandbox that `xgateway sandbox` serves? --url says where one is";
