use std::fmt;

use http::StatusCode;
use xgateway_api::answer::AnswerError;
use xgateway_api::operation::Operation;
use xgateway_core::secret::PersonalText;

use crate::Attempts;

/// A success that does not hold what it should. The gateway has acted.
#[derive(Clone, Debug)]
pub struct UndecodableError {
    operation: &'static Operation,
    status: StatusCode,
    reason: PersonalText,
    body: PersonalText,
    is_success: bool,
    pub(super) attempts: Attempts,
}

impl UndecodableError {
    pub(crate) fn new(
        operation: &'static Operation,
        status: StatusCode,
        error: AnswerError,
    ) -> Self {
        let (reason, body, is_success) = if let AnswerError::Undecodable {
            reason,
            body,
            is_success,
            ..
        } = error
        {
            (reason, body, is_success)
        } else {
            let reason = PersonalText::new(error.to_string());
            (reason, PersonalText::new(""), false)
        };
        Self {
            operation,
            status,
            reason,
            body,
            is_success,
            attempts: Attempts::NONE,
        }
    }

    /// The answer could be read, but what it holds makes no sense.
    pub(crate) fn of_value(
        operation: &'static Operation,
        status: StatusCode,
        error: &impl fmt::Display,
        attempts: Attempts,
    ) -> Self {
        Self {
            operation,
            status,
            reason: PersonalText::new(error.to_string()),
            body: PersonalText::new(""),
            is_success: true,
            attempts,
        }
    }

    /// The operation.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The HTTP status, a success.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Whether the answer says `success: true`, so that it is the gateway's and no other's.
    pub fn says_success(&self) -> bool {
        self.is_success
    }

    /// What the decoder missed. It may repeat a value of the answer.
    pub fn reason(&self) -> &str {
        self.reason.expose()
    }

    /// The answer's body, scrubbed of what could be a card number and cut. It may hold personal data.
    pub fn body(&self) -> &str {
        self.body.expose()
    }
}

impl fmt::Display for UndecodableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the answer to {} with status {} cannot be read{}",
            self.operation.name,
            self.status.as_u16(),
            self.attempts
        )
    }
}

impl std::error::Error for UndecodableError {}
