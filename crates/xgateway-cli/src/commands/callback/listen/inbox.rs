//! An inbox that tells what happens in it, and tells apart what was passed on and what was only told.

use std::fmt;

use async_trait::async_trait;
use jiff::Timestamp;
use xgateway::store::{
    Accepted, Claim, Completed, EffectKey, Inbox, InboxLayer, Kind, NewEntry, Reason, SharedInbox,
    StoreError,
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
impl InboxLayer for TellingInbox {
    type Inner = dyn Inbox;

    fn inner(&self) -> &dyn Inbox {
        &*self.inbox
    }

    async fn accept(&self, entry: NewEntry) -> Result<Accepted, StoreError> {
        let key = entry.key().clone();
        let accepted = self.inbox.accept(entry).await?;
        self.teller.tell(Event::stored(accepted, &key));
        Ok(accepted)
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

    async fn is_done(&self, effect: &EffectKey) -> Result<bool, StoreError> {
        self.inbox.is_done(&self.here(effect).await?).await
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
}

impl fmt::Debug for TellingInbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TellingInbox").field(&self.inbox).finish()
    }
}
