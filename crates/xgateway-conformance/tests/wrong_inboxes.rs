//! Inboxes that each break a duty, and are found out.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use xgateway_conformance::store::INBOX_DUTIES;
use xgateway_store::{
    Accepted, Claim, Completed, EffectKey, EntryState, Inbox as _, InboxLayer, MemoryInbox,
    NewEntry, Repeat, StoreError,
};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Mistake {
    None,
    /// What is done is due at once when it comes again.
    RepeatsAtOnce,
    /// What came again while it was held is due at once when it is done.
    GoesOnAtOnce,
    /// What comes again is never looked into.
    IgnoresRepeats,
    /// It is everybody's.
    HasNoOwner,
}

#[derive(Debug)]
struct Wrong {
    inner: MemoryInbox,
    mistake: Mistake,
}

#[async_trait]
impl InboxLayer for Wrong {
    type Inner = MemoryInbox;

    fn inner(&self) -> &MemoryInbox {
        &self.inner
    }

    async fn accept(&self, entry: NewEntry) -> Result<Accepted, StoreError> {
        let (at, reopens) = (entry.received_at(), entry.repeat() == Repeat::Reopen);
        if self.mistake == Mistake::IgnoresRepeats {
            return self.inner.accept(entry.on_repeat(Repeat::Ignore)).await;
        }
        let event = self
            .inner
            .list(xgateway_store::ListQuery::default())
            .await?;
        let is_done = event
            .iter()
            .any(|kept| kept.key == *entry.key() && kept.state == EntryState::Done);
        let accepted = self.inner.accept(entry).await?;
        if self.mistake == Mistake::RepeatsAtOnce && reopens && is_done {
            self.inner.replay(accepted.id(), at).await?;
        }
        Ok(accepted)
    }

    async fn complete(
        &self,
        claim: &Claim,
        effect: Option<&EffectKey>,
        now: Timestamp,
    ) -> Result<Completed, StoreError> {
        let completed = self.inner.complete(claim, effect, now).await?;
        let id = claim.entry().id;
        let left = self.inner.show(id).await?;
        let is_open = left.is_some_and(|entry| entry.state == EntryState::Open);
        if self.mistake == Mistake::GoesOnAtOnce && is_open {
            self.inner.replay(id, now).await?;
        }
        Ok(completed)
    }

    async fn belongs_to(&self, environment: &str) -> Result<(), StoreError> {
        if self.mistake == Mistake::HasNoOwner {
            return Ok(());
        }
        self.inner.belongs_to(environment).await
    }
}

/// Which duties an inbox with this mistake does not keep.
async fn broken(mistake: Mistake) -> BTreeSet<&'static str> {
    let mut broken = BTreeSet::new();
    for duty in INBOX_DUTIES {
        let inner = MemoryInbox::new();
        let inbox = Arc::new(Wrong { inner, mistake });
        // In a task, since a duty panics.
        let checked = tokio::spawn(async move { duty.check(inbox).await }).await;
        if checked.is_err() {
            broken.insert(duty.name());
        }
    }
    broken
}

#[tokio::test(flavor = "multi_thread")]
async fn a_layer_without_a_mistake_keeps_every_duty() {
    assert_eq!(broken(Mistake::None).await, BTreeSet::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_mistake_is_found_out() {
    let rate = "what_comes_again_and_again_is_looked_into_once_a_second";
    for (mistake, duty) in [
        (Mistake::RepeatsAtOnce, rate),
        (Mistake::GoesOnAtOnce, rate),
        (
            Mistake::IgnoresRepeats,
            "a_repeat_that_may_be_news_opens_the_entry_again",
        ),
        (Mistake::HasNoOwner, "an_inbox_is_of_one_environment"),
    ] {
        let broken = broken(mistake).await;
        assert!(broken.contains(duty), "{mistake:?}: {broken:?}");
    }
}
