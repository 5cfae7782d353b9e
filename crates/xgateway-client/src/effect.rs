use std::fmt;

use http::Method;
use xgateway_api::operation::Operation;

/// What the gateway has done about a call that failed, from the least to the most.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Effect {
    /// Nothing: the request never left, or was refused, or only read.
    Nothing,
    /// Nobody knows. Look before anything is sent again.
    Unknown,
    /// It has acted; only its answer could not be read.
    Acted,
}

impl Effect {
    /// This effect, or none if `operation` only reads.
    pub(crate) fn of(self, operation: &Operation) -> Self {
        if operation.method == Method::GET {
            Self::Nothing
        } else {
            self
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "nothing was done",
            Self::Unknown => "the gateway may have acted",
            Self::Acted => "the gateway has acted",
        })
    }
}
