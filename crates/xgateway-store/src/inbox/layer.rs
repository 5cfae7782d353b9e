//! Inboxes over other inboxes.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    Accepted, Claim, Completed, Counts, EffectKey, Entry, EntryId, Inbox, ListQuery, NewEntry,
    Page, Pruned, Reason,
};
use crate::error::StoreError;

/// Declares [`InboxLayer`] with what passes on, and makes each layer an [`Inbox`]. Of each method of the inbox there is
/// one line: what is left out, the compiler misses.
macro_rules! layer {
    ($($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {
        /// An inbox over another one, which changes some of what it does: tells of it, counts it, fails for a test. All that
        /// a layer does not implement goes to the one [below](Self::inner), so no check of it is lost, also none that a later
        /// version adds. Whoever implements this has an [`Inbox`].
        ///
        /// Two methods do not go there by themselves, so that a layer that changes [`is_done`](Self::is_done) or
        /// [`page`](Self::page) changes these, too: [`Inbox::are_done`] asks the layer about one effect after the other, unless
        /// [`are_done`](Self::are_done) says otherwise, and [`Inbox::list`] takes its page.
        ///
        /// ```
        /// use std::sync::atomic::{AtomicU64, Ordering};
        ///
        /// use async_trait::async_trait;
        /// use jiff::Timestamp;
        /// use xgateway_store::{
        ///     Claim, Inbox, InboxLayer, MemoryInbox, Reason, SharedInbox, StoreError,
        /// };
        ///
        /// /// Counts what is given up.
        /// #[derive(Debug)]
        /// struct Counting {
        ///     inner: SharedInbox,
        ///     dead: AtomicU64,
        /// }
        ///
        /// #[async_trait]
        /// impl InboxLayer for Counting {
        ///     type Inner = dyn Inbox;
        ///
        ///     fn inner(&self) -> &dyn Inbox {
        ///         &*self.inner
        ///     }
        ///
        ///     async fn dead(&self, claim: &Claim, reason: &Reason, now: Timestamp) -> Result<(), StoreError> {
        ///         self.inner.dead(claim, reason, now).await?;
        ///         self.dead.fetch_add(1, Ordering::Relaxed);
        ///         Ok(())
        ///     }
        /// }
        ///
        /// let inner = std::sync::Arc::new(MemoryInbox::new());
        /// let counting = Counting { inner, dead: AtomicU64::new(0) };
        /// let inbox: SharedInbox = std::sync::Arc::new(counting);
        /// ```
        #[async_trait]
        pub trait InboxLayer: fmt::Debug + Send + Sync + 'static {
            /// The inbox below.
            type Inner: Inbox + ?Sized;

            /// The inbox below.
            fn inner(&self) -> &Self::Inner;

            $(
                #[doc = concat!("As [`Inbox::", stringify!($name), "`].")]
                async fn $name(&self, $($argument: $type),*) -> $answer {
                    self.inner().$name($($argument),*).await
                }
            )*

            /// As [`Inbox::are_done`]: unless implemented, it asks [`is_done`](Self::is_done) about each.
            async fn are_done(&self, effects: &[EffectKey]) -> Result<Vec<bool>, StoreError> {
                let mut are_done = Vec::with_capacity(effects.len());
                for effect in effects {
                    are_done.push(InboxLayer::is_done(self, effect).await?);
                }
                Ok(are_done)
            }
        }

        #[async_trait]
        impl<L: InboxLayer> Inbox for L {
            $(
                async fn $name(&self, $($argument: $type),*) -> $answer {
                    InboxLayer::$name(self, $($argument),*).await
                }
            )*

            async fn are_done(&self, effects: &[EffectKey]) -> Result<Vec<bool>, StoreError> {
                InboxLayer::are_done(self, effects).await
            }
        }

        /// What is shared is as good as what it shares. Not a layer, whose methods would stand beside those of what is shared.
        #[async_trait]
        impl<I: Inbox + ?Sized> Inbox for Arc<I> {
            $(
                async fn $name(&self, $($argument: $type),*) -> $answer {
                    (**self).$name($($argument),*).await
                }
            )*

            async fn are_done(&self, effects: &[EffectKey]) -> Result<Vec<bool>, StoreError> {
                (**self).are_done(effects).await
            }
        }
    };
}

layer! {
    accept(entry: NewEntry) -> Result<Accepted, StoreError>;
    claim(now: Timestamp, lease: Duration, limit: usize) -> Result<Vec<Claim>, StoreError>;
    complete(claim: &Claim, effect: Option<&EffectKey>, now: Timestamp) -> Result<Completed, StoreError>;
    retry(claim: &Claim, at: Timestamp, reason: &Reason) -> Result<(), StoreError>;
    retry_with_attempts(claim: &Claim, at: Timestamp, reason: &Reason, attempts: u32) -> Result<(), StoreError>;
    dead(claim: &Claim, reason: &Reason, now: Timestamp) -> Result<(), StoreError>;
    record(claim: &Claim, effect: &EffectKey, now: Timestamp) -> Result<(), StoreError>;
    is_done(effect: &EffectKey) -> Result<bool, StoreError>;
    replay(id: EntryId, now: Timestamp) -> Result<(), StoreError>;
    replay_dead(after: Option<EntryId>, limit: usize, now: Timestamp) -> Result<Vec<EntryId>, StoreError>;
    discard(id: EntryId, effect: Option<&EffectKey>, reason: &Reason, now: Timestamp) -> Result<(), StoreError>;
    prune(before: Timestamp, after: Option<EntryId>, limit: usize) -> Result<Pruned, StoreError>;
    show(id: EntryId) -> Result<Option<Entry>, StoreError>;
    page(query: ListQuery) -> Result<Page, StoreError>;
    belongs_to(environment: &str) -> Result<(), StoreError>;
    counts() -> Result<Counts, StoreError>;
}
