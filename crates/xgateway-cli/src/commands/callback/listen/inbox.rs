//! An inbox that tells what happens in it, and tells apart what was passed on and what was only told.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use xgateway::store::{
    Accepted, Claim, Completed, Counts, EffectKey, Entry, EntryId, Inbox, Kind, ListQuery,
    NewEntry, Page, Pruned, Reason, SharedInbox, StoreError,
};

use super::event::Event;
use super::teller::Teller;

/// Passes everything on to another inbox, and tells of what is stored, put back or given up.
pub(super) struct TellingInbox {
    inbox: SharedInbox,
    /// Whether what is confirmed is passed on.
    forwards: bool,
    teller: Teller,
}

impl TellingInbox {
    pub(super) fn new(inbox: SharedInbox, forwards: bool, teller: Teller) -> Self {
        Self {
            inbox,
            forwards,
            teller,
        }
    }

    /// The effect that is caused here: what was only told is still to be passed on by whoever does that later, and what was
    /// passed on is not told anew.
    async fn here(&self, effect: &EffectKey) -> Result<EffectKey, StoreError> {
        if self.forwards || self.inbox.is_done(effect).await? {
            return Ok(effect.clone());
        }
        let told = format!("told:{:032x}", u128::from_be_bytes(effect.packed()));
        Ok(EffectKey::parse(&told).expect("a word and digits are a key"))
    }
}

#[async_trait]
impl Inbox for TellingInbox {
    async fn accept(&self, entry: NewEntry) -> Result<Accepted, StoreError> {
        let key = entry.key().clone();
        let accepted = self.inbox.accept(entry).await?;
        self.teller.tell(Event::stored(accepted, &key));
        Ok(accepted)
    }

    async fn claim(
        &self,
        now: Timestamp,
        lease: Duration,
        limit: usize,
    ) -> Result<Vec<Claim>, StoreError> {
        self.inbox.claim(now, lease, limit).await
    }

    async fn complete(
        &self,
        claim: &Claim,
        effect: Option<&EffectKey>,
        now: Timestamp,
    ) -> Result<Completed, StoreError> {
        let here = match effect {
            Some(effect) => Some(self.here(effect).await?),
            None => None,
        };
        let completed = self.inbox.complete(claim, here.as_ref(), now).await?;
        // The first time is told by whoever causes the effect; a bank account or an identity check has no other times.
        let has_effects = claim.entry().key.kind() == Kind::Transaction;
        if has_effects && (effect.is_none() || completed == Completed::Repeated) {
            self.teller.tell(Event::repeated(claim.entry()));
        }
        Ok(completed)
    }

    async fn retry(&self, claim: &Claim, at: Timestamp, reason: &Reason) -> Result<(), StoreError> {
        self.inbox.retry(claim, at, reason).await?;
        self.teller
            .tell(Event::put_back(claim.entry(), reason.as_str()));
        Ok(())
    }

    async fn retry_with_attempts(
        &self,
        claim: &Claim,
        at: Timestamp,
        reason: &Reason,
        attempts: u32,
    ) -> Result<(), StoreError> {
        let put_back = self.inbox.retry_with_attempts(claim, at, reason, attempts);
        put_back.await?;
        self.teller
            .tell(Event::put_back(claim.entry(), reason.as_str()));
        Ok(())
    }

    async fn dead(&self, claim: &Claim, reason: &Reason, now: Timestamp) -> Result<(), StoreError> {
        self.inbox.dead(claim, reason, now).await?;
        self.teller
            .tell(Event::dead(claim.entry(), reason.as_str()));
        Ok(())
    }

    async fn record(
        &self,
        claim: &Claim,
        effect: &EffectKey,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        // Something that was seen, and whoever passes things on later must know it, too.
        self.inbox.record(claim, effect, now).await
    }

    async fn is_done(&self, effect: &EffectKey) -> Result<bool, StoreError> {
        self.inbox.is_done(&self.here(effect).await?).await
    }

    async fn are_done(&self, effects: &[EffectKey]) -> Result<Vec<bool>, StoreError> {
        let mut here = Vec::with_capacity(effects.len());
        for effect in effects {
            here.push(self.here(effect).await?);
        }
        self.inbox.are_done(&here).await
    }

    async fn replay(&self, id: EntryId, now: Timestamp) -> Result<(), StoreError> {
        self.inbox.replay(id, now).await
    }

    async fn belongs_to(&self, environment: &str) -> Result<(), StoreError> {
        self.inbox.belongs_to(environment).await
    }

    async fn replay_dead(
        &self,
        after: Option<EntryId>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<EntryId>, StoreError> {
        self.inbox.replay_dead(after, limit, now).await
    }

    async fn discard(
        &self,
        id: EntryId,
        effect: Option<&EffectKey>,
        reason: &Reason,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.inbox.discard(id, effect, reason, now).await
    }

    async fn prune(
        &self,
        before: Timestamp,
        after: Option<EntryId>,
        limit: usize,
    ) -> Result<Pruned, StoreError> {
        self.inbox.prune(before, after, limit).await
    }

    async fn show(&self, id: EntryId) -> Result<Option<Entry>, StoreError> {
        self.inbox.show(id).await
    }

    async fn page(&self, query: ListQuery) -> Result<Page, StoreError> {
        self.inbox.page(query).await
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        self.inbox.counts().await
    }
}

impl fmt::Debug for TellingInbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TellingInbox").field(&self.inbox).finish()
    }
}
