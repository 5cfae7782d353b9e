//! The world behind HTTP.

use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::State;
use axum::response::Response;
use bytes::{Bytes, BytesMut};
use http::{Method, Request};
use tokio::sync::watch;

use super::access::{Access, guard};
use super::damage::{damaged, no_answer};
use super::stream::Switch;
use super::{Sandbox, live};
use crate::world::{Received, Reply, Silence, body_bytes_max};

/// How long a body may stall.
const BODY_STALL_MAX: Duration = Duration::from_secs(10);

/// How long a body may take: at a trickle it never stalls.
const BODY_TIMEOUT: Duration = Duration::from_mins(1);

/// How much is read at most of a body that is refused anyway: a client that is still writing would miss the answer.
const DRAINED_BYTES_MAX: usize = 64 << 20;

impl Sandbox {
    /// The whole sandbox as a router: the API below `/api/v2`, the 3DS pages below `/3ds`, and `/_sandbox`.
    ///
    /// It lets everybody in: whoever mounts it decides who reaches it. [`serve`](Self::serve) decides by itself.
    pub fn router(&self) -> Router {
        // Nobody ever closes this one.
        let (_, closing) = watch::channel(false);
        let served = self.served(Access::Mounted, closing);
        let answer = |State(served): State<Served>, request: Request<Body>| async move {
            served.answer(request, None).await
        };
        Router::new().fallback(answer).with_state(served)
    }

    /// The sandbox for whoever has access, whose endless answers end when `closing` says so.
    pub(super) fn served(&self, access: Access, closing: watch::Receiver<bool>) -> Served {
        Served {
            sandbox: self.clone(),
            access: Arc::new(access),
            closing,
        }
    }
}

/// A sandbox behind HTTP.
#[derive(Clone)]
pub(super) struct Served {
    pub(super) sandbox: Sandbox,
    access: Arc<Access>,
    /// True once no answer may go on.
    pub(super) closing: watch::Receiver<bool>,
}

/// Why there is no body.
pub(super) enum Unread {
    TooLarge,
    /// It did not come to its end.
    Broken,
    /// It stalled.
    Late,
}

impl Served {
    /// Answers a request. What must be done to its connection is told to `switch`.
    pub(super) async fn answer<B>(
        &self,
        request: Request<B>,
        switch: Option<&Arc<Switch>>,
    ) -> Response
    where
        B: HttpBody<Data = Bytes> + Unpin,
    {
        guard(&self.access, request, |request| async move {
            let path = request.uri().path();
            let is_followed = path.starts_with("/checkout/") || path.starts_with("/kyc/");
            let is_followed = is_followed && path.ends_with("/changes");
            if request.method() != Method::GET {
                self.handle(request, switch).await
            } else if path == "/inspector/live" {
                live::timeline(self, &request)
            } else if path == "/inspector/changes" || is_followed {
                live::changes(self)
            } else {
                self.handle(request, switch).await
            }
        })
        .await
    }

    async fn handle<B>(&self, request: Request<B>, switch: Option<&Arc<Switch>>) -> Response
    where
        B: HttpBody<Data = Bytes> + Unpin,
    {
        let (head, body) = request.into_parts();
        let max = body_bytes_max(&head.method, head.uri.path());
        let body = read(body, max).await;
        let received = match &body {
            Ok(body) => Received::Whole(body),
            Err(Unread::TooLarge) => Received::TooLarge,
            Err(Unread::Broken) => Received::Unread,
            Err(Unread::Late) => Received::Late,
        };
        let reply = self
            .sandbox
            .exchange(&head.method, &head.uri, &head.headers, received)
            .await;
        match reply {
            Reply::Whole(answer) => answer.map(Body::from),
            Reply::Damaged(answer, damage) => damaged(answer, damage, switch),
            Reply::None(Silence::NoConnection | Silence::Reset) => no_answer(switch),
            Reply::None(Silence::Hang) => pending().await,
        }
    }
}

/// The whole of `body`, up to the limit.
pub(super) async fn read<B>(body: B, max: usize) -> Result<Bytes, Unread>
where
    B: HttpBody<Data = Bytes> + Unpin,
{
    let announced = body.size_hint().lower();
    let whole = tokio::time::timeout(BODY_TIMEOUT, read_on(body, max, true)).await;
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
    read_on(body, max, false).await
}

async fn read_on<B>(mut body: B, max: usize, may_be_late: bool) -> Result<Bytes, Unread>
where
    B: HttpBody<Data = Bytes> + Unpin,
{
    let mut first = Bytes::new();
    let mut all = BytesMut::new();
    let mut length = 0_usize;
    loop {
        let frame = poll_fn(|context| Pin::new(&mut body).poll_frame(context));
        let frame = if may_be_late {
            let frame = tokio::time::timeout(BODY_STALL_MAX, frame).await;
            frame.map_err(|_| Unread::Late)?
        } else {
            frame.await
        };
        let Some(frame) = frame else {
            break;
        };
        let Ok(data) = frame.map_err(|_| Unread::Broken)?.into_data() else {
            continue; // Trailers, which mean nothing here.
        };
        length += data.len();
        if length > DRAINED_BYTES_MAX {
            break;
        }
        if length > max {
            (first, all) = (Bytes::new(), BytesMut::new());
        } else if first.is_empty() && all.is_empty() {
            first = data; // Most bodies come in one piece, which needs no copy.
        } else {
            if all.is_empty() {
                all.extend_from_slice(&std::mem::take(&mut first));
            }
            all.extend_from_slice(&data);
        }
    }
    match length {
        _ if length > max => Err(Unread::TooLarge),
        _ if all.is_empty() => Ok(first),
        _ => Ok(all.freeze()),
    }
}
