//! The inbox of a wrong store: a layer that passes everything on, but for its mistake.

use std::sync::atomic::Ordering;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use xgateway_store::{
    Accepted, Claim, Completed, EffectKey, Entry, EntryId, EntryState, Inbox as _, InboxLayer,
    ListQuery, NewEntry, Payload, Pruned, Reason, Repeat, SqliteStore, StoreError, StoreErrorKind,
};

use crate::{Mistake, Wrong};

impl Wrong {
    fn makes(&self, mistake: Mistake) -> bool {
        self.mistake == mistake
    }

    /// Writes about entries without looking at what they are by now.
    async fn write(&self, sql: &'static str, ids: &[EntryId]) {
        for id in ids {
            let write = sqlx::query(sql).bind(id.get());
            write.execute(&mut self.connect().await).await.unwrap();
        }
    }

    /// The entries of a state, as somebody sees them who writes a moment later: when something has come meanwhile,
    /// if anything does.
    async fn seen(&self, state: EntryState) -> Vec<EntryId> {
        let query = ListQuery::default().with_state(state);
        let before = self.accepted.load(Ordering::SeqCst);
        let seen = self.store.list(query).await.unwrap();
        for _ in 0..10_000 {
            if self.accepted.load(Ordering::SeqCst) != before {
                break;
            }
            tokio::task::yield_now().await;
        }
        seen.iter().map(|entry| entry.id).collect()
    }
}

const DELETE: &str = "DELETE FROM xgateway_inbox WHERE id = $1";
const BEGIN_ANEW: &str = "UPDATE xgateway_inbox SET fence = 0 WHERE id = $1";

#[async_trait]
impl InboxLayer for Wrong {
    type Inner = SqliteStore;

    fn inner(&self) -> &SqliteStore {
        &self.store
    }

    async fn accept(&self, mut entry: NewEntry) -> Result<Accepted, StoreError> {
        if self.makes(Mistake::LeavesRepeatsUnopened) {
            entry = entry.on_repeat(Repeat::Ignore);
        }
        let accepted = self.store.accept(entry).await?;
        self.accepted.fetch_add(1, Ordering::SeqCst);
        if self.makes(Mistake::TakesDuplicatesForNew) {
            return Ok(Accepted::New(accepted.id()));
        }
        Ok(accepted)
    }

    async fn claim(
        &self,
        now: Timestamp,
        lease: Duration,
        limit: usize,
    ) -> Result<Vec<Claim>, StoreError> {
        if self.makes(Mistake::GivesTooMany) {
            return self.store.claim(now, lease, limit + 1).await;
        }
        self.store.claim(now, lease, limit).await
    }

    async fn complete(
        &self,
        claim: &Claim,
        effect: Option<&EffectKey>,
        now: Timestamp,
    ) -> Result<Completed, StoreError> {
        let effect = effect.filter(|_| !self.makes(Mistake::RecordsNoEffects));
        self.store.complete(claim, effect, now).await
    }

    async fn retry(&self, claim: &Claim, at: Timestamp, reason: &Reason) -> Result<(), StoreError> {
        if self.makes(Mistake::IsDueAtOnce) {
            return self
                .store
                .retry(claim, claim.entry().received_at, reason)
                .await;
        }
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
        if self.makes(Mistake::CountsOn) {
            return store.retry(claim, at, reason).await;
        }
        store.retry_with_attempts(claim, at, reason, attempts).await
    }

    async fn dead(&self, claim: &Claim, reason: &Reason, now: Timestamp) -> Result<(), StoreError> {
        if self.makes(Mistake::GivesNothingUp) {
            return self.store.retry(claim, now, reason).await;
        }
        self.store.dead(claim, reason, now).await
    }

    async fn record(
        &self,
        claim: &Claim,
        effect: &EffectKey,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if self.makes(Mistake::RecordsNothingBeside) {
            return Ok(());
        }
        self.store.record(claim, effect, now).await
    }

    async fn replay(&self, id: EntryId, now: Timestamp) -> Result<(), StoreError> {
        self.store.replay(id, now).await?;
        if self.makes(Mistake::CountsClaimsAnew) {
            self.write(BEGIN_ANEW, &[id]).await;
        }
        Ok(())
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
        if self.makes(Mistake::ForgetsWhatWasDoneByHand) {
            return self.store.discard(id, None, reason, now).await;
        }
        self.store.discard(id, effect, reason, now).await
    }

    async fn prune(
        &self,
        before: Timestamp,
        after: Option<EntryId>,
        limit: usize,
    ) -> Result<Pruned, StoreError> {
        if self.makes(Mistake::PrunesInTwoSteps) {
            let mut seen = self.seen(EntryState::Done).await;
            seen.pop(); // The newest stays, and with it its number.
            self.write(DELETE, &seen).await;
            return Ok(Pruned::new(seen.len() as u64, None));
        }
        self.store.prune(before, after, limit).await
    }

    async fn show(&self, id: EntryId) -> Result<Option<Entry>, StoreError> {
        let mut shown = self.store.show(id).await?;
        if self.makes(Mistake::LosesBodies)
            && let Some(entry) = &mut shown
        {
            entry.payload = Payload::from(bytes::Bytes::new());
        }
        Ok(shown)
    }

    async fn belongs_to(&self, environment: &str) -> Result<(), StoreError> {
        if self.makes(Mistake::BelongsToEverybody) {
            return Ok(());
        }
        if self.makes(Mistake::BelongsInTwoSteps) {
            let owner = self.owner.lock().unwrap().clone();
            // All that ask at once have looked by then.
            self.accepted.fetch_add(1, Ordering::SeqCst);
            for _ in 0..10_000 {
                if self.accepted.load(Ordering::SeqCst) >= 64 {
                    break;
                }
                tokio::task::yield_now().await;
            }
            return match owner {
                None => {
                    *self.owner.lock().unwrap() = Some(environment.to_owned());
                    Ok(())
                }
                Some(owner) if owner == environment => Ok(()),
                Some(_) => Err(StoreErrorKind::OtherEnvironment.into()),
            };
        }
        self.store.belongs_to(environment).await
    }
}
