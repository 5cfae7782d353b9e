//! The duties that remain where there is no network: test doubles, sandboxes.
//!
//! Such a transport answers by itself, so there is no server to compare with.
//! Wrappers around another transport do have one: give them the suite of
//! [`transport`](crate::transport).

use std::future;
use std::pin::pin;
use std::task::Poll;

use http::{HeaderValue, Request};
use xgateway_transport::{Body, Transport};

use crate::Violation;
use crate::situation::CANARY;
use crate::transport::{all_at_once, everything_about, no_canary};

/// How many calls run at once.
const CALL_COUNT: usize = 32;

/// `GET url` has an answer, whatever its status.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn a_request_is_answered(transport: &dyn Transport, url: &str) -> Result<(), Violation> {
    answered(transport, url).await
}

/// A call that is dropped, at once or after its first step, leaves nothing to
/// the next one.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn a_dropped_call_harms_no_other(
    transport: &dyn Transport,
    url: &str,
) -> Result<(), Violation> {
    drop(transport.send(request(url)?));
    answered(transport, url).await?;
    {
        let mut call = pin!(transport.send(request(url)?));
        future::poll_fn(|context| {
            drop(call.as_mut().poll(context));
            Poll::Ready(())
        })
        .await;
    }
    answered(transport, url).await
}

/// 32 calls at once are all answered.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn concurrent_calls_are_answered(
    transport: &dyn Transport,
    url: &str,
) -> Result<(), Violation> {
    let calls = (0..CALL_COUNT).map(|_| answered(transport, url));
    all_at_once(calls).await.into_iter().collect()
}

/// Neither errors, nor their sources, nor `Debug` of the transport show a
/// sensitive header, the query or the body.
///
/// The path may be shown: a test double has to say which call it did not
/// expect.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn shows_no_secret(transport: &dyn Transport, url: &str) -> Result<(), Violation> {
    let mut key = HeaderValue::from_static(CANARY);
    key.set_sensitive(true);
    let request = Request::post(format!("{url}?q={CANARY}"))
        .header("x-api-key", key)
        .body(Body::from(CANARY))
        .map_err(|err| Violation::new(format!("not a URL without a query: {err}")))?;
    if let Err(err) = transport.send(request).await {
        no_canary("the error", &everything_about(&err))?;
    }
    no_canary("`Debug`", &format!("{transport:?}\n{transport:#?}"))
}

async fn answered(transport: &dyn Transport, url: &str) -> Result<(), Violation> {
    match transport.send(request(url)?).await {
        Ok(_) => Ok(()),
        Err(err) => Err(Violation::new(format!("no answer: {err:?}"))),
    }
}

fn request(url: &str) -> Result<Request<Body>, Violation> {
    Request::get(url)
        .body(Body::empty())
        .map_err(|err| Violation::new(format!("not a URL: {err}")))
}
