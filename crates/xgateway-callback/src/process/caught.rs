//! What the merchant wrote may panic or never end: it must not take the worker with it, nor the callbacks beside its own.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use futures_util::future::{Either, select};

use super::apply::HandlerError;
use crate::clock::Clock;

/// What `future` gives, or that it panicked. What it says in a panic may be personal data, so it is not kept.
///
/// Whatever `future` holds is dropped half done. So hand it nothing that lives on, but what undoes itself, such as a
/// transaction.
pub(super) async fn caught<T>(future: impl Future<Output = T>) -> Result<T, Unfinished> {
    let mut future = pin!(future);
    poll_fn(
        |context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(poll) => poll.map(Ok),
            Err(_) => Poll::Ready(Err(Unfinished::Panicked)),
        },
    )
    .await
}

/// The same, and not for longer than `limit`.
pub(super) async fn caught_within<T>(
    limit: Duration,
    clock: &dyn Clock,
    future: impl Future<Output = T>,
) -> Result<T, Unfinished> {
    match select(pin!(caught(future)), clock.limit(limit)).await {
        Either::Left((ended, _)) => ended,
        Either::Right(((), _)) => Err(Unfinished::TookTooLong),
    }
}

/// It did not come to its end.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(super) enum Unfinished {
    #[error("it panicked")]
    Panicked,
    #[error("it took too long")]
    TookTooLong,
}

/// The next time it may come to its end, and after some times it is given up.
impl From<Unfinished> for HandlerError {
    fn from(unfinished: Unfinished) -> Self {
        Self::Again(unfinished.to_string())
    }
}
