//! What was about to be done, and how it ended.

use std::fmt;

use jiff::Timestamp;

use super::{Attempt, Destination, Fingerprint};

/// What is about to be sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NewIntent<'a> {
    /// Which attempt at which order.
    pub attempt: Attempt,
    /// The name of the operation.
    pub operation: &'a str,
    /// The body, as keyed hashes.
    pub fingerprint: Fingerprint,
    /// Where it is about to be sent.
    pub destination: Destination,
    /// Whether a person has said that earlier intents with another API key are of this account, too: its key was changed.
    pub same_account: bool,
    /// How far it has come: nowhere, but who resumes it wants to know what it was about.
    pub progress: Option<Progress>,
}

impl<'a> NewIntent<'a> {
    /// An attempt that is about to be sent: nothing more is known of it, and nobody has vouched for the account.
    pub fn new(
        attempt: Attempt,
        operation: &'a str,
        fingerprint: Fingerprint,
        destination: Destination,
    ) -> Self {
        Self {
            attempt,
            operation,
            fingerprint,
            destination,
            same_account: false,
            progress: None,
        }
    }

    /// Says whether earlier intents with another API key are [of this account](Self::same_account), too.
    #[must_use]
    pub fn of_same_account(mut self, same_account: bool) -> Self {
        self.same_account = same_account;
        self
    }

    /// What it [is about](Self::progress), for whoever resumes it.
    #[must_use]
    pub fn with_progress(mut self, progress: Progress) -> Self {
        self.progress = Some(progress);
        self
    }
}

/// Which beginning of an attempt, from 1 on. It grows when an attempt that the gateway did not take is begun again, so
/// that whoever looked into the earlier round cannot end the later one.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Round(u32);

impl Round {
    /// The first.
    pub const FIRST: Self = Self(1);

    /// The round with this number.
    pub fn new(number: u32) -> Self {
        Self(number)
    }

    /// The number.
    pub fn get(self) -> u32 {
        self.0
    }

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// What beginning an attempt found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Begun {
    /// It is written down, and the caller alone may send.
    New(Round),
    /// It was begun before, with the same body. Do not send: find out, or believe the outcome.
    Resumed(Intent),
    /// It was begun before, with another body. Do not send.
    Conflict {
        /// The fields that differ, in alphabetical order. `operation` if that does.
        fields: Vec<String>,
        /// How it stands.
        state: IntentState,
    },
    /// It, or an attempt before it, was begun to be sent elsewhere. Do not send: what this gateway says about it proves
    /// nothing.
    Elsewhere {
        /// Which of the two, and where to.
        attempt: Attempt,
        /// Where it was sent.
        destination: Destination,
    },
    /// It was never sent, or not taken, and an attempt before it is not proven to be declined. Do not send.
    TooEarly {
        /// The nearest such attempt, if it was ever begun.
        previous: Option<IntentState>,
    },
}

/// How an attempt ended, as proven by the gateway, or found out by a person.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Outcome {
    /// The money moved, and whoever was to be credited was.
    Charged,
    /// The gateway took the order, the money did not move, and under this order id it is not expected to. A further
    /// attempt may be begun.
    Declined,
    /// The gateway holds nothing under this order id: no byte was sent, or the call was refused as a whole. The same
    /// attempt may be begun again, with any body.
    NotTaken,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 3] = [Self::Charged, Self::Declined, Self::NotTaken];

    /// The word for it: `charged`, `declined` or `not_taken`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Charged => "charged",
            Self::Declined => "declined",
            Self::NotTaken => "not_taken",
        }
    }

    /// The outcome with this word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|outcome| outcome.as_str() == text)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether an attempt has come to its end.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum IntentState {
    /// Nobody knows yet whether money moved, or somebody has still to act on it.
    Open,
    /// It is proven, and nothing is left to be done.
    Finished(Outcome),
}

impl fmt::Display for IntentState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open => f.write_str("open"),
            Self::Finished(outcome) => outcome.fmt(f),
        }
    }
}

/// What the journal knows of an attempt.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Intent {
    /// Which attempt at which order.
    pub attempt: Attempt,
    /// Which beginning of it.
    pub round: Round,
    /// The name of the operation.
    pub operation: String,
    /// Where this round was sent. Older versions wrote nothing about that.
    pub destination: Option<Destination>,
    /// When this round was begun.
    pub begun_at: Timestamp,
    /// Whether it has come to its end.
    pub state: IntentState,
    /// When it came to its end.
    pub finished_at: Option<Timestamp>,
    /// How far it had come.
    pub progress: Option<Progress>,
}

impl Intent {
    /// For implementors of [`Journal`](crate::Journal): the intent that a beginning writes. What else a store has kept of
    /// it is set field by field.
    pub fn new(new: &NewIntent<'_>, round: Round, now: Timestamp) -> Self {
        Self {
            attempt: new.attempt.clone(),
            round,
            operation: new.operation.to_owned(),
            destination: Some(new.destination.clone()),
            begun_at: now,
            state: IntentState::Open,
            finished_at: None,
            progress: new.progress.clone(),
        }
    }

    /// What is known of it now, for whoever writes about it.
    pub fn sighting(&self) -> Sighting<'_> {
        Sighting {
            attempt: &self.attempt,
            round: self.round,
            progress: self.progress.as_ref(),
        }
    }
}

/// An attempt as it was when somebody began to look at it.
///
/// What comes of a look is written only over what the look was taken with: of two looks at the same time the slower one
/// may know less than what has been written since.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Sighting<'a> {
    /// The attempt.
    pub attempt: &'a Attempt,
    /// Which beginning of it.
    pub round: Round,
    /// How far it had come.
    pub progress: Option<&'a Progress>,
}

impl<'a> Sighting<'a> {
    /// An attempt in this round, which had come so far. [`Intent::sighting`] makes one of what was read.
    pub fn new(attempt: &'a Attempt, round: Round, progress: Option<&'a Progress>) -> Self {
        Self {
            attempt,
            round,
            progress,
        }
    }
}

/// Why something is no [`Progress`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ProgressError {
    /// It is longer than 64 KiB.
    #[error("the progress of an attempt is at most 64 KiB of text")]
    TooLong,
    /// It holds the character NUL, which not every database can store.
    #[error("the progress of an attempt holds no NUL")]
    Nul,
}

/// How far an attempt has come: a text that belongs to its flow, such as a snapshot in JSON. It must hold no card data;
/// it is not printed all the same.
#[derive(Clone, Eq, PartialEq)]
pub struct Progress(Box<str>);

impl Progress {
    /// Takes a text.
    ///
    /// # Errors
    ///
    /// [`ProgressError`].
    pub fn new(text: impl Into<Box<str>>) -> Result<Self, ProgressError> {
        let text = text.into();
        if text.len() > 64 * 1024 {
            return Err(ProgressError::TooLong);
        }
        if text.contains('\0') {
            return Err(ProgressError::Nul);
        }
        Ok(Self(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Progress(**)")
    }
}
