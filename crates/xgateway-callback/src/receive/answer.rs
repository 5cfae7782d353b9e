use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Response, StatusCode};
use xgateway_store::{Receipt, StoreError, StoreErrorKind};

use crate::error::CallbackError;

/// What the gateway is answered.
///
/// Success can be had in one way, with the [`Receipt`] of an inbox: nobody can tell the gateway that a callback arrived
/// before it is stored. After any other answer the gateway sends the callback again, up to ten times (protocol §4). The
/// reason stands in the body, since the gateway's back office shows it; it repeats nothing of what was received.
///
/// ```compile_fail
/// let answer = xgateway_callback::Answer { status: http::StatusCode::OK, reason: "" };
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Answer {
    status: StatusCode,
    reason: &'static str,
}

impl Answer {
    /// 200: the callback is stored, now or long ago.
    pub fn stored(_: &Receipt) -> Self {
        Self {
            status: StatusCode::OK,
            reason: "",
        }
    }

    /// 4xx: the callback is not authentic, or no callback. A wrong key is 403, so a callback that was refused for a
    /// missing key arrives after all if the key is put into the ring in time.
    pub fn refused(error: &CallbackError) -> Self {
        let status = match error {
            CallbackError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            CallbackError::NotAuthentic | CallbackError::HashForm => StatusCode::FORBIDDEN,
            CallbackError::Ambiguous { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            CallbackError::NotUtf8
            | CallbackError::TooDeep
            | CallbackError::Malformed { .. }
            | CallbackError::NotAnObject
            | CallbackError::TrailingData
            | CallbackError::DuplicateKey
            | CallbackError::TooManyKeys
            | CallbackError::Missing { .. }
            | CallbackError::NotText { .. } => StatusCode::BAD_REQUEST,
        };
        Self {
            status,
            reason: error.reason(),
        }
    }

    /// 503: the callback is authentic and could not be stored. The gateway must send it again.
    pub fn unavailable(error: &StoreError) -> Self {
        let reason = if error.kind() == StoreErrorKind::QueueFull {
            "busy"
        } else {
            "unavailable"
        };
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            reason,
        }
    }

    pub(crate) fn unstorable() -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            reason: "unstorable",
        }
    }

    pub(crate) fn wrong_method() -> Self {
        Self {
            status: StatusCode::METHOD_NOT_ALLOWED,
            reason: "wrong_method",
        }
    }

    pub(crate) fn wrong_type() -> Self {
        Self {
            status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
            reason: "wrong_type",
        }
    }

    /// The body ended before its end.
    #[cfg(feature = "tower")]
    pub(crate) fn cut() -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            reason: "cut",
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// A word for what is wrong; empty for success.
    pub fn reason(&self) -> &'static str {
        self.reason
    }
}

impl From<Answer> for Response<Bytes> {
    fn from(answer: Answer) -> Self {
        let mut response = Self::new(Bytes::from_static(answer.reason.as_bytes()));
        *response.status_mut() = answer.status;
        let mut header = |name, text| {
            response
                .headers_mut()
                .insert(name, HeaderValue::from_static(text))
        };
        if !answer.reason.is_empty() {
            header(CONTENT_TYPE, "text/plain; charset=utf-8");
        }
        if answer.status == StatusCode::METHOD_NOT_ALLOWED {
            header(ALLOW, "POST");
        }
        if answer.status == StatusCode::SERVICE_UNAVAILABLE {
            header(RETRY_AFTER, "5");
        }
        response
    }
}
