//! Journals over other journals.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Attempt, Begun, Intent, Journal, NewIntent, Outcome, Progress, Sighting};
use crate::error::StoreError;

/// As of an inbox: one line for each method.
macro_rules! layer {
    ($($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {
        /// A journal over another one, which changes some of what it does. All that a layer does not implement goes to the one
        /// [below](Self::inner). Whoever implements this has a [`Journal`]. See [`InboxLayer`](crate::InboxLayer) for an
        /// example.
        #[async_trait]
        pub trait JournalLayer: fmt::Debug + Send + Sync + 'static {
            /// The journal below.
            type Inner: Journal + ?Sized;

            /// The journal below.
            fn inner(&self) -> &Self::Inner;

            $(
                #[doc = concat!("As [`Journal::", stringify!($name), "`].")]
                async fn $name(&self, $($argument: $type),*) -> $answer {
                    self.inner().$name($($argument),*).await
                }
            )*
        }

        #[async_trait]
        impl<L: JournalLayer> Journal for L {
            $(
                async fn $name(&self, $($argument: $type),*) -> $answer {
                    JournalLayer::$name(self, $($argument),*).await
                }
            )*
        }

        /// What is shared is as good as what it shares. Not a layer, whose methods would stand beside those of what is shared.
        #[async_trait]
        impl<I: Journal + ?Sized> Journal for Arc<I> {
            $(
                async fn $name(&self, $($argument: $type),*) -> $answer {
                    (**self).$name($($argument),*).await
                }
            )*
        }
    };
}

layer! {
    begin(intent: &NewIntent<'_>, now: Timestamp) -> Result<Begun, StoreError>;
    note(sighting: Sighting<'_>, progress: &Progress) -> Result<(), StoreError>;
    finish(sighting: Sighting<'_>, outcome: Outcome, progress: Option<&Progress>, now: Timestamp) -> Result<(), StoreError>;
    reopen(sighting: Sighting<'_>, ended: Outcome, progress: &Progress) -> Result<(), StoreError>;
    intent(attempt: &Attempt) -> Result<Option<Intent>, StoreError>;
    open_intents(begun_until: Timestamp, after: Option<&Intent>, limit: usize) -> Result<Vec<Intent>, StoreError>;
    ended_intents(since: Timestamp, limit: usize) -> Result<Vec<Intent>, StoreError>;
    unreadable(limit: usize) -> Result<Vec<String>, StoreError>;
}
