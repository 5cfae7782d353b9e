use std::fmt;
use std::time::Duration;

use crate::retry::StopReason;
use crate::{Effect, ErrorKind};

/// How a call was carried out: how many requests were sent, what came of those before the last, and why it ended.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Attempts {
    count: u32,
    stopped: Option<StopReason>,
    /// Nothing for most calls, which must not pay for it: it lies in every answer and every error.
    failed: Option<Box<Failed>>,
}

#[derive(Clone, Debug, Default, Eq, PartialEq)]
struct Failed(Vec<FailedAttempt>);

/// An attempt that was followed by another.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct FailedAttempt {
    kind: ErrorKind,
    effect: Effect,
    wait: Duration,
}

/// Of a call for which no request was sent.
pub(crate) static NONE: Attempts = Attempts::NONE;

impl Attempts {
    pub(crate) const NONE: Self = Self {
        count: 0,
        stopped: None,
        failed: None,
    };

    /// How many requests were handed to the transport; 0 if the call failed before.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// The attempts that were followed by another, in their order.
    pub fn failed(&self) -> &[FailedAttempt] {
        self.failed.as_ref().map_or(&[], |failed| &failed.0)
    }

    /// How long was waited between them, all in all.
    pub fn waited(&self) -> Duration {
        self.failed().iter().map(|attempt| attempt.wait).sum()
    }

    /// Why the call was not tried again after it failed; `None` if it succeeded or no request was sent.
    pub fn stopped(&self) -> Option<StopReason> {
        self.stopped
    }

    /// The most that the gateway may have done about the attempts that were followed by another.
    pub(crate) fn effect(&self) -> Effect {
        let effects = self.failed().iter().map(FailedAttempt::effect);
        effects.max().unwrap_or(Effect::Nothing)
    }

    pub(crate) fn begin(&mut self) {
        self.count += 1;
    }

    pub(crate) fn follow(&mut self, kind: ErrorKind, effect: Effect, wait: Duration) {
        let failed = self.failed.get_or_insert_default();
        failed.0.push(FailedAttempt { kind, effect, wait });
    }

    pub(crate) fn stop(&mut self, reason: StopReason) {
        self.stopped = Some(reason);
    }
}

impl FailedAttempt {
    /// Whose fault it was.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What the gateway has done about it.
    pub fn effect(&self) -> Effect {
        self.effect
    }

    /// How long was waited after it.
    pub fn wait(&self) -> Duration {
        self.wait
    }
}

/// For the end of a line: nothing for a first attempt, which is not worth a word.
impl fmt::Display for Attempts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.count {
            0 | 1 => Ok(()),
            count => write!(f, ", after {count} attempts"),
        }
    }
}
