//! The inbox: callbacks, once each.

mod effect;
mod entry;
mod event;
mod layer;
mod receipt;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

pub use self::effect::{Completed, EffectKey};
pub use self::entry::{
    Accepted, Claim, Counts, Entry, EntryId, EntryState, ListQuery, NewEntry, PAYLOAD_BYTES_MAX,
    Page, Payload, Pruned, Reason, Repeat,
};
pub use self::event::{ContentDigest, EntryError, EventKey, Kind};
pub use self::layer::InboxLayer;
pub use self::receipt::Receipt;
use crate::error::StoreError;

/// An inbox of any kind, cheap to clone.
pub type SharedInbox = Arc<dyn Inbox>;

/// Keeps callbacks: each event once, for years, until its effect has happened.
///
/// The gateway delivers at least once and in any order (protocol §4). The duties of an inbox:
///
/// - [`accept`](Self::accept) returns only after what it was given survives the loss of power;
/// - of any number of deliveries of one event, at the same time or years apart, one becomes an entry;
/// - a delivery that contradicts an earlier one of the same event is kept beside it, with a flag;
/// - an entry that was claimed and neither completed, retried nor given up can be claimed again once the lease is over,
///   and whoever held it before can no longer change it;
/// - of the entries about one subject at most one is held, until its worker ends it or another takes it over when the lease
///   is over: what is read of a subject later is applied later;
/// - a delivery of an event whose entry a worker holds takes it from nobody, and is looked into when the worker is done:
///   see [`Repeat::Reopen`];
/// - an effect key is recorded at most once, in the same commit as the end of its entry.
///
/// No method asks a clock of this process: `now` is an argument, and all processes that share a store should agree on it to
/// within a fraction of the lease. A store that many machines share should make no new entry due later than by its own
/// clock, as the PostgreSQL store does, so that a receiver whose clock is ahead delays nothing.
///
/// ```
/// use std::time::Duration;
///
/// use jiff::Timestamp;
/// use xgateway_store::{
///     Accepted, ContentDigest, EffectKey, EventKey, Inbox, Kind, MemoryInbox, NewEntry,
/// };
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let inbox = MemoryInbox::new();
/// let now = Timestamp::UNIX_EPOCH;
/// let key = EventKey::new(Kind::Transaction, "916c9ef9", "confirmed")?;
/// let digest = ContentDigest::of(&["customer-1", "10", "USD"]);
/// let entry = NewEntry::new(key, digest, &b"{}"[..], now)?;
/// assert!(matches!(inbox.accept(entry.clone()).await?, Accepted::New(_)));
/// assert!(matches!(inbox.accept(entry).await?, Accepted::Duplicate(_)));
///
/// let claims = inbox.claim(now, Duration::from_secs(30), 10).await?;
/// let credit = EffectKey::parse("credit:916c9ef9")?;
/// inbox.complete(&claims[0], Some(&credit), now).await?;
/// assert!(inbox.is_done(&credit).await?);
/// # Ok(())
/// # }
/// ```
#[async_trait]
pub trait Inbox: fmt::Debug + Send + Sync + 'static {
    /// Stores a callback, or finds that it is stored. Returns only after a durable commit.
    ///
    /// Dropping the future does not undo: the callback may be stored all the same.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; then the gateway must not be told that the callback arrived, and will send it again.
    async fn accept(&self, entry: NewEntry) -> Result<Accepted, StoreError>;

    /// Takes the `limit` entries that are due for longest, or as many as are due, for the time of `lease`: no other
    /// worker gets them before `now + lease`. They come in the order of their ids.
    ///
    /// Left out are entries about the same kind and subject as another one that a worker holds, also if its lease is over:
    /// then that one is due itself, and comes first. Of those that are due for longest and about one subject, the one that is
    /// due for longest is taken, so that each gets its turn however often another one comes again; so there may be fewer than
    /// `limit`. None are given only if there is none to take, or others take them at this moment.
    ///
    /// An entry that cannot be read, such as one of a kind that only a later version knows, is given up and holds up no other.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; entries that were taken all the same are due again when the lease is over.
    async fn claim(
        &self,
        now: Timestamp,
        lease: Duration,
        limit: usize,
    ) -> Result<Vec<Claim>, StoreError>;

    /// Ends the processing of an entry and, in the same commit, records that its effect has happened.
    ///
    /// `effect` is `None` for an entry that asks for none. With an effect outside the database the caller looks with
    /// [`is_done`](Self::is_done) first, causes it with the key as idempotency key, and completes then: at least once.
    /// For exactly once let the effect run in the database transaction of the store: see its `apply`.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::LeaseLost`](crate::StoreErrorKind::LeaseLost) if the entry is no longer the caller's.
    async fn complete(
        &self,
        claim: &Claim,
        effect: Option<&EffectKey>,
        now: Timestamp,
    ) -> Result<Completed, StoreError>;

    /// Puts an entry back until `at`. [`Backoff`](crate::Backoff) says when that should be.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::LeaseLost`](crate::StoreErrorKind::LeaseLost) if the entry is no longer the caller's, or has come
    /// [again](Repeat::Reopen) meanwhile: then nobody holds it any more, and it is due a [pause](crate::REPEAT_PAUSE) behind
    /// `at`, or when the lease would have been over if that is earlier.
    async fn retry(&self, claim: &Claim, at: Timestamp, reason: &Reason) -> Result<(), StoreError>;

    /// Puts an entry back as [`retry`](Self::retry) does, and lets it count as one that has had `attempts`: where somebody
    /// else than the callback is to blame for those that it has had.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::LeaseLost`](crate::StoreErrorKind::LeaseLost) if the entry is no longer the caller's, or has come
    /// [again](Repeat::Reopen) meanwhile, as for [`retry`](Self::retry).
    async fn retry_with_attempts(
        &self,
        claim: &Claim,
        at: Timestamp,
        reason: &Reason,
        attempts: u32,
    ) -> Result<(), StoreError>;

    /// Gives an entry up: it stays as a dead letter until a person replays it.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::LeaseLost`](crate::StoreErrorKind::LeaseLost) if the entry is no longer the caller's, or has come
    /// [again](Repeat::Reopen) meanwhile, as for [`retry`](Self::retry).
    async fn dead(&self, claim: &Claim, reason: &Reason, now: Timestamp) -> Result<(), StoreError>;

    /// Records an effect beside that of an entry, which stays with its worker: what later entries must know, however this
    /// one ends. One that is recorded stays as it is.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::LeaseLost`](crate::StoreErrorKind::LeaseLost) if the entry is no longer the caller's; then nothing is
    /// recorded.
    async fn record(
        &self,
        claim: &Claim,
        effect: &EffectKey,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Whether an effect has been recorded.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn is_done(&self, effect: &EffectKey) -> Result<bool, StoreError>;

    /// Which of these effects have been recorded, in their order: [`is_done`](Self::is_done) for many.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn are_done(&self, effects: &[EffectKey]) -> Result<Vec<bool>, StoreError> {
        let mut are_done = Vec::with_capacity(effects.len());
        for effect in effects {
            are_done.push(self.is_done(effect).await?);
        }
        Ok(are_done)
    }

    /// Makes an entry due at `now` whatever its state, with its attempts back at none. A worker whose lease is over loses it.
    /// Effects that are recorded stay recorded: a replay does not credit twice.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Held`](crate::StoreErrorKind::Held) if a worker holds it: what that does elsewhere would be done twice.
    /// [`StoreErrorKind::NotFound`](crate::StoreErrorKind::NotFound) if there is no such entry.
    async fn replay(&self, id: EntryId, now: Timestamp) -> Result<(), StoreError>;

    /// [Replays](Self::replay) dead letters behind `after`, in the order of their ids and at most `limit`, and tells which.
    /// What is dead no more at that moment, such as one that came again and that a worker holds, is left as it is.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn replay_dead(
        &self,
        after: Option<EntryId>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<EntryId>, StoreError>;

    /// Ends a dead letter that a person has dealt with: it is [done](EntryState::Done) and keeps `reason`, which is the
    /// person's. With `effect` it is recorded, in the same commit, that this effect has happened, by hand, so that it never
    /// happens by itself.
    ///
    /// If the callback comes once more it is looked into as ever: what was discarded may have been forged, and the true one
    /// is the same to the letter.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::NotFound`](crate::StoreErrorKind::NotFound) if there is no such entry, and
    /// [`StoreErrorKind::NotDead`](crate::StoreErrorKind::NotDead) if it is no dead letter.
    async fn discard(
        &self,
        id: EntryId,
        effect: Option<&EffectKey>,
        reason: &Reason,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Removes what ended before a time, among the `limit` entries behind `after`. Whoever wants all of it gone goes on from
    /// [`last`](Pruned::last) until there is none.
    ///
    /// Kept are, however old: what is open or dead, what a dead letter contradicts, the newest entry, so that no number is
    /// given out twice, and every effect. An event whose entry is gone becomes a new entry when it comes again, and finds
    /// that its effect has happened: that is what makes it safe.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn prune(
        &self,
        before: Timestamp,
        after: Option<EntryId>,
        limit: usize,
    ) -> Result<Pruned, StoreError>;

    /// One entry.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn show(&self, id: EntryId) -> Result<Option<Entry>, StoreError>;

    /// Entries in the order of their ids, and which of them cannot be read.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn page(&self, query: ListQuery) -> Result<Page, StoreError>;

    /// Entries in the order of their ids: those of a [`page`](Self::page) that can be read.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn list(&self, query: ListQuery) -> Result<Vec<Entry>, StoreError> {
        Ok(self.page(query).await?.entries)
    }

    /// Makes the inbox that of an environment, named by its base URL, or finds that it is. Another environment's API knows
    /// nothing of these callbacks, and may know others under the same ids: whoever asks it about them believes what is wrong.
    ///
    /// Whoever wraps another one asks that.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::OtherEnvironment`](crate::StoreErrorKind::OtherEnvironment) if it is another one's.
    async fn belongs_to(&self, environment: &str) -> Result<(), StoreError>;

    /// How many entries there are in each state. It may read them all: not for every request.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn counts(&self) -> Result<Counts, StoreError>;
}
