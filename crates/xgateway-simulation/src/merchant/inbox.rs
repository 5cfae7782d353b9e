//! The inbox in memory, as slow and as frail as one in a database.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use xgateway::store::{
    Accepted, Claim, Completed, EffectKey, Inbox as _, InboxLayer, MemoryInbox, NewEntry, Reason,
    StoreError,
};

use crate::kinds::{Fault, Point};
use crate::sim::Sim;

/// An inbox in whose every step the merchant may end, before or after the commit.
#[derive(Debug)]
pub(crate) struct FrailInbox {
    pub(crate) inner: Arc<MemoryInbox>,
    pub(crate) sim: Sim,
}

impl FrailInbox {
    async fn before(&self, point: Point) -> Result<(), StoreError> {
        self.sim.store_point(point, Fault::StoreFailsBefore).await
    }

    async fn after(&self, point: Point) -> Result<(), StoreError> {
        self.sim.store_point(point, Fault::StoreFailsAfter).await
    }
}

#[async_trait]
impl InboxLayer for FrailInbox {
    type Inner = MemoryInbox;

    fn inner(&self) -> &MemoryInbox {
        &self.inner
    }

    async fn accept(&self, entry: NewEntry) -> Result<Accepted, StoreError> {
        self.before(Point::BeforeAccept).await?;
        let accepted = self.inner.accept(entry).await?;
        self.sim.with(|state| state.rings += 1);
        self.after(Point::AfterAccept).await?;
        Ok(accepted)
    }

    async fn claim(
        &self,
        now: Timestamp,
        lease: Duration,
        limit: usize,
    ) -> Result<Vec<Claim>, StoreError> {
        self.before(Point::BeforeClaim).await?;
        let claims = self.inner.claim(now, lease, limit).await?;
        self.after(Point::AfterClaim).await?;
        Ok(claims)
    }

    async fn complete(
        &self,
        claim: &Claim,
        effect: Option<&EffectKey>,
        now: Timestamp,
    ) -> Result<Completed, StoreError> {
        self.before(Point::BeforeComplete).await?;
        let completed = self.inner.complete(claim, effect, now).await?;
        self.after(Point::AfterComplete).await?;
        Ok(completed)
    }

    async fn retry(&self, claim: &Claim, at: Timestamp, reason: &Reason) -> Result<(), StoreError> {
        self.before(Point::BeforeRetry).await?;
        self.inner.retry(claim, at, reason).await?;
        self.after(Point::AfterRetry).await
    }

    async fn retry_with_attempts(
        &self,
        claim: &Claim,
        at: Timestamp,
        reason: &Reason,
        attempts: u32,
    ) -> Result<(), StoreError> {
        self.before(Point::BeforeRetry).await?;
        let put_back = self.inner.retry_with_attempts(claim, at, reason, attempts);
        put_back.await?;
        self.after(Point::AfterRetry).await
    }

    async fn dead(&self, claim: &Claim, reason: &Reason, now: Timestamp) -> Result<(), StoreError> {
        self.before(Point::BeforeDead).await?;
        self.inner.dead(claim, reason, now).await?;
        self.after(Point::AfterDead).await
    }

    async fn record(
        &self,
        claim: &Claim,
        effect: &EffectKey,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.inner.record(claim, effect, now).await
    }

    async fn is_done(&self, effect: &EffectKey) -> Result<bool, StoreError> {
        self.before(Point::BeforeIsDone).await?;
        let is_done = self.inner.is_done(effect).await?;
        self.after(Point::AfterIsDone).await?;
        Ok(is_done)
    }
}
