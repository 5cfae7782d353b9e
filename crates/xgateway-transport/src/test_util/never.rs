use std::future;

use async_trait::async_trait;
use bytes::Bytes;

use crate::{Body, Transport, TransportError};

/// Never answers, like a gateway that has accepted the connection and hangs.
///
/// With a paused clock it shows what a deadline does, in no time.
///
/// ```
/// use std::time::Duration;
/// use xgateway_transport::test_util::NeverTransport;
/// use xgateway_transport::{Body, Transport};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let request = http::Request::get("https://gateway.example/").body(Body::empty())?;
/// let answer = tokio::time::timeout(Duration::ZERO, NeverTransport.send(request)).await;
/// assert!(answer.is_err());
/// # Ok::<(), http::Error>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct NeverTransport;

#[async_trait]
impl Transport for NeverTransport {
    async fn send(
        &self,
        _request: http::Request<Body>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        future::pending().await
    }
}
