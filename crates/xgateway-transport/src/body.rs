mod breaking;
mod streamed;
mod wanted;

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

pub use self::streamed::BodyError;
use self::streamed::Streamed;
pub use self::wanted::Wanted;

/// The bytes of a request, to be sent unchanged.
///
/// Bodies may hold card numbers, so [`Debug`](fmt::Debug) prints the length
/// and nothing else.
///
/// An adapter hands a body on in frames, through [`http_body::Body`], once it
/// has a connection: what came [too late](Self::until) by then breaks off.
/// [`as_bytes`](Self::as_bytes) is for those who only look at it.
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

enum Inner {
    /// What is left to send.
    Whole(Bytes),
    /// The same, as long as it is not too late.
    Until(Bytes, IsLate),
    Streamed(Streamed),
}

type IsLate = Box<dyn Fn() -> bool + Send + Sync>;

impl Body {
    /// A body of no bytes, as in most `GET` requests.
    pub const fn empty() -> Self {
        Self(Inner::Whole(Bytes::new()))
    }

    /// A body of exactly `length` bytes, made while it is sent: for what is too
    /// large to be held in memory.
    ///
    /// A source that fails, or that has another length, ends the exchange with
    /// an error before the body is complete, so that the gateway never takes
    /// what there is for the whole. It can be read once; nothing can send it
    /// again.
    ///
    /// ```
    /// use std::io;
    /// use std::pin::Pin;
    /// use std::task::{Context, Poll};
    ///
    /// use bytes::Bytes;
    /// use http_body::Frame;
    /// use xgateway_transport::Body;
    ///
    /// /// So many times one line.
    /// struct Lines(u64);
    ///
    /// impl http_body::Body for Lines {
    ///     type Data = Bytes;
    ///     type Error = io::Error;
    ///
    ///     fn poll_frame(
    ///         mut self: Pin<&mut Self>,
    ///         _: &mut Context<'_>,
    ///     ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
    ///         let Some(left) = self.0.checked_sub(1) else {
    ///             return Poll::Ready(None);
    ///         };
    ///         self.0 = left;
    ///         Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"line\n")))))
    ///     }
    /// }
    ///
    /// let body = Body::streamed(5_000_000_000, Lines(1_000_000_000));
    /// assert_eq!(body.as_bytes(), None);
    /// assert_eq!(format!("{body:?}"), "Body(5000000000 bytes, streamed)");
    /// ```
    pub fn streamed(
        length: u64,
        frames: impl http_body::Body<Data = Bytes, Error = io::Error> + Send + 'static,
    ) -> Self {
        Self(Inner::Streamed(Streamed::new(length, Box::pin(frames))))
    }

    /// The same bytes, none of which is handed on once `is_late` says so. A body of no bytes stays as it is.
    ///
    /// For what must not be sent after a moment, however long it takes to connect. Timers do not do: they stand still while
    /// the machine sleeps. `is_late` is asked before each frame and must not wait for anything.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// use xgateway_transport::Body;
    ///
    /// let end = SystemTime::now() + Duration::from_secs(30);
    /// let body = Body::from("amount=10.50").until(move || SystemTime::now() > end);
    /// assert_eq!(body.as_bytes(), Some(b"amount=10.50".as_slice()));
    /// ```
    #[must_use]
    pub fn until(self, is_late: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        match self.0 {
            Inner::Whole(bytes) if bytes.is_empty() => Self::from(bytes),
            Inner::Whole(bytes) => Self(Inner::Until(bytes, Box::new(is_late))),
            other @ (Inner::Until(..) | Inner::Streamed(_)) => {
                Self(other).breaking(is_late, io::ErrorKind::TimedOut)
            }
        }
    }

    /// The bytes, if they are all in memory.
    ///
    /// `None` means that the body is streamed and can only be read in frames.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match &self.0 {
            Inner::Whole(bytes) | Inner::Until(bytes, _) => Some(bytes),
            Inner::Streamed(_) => None,
        }
    }

    /// The bytes, without a copy, if they are all in memory. Whether it is [too late](Self::until) for them is lost.
    ///
    /// # Errors
    ///
    /// The body itself if it is streamed: see [`as_bytes`](Self::as_bytes).
    pub fn into_bytes(self) -> Result<Bytes, Self> {
        match self.0 {
            Inner::Whole(bytes) | Inner::Until(bytes, _) => Ok(bytes),
            Inner::Streamed(_) => Err(self),
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
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(match &mut self.0 {
            Inner::Whole(bytes) | Inner::Until(bytes, _) if bytes.is_empty() => None,
            Inner::Until(bytes, is_late) if is_late() => {
                *bytes = Bytes::new();
                Some(Err(BodyError::Source(io::ErrorKind::TimedOut).into()))
            }
            Inner::Whole(bytes) | Inner::Until(bytes, _) => {
                Some(Ok(Frame::data(std::mem::take(bytes))))
            }
            Inner::Streamed(streamed) => ready!(streamed.poll_data(context))
                .map(|data| data.map(Frame::data).map_err(io::Error::from)),
        })
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Inner::Whole(bytes) | Inner::Until(bytes, _) => bytes.is_empty(),
            Inner::Streamed(streamed) => streamed.is_broken() || streamed.left() == 0,
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(match &self.0 {
            Inner::Whole(bytes) | Inner::Until(bytes, _) => bytes.len() as u64,
            Inner::Streamed(streamed) => streamed.left(),
        })
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Inner::Whole(bytes) | Inner::Until(bytes, _) => {
                write!(f, "Body({} bytes)", bytes.len())
            }
            Inner::Streamed(streamed) => write!(f, "Body({} bytes, streamed)", streamed.left()),
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

    /// These frames, each after a pause, then an error or the end.
    fn streamed(length: u64, frames: &[&'static str], error: Option<io::ErrorKind>) -> Body {
        let data = |text: &&'static str| Ok(Frame::data(Bytes::from_static(text.as_bytes())));
        let mut frames: Vec<_> = frames.iter().map(data).collect();
        frames.extend(error.map(|kind| Err(kind.into())));
        let mut frames = frames.into_iter();
        let mut paused = false;
        let source = std::future::poll_fn(move |context: &mut Context<'_>| {
            paused = !paused;
            if paused {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            Poll::Ready(frames.next())
        });
        Body::streamed(length, PollFrames(source))
    }

    struct PollFrames<T>(std::future::PollFn<T>);

    impl<T> http_body::Body for PollFrames<T>
    where
        T: FnMut(&mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> + Unpin,
    {
        type Data = Bytes;
        type Error = io::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
            Pin::new(&mut self.0).poll(context)
        }
    }

    /// What arrives, and how it ends.
    async fn read(mut body: Body) -> (String, Result<(), io::Error>) {
        let mut text = String::new();
        while let Some(frame) = body.frame().await {
            match frame {
                Ok(frame) => text.push_str(str::from_utf8(frame.data_ref().unwrap()).unwrap()),
                Err(err) => {
                    assert!(body.is_end_stream() && body.frame().await.is_none());
                    return (text, Err(err));
                }
            }
        }
        (text, Ok(()))
    }

    #[tokio::test]
    async fn a_streamed_body_carries_the_bytes_of_its_source() {
        let body = streamed(10, &["", "some", "", " bytes"], None);
        assert_eq!(body.size_hint().exact(), Some(10));
        assert!(!body.is_end_stream());
        let (text, end) = read(body).await;
        assert_eq!(text, "some bytes");
        end.unwrap();
        assert!(streamed(0, &[], None).is_end_stream());
    }

    #[tokio::test]
    async fn a_source_that_does_not_keep_its_word_never_becomes_a_whole_body() {
        let reset = Some(io::ErrorKind::ConnectionReset);
        for (length, frames, error, want) in [
            (10, &["some"][..], None, BodyError::TooShort { missing: 6 }),
            (4, &["some", "more"], None, BodyError::TooLong),
            (4, &["more than that"], None, BodyError::TooLong),
            (
                10,
                &["some"],
                reset,
                BodyError::Source(io::ErrorKind::ConnectionReset),
            ),
            // Even after the last byte: whether it was the last is not known.
            (
                4,
                &["some"],
                reset,
                BodyError::Source(io::ErrorKind::ConnectionReset),
            ),
        ] {
            let (text, end) = read(streamed(length, frames, error)).await;
            assert!((text.len() as u64) < length, "{want:?}: {text}");
            let err = end.unwrap_err();
            assert_eq!(err.get_ref().unwrap().downcast_ref(), Some(&want));
            assert!(BodyError::is_cause_of(&err));
        }
        assert!(!BodyError::is_cause_of(&io::Error::other("another")));
    }

    #[tokio::test]
    async fn what_is_late_is_not_handed_on() {
        for make in [|| Body::from("some"), || streamed(4, &["some"], None)] {
            let (text, end) = read(make().until(|| false)).await;
            assert_eq!(text, "some");
            end.unwrap();

            let (text, end) = read(make().until(|| true)).await;
            assert_eq!(text, "");
            let err = end.unwrap_err();
            assert_eq!(err.kind(), io::ErrorKind::TimedOut);
            assert!(BodyError::is_cause_of(&err));
        }
        // Whoever says so first.
        let (text, _) = read(Body::from("some").until(|| true).until(|| false)).await;
        assert_eq!(text, "");
        assert!(Body::empty().until(|| true).frame().await.is_none());
    }

    #[test]
    fn what_may_be_late_is_still_in_memory() {
        let body = Body::from("some").until(|| true);
        assert_eq!(body.as_bytes(), Some(b"some".as_slice()));
        assert_eq!(body.size_hint().exact(), Some(4));
        assert_eq!(format!("{body:?}"), "Body(4 bytes)");
        assert_eq!(body.into_bytes().unwrap(), "some");
    }

    #[test]
    fn a_streamed_body_is_not_in_memory() {
        let body = streamed(4, &["some"], None);
        assert_eq!(body.as_bytes(), None);
        assert_eq!(format!("{body:?}"), "Body(4 bytes, streamed)");
        body.into_bytes().unwrap_err();
    }

    #[test]
    fn debug_shows_the_length_only() {
        let body = Body::from(String::from("4111111111111111"));
        assert_eq!(format!("{body:?}"), "Body(16 bytes)");
    }
}
