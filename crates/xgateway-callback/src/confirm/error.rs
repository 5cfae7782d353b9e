use xgateway_core::secret::scrub;

/// How a reason begins that is not the callback's fault.
pub(crate) const NO_ANSWER: &str = "the gateway's API gave no answer";

/// The API did not say what a callback is about: it could not be reached, refused, or answered something unreadable.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{NO_ANSWER}: {reason}")]
pub struct NoAnswer {
    reason: String,
}

impl NoAnswer {
    /// An error with its reason, which is stored and logged: it must not hold personal data.
    pub fn new(reason: &str) -> Self {
        Self {
            reason: scrub(reason).into_owned(),
        }
    }
}

/// Why an authentic callback is not confirmed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Unconfirmed {
    /// The API did not say. Ask again, for as long as it takes: the callback is not to blame.
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
