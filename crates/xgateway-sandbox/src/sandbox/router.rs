//! The world behind HTTP.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::response::Response;
use bytes::{Bytes, BytesMut};

use super::Sandbox;
use crate::world::{BODY_BYTES_MAX, Received};

/// How long a body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// How much is read at most of a body that is refused anyway: a client that is still writing would miss the answer.
const DRAINED_BYTES_MAX: usize = 64 << 20;

impl Sandbox {
    /// The whole sandbox as a router: the API below `/api/v2`, the 3DS pages below `/3ds`, and `/_sandbox`.
    pub fn router(&self) -> Router {
        Router::new().fallback(handle).with_state(self.clone())
    }
}

/// Why there is no body.
pub(super) enum Unread {
    TooLarge,
    /// It did not come to its end.
    Broken,
}

async fn handle(State(sandbox): State<Sandbox>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = tokio::time::timeout(BODY_TIMEOUT, read(body))
        .await
        .unwrap_or(Err(Unread::Broken));
    let received = match &body {
        Ok(body) => Received::Whole(body),
        Err(Unread::TooLarge) => Received::TooLarge,
        Err(Unread::Broken) => Received::Unread,
    };
    sandbox
        .answer(&head.method, &head.uri, &head.headers, received)
        .map(Body::from)
}

/// The whole of `body`, up to the limit.
pub(super) async fn read(mut body: Body) -> Result<Bytes, Unread> {
    let mut first = Bytes::new();
    let mut all = BytesMut::new();
    let mut length = 0_usize;
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(data) = frame.map_err(|_| Unread::Broken)?.into_data() else {
            continue; // Trailers, which mean nothing here.
        };
        length += data.len();
        if length > DRAINED_BYTES_MAX {
            break;
        }
        if length > BODY_BYTES_MAX {
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
        _ if length > BODY_BYTES_MAX => Err(Unread::TooLarge),
        _ if all.is_empty() => Ok(first),
        _ => Ok(all.freeze()),
    }
}
