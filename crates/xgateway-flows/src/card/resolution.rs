use std::fmt;

use jiff::Timestamp;
use xgateway_core::secret::scrub;
use xgateway_store::Intent;

use super::Machine;

/// The most characters of a name or a note.
const CHARS_MAX: usize = 500;

/// What a person has found out about a deposit that contradicts itself, and who it was.
///
/// It is kept in the journal with the deposit. Neither name nor note is printed: they may be about somebody.
///
/// ```
/// use jiff::Timestamp;
/// use xgateway_flows::card::{Resolution, Resolved};
///
/// let now = Timestamp::UNIX_EPOCH;
/// let resolution = Resolution::new(Resolved::NotCharged, "jo", "case 4711: refunded", now)?;
/// assert_eq!(resolution.by(), "jo");
/// # Ok::<(), xgateway_flows::card::ResolutionError>(())
/// ```
#[derive(Clone, Eq, PartialEq)]
pub struct Resolution {
    outcome: Resolved,
    by: String,
    note: String,
    at: Timestamp,
    /// What it was put in the place of.
    earlier: Option<Box<Self>>,
}

/// What became of the money.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Resolved {
    /// The customer was charged, and has got what was paid.
    Charged,
    /// The customer was not charged, or has got the money back.
    NotCharged,
}

/// Why something is no [`Resolution`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ResolutionError {
    /// It does not say who or why.
    #[error("it must say who found it out, and how")]
    Empty,
    /// A name or a note is too long.
    #[error("a name or a note has at most {CHARS_MAX} characters")]
    TooLong,
    /// There is a line end, or another character that is not printed.
    #[error("a name or a note is one line")]
    Control,
    /// The journal must hold none.
    #[error("it holds what could be a card number")]
    CardNumber,
}

impl Resolution {
    /// What `by` has found out, and how: the number of a case at the gateway's support, say.
    ///
    /// # Errors
    ///
    /// [`ResolutionError`].
    pub fn new(
        outcome: Resolved,
        by: &str,
        note: &str,
        at: Timestamp,
    ) -> Result<Self, ResolutionError> {
        for text in [by, note] {
            if text.trim().is_empty() {
                return Err(ResolutionError::Empty);
            }
            if text.chars().count() > CHARS_MAX {
                return Err(ResolutionError::TooLong);
            }
            if text.chars().any(char::is_control) {
                return Err(ResolutionError::Control);
            }
            if scrub(text) != text {
                return Err(ResolutionError::CardNumber);
            }
        }
        Ok(Self {
            outcome,
            by: by.to_owned(),
            note: note.to_owned(),
            at,
            earlier: None,
        })
    }

    /// The same, in the place of one that was a mistake. Of that one what it replaced itself is not kept.
    #[must_use]
    pub(super) fn instead_of(self, mistake: Self) -> Self {
        let mistake = Self {
            earlier: None,
            ..mistake
        };
        Self {
            earlier: Some(Box::new(mistake)),
            ..self
        }
    }

    /// What was found out about the attempt of an intent, if anything was.
    pub fn of(intent: &Intent) -> Option<Self> {
        let machine = Machine::from_json(intent.progress.as_ref()?.as_str()).ok()?;
        machine.resolution().cloned()
    }

    /// What became of the money.
    pub fn outcome(&self) -> Resolved {
        self.outcome
    }

    /// Who found it out.
    pub fn by(&self) -> &str {
        &self.by
    }

    /// How.
    pub fn note(&self) -> &str {
        &self.note
    }

    /// When it was written down.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// What had been found out before, and was [a mistake](super::JournalledCards::resolve_again).
    pub fn earlier(&self) -> Option<&Self> {
        self.earlier.as_deref()
    }
}

impl Resolved {
    /// The word for it: `charged` or `not_charged`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Charged => "charged",
            Self::NotCharged => "not_charged",
        }
    }
}

impl fmt::Debug for Resolution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resolution")
            .field("outcome", &self.outcome)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_one_line_without_card_number() {
        let new = |by, note| Resolution::new(Resolved::Charged, by, note, Timestamp::UNIX_EPOCH);
        new("jo", "case 4711").unwrap();
        for (by, note, want) in [
            ("", "case", ResolutionError::Empty),
            ("jo", "  ", ResolutionError::Empty),
            ("jo", "two\nlines", ResolutionError::Control),
            (
                "jo",
                "card 4111 1111 1111 1111",
                ResolutionError::CardNumber,
            ),
        ] {
            assert_eq!(new(by, note).unwrap_err(), want, "{note}");
        }
        let long = "a".repeat(CHARS_MAX + 1);
        assert_eq!(new("jo", &long).unwrap_err(), ResolutionError::TooLong);
        assert!(!format!("{:?}", new("canary-jo", "canary-note")).contains("canary"));
    }
}
