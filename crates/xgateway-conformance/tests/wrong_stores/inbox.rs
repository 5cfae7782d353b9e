//! The inbox of a wrong store is right.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use xgateway_store::{
    Accepted, Claim, Completed, Counts, EffectKey, Entry, EntryId, Inbox, ListQuery, NewEntry,
    Reason, StoreError,
};

use crate::Wrong;

#[async_trait]
impl Inbox for Wrong {
    async fn accept(&self, entry: NewEntry) -> Result<Accepted, StoreError> {
        self.store.accept(entry).await
    }

    async fn claim(
        &self,
        now: Timestamp,
        lease: Duration,
        limit: usize,
    ) -> Result<Vec<Claim>, StoreError> {
        self.store.claim(now, lease, limit).await
    }

    async fn complete(
        &self,
        claim: &Claim,
        effect: Option<&EffectKey>,
        now: Timestamp,
    ) -> Result<Completed, StoreError> {
        self.store.complete(claim, effect, now).await
    }

    async fn retry(&self, claim: &Claim, at: Timestamp, reason: &Reason) -> Result<(), StoreError> {
        self.store.retry(claim, at, reason).await
    }

    async fn retry_with_attempts(
        &self,
        claim: &Claim,
        at: Timestamp,
        reason: &Reason,
        attempts: u32,
    ) -> Result<(), StoreError> {
        let store = &self.store;
        store.retry_with_attempts(claim, at, reason, attempts).await
    }

    async fn dead(&self, claim: &Claim, reason: &Reason, now: Timestamp) -> Result<(), StoreError> {
        self.store.dead(claim, reason, now).await
    }

    async fn is_done(&self, effect: &EffectKey) -> Result<bool, StoreError> {
        self.store.is_done(effect).await
    }

    async fn replay(&self, id: EntryId, now: Timestamp) -> Result<(), StoreError> {
        self.store.replay(id, now).await
    }

    async fn show(&self, id: EntryId) -> Result<Option<Entry>, StoreError> {
        self.store.show(id).await
    }

    async fn list(&self, query: ListQuery) -> Result<Vec<Entry>, StoreError> {
        self.store.list(query).await
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        self.store.counts().await
    }
}
