use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

/// The bytes of a request, to be sent unchanged.
///
/// Bodies may hold card numbers, so [`Debug`](fmt::Debug) prints the length
/// and nothing else.
///
/// An adapter reads a body in one of two ways: as a whole through
/// [`as_bytes`](Self::as_bytes), or in frames through [`http_body::Body`].
///
/// ```
/// use xgateway_transport::Body;
///
/// let body = Body::from(r#"{"amount":"10.50"}"#);
/// assert_eq!(body.as_bytes(), Some(br#"{"amount":"10.50"}"#.as_slice()));
/// assert_eq!(format!("{body:?}"), "Body(18 bytes)");
/// ```
#[derive(Default)]
pub struct Body(Inner);

/// Private, so that a streamed body can join without breaking an adapter.
enum Inner {
    /// What is left to send.
    Whole(Bytes),
}

impl Body {
    /// A body of no bytes, as in most `GET` requests.
    pub const fn empty() -> Self {
        Self(Inner::Whole(Bytes::new()))
    }

    /// The bytes, if they are all in memory.
    ///
    /// `None` means that the body is streamed and can only be read in frames.
    /// Nothing makes such a body yet, but an adapter must not rely on that.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match &self.0 {
            Inner::Whole(bytes) => Some(bytes),
        }
    }

    /// The bytes, without a copy, if they are all in memory.
    ///
    /// # Errors
    ///
    /// The body itself if it is streamed: see [`as_bytes`](Self::as_bytes).
    pub fn into_bytes(self) -> Result<Bytes, Self> {
        match self.0 {
            Inner::Whole(bytes) => Ok(bytes),
        }
    }
}

impl Default for Inner {
    fn default() -> Self {
        Self::Whole(Bytes::new())
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self(Inner::Whole(bytes))
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self::from(Bytes::from(bytes))
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self::from(Bytes::from(text))
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Self::from(Bytes::from_static(text.as_bytes()))
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match &mut self.0 {
            Inner::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Inner::Whole(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Inner::Whole(bytes) => bytes.is_empty(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Inner::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Inner::Whole(bytes) => write!(f, "Body({} bytes)", bytes.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use http_body::Body as _;
    use http_body_util::BodyExt as _;

    use super::*;

    #[tokio::test]
    async fn frames_carry_the_same_bytes() {
        let body = Body::from(vec![0, 255, 10]);
        assert_eq!(body.size_hint().exact(), Some(3));
        let read = body.collect().await.unwrap().to_bytes();
        assert_eq!(read.as_ref(), [0, 255, 10]);
    }

    #[tokio::test]
    async fn an_empty_body_has_ended_and_has_no_frame() {
        let mut body = Body::empty();
        assert!(body.is_end_stream());
        assert_eq!(body.as_bytes(), Some([].as_slice()));
        assert!(body.frame().await.is_none());
    }

    #[test]
    fn debug_shows_the_length_only() {
        let body = Body::from(String::from("4111111111111111"));
        assert_eq!(format!("{body:?}"), "Body(16 bytes)");
    }
}
