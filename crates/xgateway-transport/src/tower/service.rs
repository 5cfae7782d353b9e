use std::pin::Pin;
use std::task::{Context, Poll};

use tower_service::Service;

use crate::{Body, SharedTransport, Transport, TransportError};

/// A [`Transport`] as a service, always ready. Clones share it.
///
/// The answer's body is whole. Its errors are [`TransportError`]s, which a [`ServiceTransport`](super::ServiceTransport)
/// around it takes at their word.
#[derive(Clone, Debug)]
pub struct TransportService(SharedTransport);

impl TransportService {
    /// Wraps `transport`.
    pub fn new(transport: impl Transport) -> Self {
        Self(SharedTransport::new(transport))
    }
}

impl Service<http::Request<Body>> for TransportService {
    type Response = http::Response<Body>;
    type Error = TransportError;
    type Future =
        Pin<Box<dyn Future<Output = Result<http::Response<Body>, TransportError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let transport = self.0.clone();
        Box::pin(async move { Ok(transport.send(request).await?.map(Body::from)) })
    }
}
