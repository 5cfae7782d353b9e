//! What the merchant wrote may panic: it must not take the worker with it, nor the callbacks beside its own.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use super::apply::HandlerError;

/// What `future` gives, or that it panicked. What it says in a panic may be personal data, so it is not kept.
///
/// Whatever `future` holds is dropped half done. So hand it nothing that lives on, but what undoes itself, such as a
/// transaction.
pub(super) async fn caught<T>(future: impl Future<Output = T>) -> Result<T, Panicked> {
    let mut future = pin!(future);
    poll_fn(
        |context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(poll) => poll.map(Ok),
            Err(_) => Poll::Ready(Err(Panicked)),
        },
    )
    .await
}

/// It panicked.
#[derive(Debug, thiserror::Error)]
#[error("it panicked")]
pub(super) struct Panicked;

/// The next time it may not panic, and after some times it is given up.
impl From<Panicked> for HandlerError {
    fn from(panicked: Panicked) -> Self {
        Self::Again(panicked.to_string())
    }
}
