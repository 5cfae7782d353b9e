//! The world behind HTTP.

use std::future::pending;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use http::{Method, Request};
use tokio::sync::watch;

use super::access::{Access, guard};
use super::body::{Unread, read};
use super::damage::{damaged, no_answer};
use super::stream::Switch;
use super::{Sandbox, live};
use crate::world::{Received, Reply, Silence, body_bytes_max};

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
