//! The gateway's envelopes, and everything that it refuses.

use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use serde::Serialize;
use xgateway_api::types::AppErrorCode;
use xgateway_core::issue::Issues;

/// Why the gateway does not do what was asked.
#[derive(Clone, Debug)]
pub(crate) enum Refusal {
    Unauthorized,
    UnknownPath,
    /// With the methods that the path admits.
    MethodNotAllowed(HeaderValue),
    BodyTooLarge,
    /// The body did not arrive.
    BodyUnread,
    WrongContentType,
    MalformedJson,
    Invalid(Issues),
    /// The order id was used with another body.
    OtherBody,
    /// The order id was used, and this gateway replays nothing.
    OrderIdTaken,
    UnknownAccount,
    CurrencyNotConfigured,
    AmountOutsideLimits,
    /// In the bank's words.
    Card(&'static str),
    TooManyActive,
    BadId,
    UnknownId,
    NotSimulable,
    AmountNotSimulable,
    /// JSON, but not what the sandbox's own paths take.
    NotUnderstood,
    /// An id that a log on disk must not hold.
    HoldsCardNumber,
    /// What was done is in no log, so that nobody may rely on it.
    NotKept,
    Internal,
}

/// What the gateway says of a card that it does not take.
pub(crate) const CARD_INVALID: &str = "Card details are invalid. Please check and try again.";

impl Refusal {
    fn parts(&self) -> (StatusCode, AppErrorCode, &'static str) {
        use AppErrorCode as Code;
        use StatusCode as Status;
        match self {
            Self::Unauthorized => (Status::UNAUTHORIZED, Code::Unauthorized, "Unauthorized"),
            Self::UnknownPath => (Status::NOT_FOUND, Code::NotFound, "There is no such path."),
            Self::UnknownId => (
                Status::NOT_FOUND,
                Code::NotFound,
                "There is nothing with this id.",
            ),
            Self::MethodNotAllowed(_) => (
                Status::METHOD_NOT_ALLOWED,
                Code::MethodNotAllowed,
                "The path does not admit this method.",
            ),
            Self::BodyTooLarge => (
                Status::PAYLOAD_TOO_LARGE,
                Code::ContentTooLarge,
                "The request body is too large.",
            ),
            Self::BodyUnread => (
                Status::BAD_REQUEST,
                Code::BadRequest,
                "The request body did not arrive.",
            ),
            Self::WrongContentType => (
                Status::UNSUPPORTED_MEDIA_TYPE,
                Code::UnsupportedMediaType,
                "The request body must be application/json.",
            ),
            Self::MalformedJson => (
                Status::BAD_REQUEST,
                Code::BadRequest,
                "The request body is not valid JSON.",
            ),
            Self::Invalid(_) => (Status::UNPROCESSABLE_ENTITY, Code::UnprocessableContent, ""),
            Self::OtherBody => (
                Status::CONFLICT,
                Code::Conflict,
                "The order id was used before with another body.",
            ),
            Self::OrderIdTaken => (
                Status::CONFLICT,
                Code::Conflict,
                "The order id was used before.",
            ),
            Self::UnknownAccount => (
                Status::BAD_REQUEST,
                Code::DbViolation,
                "The request failed because it violated a database constraint.",
            ),
            // The seed promises no more than a generic error.
            Self::CurrencyNotConfigured | Self::BadId => (
                Status::BAD_REQUEST,
                Code::BadRequest,
                "The request is not valid.",
            ),
            Self::AmountOutsideLimits => (
                Status::BAD_REQUEST,
                Code::BadRequest,
                "The amount is outside the limits of the account.",
            ),
            Self::Card(message) => (Status::BAD_REQUEST, Code::BadRequest, message),
            Self::TooManyActive => (
                Status::BAD_REQUEST,
                Code::BadRequest,
                "The customer has too many active invoices.",
            ),
            Self::NotSimulable => (
                Status::BAD_REQUEST,
                Code::BadRequest,
                "The invoice is in no state that can be simulated.",
            ),
            Self::AmountNotSimulable => (
                Status::BAD_REQUEST,
                Code::BadRequest,
                "The amount cannot be simulated.",
            ),
            Self::NotUnderstood => (
                Status::BAD_REQUEST,
                Code::BadRequest,
                "The request body has other fields or types than this path takes.",
            ),
            Self::HoldsCardNumber => (
                Status::BAD_REQUEST,
                Code::BadRequest,
                "An id or URL holds what may be a card number, which a sandbox with a log on disk does not keep.",
            ),
            Self::NotKept => (
                Status::SERVICE_UNAVAILABLE,
                Code::ServiceUnavailable,
                "The sandbox cannot write its log.",
            ),
            Self::Internal => (
                Status::INTERNAL_SERVER_ERROR,
                Code::InternalServerError,
                "Internal server error.",
            ),
        }
    }

    pub(crate) fn answer(&self) -> Response<Bytes> {
        #[derive(Serialize)]
        struct Reason<'a> {
            code: &'a AppErrorCode,
            message: &'static str,
        }

        let (status, code, message) = self.parts();
        if let Self::Invalid(issues) = self {
            return failure(status, issues);
        }
        let code = &code;
        let mut answer = failure(status, &[Reason { code, message }]);
        if let Self::MethodNotAllowed(methods) = self {
            answer.headers_mut().insert(ALLOW, methods.clone());
        }
        answer
    }
}

/// A success envelope around `data`.
pub(crate) fn success(status: StatusCode, data: &impl Serialize) -> Response<Bytes> {
    #[derive(Serialize)]
    struct Envelope<'a, T> {
        data: &'a T,
        success: bool,
    }

    json(
        status,
        &Envelope {
            data,
            success: true,
        },
    )
}

fn failure(status: StatusCode, errors: &(impl Serialize + ?Sized)) -> Response<Bytes> {
    #[derive(Serialize)]
    struct Envelope<'a, T: ?Sized> {
        errors: &'a T,
        success: bool,
    }

    json(
        status,
        &Envelope {
            errors,
            success: false,
        },
    )
}

fn json(status: StatusCode, body: &impl Serialize) -> Response<Bytes> {
    let body = serde_json::to_vec(body).expect("memory can be written and our views hold no maps");
    with_body(status, "application/json", body.into())
}

/// An answer that nobody may store.
pub(crate) fn with_body(
    status: StatusCode,
    content_type: &'static str,
    body: Bytes,
) -> Response<Bytes> {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
