use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use xgateway_store::{Claim, Completed, SharedInbox, StoreError};

use crate::confirm::{ConfirmedCallback, NoAnswer};

/// Causes the effect of a confirmed callback and ends its entry.
///
/// The duty: the effect named by [`ConfirmedCallback::effect`] happens, and the entry is complete with it.
/// [`ExactlyOnce`](crate::ExactlyOnce) does both or neither, in a transaction of the store. For effects elsewhere use
/// [`AtLeastOnce`].
#[async_trait]
pub trait Apply: Send + Sync {
    /// Applies `callback`, which was confirmed for `claim`.
    ///
    /// # Errors
    ///
    /// [`ApplyError`]; then the entry is not complete.
    async fn apply(
        &self,
        claim: &Claim,
        callback: &ConfirmedCallback,
        now: Timestamp,
    ) -> Result<Completed, ApplyError>;

    /// The inbox whose entries it ends. A [`Processor`](crate::Processor) takes its callbacks from there: the number of an
    /// entry means another one in every other inbox.
    fn inbox(&self) -> SharedInbox;

    /// How many callbacks are confirmed at the same time and handed over together. One unless implemented: then each
    /// is applied before the next is confirmed.
    fn together_max(&self) -> usize {
        1
    }

    /// Applies callbacks that were confirmed together, in the order in which they came. The results are in this order.
    /// Unless implemented, it [applies](Self::apply) each.
    ///
    /// One that fails keeps no other from being applied, except for an error of the store, which is that of all that
    /// come after it. A panic counts as [`HandlerError::Again`] of all, so catch it where it concerns one of many.
    async fn apply_all(
        &self,
        confirmed: &[(&Claim, &ConfirmedCallback)],
        now: Timestamp,
    ) -> Vec<Result<Completed, ApplyError>> {
        let mut results = Vec::with_capacity(confirmed.len());
        for (claim, callback) in confirmed {
            results.push(self.apply(claim, callback, now).await);
        }
        results
    }
}

/// What the merchant does about a callback.
#[async_trait]
pub trait Handler: Send + Sync {
    /// Does it. It may be called again for the same [`effect`](ConfirmedCallback::effect), also by two processors at
    /// once: use that as the idempotency key of whatever it does.
    ///
    /// # Errors
    ///
    /// [`HandlerError`] says whether to call again.
    async fn handle(&self, callback: &ConfirmedCallback) -> Result<(), HandlerError>;
}

#[async_trait]
impl<H: Handler + ?Sized> Handler for Arc<H> {
    async fn handle(&self, callback: &ConfirmedCallback) -> Result<(), HandlerError> {
        (**self).handle(callback).await
    }
}

/// Why a handler did not do it. The text is stored and logged: it must not hold personal data.
///
/// There will be no other variant without a new major version: each says what a processor does next.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum HandlerError {
    /// Call again later.
    #[error("the handler failed: {0}")]
    Again(String),
    /// The gateway's API, which the handler asked, did not say: call again for as long as it takes. The callback is not
    /// to blame, so it is never given up for this.
    #[error(transparent)]
    NoAnswer(#[from] NoAnswer),
    /// Calling again is of no use; a person must look.
    #[error("the handler refused: {0}")]
    Never(String),
}

/// Why a callback was not applied.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApplyError {
    /// The handler did not do it.
    #[error(transparent)]
    Handler(#[from] HandlerError),
    /// The store did not take note.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Calls a handler at least once, then completes the entry. A crash between the two calls it again.
#[derive(Debug)]
pub struct AtLeastOnce<H> {
    inbox: SharedInbox,
    handler: H,
}

impl<H> AtLeastOnce<H> {
    /// Calls `handler` for what comes out of `inbox`.
    pub fn new(inbox: SharedInbox, handler: H) -> Self {
        Self { inbox, handler }
    }
}

#[async_trait]
impl<H: Handler> Apply for AtLeastOnce<H> {
    async fn apply(
        &self,
        claim: &Claim,
        callback: &ConfirmedCallback,
        now: Timestamp,
    ) -> Result<Completed, ApplyError> {
        let effect = callback.effect();
        let is_done = match &effect {
            Some(effect) => self.inbox.is_done(effect).await?,
            None => false,
        };
        if !is_done {
            self.handler.handle(callback).await?;
        }
        Ok(self.inbox.complete(claim, effect.as_ref(), now).await?)
    }

    fn inbox(&self) -> SharedInbox {
        self.inbox.clone()
    }
}
