use std::fmt;

use xgateway_core::secret::scrub;

/// Why the API did not say what a callback is about.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum NoAnswerCause {
    /// It could not be reached, failed, was too busy, or something in between answered.
    Away,
    /// It does not let us in: the key, or the address that we ask from.
    LockedOut,
    /// It refuses this question, or answers it with something unreadable.
    Refused,
}

impl NoAnswerCause {
    const ALL: [Self; 3] = [Self::Away, Self::LockedOut, Self::Refused];

    /// How the stored reason begins. Stores keep it for years, and the next attempt is told by it what came of the last:
    /// so it never changes.
    fn prefix(self) -> &'static str {
        match self {
            Self::Away => "the gateway's API gave no answer",
            Self::LockedOut => "the gateway's API did not let us in",
            Self::Refused => "the gateway's API refused the question",
        }
    }

    /// The cause for which an entry was put back with this reason, if it was one.
    pub(crate) fn of_reason(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|cause| text.starts_with(cause.prefix()))
    }
}

/// The API did not say what a callback is about. [`NoAnswerCause`] decides how long it is asked again.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub struct NoAnswer {
    cause: NoAnswerCause,
    reason: String,
}

impl NoAnswer {
    /// The API is [away](NoAnswerCause::Away). It is asked again for as long as it takes, soon after it is back.
    ///
    /// `reason` is stored and logged, here and below: it must not hold personal data.
    pub fn new(reason: &str) -> Self {
        Self::because(NoAnswerCause::Away, reason)
    }

    /// The API [does not let us in](NoAnswerCause::LockedOut). It is asked again for as long as it takes, and the log says
    /// that somebody must look.
    pub fn locked_out(reason: &str) -> Self {
        Self::because(NoAnswerCause::LockedOut, reason)
    }

    /// The API [refuses this question](NoAnswerCause::Refused), while it answers others. It is asked again a few times,
    /// like what the callback itself is to blame for.
    pub fn refused(reason: &str) -> Self {
        Self::because(NoAnswerCause::Refused, reason)
    }

    fn because(cause: NoAnswerCause, reason: &str) -> Self {
        Self {
            cause,
            reason: scrub(reason).into_owned(),
        }
    }

    /// Why it did not say.
    pub fn cause(&self) -> NoAnswerCause {
        self.cause
    }
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.cause.prefix(), self.reason)
    }
}

/// Why an authentic callback is not confirmed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Unconfirmed {
    /// The API did not say. The callback is not to blame, unless it is the [question](NoAnswerCause::Refused) that the API
    /// refuses.
    #[error(transparent)]
    NoAnswer(#[from] NoAnswer),
    /// The API knows nothing of it, or less than the callback claims. It is early or forged: ask again a few times.
    #[error("the gateway's API does not say so, or not yet")]
    NotYet,
    /// The API says otherwise in a field that the hash covers. Nothing may be applied; a person must look.
    #[error("the gateway's API contradicts the callback's {field}")]
    Contradiction {
        /// The field.
        field: &'static str,
    },
    /// A kind that this version does not know. A person must look.
    #[error("the kind of callback is not known to this version")]
    Unrecognized,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stores of years ago hold them, and what came of an attempt decides about the next one.
    #[test]
    fn reasons_tell_their_causes_for_ever() {
        for (error, text) in [
            (NoAnswer::new("x"), "the gateway's API gave no answer: x"),
            (
                NoAnswer::locked_out("x"),
                "the gateway's API did not let us in: x",
            ),
            (
                NoAnswer::refused("x"),
                "the gateway's API refused the question: x",
            ),
        ] {
            assert_eq!(error.to_string(), text);
            assert_eq!(NoAnswerCause::of_reason(text), Some(error.cause()));
        }
        let other = "the gateway's API does not say so, or not yet";
        assert_eq!(NoAnswerCause::of_reason(other), None);
    }
}
