use std::io;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Frame;

use super::Body;

/// Keeps a [body](Body::while_wanted) whole: once it is dropped, no more of that body is sent.
#[derive(Debug, Default)]
#[must_use = "what nobody holds is wanted no more"]
pub struct Wanted(Arc<()>);

/// A body that breaks off once nobody wants it.
struct WhileWanted {
    body: Body,
    wanted: Weak<()>,
}

impl Body {
    /// The same bytes, which break off once `wanted` is dropped. A body of no bytes stays as it is.
    ///
    /// For libraries that go on with a request although the future of its exchange was dropped: over HTTP/2 one that waits for a
    /// free stream is sent later, when its caller has long given it up, and counts on its end.
    #[must_use]
    pub fn while_wanted(self, wanted: &Wanted) -> Self {
        let length = http_body::Body::size_hint(&self).lower();
        if length == 0 {
            return self;
        }
        let wanted = Arc::downgrade(&wanted.0);
        Self::streamed(length, WhileWanted { body: self, wanted })
    }
}

impl http_body::Body for WhileWanted {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.wanted.strong_count() == 0 {
            let error = io::Error::new(io::ErrorKind::BrokenPipe, "nobody waits for the answer");
            return Poll::Ready(Some(Err(error)));
        }
        Pin::new(&mut self.body).poll_frame(context)
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    #[tokio::test]
    async fn breaks_off_once_nobody_wants_it() {
        let wanted = Wanted::default();
        let body = || Body::from("body").while_wanted(&wanted);
        let (whole, given_up) = (body(), body());
        assert_eq!(http_body::Body::size_hint(&whole).exact(), Some(4));
        assert_eq!(whole.collect().await.unwrap().to_bytes(), "body");
        drop(wanted);
        given_up.collect().await.unwrap_err();
    }

    #[test]
    fn nothing_stays_nothing() {
        let body = Body::empty().while_wanted(&Wanted::default());
        assert_eq!(body.as_bytes(), Some(&b""[..]));
    }
}
