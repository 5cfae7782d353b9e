//! The world behind HTTP.

use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::get;
use bytes::{Bytes, BytesMut};
use tokio::sync::watch;

use super::access::{self, Access};
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
        self.router_for(Access::Mounted, closing)
    }

    /// The router for whoever has access, whose endless answers end when `closing` says so.
    pub(super) fn router_for(&self, access: Access, closing: watch::Receiver<bool>) -> Router {
        let served = Served {
            sandbox: self.clone(),
            closing,
        };
        Router::new()
            .route("/inspector/live", get(live::timeline))
            .route("/inspector/changes", get(live::changes))
            .route("/checkout/{name}/changes", get(live::changes))
            .fallback(handle)
            .layer(from_fn_with_state(access, access::check))
            .with_state(served)
    }
}

/// A sandbox behind HTTP.
#[derive(Clone)]
pub(super) struct Served {
    pub(super) sandbox: Sandbox,
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

async fn handle(State(Served { sandbox, .. }): State<Served>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let max = body_bytes_max(&head.method, head.uri.path());
    let body = read(body, max).await;
    let received = match &body {
        Ok(body) => Received::Whole(body),
        Err(Unread::TooLarge) => Received::TooLarge,
        Err(Unread::Broken) => Received::Unread,
        Err(Unread::Late) => Received::Late,
    };
    let reply = sandbox
        .exchange(&head.method, &head.uri, &head.headers, received)
        .await;
    let switch = head.extensions.get::<Arc<Switch>>();
    match reply {
        Reply::Whole(answer) => answer.map(Body::from),
        Reply::Damaged(answer, damage) => damaged(answer, damage, switch),
        Reply::None(Silence::NoConnection | Silence::Reset) => no_answer(switch),
        Reply::None(Silence::Hang) => pending().await,
    }
}

/// The whole of `body`, up to the limit.
pub(super) async fn read(body: Body, max: usize) -> Result<Bytes, Unread> {
    let announced = body.size_hint().lower();
    let whole = tokio::time::timeout(BODY_TIMEOUT, read_on(body, max, true)).await;
    match whole.unwrap_or(Err(Unread::Late)) {
        // Whatever it would have been, it is too large.
        Err(Unread::Late) if announced > max as u64 => Err(Unread::TooLarge),
        read => read,
    }
}

/// The same from this process, which is waited for.
pub(super) async fn read_patiently(body: Body, max: usize) -> Result<Bytes, Unread> {
    read_on(body, max, false).await
}

async fn read_on(mut body: Body, max: usize, may_be_late: bool) -> Result<Bytes, Unread> {
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
