//! Answers that arrive damaged, or not at all.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::response::Response;
use bytes::Bytes;
use http::header::{CONNECTION, HeaderValue};
use hyper::body::{Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use super::stream::Switch;
use crate::faults::Damage;

/// How long each byte of a dripping answer takes.
pub(super) const DRIP_PAUSE: Duration = Duration::from_millis(100);

/// A body that does not come as it should.
struct Damaged {
    left: Bytes,
    /// As the head announces it.
    length: u64,
    way: Way,
}

enum Way {
    /// All there is to come comes at once; then it breaks off, after what came has gone out.
    Cut {
        has_paused: bool,
    },
    Drip(Pin<Box<Sleep>>),
}

/// An answer as it arrives. Without a `switch`, in another server than ours, what cannot be done to the connection
/// becomes an answer that breaks off.
pub(super) fn damaged(
    answer: http::Response<Bytes>,
    damage: Damage,
    switch: Option<&Arc<Switch>>,
) -> Response {
    let (head, bytes) = answer.into_parts();
    if bytes.is_empty() && matches!(damage, Damage::Truncate | Damage::Reset) {
        // Of an answer without a body only the head can be missing.
        return no_answer(switch.filter(|_| damage == Damage::Reset));
    }
    let length = bytes.len() as u64;
    let way = match damage {
        Damage::Drip => Way::Drip(Box::pin(sleep(DRIP_PAUSE))),
        Damage::Truncate | Damage::Reset | Damage::Garbage => Way::Cut { has_paused: false },
    };
    let left = match damage {
        Damage::Drip => bytes,
        Damage::Truncate | Damage::Reset => bytes.slice(..bytes.len() / 2),
        Damage::Garbage => Bytes::new(),
    };
    match (damage, switch) {
        (Damage::Reset, Some(switch)) => switch.reset(),
        (Damage::Garbage, Some(switch)) => switch.send_garbage(),
        _ => {}
    }
    Response::from_parts(head, Body::new(Damaged { left, length, way }))
}

/// No answer: the connection is reset.
pub(super) fn no_answer(switch: Option<&Arc<Switch>>) -> Response {
    if let Some(switch) = switch {
        switch.reset();
    }
    // It breaks off before its first byte, so that not even the head goes out.
    let body = Damaged {
        left: Bytes::new(),
        length: 1,
        way: Way::Cut { has_paused: true },
    };
    let mut answer = Response::new(Body::new(body));
    answer
        .headers_mut()
        .insert(CONNECTION, HeaderValue::from_static("close"));
    answer
}

impl HttpBody for Damaged {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let this = &mut *self;
        match &mut this.way {
            Way::Cut { has_paused } => {
                if !this.left.is_empty() {
                    let part = std::mem::take(&mut this.left);
                    return Poll::Ready(Some(Ok(Frame::data(part))));
                }
                if !*has_paused {
                    *has_paused = true;
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into())))
            }
            Way::Drip(pause) => {
                if this.left.is_empty() {
                    return Poll::Ready(None);
                }
                ready!(pause.as_mut().poll(context));
                *pause = Box::pin(sleep(DRIP_PAUSE));
                let byte = this.left.split_to(1);
                Poll::Ready(Some(Ok(Frame::data(byte))))
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}
