use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Frame;

use super::Body;

/// A body that breaks off once it shall not go on.
struct Breaking<F> {
    body: Body,
    is_over: F,
    kind: io::ErrorKind,
}

/// Nothing in it is pinned in its place.
impl<F> Unpin for Breaking<F> {}

impl Body {
    /// The same bytes, which break off with an error of this kind once `is_over` says so.
    pub(super) fn breaking(
        self,
        is_over: impl Fn() -> bool + Send + 'static,
        kind: io::ErrorKind,
    ) -> Self {
        let length = http_body::Body::size_hint(&self).lower();
        let body = self;
        Self::streamed(
            length,
            Breaking {
                body,
                is_over,
                kind,
            },
        )
    }
}

impl<F: Fn() -> bool> http_body::Body for Breaking<F> {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if (self.is_over)() {
            return Poll::Ready(Some(Err(self.kind.into())));
        }
        Pin::new(&mut self.body).poll_frame(context)
    }
}
