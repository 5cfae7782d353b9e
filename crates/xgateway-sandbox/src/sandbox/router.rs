//! The world behind HTTP.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use http::request::Parts;
use http::{Method, Request};
use tokio::sync::{OwnedSemaphorePermit, watch};

use super::access::{Access, guard};
use super::body::{Unread, read};
use super::damage::{damaged, no_answer};
use super::stream::Switch;
use super::{Sandbox, live};
use crate::answer::Refusal;
use crate::world::{
    BODY_BYTES_MAX, Received, Reply, Silence, World, body_bytes_max, not_allowed, options,
};

impl Sandbox {
    /// The whole sandbox as a router: the API below `/api/v2`, the 3DS pages below `/3ds`, and `/_sandbox`.
    ///
    /// It lets everybody in: whoever mounts it decides who reaches it. [`serve`](Self::serve) decides by itself.
    pub fn router(&self) -> Router {
        let (open, closing) = watch::channel(false);
        let mut served = self.served(Access::Mounted, closing);
        // Nobody ever closes this one.
        served.open = Some(Arc::new(open));
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
            open: None,
        }
    }
}

/// A sandbox behind HTTP.
#[derive(Clone)]
pub(super) struct Served {
    pub(super) sandbox: Sandbox,
    access: Arc<Access>,
    /// True once no answer may go on.
    closing: watch::Receiver<bool>,
    /// The other end, if nobody else has it.
    open: Option<Arc<watch::Sender<bool>>>,
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
            let is_timeline = path == "/inspector/live";
            if !is_timeline && !is_followed && path != "/inspector/changes" {
                return self.handle(request, switch).await;
            }
            match *request.method() {
                Method::GET if is_timeline => live::timeline(self, &request),
                Method::GET => live::changes(self, &request),
                Method::OPTIONS => options("GET, OPTIONS").map(Body::from),
                // A HEAD of what never ends has no length.
                _ => not_allowed("GET, OPTIONS").answer().map(Body::from),
            }
        })
        .await
    }

    async fn handle<B>(&self, request: Request<B>, switch: Option<&Arc<Switch>>) -> Response
    where
        B: HttpBody<Data = Bytes> + Unpin,
    {
        let (head, body) = request.into_parts();
        let path = head.uri.path();
        if is_window(path) && matches!(head.method, Method::GET | Method::HEAD) {
            let request = head_alone(&head);
            return self.sandbox.look(request).await.map(Body::from);
        }
        let room = match self.room_for(&head, body.size_hint().upper()) {
            Ok(room) => room,
            Err(refusal) => {
                // A client that is still writing would miss the answer.
                drop(read(body, 0).await);
                return refusal.answer().map(Body::from);
            }
        };
        let body = read(body, room.bytes_max).await;
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
            Reply::None(Silence::Hang) => {
                self.closed().await;
                no_answer(switch)
            }
        }
    }

    /// Waits until no answer may go on, if that is ever said.
    pub(super) async fn closed(&self) {
        // Whoever has gone without a word will not let it go on either.
        drop(
            self.closing
                .clone()
                .wait_for(|is_closing| *is_closing)
                .await,
        );
    }

    /// How much of a body is read, of `length` bytes at most if that is known. Of one that nobody with a key sent, nothing is
    /// kept: who may not do anything shall not fill the memory either.
    fn room_for(&self, head: &Parts, length: Option<u64>) -> Result<Room, Refusal> {
        let most = body_bytes_max(&head.method, head.uri.path());
        let length = length.map_or(most, |length| usize::try_from(length).unwrap_or(most));
        let room = |bytes_max, permit| Room {
            bytes_max,
            _permit: permit,
        };
        if length <= SMALL_BYTES {
            return Ok(room(most, None));
        }
        let (method, uri, headers) = (&head.method, &head.uri, &head.headers);
        let is_admitted = |world: &mut World| world.admits(method, uri, headers);
        if !self.sandbox.act(is_admitted).0 {
            return Ok(room(0, None));
        }
        if length.min(most) <= BODY_BYTES_MAX {
            return Ok(room(most, None));
        }
        let mebibytes = u32::try_from(length.min(most) >> 20).unwrap_or(u32::MAX);
        let places = Arc::clone(&self.sandbox.shared.large_bodies);
        let permit = places.try_acquire_many_owned(mebibytes);
        let permit = permit.map_err(|_| Refusal::TooManyBodies)?;
        Ok(room(most, Some(permit)))
    }
}

/// What is kept of a body, and the place for it.
struct Room {
    bytes_max: usize,
    _permit: Option<OwnedSemaphorePermit>,
}

/// A body of at most so many bytes is read without a look at who sends it.
const SMALL_BYTES: usize = 16 << 10;

/// Whether a path only shows the world, and much of it.
fn is_window(path: &str) -> bool {
    let is_page = path == "/inspector" || path.starts_with("/inspector/");
    is_page || path.starts_with("/_sandbox/explain/") || path == "/_sandbox/events"
}

fn head_alone(head: &Parts) -> Request<Bytes> {
    let mut request = Request::new(Bytes::new());
    *request.method_mut() = head.method.clone();
    *request.uri_mut() = head.uri.clone();
    request
}

#[cfg(test)]
mod tests {
    use std::pin::{Pin, pin};
    use std::task::{Context, Poll};

    use http_body::{Frame, SizeHint};

    use super::*;
    use crate::config::Config;

    /// A body of a document's size, of which no more than the first frame comes.
    struct Stalled(Option<Bytes>);

    impl HttpBody for Stalled {
        type Data = Bytes;
        type Error = std::convert::Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
            match self.0.take() {
                Some(frame) => Poll::Ready(Some(Ok(Frame::data(frame)))),
                None => Poll::Pending,
            }
        }

        fn size_hint(&self) -> SizeHint {
            SizeHint::with_exact(50_000_000)
        }
    }

    /// Tells whether it still is in somebody's memory.
    struct Held {
        _memory: Arc<()>,
    }

    impl AsRef<[u8]> for Held {
        fn as_ref(&self) -> &[u8] {
            b"the beginning of a document"
        }
    }

    fn upload(key: Option<&str>, body: Stalled) -> Request<Stalled> {
        let request = Request::put("/api/v2/customer/c/bank-transfer/kyc/document");
        let request = match key {
            Some(key) => request.header("x-api-key", key),
            None => request,
        };
        request.body(body).unwrap()
    }

    fn served() -> Served {
        let (_, closing) = watch::channel(false);
        Sandbox::new(Config::new(1)).served(Access::Mounted, closing)
    }

    #[tokio::test]
    async fn of_a_body_from_somebody_without_a_key_nothing_is_kept() {
        let served = served();
        let key = Config::new(1).api_key;
        for (key, kept) in [
            (None, false),
            (Some("wrong"), false),
            (Some(key.expose()), true),
        ] {
            let memory = Arc::new(());
            let frame = Bytes::from_owner(Held {
                _memory: Arc::clone(&memory),
            });
            let mut answer = pin!(served.answer(upload(key, Stalled(Some(frame))), None));
            for _ in 0..3 {
                tokio::select! {
                    biased;
                    _ = &mut answer => unreachable!("the body has not come"),
                    () = tokio::task::yield_now() => {}
                }
            }
            assert_eq!(Arc::strong_count(&memory) > 1, kept);
        }
    }

    #[tokio::test]
    async fn there_is_room_for_a_few_documents_at_a_time() {
        let served = served();
        let key = Config::new(1).api_key;
        let begin = || Box::pin(served.answer(upload(Some(key.expose()), Stalled(None)), None));
        let mut stalled = Vec::new();
        for _ in 0..5 {
            let mut answer = begin();
            assert!(poll_once(answer.as_mut()).is_none());
            stalled.push(answer);
        }
        // What still comes of one that is refused is thrown away, until no more does.
        assert!(poll_once(begin().as_mut()).is_none());
        assert_eq!(served.sandbox.shared.large_bodies.available_permits(), 21);
        stalled.pop();
        assert_eq!(served.sandbox.shared.large_bodies.available_permits(), 68);
    }

    fn poll_once<F: Future>(future: Pin<&mut F>) -> Option<F::Output> {
        let mut context = Context::from_waker(std::task::Waker::noop());
        match future.poll(&mut context) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        }
    }
}
