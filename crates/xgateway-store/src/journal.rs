//! The journal: what was about to be done with money, and how it ended.

mod attempt;
mod attempts;
pub mod decide;
mod destination;
mod fingerprint;
mod intent;
mod layer;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

pub use self::attempt::{Attempt, AttemptError};
pub use self::attempts::attempts;
pub use self::destination::Destination;
pub use self::fingerprint::{Fingerprint, FingerprintBuilder, FingerprintKey, FingerprintKeyError};
pub use self::intent::{
    Begun, Intent, IntentState, NewIntent, Outcome, Progress, ProgressError, Round, Sighting,
};
pub use self::layer::JournalLayer;
use crate::error::StoreError;

/// A journal of any kind, cheap to clone.
pub type SharedJournal = Arc<dyn Journal>;

/// Keeps the intent of every call that moves money, before its first byte is sent, and how it ended.
///
/// A process that dies between the two leaves an open intent. Whoever starts next finds it with
/// [`open_intents`](Self::open_intents), asks the gateway what became of the order and finishes it. The duties:
///
/// - [`begin`](Self::begin) returns only after a durable commit, and of any number of calls for one attempt at the same
///   time exactly one gets [`Begun::New`];
/// - another body under the same attempt is refused, naming the fields, as long as the gateway may know the first;
/// - what was sent elsewhere is refused, too: another gateway, or another account, knows nothing of it;
/// - a further attempt is begun only while all before it are proven to be declined, at the moment of the commit;
/// - what somebody saw is written only over what they saw it with ([`Sighting`]);
/// - an attempt that has ended as charged ends no other way;
/// - what has ended is open again after [`reopen`](Self::reopen), and only as long as nobody has ended it otherwise.
///
/// No card data ever comes here: see [`Fingerprint`].
///
/// ```
/// use jiff::Timestamp;
/// use xgateway_core::id::OrderId;
/// use xgateway_core::secret::ApiKey;
/// use xgateway_store::{
///     Attempt, Begun, Destination, Fingerprint, FingerprintKey, Journal, MemoryJournal, NewIntent,
///     Outcome,
/// };
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let journal = MemoryJournal::new();
/// let key = FingerprintKey::new(&[7; 32])?; // 32 random bytes, kept apart from the store.
/// let api_key = ApiKey::parse("5f0c6a9e-0d6b-4a63-9a0e-5f2a7d3f1c11")?;
/// let order = Attempt::first(OrderId::parse("order-1")?)?;
/// let intent = |amount| {
///     let fingerprint = Fingerprint::builder(&key, &order, "gateway8").field("amount", amount).build();
///     let destination = Destination::new("https://api.example.com/api", &key, &api_key);
///     NewIntent::new(order.clone(), "gateway8", fingerprint, destination)
/// };
/// let now = Timestamp::UNIX_EPOCH;
/// let Begun::New(_) = journal.begin(&intent("25.00"), now).await? else { unreachable!() };
///
/// // The same order with another amount is somebody's mistake.
/// let Begun::Conflict { fields, .. } = journal.begin(&intent("52.00"), now).await? else { unreachable!() };
/// assert_eq!(fields, ["amount"]);
///
/// let intent = journal.intent(&order).await?.ok_or("it was begun")?;
/// journal.finish(intent.sighting(), Outcome::Charged, None, now).await?;
/// assert!(journal.open_intents(now, None, 10).await?.is_empty());
/// # Ok(())
/// # }
/// ```
#[async_trait]
pub trait Journal: fmt::Debug + Send + Sync + 'static {
    /// Writes down what is about to be sent. Send only on [`Begun::New`].
    ///
    /// # Errors
    ///
    /// [`StoreError`]; then nothing may be sent. The intent may have been written all the same: a second call tells.
    async fn begin(&self, intent: &NewIntent<'_>, now: Timestamp) -> Result<Begun, StoreError>;

    /// Keeps how far an open attempt has come, such as a snapshot of its flow; it replaces what was seen.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::OutcomeConflict`](crate::StoreErrorKind::OutcomeConflict) if it is not open any more as it was
    /// seen: somebody has written since. [`StoreErrorKind::NotFound`](crate::StoreErrorKind::NotFound) if it was never
    /// begun.
    async fn note(&self, sighting: Sighting<'_>, progress: &Progress) -> Result<(), StoreError>;

    /// Writes down how an attempt ended. Only what is **proven** may be written: an attempt whose end is unknown stays
    /// open. `progress` replaces what was kept before, if there is any.
    ///
    /// The same outcome twice is fine. [`Outcome::Charged`] may follow any other end, in any round and whatever was seen: the
    /// gateway can confirm after it declined (protocol §4), and money that moved must not be forgotten. Whoever has still to
    /// be credited is not to be forgotten either: see [`reopen`](Self::reopen).
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::OutcomeConflict`](crate::StoreErrorKind::OutcomeConflict) if it is open and not as it was seen,
    /// also for a charge: what has been written since may be a second payment, so read it anew; and for any other outcome
    /// of an attempt that has ended. [`StoreErrorKind::NotFound`](crate::StoreErrorKind::NotFound) if it was never begun.
    async fn finish(
        &self,
        sighting: Sighting<'_>,
        outcome: Outcome,
        progress: Option<&Progress>,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Opens an attempt again that has ended with this outcome, because the gateway says now what that end did not know, and
    /// somebody must still act on it: a charge to be credited, a contradiction to be resolved. It keeps its beginning, and
    /// `progress` replaces what was seen.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::OutcomeConflict`](crate::StoreErrorKind::OutcomeConflict) if it has not ended so, or is not as it
    /// was seen, since a person has ended it meanwhile, say: read it anew.
    /// [`StoreErrorKind::NotFound`](crate::StoreErrorKind::NotFound) if it was never begun.
    async fn reopen(
        &self,
        sighting: Sighting<'_>,
        ended: Outcome,
        progress: &Progress,
    ) -> Result<(), StoreError>;

    /// The intent of an attempt.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn intent(&self, attempt: &Attempt) -> Result<Option<Intent>, StoreError>;

    /// Open intents that were begun at `begun_until` or before, the oldest first: at most `limit`, from the first after
    /// `after` on, which is the last of the page before.
    ///
    /// Leave out those that are younger than a call can take: whoever began them may still be at it.
    ///
    /// Intents that this version cannot read are left out, so that they hold up no other: see
    /// [`unreadable`](Self::unreadable).
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn open_intents(
        &self,
        begun_until: Timestamp,
        after: Option<&Intent>,
        limit: usize,
    ) -> Result<Vec<Intent>, StoreError>;

    /// Intents that have ended at `since` or later, the newest first: at most `limit`. For people who look back; it may read
    /// the whole journal. Those that this version cannot read are left out.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn ended_intents(
        &self,
        since: Timestamp,
        limit: usize,
    ) -> Result<Vec<Intent>, StoreError>;

    /// The order ids at the gateway of open intents that this version cannot read, since a later one has written them or
    /// something has damaged them, as far as that can be told: at most `limit`, the oldest first. A person must look.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn unreadable(&self, limit: usize) -> Result<Vec<String>, StoreError>;
}
