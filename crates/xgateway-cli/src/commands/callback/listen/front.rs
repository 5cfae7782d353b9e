//! The receiver behind HTTP.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::StatusCode;
use tokio::time::timeout;
use xgateway::ReqwestTransport;
use xgateway::callback::Receiver;
use xgateway::transport::{self, Transport as _};

use super::event::Event;
use super::mark::Mark;
use super::teller::Teller;
use crate::failure::Failure;

/// How long a request may take, its body included.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);
/// Far more than the reasons that the receiver gives.
const REASON_BYTES_MAX: usize = 1024;
/// What tells that we answer. Every other path takes callbacks.
const HEALTH: &str = "/_listen/health";

/// The receiver at every path, telling of what it refuses.
pub(super) fn router(receiver: Receiver, mark: Mark, teller: Teller) -> Router {
    Router::new()
        .fallback_service(receiver)
        .layer(from_fn_with_state(mark, refuse_our_own))
        .layer(from_fn_with_state(teller, tell))
        .route(HEALTH, get(StatusCode::NO_CONTENT))
}

/// Whoever forwards to itself must not take its own word for the merchant's.
async fn refuse_our_own(State(mark): State<Mark>, request: Request, next: Next) -> Response {
    if mark.is_on(request.headers()) {
        let reason = "a forward of our own: the URL of --forward leads back to this receiver";
        return (StatusCode::LOOP_DETECTED, reason).into_response();
    }
    next.run(request).await
}

async fn tell(State(teller): State<Teller>, request: Request, next: Next) -> Response {
    let answered = timeout(REQUEST_TIMEOUT, next.run(request)).await;
    let answer = answered.unwrap_or_else(|_| (StatusCode::REQUEST_TIMEOUT, "slow").into_response());
    if answer.status() == StatusCode::OK {
        return answer;
    }
    let (head, body) = answer.into_parts();
    let body = to_bytes(body, REASON_BYTES_MAX).await.unwrap_or_default();
    let refused = Event::Refused {
        status: head.status.as_u16(),
        reason: String::from_utf8_lossy(&body).into_owned(),
    };
    teller.tell_if_there_is_much_room(refused);
    Response::from_parts(head, Body::from(body))
}

/// Asks over the network: only an answer of our own proves that we are ready.
pub(super) async fn check(url: &str) -> Result<(), Failure> {
    let unreachable = |error| Failure::system("reach the receiver", error);
    let transport = ReqwestTransport::new()
        .map_err(|error| Failure::system("set up the HTTP client", error))?;
    let request = http::Request::get(format!("{url}{HEALTH}"))
        .body(transport::Body::empty())
        .expect("an address makes a URL");
    let answer = timeout(REQUEST_TIMEOUT, transport.send(request))
        .await
        .map_err(|error| Failure::system("reach the receiver", error))?
        .map_err(unreachable)?;
    if answer.status() == StatusCode::NO_CONTENT {
        Ok(())
    } else {
        Err(Failure::system(
            "reach the receiver",
            "something else answers there",
        ))
    }
}
