use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;

use crate::{Body, Transport, TransportError};

/// A handle to any [`Transport`], cheap to clone. Clones share connections.
///
/// ```
/// # use xgateway_transport::{Body, SharedTransport, Transport, TransportError, TransportErrorKind};
/// # #[derive(Debug)]
/// # struct Offline;
/// # #[async_trait::async_trait]
/// # impl Transport for Offline {
/// #     async fn send(
/// #         &self,
/// #         _request: http::Request<Body>,
/// #     ) -> Result<http::Response<bytes::Bytes>, TransportError> {
/// #         Err(TransportError::not_sent(TransportErrorKind::Connect))
/// #     }
/// # }
/// let transport = SharedTransport::new(Offline);
/// let for_another_client = transport.clone();
/// ```
#[derive(Clone, Debug)]
pub struct SharedTransport(Arc<dyn Transport>);

impl SharedTransport {
    /// Wraps `transport`. One that is already behind an [`Arc`] goes through
    /// [`From`] instead.
    pub fn new(transport: impl Transport) -> Self {
        Self(Arc::new(transport))
    }
}

impl From<Arc<dyn Transport>> for SharedTransport {
    fn from(transport: Arc<dyn Transport>) -> Self {
        Self(transport)
    }
}

#[async_trait]
impl Transport for SharedTransport {
    async fn send(
        &self,
        request: http::Request<Body>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        self.0.send(request).await
    }
}
