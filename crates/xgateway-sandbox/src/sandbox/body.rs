//! The body of a request, as far as it is read.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::HttpBody;
use bytes::{Bytes, BytesMut};

/// How long a body may stall.
const STALL_MAX: Duration = Duration::from_secs(10);

/// How long a body may take: at a trickle it never stalls.
const TIMEOUT: Duration = Duration::from_mins(1);

/// How much is read at most of a body that is refused anyway: a client that is still writing would miss the answer.
const DRAINED_BYTES_MAX: usize = 64 << 20;

/// Why there is no body.
pub(super) enum Unread {
    TooLarge,
    /// It did not come to its end.
    Broken,
    /// It stalled.
    Late,
}

/// The whole of `body`, up to the limit.
pub(super) async fn read<B>(body: B, max: usize) -> Result<Bytes, Unread>
where
    B: HttpBody<Data = Bytes> + Unpin,
{
    let announced = body.size_hint().lower();
    let mut reader = Reader::new(body, max);
    // What came with its head is there at the second look. Only what did not is worth a clock.
    let mut looks = 0;
    let at_once = poll_fn(|context| {
        looks += 1;
        match reader.poll(context) {
            Poll::Pending if looks < 2 => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Poll::Pending => Poll::Ready(None),
            Poll::Ready(read) => Poll::Ready(Some(read)),
        }
    });
    if let Some(read) = at_once.await {
        return read;
    }
    let whole = tokio::time::timeout(TIMEOUT, reader.read_without_stall()).await;
    match whole.unwrap_or(Err(Unread::Late)) {
        // Whatever it would have been, it is too large.
        Err(Unread::Late) if announced > max as u64 => Err(Unread::TooLarge),
        read => read,
    }
}

/// The same from this process, which is waited for.
pub(super) async fn read_patiently<B>(body: B, max: usize) -> Result<Bytes, Unread>
where
    B: HttpBody<Data = Bytes> + Unpin,
{
    let mut reader = Reader::new(body, max);
    poll_fn(|context| reader.poll(context)).await
}

/// On its way through a body.
struct Reader<B> {
    body: B,
    max: usize,
    length: usize,
    /// Most bodies come in one piece, which needs no copy.
    first: Bytes,
    /// All of it, if it came in several.
    all: BytesMut,
}

impl<B> Reader<B>
where
    B: HttpBody<Data = Bytes> + Unpin,
{
    fn new(body: B, max: usize) -> Self {
        Self {
            body,
            max,
            length: 0,
            first: Bytes::new(),
            all: BytesMut::new(),
        }
    }

    async fn read_without_stall(&mut self) -> Result<Bytes, Unread> {
        loop {
            let before = self.length;
            let step = poll_fn(|context| match self.poll(context) {
                Poll::Pending if self.length > before => Poll::Ready(None),
                Poll::Pending => Poll::Pending,
                Poll::Ready(read) => Poll::Ready(Some(read)),
            });
            match tokio::time::timeout(STALL_MAX, step).await {
                Ok(Some(read)) => return read,
                // Some more has come, so that the clock starts anew.
                Ok(None) => {}
                Err(_) => return Err(Unread::Late),
            }
        }
    }

    /// Takes what has come.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<Bytes, Unread>> {
        while !self.body.is_end_stream() && self.length <= DRAINED_BYTES_MAX {
            let Some(frame) = ready!(Pin::new(&mut self.body).poll_frame(context)) else {
                break;
            };
            let Ok(frame) = frame else {
                return Poll::Ready(Err(Unread::Broken));
            };
            // Trailers mean nothing here.
            if let Ok(data) = frame.into_data() {
                self.take(data);
            }
        }
        Poll::Ready(if self.length > self.max {
            Err(Unread::TooLarge)
        } else if self.all.is_empty() {
            Ok(std::mem::take(&mut self.first))
        } else {
            Ok(std::mem::take(&mut self.all).freeze())
        })
    }

    fn take(&mut self, data: Bytes) {
        self.length += data.len();
        if self.length > self.max {
            (self.first, self.all) = (Bytes::new(), BytesMut::new());
        } else if self.first.is_empty() && self.all.is_empty() {
            self.first = data;
        } else {
            if self.all.is_empty() {
                self.all.extend_from_slice(&std::mem::take(&mut self.first));
            }
            self.all.extend_from_slice(&data);
        }
    }
}
