use std::fmt;
use std::time::Duration;

use http::StatusCode;
use xgateway_api::answer::Refusal;
use xgateway_api::operation::Operation;
use xgateway_api::types::AppErrorCode;

use super::RetryAfter;
use super::codes::{Code, list};
use crate::Attempts;

/// An answer with a status that is no success.
#[derive(Clone, Debug)]
pub struct StatusError {
    operation: &'static Operation,
    status: StatusCode,
    // Boxed, since every result has room for an error.
    refusal: Box<Refusal>,
    retry_after: Option<Box<RetryAfter>>,
    pub(super) attempts: Attempts,
}

impl StatusError {
    pub(super) fn new(
        operation: &'static Operation,
        status: StatusCode,
        refusal: Refusal,
        retry_after: Option<RetryAfter>,
    ) -> Self {
        Self {
            operation,
            status,
            refusal: Box::new(refusal),
            retry_after: retry_after.map(Box::new),
            attempts: Attempts::NONE,
        }
    }

    /// The operation that failed.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The gateway's codes, in its order; none if its answer could not be read.
    pub fn codes(&self) -> impl ExactSizeIterator<Item = &AppErrorCode> {
        self.refusal.errors().iter().map(|error| &error.code)
    }

    /// What the gateway wrote, scrubbed of what could be a card number. It may hold personal data.
    pub fn refusal(&self) -> &Refusal {
        &self.refusal
    }

    /// How long the gateway asks to wait, in its own words: seconds or a date. Only with 429 and 503.
    pub fn retry_after(&self) -> Option<&str> {
        self.retry_after.as_deref().map(RetryAfter::text)
    }

    /// The same as a time; `None` if the gateway's words make none.
    pub fn retry_after_wait(&self) -> Option<Duration> {
        self.retry_after.as_deref().and_then(RetryAfter::wait)
    }

    /// Whether the gateway itself says that what was asked for does not exist.
    ///
    /// It is a 404 in the gateway's envelope and with its code `not_found`. Any other is something else's: a proxy, a path
    /// that nobody serves, or a base URL that leads elsewhere.
    pub fn is_not_found(&self) -> bool {
        self.status == StatusCode::NOT_FOUND
            && self.codes().any(|code| *code == AppErrorCode::NotFound)
    }

    /// Whether the gateway itself says that the order id, or whatever else the request names, belongs to an earlier one.
    pub fn is_conflict(&self) -> bool {
        self.status == StatusCode::CONFLICT && self.codes().len() > 0
    }
}

impl fmt::Display for StatusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} was answered with status {}",
            self.operation.name,
            self.status.as_u16()
        )?;
        let codes = self.codes();
        if codes.len() > 0 {
            f.write_str(" (")?;
            list(f, codes.map(|code| Code(code.as_str())))?;
            f.write_str(")")?;
        }
        self.attempts.fmt(f)
    }
}

impl std::error::Error for StatusError {}
