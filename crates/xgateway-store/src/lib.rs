//! Durable journal of intents and inbox of callbacks for XGateway.
//!
//! Money is lost or doubled where a process forgets. Two stores remember for it:
//!
//! - the [`Inbox`] keeps every callback before the gateway is told that it arrived, hands each to a worker, and
//!   remembers which effects (such as a credit) have happened;
//! - the [`Journal`] keeps the intent of every call that moves money before its first byte is sent, and how it ended.
//!
//! Both are traits, and a store of your own is as good as these: [`decide`] holds the journal's rules, and the suites of
//! `xgateway-conformance` test the duties. The stores in memory are written with nothing but what this crate shows to
//! everybody.
//!
//! | feature | store | for |
//! | --- | --- | --- |
//! | (always) | [`MemoryInbox`], [`MemoryJournal`] | tests and simulations: they forget |
//! | `sqlite` | `SqliteStore`, both in one file | one machine, nothing to install |
//! | `postgres` | `PostgresStore`, both in one database | any number of machines |
//! | `test-util` | `test_util` | the duties of a store, for `xgateway-conformance` |
//!
//! This crate speaks no HTTP, verifies no callback, asks no clock and draws no random number: the time, the lease and
//! the jitter are arguments. It never stores a card number or a security code; see [`Fingerprint`].

mod backoff;
mod effects;
mod error;
mod inbox;
mod journal;
mod memory;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod sql;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(feature = "test-util")]
pub mod test_util;

pub use crate::backoff::Backoff;
pub use crate::effects::EffectStore;
pub use crate::error::{StoreError, StoreErrorKind};
pub use crate::inbox::{
    Accepted, Claim, Completed, ContentDigest, Counts, EffectKey, Entry, EntryError, EntryId,
    EntryState, EventKey, Inbox, InboxLayer, Kind, ListQuery, NewEntry, PAYLOAD_BYTES_MAX, Page,
    Payload, Pruned, Reason, Receipt, Repeat, SharedInbox,
};
pub use crate::journal::decide;
pub use crate::journal::{
    Attempt, AttemptError, Begun, Destination, Fingerprint, FingerprintBuilder, FingerprintKey,
    FingerprintKeyError, Intent, IntentState, Journal, JournalLayer, NewIntent, Outcome, Progress,
    ProgressError, Round, SharedJournal, Sighting, attempts,
};
pub use crate::memory::{MemoryInbox, MemoryJournal};
#[cfg(feature = "postgres")]
pub use crate::postgres::{PostgresEffect, PostgresOptions, PostgresStore};
#[cfg(feature = "sqlite")]
pub use crate::sqlite::{SqliteEffect, SqliteOptions, SqliteStore};
/// What a merchant's own statements are written with, in the version whose connections they get.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use sqlx;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// How long an entry waits at least from one time that it was looked into to the next, however often its event is
/// [delivered again](Repeat::Reopen) meanwhile. Who has seen one callback can send it again as often as they like, and
/// each look is a question to the gateway.
pub const REPEAT_PAUSE: Duration = Duration::from_secs(1);

/// For implementors of [`Inbox`]: when an entry that nobody holds is due, after its event was
/// [delivered again](Repeat::Reopen) at `at`. Never later than a [pause](REPEAT_PAUSE) behind that.
///
/// One that waits is due no later than it would have been. One that is done or dead is due at once, but a pause behind
/// its end at the earliest.
///
/// ```
/// use std::time::Duration;
///
/// use jiff::Timestamp;
/// use xgateway_store::{EntryState, due_again};
///
/// let at = |millis| Timestamp::UNIX_EPOCH + Duration::from_millis(millis);
/// assert_eq!(due_again(EntryState::Done, at(1_000), at(9_000)), at(9_000));
/// assert_eq!(due_again(EntryState::Done, at(8_700), at(9_000)), at(9_700));
/// assert_eq!(due_again(EntryState::Open, at(600_000), at(9_000)), at(10_000));
/// assert_eq!(due_again(EntryState::Open, at(9_100), at(9_000)), at(9_100));
/// ```
#[must_use]
pub fn due_again(state: EntryState, due_at: Timestamp, at: Timestamp) -> Timestamp {
    let latest = after_pause(at);
    match state {
        EntryState::Open => due_at.min(latest),
        EntryState::Done | EntryState::Dead => after_pause(due_at).max(at).min(latest),
    }
}

/// For implementors of [`Inbox`]: when an entry is due whose claim ended at `at` and whose event was
/// [delivered again](Repeat::Reopen) while it was held.
#[must_use]
pub fn after_pause(at: Timestamp) -> Timestamp {
    lease_end(at, REPEAT_PAUSE)
}

/// For implementors of [`Inbox`]: when a lease that is taken now is over. One that never ends, ends with the calendar.
#[must_use]
pub fn lease_end(now: Timestamp, lease: Duration) -> Timestamp {
    SignedDuration::try_from(lease)
        .ok()
        .and_then(|lease| now.checked_add(lease).ok())
        .unwrap_or(Timestamp::MAX)
}
