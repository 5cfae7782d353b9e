use std::future;
use std::pin::Pin;

use bytes::Bytes;
use http::request::Parts;
use http_body::Body as _;

use crate::{Body, TransportError, TransportErrorKind};

/// A request as a test double saw it, its body read to the end.
pub(super) struct Seen {
    pub(super) parts: Parts,
    /// Path and query, as a server sees them.
    pub(super) target: String,
    pub(super) body: Bytes,
}

impl Seen {
    /// Fails before anything was sent, if a streamed body does.
    pub(super) async fn read(request: http::Request<Body>) -> Result<Self, TransportError> {
        let (parts, mut body) = request.into_parts();
        let mut bytes = Vec::new();
        while let Some(frame) =
            future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
        {
            let frame = frame.map_err(|err| {
                TransportError::not_sent(TransportErrorKind::Body).with_source(err)
            })?;
            if let Ok(data) = frame.into_data() {
                bytes.extend_from_slice(&data);
            }
        }
        let target = parts.uri.path_and_query();
        Ok(Self {
            target: target.map_or("/", |target| target.as_str()).to_owned(),
            parts,
            body: bytes.into(),
        })
    }
}
