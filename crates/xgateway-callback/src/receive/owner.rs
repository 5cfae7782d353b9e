//! Whose inbox a receiver fills.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use xgateway_store::{Inbox, StoreError};

/// The environment of a receiver, and whether its inbox is known to belong to that. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Owner {
    environment: Arc<str>,
    is_known: Arc<AtomicBool>,
}

impl Owner {
    pub(super) fn new(environment: &str) -> Self {
        Self {
            environment: environment.into(),
            is_known: Arc::default(),
        }
    }

    /// Asks the inbox, once it has said yes no more.
    pub(super) async fn must_own(&self, inbox: &dyn Inbox) -> Result<(), StoreError> {
        if !self.is_known.load(Ordering::Relaxed) {
            inbox.belongs_to(&self.environment).await?;
            self.is_known.store(true, Ordering::Relaxed);
        }
        Ok(())
    }
}
