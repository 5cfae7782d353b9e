use std::pin::Pin;
use std::sync::Arc;

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

impl Transport for SharedTransport {
    // Written out, since the attribute would box the future a second time.
    fn send<'life0, 'async_trait>(
        &'life0 self,
        request: http::Request<Body>,
    ) -> Pin<
        Box<
            dyn Future<Output = Result<http::Response<Bytes>, TransportError>>
                + Send
                + 'async_trait,
        >,
    >
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        self.0.send(request)
    }
}
