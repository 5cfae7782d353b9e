//! Why a store did not do what it was asked.

use std::fmt;

/// Why a store did not do what it was asked.
///
/// It never shows what is stored. Its source, if there is one, is what the database said.
#[derive(Clone, Debug)]
pub struct StoreError {
    kind: StoreErrorKind,
    cause: Option<Cause>,
}

/// What kind of trouble a store is in.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// More is waiting to be written than the queue holds. Nothing was stored; try again later.
    QueueFull,
    /// The store was closed. Nothing was stored.
    Closed,
    /// The database cannot be reached, or went away in the middle: a write may or may not have happened. Accepting the
    /// same callback again, or beginning the same intent again, tells.
    Unavailable,
    /// Another process holds the database for too long. Nothing was stored.
    Busy,
    /// There is no room left on the disk. Nothing was stored.
    DiskFull,
    /// The claim is no longer this worker's: its lease ended and another took the entry, or the entry was replayed or
    /// has come to its end. Nothing was changed. Or it came [again](crate::Repeat::Reopen) meanwhile, and could only be
    /// completed: then it was let go.
    LeaseLost,
    /// There is nothing under this id.
    NotFound,
    /// The entry is no dead letter. Nothing was changed.
    NotDead,
    /// A worker holds the entry. Nothing was changed; try again when it is done, or its lease over.
    Held,
    /// The intent has ended otherwise, or was begun again since. Nothing was changed.
    OutcomeConflict,
    /// The inbox holds the callbacks of another environment. Nothing was changed.
    OtherEnvironment,
    /// The database was written by a newer version of this crate. Nothing was changed.
    NewerSchema,
    /// The tables were made by an older version of this crate, and were to be left as they are.
    OlderSchema,
    /// The database holds something that this crate never writes.
    Corrupt,
    /// The file or the settings of the database cannot be used.
    Configuration,
    /// Anything else that the database refused.
    Database,
}

impl StoreError {
    /// An error without a source.
    #[must_use]
    pub fn new(kind: StoreErrorKind) -> Self {
        Self { kind, cause: None }
    }

    /// An error and what the database said. `cause` must not hold anything that is stored.
    #[must_use]
    pub fn with_cause(kind: StoreErrorKind, cause: impl Into<String>) -> Self {
        Self {
            kind,
            cause: Some(Cause(cause.into())),
        }
    }

    /// What kind of trouble it is.
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }

    /// Whether the same call may succeed later without anybody's doing.
    pub fn is_transient(&self) -> bool {
        match self.kind {
            StoreErrorKind::QueueFull
            | StoreErrorKind::Unavailable
            | StoreErrorKind::Busy
            | StoreErrorKind::DiskFull => true,
            StoreErrorKind::Closed
            | StoreErrorKind::LeaseLost
            | StoreErrorKind::NotFound
            | StoreErrorKind::NotDead
            | StoreErrorKind::Held
            | StoreErrorKind::OutcomeConflict
            | StoreErrorKind::OtherEnvironment
            | StoreErrorKind::NewerSchema
            | StoreErrorKind::OlderSchema
            | StoreErrorKind::Corrupt
            | StoreErrorKind::Configuration
            | StoreErrorKind::Database => false,
        }
    }
}

impl From<StoreErrorKind> for StoreError {
    fn from(kind: StoreErrorKind) -> Self {
        Self::new(kind)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            StoreErrorKind::QueueFull => "too much is waiting to be stored; try again later",
            StoreErrorKind::Closed => "the store is closed",
            StoreErrorKind::Unavailable => "the database cannot be reached",
            StoreErrorKind::Busy => "another process holds the database",
            StoreErrorKind::DiskFull => "there is no room left for the database",
            StoreErrorKind::LeaseLost => "the entry is no longer claimed by this worker",
            StoreErrorKind::NotFound => "it is not there",
            StoreErrorKind::NotDead => "the entry is no dead letter",
            StoreErrorKind::Held => "the entry is being processed",
            StoreErrorKind::OutcomeConflict => "the intent ended otherwise or was begun again",
            StoreErrorKind::OtherEnvironment => "the inbox belongs to another environment",
            StoreErrorKind::NewerSchema => {
                "the database belongs to a newer version of this program"
            }
            StoreErrorKind::OlderSchema => "the tables belong to an older version of this program",
            StoreErrorKind::Corrupt => "the database holds something unreadable",
            StoreErrorKind::Configuration => "the database cannot be used as it is set up",
            StoreErrorKind::Database => "the database refused",
        })
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(|cause| cause as _)
    }
}

/// What the database said, as text: its error type stays out of our interface.
#[derive(Clone, Debug)]
struct Cause(String);

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Cause {}
