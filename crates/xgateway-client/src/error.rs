//! What can go wrong with a call, by fault.
//!
//! | variant | who is at fault | effect |
//! | --- | --- | --- |
//! | [`Error::Caller`] | the client's settings | nothing |
//! | [`Error::Validation`] | the request: our rules or the gateway's found issues | nothing |
//! | [`Error::Authentication`] | the key | nothing |
//! | [`Error::Refused`] | the business: card, id, conflict | nothing |
//! | [`Error::RateLimited`] | too many calls | nothing |
//! | [`Error::Gateway`] | the gateway, or something before it | unknown |
//! | [`Error::Transport`] | the network | what the transport knows |
//! | [`Error::Undecodable`] | a success that this version cannot read | acted |
//!
//! The effect of an operation that only reads is always nothing. If the call was tried more than once, it is the most that
//! any of its requests may have caused: a refusal after a doubt leaves the doubt.
//!
//! One line of `Display` per layer: print [`source`](std::error::Error::source) with it. Neither `Display` nor
//! `Debug` shows the gateway's words, since they may repeat a name or an address; the getters do.

mod advice;
mod codes;
mod exchange;
mod retry_after;
mod status;
mod undecodable;
mod validation;

pub use exchange::{CallerError, ExchangeError};
pub(crate) use retry_after::RetryAfter;
pub use status::StatusError;
pub use undecodable::UndecodableError;
pub use validation::ValidationError;

use std::fmt;

use http::StatusCode;
use xgateway_api::answer::Refusal;
use xgateway_api::operation::Operation;
use xgateway_core::issue::Issues;

use crate::attempts::NONE;
use crate::{Attempts, Effect};

/// Why a call failed. See the [module](self) for the variants.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// No request could be built from the client's settings.
    Caller(CallerError),
    /// The request breaks rules. The same whether our rules or the gateway's found it.
    Validation(ValidationError),
    /// The gateway did not accept the key: 401.
    Authentication(StatusError),
    /// The gateway refused for a reason of its own: 400, 403, 404, 405, 409, 413 or 415;
    /// 422 without issues.
    Refused(StatusError),
    /// The gateway wants fewer calls: 429.
    RateLimited(StatusError),
    /// The gateway failed, redirected, or answered what nobody documented.
    Gateway(StatusError),
    /// The exchange failed.
    Transport(ExchangeError),
    /// The gateway succeeded, but its answer does not hold what it should.
    Undecodable(UndecodableError),
}

/// The fault of an [`Error`], without its details: for metrics and exit codes.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// See [`Error::Caller`].
    Caller,
    /// See [`Error::Validation`].
    Validation,
    /// See [`Error::Authentication`].
    Authentication,
    /// See [`Error::Refused`].
    Refused,
    /// See [`Error::RateLimited`].
    RateLimited,
    /// See [`Error::Gateway`].
    Gateway,
    /// See [`Error::Transport`].
    Transport,
    /// See [`Error::Undecodable`].
    Undecodable,
}

impl Error {
    /// Whose fault it is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Caller(_) => ErrorKind::Caller,
            Self::Validation(_) => ErrorKind::Validation,
            Self::Authentication(_) => ErrorKind::Authentication,
            Self::Refused(_) => ErrorKind::Refused,
            Self::RateLimited(_) => ErrorKind::RateLimited,
            Self::Gateway(_) => ErrorKind::Gateway,
            Self::Transport(_) => ErrorKind::Transport,
            Self::Undecodable(_) => ErrorKind::Undecodable,
        }
    }

    /// The operation that failed.
    pub fn operation(&self) -> &'static Operation {
        match self {
            Self::Caller(error) => error.operation(),
            Self::Validation(error) => error.operation(),
            Self::Authentication(error)
            | Self::Refused(error)
            | Self::RateLimited(error)
            | Self::Gateway(error) => error.operation(),
            Self::Transport(error) => error.operation(),
            Self::Undecodable(error) => error.operation(),
        }
    }

    /// What the gateway has done about it, about any of its requests.
    pub fn effect(&self) -> Effect {
        self.last_effect().max(self.attempts().effect())
    }

    /// How many requests were sent, what came of those before the last, and why no other followed.
    pub fn attempts(&self) -> &Attempts {
        match self {
            Self::Caller(_) => &NONE,
            Self::Validation(error) => &error.attempts,
            Self::Authentication(error)
            | Self::Refused(error)
            | Self::RateLimited(error)
            | Self::Gateway(error) => &error.attempts,
            Self::Transport(error) => &error.attempts,
            Self::Undecodable(error) => &error.attempts,
        }
    }

    pub(crate) fn set_attempts(&mut self, attempts: Attempts) {
        match self {
            // It comes before the first request, or never.
            Self::Caller(_) => {}
            Self::Validation(error) => error.attempts = attempts,
            Self::Authentication(error)
            | Self::Refused(error)
            | Self::RateLimited(error)
            | Self::Gateway(error) => error.attempts = attempts,
            Self::Transport(error) => error.attempts = attempts,
            Self::Undecodable(error) => error.attempts = attempts,
        }
    }

    /// What the gateway has done about the last request.
    pub(crate) fn last_effect(&self) -> Effect {
        let effect = match self {
            Self::Caller(_)
            | Self::Validation(_)
            | Self::Authentication(_)
            | Self::Refused(_)
            | Self::RateLimited(_) => Effect::Nothing,
            Self::Gateway(_) => Effect::Unknown,
            Self::Transport(error) => error.effect(),
            Self::Undecodable(_) => Effect::Acted,
        };
        effect.of(self.operation())
    }

    /// Whether money may have moved, or anything else have happened: look before anything is sent again.
    pub fn may_have_acted(&self) -> bool {
        self.effect() != Effect::Nothing
    }

    /// What to do next, in a sentence.
    pub fn advice(&self) -> &'static str {
        advice::of(self)
    }

    /// The HTTP status, if there was an answer.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Caller(_) | Self::Transport(_) => None,
            Self::Validation(error) => error.status(),
            Self::Authentication(error)
            | Self::Refused(error)
            | Self::RateLimited(error)
            | Self::Gateway(error) => Some(error.status()),
            Self::Undecodable(error) => Some(error.status()),
        }
    }

    /// The issues, if the request breaks rules.
    pub fn issues(&self) -> Option<&Issues> {
        match self {
            Self::Validation(error) => Some(error.issues()),
            Self::Caller(_)
            | Self::Authentication(_)
            | Self::Refused(_)
            | Self::RateLimited(_)
            | Self::Gateway(_)
            | Self::Transport(_)
            | Self::Undecodable(_) => None,
        }
    }

    /// Whether the gateway itself says that what was asked for does not exist.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused(error) if error.is_not_found())
    }

    /// Whether the order id belongs to an earlier request.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Refused(error) if error.is_conflict())
    }

    /// Sorts an answer that is no success by its status.
    pub(crate) fn of_refusal(
        operation: &'static Operation,
        status: StatusCode,
        refusal: Refusal,
        retry_after: Option<RetryAfter>,
    ) -> Self {
        // The gateway's pages blur 400 and 422 (protocol §13, C2): issues make it a validation.
        if let (400 | 422, Some(issues)) = (status.as_u16(), refusal.issues()) {
            let error = ValidationError::remote(operation, status, issues.clone());
            return Self::Validation(error);
        }
        let error = StatusError::new(operation, status, refusal, retry_after);
        // Whoever limits a rate does so before anything is done.
        let is_before = status == StatusCode::TOO_MANY_REQUESTS;
        let is_gateways = error.codes().len() > 0 || error.refusal().issues().is_some();
        if operation.moves_money && !is_gateways && !is_before {
            // Not in the gateway's words: something in between may have blocked the answer after the gateway had acted.
            return Self::Gateway(error);
        }
        match status.as_u16() {
            401 => Self::Authentication(error),
            400 | 403 | 404 | 405 | 409 | 413 | 415 | 422 => Self::Refused(error),
            429 => Self::RateLimited(error),
            // A success that says `success: false`, a redirect, a failure, or what nobody documented.
            _ => Self::Gateway(error),
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Caller => "caller",
            Self::Validation => "validation",
            Self::Authentication => "authentication",
            Self::Refused => "refused",
            Self::RateLimited => "rate limited",
            Self::Gateway => "gateway",
            Self::Transport => "transport",
            Self::Undecodable => "undecodable",
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Caller(error) => error.fmt(f),
            Self::Validation(error) => error.fmt(f),
            Self::Authentication(error) => write!(f, "the gateway did not accept the key: {error}"),
            Self::Refused(error) => write!(f, "the gateway refused: {error}"),
            Self::RateLimited(error) => write!(f, "the gateway wants fewer calls: {error}"),
            Self::Gateway(error) => write!(f, "the gateway failed: {error}"),
            Self::Transport(error) => error.fmt(f),
            Self::Undecodable(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Caller(error) => error.source(),
            Self::Transport(error) => error.source(),
            Self::Validation(_)
            | Self::Authentication(_)
            | Self::Refused(_)
            | Self::RateLimited(_)
            | Self::Gateway(_)
            | Self::Undecodable(_) => None,
        }
    }
}
