//! The inbox of a wrong store is right.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use xgateway_store::{
    Accepted, Claim, Completed, Counts, EffectKey, Entry, EntryId, Inbox, ListQuery, NewEntry,
    Page, Pruned, Reason, StoreError,
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

    async fn record(
        &self,
        claim: &Claim,
        effect: &EffectKey,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.store.record(claim, effect, now).await
    }

    async fn is_done(&self, effect: &EffectKey) -> Result<bool, StoreError> {
        self.store.is_done(effect).await
    }

    async fn replay(&self, id: EntryId, now: Timestamp) -> Result<(), StoreError> {
        self.store.replay(id, now).await
    }

    async fn replay_dead(
        &self,
        after: Option<EntryId>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<EntryId>, StoreError> {
        self.store.replay_dead(after, limit, now).await
    }

    async fn discard(
        &self,
        id: EntryId,
        effect: Option<&EffectKey>,
        reason: &Reason,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.store.discard(id, effect, reason, now).await
    }

    async fn prune(
        &self,
        before: Timestamp,
        after: Option<EntryId>,
        limit: usize,
    ) -> Result<Pruned, StoreError> {
        self.store.prune(before, after, limit).await
    }

    async fn show(&self, id: EntryId) -> Result<Option<Entry>, StoreError> {
        self.store.show(id).await
    }

    async fn page(&self, query: ListQuery) -> Result<Page, StoreError> {
        self.store.page(query).await
    }

    /// It keeps no note of it.
    async fn belongs_to(&self, _: &str) -> Result<(), StoreError> {
        Ok(())
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        self.store.counts().await
    }
}
