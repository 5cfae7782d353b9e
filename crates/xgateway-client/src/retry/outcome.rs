use std::time::Duration;

use xgateway_transport::{Delivery, TransportErrorKind};

use crate::Error;

/// What came of an attempt, as far as trying again is concerned.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Outcome {
    /// Another attempt would end the same: a success, a refusal, an answer that cannot be read, or a request that
    /// cannot be sent, since it or its body is broken.
    Final,
    /// There was no connection. Nothing can have been processed.
    NotSent,
    /// The gateway wants fewer calls and did nothing: 429.
    Busy {
        /// How long it asks to wait.
        asked: Option<Duration>,
    },
    /// The gateway failed, perhaps for a moment: 408, 500, 502, 503 or 504. It may have acted.
    Failed {
        /// How long it asks to wait.
        asked: Option<Duration>,
    },
    /// No whole answer came. The gateway may have acted.
    Lost,
}

impl Outcome {
    /// What an error means.
    pub fn of(error: &Error) -> Self {
        match error {
            Error::RateLimited(error) => Self::Busy {
                asked: error.retry_after_wait(),
            },
            Error::Gateway(error) if matches!(error.status().as_u16(), 408 | 500 | 502..=504) => {
                Self::Failed {
                    asked: error.retry_after_wait(),
                }
            }
            Error::Transport(error) => match (error.transport().kind(), error.delivery()) {
                (
                    TransportErrorKind::InvalidRequest
                    | TransportErrorKind::Body
                    | TransportErrorKind::AnswerTooLarge,
                    _,
                ) => Self::Final,
                (_, Delivery::NotSent) => Self::NotSent,
                (_, Delivery::Unknown) => Self::Lost,
            },
            Error::Caller(_)
            | Error::Validation(_)
            | Error::Authentication(_)
            | Error::Refused(_)
            | Error::Gateway(_)
            | Error::Undecodable(_) => Self::Final,
        }
    }

    /// Whether the gateway may have acted on that attempt.
    pub(crate) const fn leaves_doubt(self) -> bool {
        match self {
            Self::Failed { .. } | Self::Lost => true,
            Self::Final | Self::NotSent | Self::Busy { .. } => false,
        }
    }
}
