//! What is put into an inbox and what comes out.

use std::fmt;

use bytes::Bytes;
use jiff::Timestamp;
use xgateway_core::secret::scrub;

use super::event::{ContentDigest, EntryError, EventKey};

/// The most bytes of a payload that an inbox takes: 64 KiB, some fifty times a callback.
pub const PAYLOAD_BYTES_MAX: usize = 64 * 1024;

/// A callback's body, byte for byte. It holds personal data: it is never printed.
#[derive(Clone, Eq, PartialEq)]
pub struct Payload(Bytes);

impl Payload {
    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<Bytes> for Payload {
    fn from(bytes: Bytes) -> Self {
        Self(bytes)
    }
}

impl From<Payload> for Bytes {
    fn from(payload: Payload) -> Self {
        payload.0
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Payload(**)")
    }
}

/// What a repeated delivery of an event means.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Repeat {
    /// Nothing: the event happened once. Right for transactions, whose ids tell events apart.
    #[default]
    Ignore,
    /// Perhaps that it happened again: the entry becomes due once more, with its attempts back at none. Right where an
    /// identical callback can be news, such as `KYC_PENDING` after a second upload, and where processing reads the
    /// present state from the gateway anyway.
    ///
    /// A worker that holds the entry keeps it, so that whoever repeats a callback holds up no effect. But what the worker
    /// has read may be old: however it ends its claim, the entry is due again a [pause](crate::REPEAT_PAUSE) behind that,
    /// and at the latest when the lease would have been over.
    ///
    /// One that nobody holds is due at once if it ended longer ago than a pause, and a pause later at the latest: see
    /// [`due_again`](crate::due_again).
    Reopen,
}

/// A verified callback on its way into the inbox.
#[derive(Clone, Debug)]
pub struct NewEntry {
    pub(crate) key: EventKey,
    /// Packed here, by whoever received it: the one task that writes has enough to do.
    pub(crate) event: [u8; 16],
    pub(crate) digest: ContentDigest,
    pub(crate) payload: Payload,
    pub(crate) received_at: Timestamp,
    pub(crate) repeat: Repeat,
}

impl NewEntry {
    /// A callback whose repetitions mean nothing. The entry is due at once.
    ///
    /// # Errors
    ///
    /// [`EntryError::PayloadTooLarge`].
    pub fn new(
        key: EventKey,
        digest: ContentDigest,
        payload: impl Into<Bytes>,
        received_at: Timestamp,
    ) -> Result<Self, EntryError> {
        let payload = payload.into();
        if payload.len() > PAYLOAD_BYTES_MAX {
            return Err(EntryError::PayloadTooLarge);
        }
        Ok(Self {
            event: key.packed(),
            key,
            digest,
            payload: Payload(payload),
            received_at,
            repeat: Repeat::Ignore,
        })
    }

    /// Says what a repetition means.
    #[must_use]
    pub fn on_repeat(mut self, repeat: Repeat) -> Self {
        self.repeat = repeat;
        self
    }

    /// Which event it tells of.
    pub fn key(&self) -> &EventKey {
        &self.key
    }

    /// Its key, [packed](EventKey::packed) when this was made.
    pub fn event(&self) -> [u8; 16] {
        self.event
    }

    /// What it says beyond its key.
    pub fn digest(&self) -> ContentDigest {
        self.digest
    }

    /// The body.
    pub fn payload(&self) -> &Payload {
        &self.payload
    }

    /// When it arrived.
    pub fn received_at(&self) -> Timestamp {
        self.received_at
    }

    /// What a repetition means.
    pub fn repeat(&self) -> Repeat {
        self.repeat
    }
}

/// The number of an entry in its store, from 1 on, in the order of arrival; numbers may be left out.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct EntryId(i64);

impl EntryId {
    /// The id with this number.
    pub fn new(number: i64) -> Self {
        Self(number)
    }

    /// The number.
    pub fn get(self) -> i64 {
        self.0
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What became of a callback that was given to an inbox. There will be no other variant without a new major version:
/// whoever receives must answer each.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Accepted {
    /// It is a new entry.
    New(EntryId),
    /// The same was there already, under this id.
    Duplicate(EntryId),
    /// It is a new entry that contradicts an earlier one of the same event. Both are kept; a person should look.
    Contradiction {
        /// The new entry.
        id: EntryId,
        /// The earlier entry.
        first: EntryId,
    },
}

impl Accepted {
    /// The entry that stands for the callback.
    pub fn id(self) -> EntryId {
        match self {
            Self::New(id) | Self::Duplicate(id) | Self::Contradiction { id, .. } => id,
        }
    }

    /// Whether an entry was made.
    pub fn is_new(self) -> bool {
        match self {
            Self::New(_) | Self::Contradiction { .. } => true,
            Self::Duplicate(_) => false,
        }
    }
}

/// Where an entry is on its way. There will be no other variant without a new major version: each is somebody's to see
/// to.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum EntryState {
    /// To be processed, or being processed: it can be claimed from `due_at` on.
    Open,
    /// Processed, or [discarded](crate::Inbox::discard).
    Done,
    /// Given up, until a person replays or discards it.
    Dead,
}

impl EntryState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Open, Self::Done, Self::Dead];

    /// The word for it: `open`, `done` or `dead`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }

    /// The state with this word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

impl fmt::Display for EntryState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A callback in the inbox.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Entry {
    /// Its number.
    pub id: EntryId,
    /// Which event it tells of.
    pub key: EventKey,
    /// What it says beyond its key.
    pub digest: ContentDigest,
    /// The body.
    pub payload: Payload,
    /// When it arrived.
    pub received_at: Timestamp,
    /// The earlier entry of the same event that it contradicts.
    pub contradicts: Option<EntryId>,
    /// Where it is on its way.
    pub state: EntryState,
    /// When it can be claimed (again); for an entry that is done or dead, when it became so.
    pub due_at: Timestamp,
    /// How often it has been claimed since it arrived or was replayed, without those that were given back.
    pub attempts: u32,
    /// Why it was put back, given up or discarded last.
    pub reason: Option<Reason>,
}

impl Entry {
    /// For implementors of [`Inbox`](crate::Inbox): the entry that a callback becomes, open and due at once. What else a
    /// store has kept of it is set field by field.
    pub fn new(id: EntryId, new: NewEntry) -> Self {
        Self {
            id,
            key: new.key,
            digest: new.digest,
            payload: new.payload,
            received_at: new.received_at,
            contradicts: None,
            state: EntryState::Open,
            due_at: new.received_at,
            attempts: 0,
            reason: None,
        }
    }

    /// Whether a person has [discarded](crate::Inbox::discard) it. Its reason is theirs.
    pub fn is_discarded(&self) -> bool {
        self.state == EntryState::Done && self.reason.is_some()
    }
}

/// An entry that one worker may process until its lease is over.
#[derive(Clone, Debug)]
pub struct Claim {
    pub(crate) entry: Entry,
    pub(crate) fence: i64,
}

impl Claim {
    /// For implementors of [`Inbox`](crate::Inbox): a claim of an entry.
    ///
    /// `fence` grows with each claim, each end of one and each replay of the entry, so that a worker that lost it is told
    /// from the one that has it. It is 1 for the first claim of an entry that was not replayed or delivered again before.
    pub fn new(entry: Entry, fence: i64) -> Self {
        Self { entry, fence }
    }

    /// The entry, as it was claimed. Its `due_at` is the end of the lease.
    pub fn entry(&self) -> &Entry {
        &self.entry
    }

    /// Whether nobody has claimed the entry before, nor was it replayed or delivered again.
    pub fn is_first(&self) -> bool {
        self.fence <= 1
    }

    /// The number that tells this claim from others of the same entry.
    pub fn fence(&self) -> i64 {
        self.fence
    }
}

/// Why an entry was put back or given up: a short text for people, without personal data.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reason(Box<str>);

impl Reason {
    /// Takes a text. What could be a card number is masked, control characters become spaces, and what is beyond 500
    /// characters is left out.
    ///
    /// ```
    /// use xgateway_store::Reason;
    ///
    /// let reason = Reason::new("the ledger refused\n4000 0000 0000 0002");
    /// assert_eq!(reason.as_str(), "the ledger refused **");
    /// ```
    pub fn new(text: &str) -> Self {
        let clean = |c: char| if c.is_control() { ' ' } else { c };
        let text: String = text.chars().map(clean).collect();
        Self(scrub(&text).chars().take(500).collect())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which entries to list.
///
/// ```
/// use xgateway_store::{EntryState, ListQuery};
///
/// let dead = ListQuery::default().with_state(EntryState::Dead).with_limit(10);
/// assert_eq!(dead.after, None);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ListQuery {
    /// Only those in this state.
    pub state: Option<EntryState>,
    /// Only those behind this one: the last of the page before.
    pub after: Option<EntryId>,
    /// At most so many.
    pub limit: usize,
}

impl Default for ListQuery {
    /// The first 100, in any state.
    fn default() -> Self {
        Self {
            state: None,
            after: None,
            limit: 100,
        }
    }
}

impl ListQuery {
    /// Only those in this [state](Self::state).
    #[must_use]
    pub fn with_state(mut self, state: EntryState) -> Self {
        self.state = Some(state);
        self
    }

    /// Only those [behind](Self::after) this one.
    #[must_use]
    pub fn with_after(mut self, after: EntryId) -> Self {
        self.after = Some(after);
        self
    }

    /// At most [so many](Self::limit).
    #[must_use]
    pub fn with_limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }
}

/// A page of entries.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Page {
    /// The entries, in the order of their ids.
    pub entries: Vec<Entry>,
    /// Which ones belong here, too, and cannot be read: of a kind that only a later version knows, say, or damaged.
    pub unreadable: Vec<EntryId>,
    /// The last one that was looked at, if there may be more behind it.
    pub last: Option<EntryId>,
}

impl Page {
    /// For implementors of [`Inbox`](crate::Inbox): what a query has found.
    #[must_use]
    pub fn new(entries: Vec<Entry>, unreadable: Vec<EntryId>, query: ListQuery) -> Self {
        let is_full = query.limit > 0 && entries.len() + unreadable.len() >= query.limit;
        let ids = entries.iter().map(|entry| entry.id);
        let last = ids.chain(unreadable.iter().copied()).max();
        Self {
            last: last.filter(|_| is_full),
            entries,
            unreadable,
        }
    }
}

/// What became of a part of an inbox that was to be pruned.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Pruned {
    /// How many entries are gone.
    pub count: u64,
    /// The last one that was looked at, or `None` if there was none.
    pub last: Option<EntryId>,
}

impl Pruned {
    /// For implementors of [`Inbox`](crate::Inbox): so many are gone, and this was looked at last.
    #[must_use]
    pub fn new(count: u64, last: Option<EntryId>) -> Self {
        Self { count, last }
    }
}

/// How many entries there are in each state.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Counts {
    /// To be processed, or being processed.
    pub open: u64,
    /// Processed, or discarded.
    pub done: u64,
    /// Given up.
    pub dead: u64,
}
