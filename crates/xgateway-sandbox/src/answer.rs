//! The gateway's envelopes, and everything that it refuses.

use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use http::{Response, StatusCode};
use serde::Serialize;
use xgateway_api::types::AppErrorCode;
use xgateway_core::issue::Issues;

use crate::world::KycRefusal;

/// What is said of a head with too many fields or too many bytes, by whichever part of us finds it.
pub(crate) const HEAD_TOO_LARGE: &str =
    "The head of the request has too many fields, or is too long.";

/// Why the gateway does not do what was asked.
#[derive(Clone, Debug)]
pub(crate) enum Refusal {
    Unauthorized,
    UnknownPath,
    /// With the methods that the path admits.
    MethodNotAllowed(HeaderValue),
    BodyTooLarge,
    HeadTooLarge,
    /// The body did not arrive.
    BodyUnread,
    /// The body took too long.
    BodyLate,
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
    /// Only Demo simulates.
    NothingSimulated,
    AmountNotSimulable,
    /// A step of a customer who pays by bank.
    Kyc(KycRefusal),
    /// JSON, but not what the sandbox's own paths take.
    NotUnderstood,
    /// What is wrong with a fault.
    BadFault(String),
    /// What is wrong with a query or a body of the sandbox's own paths.
    BadOwn(String),
    /// A fault wants this status, and to be asked again after so many seconds.
    Faulted(StatusCode, Option<u32>),
    /// As a proxy answers when the connection behind it broke off.
    BrokenOff,
    /// As a proxy answers when nothing came from behind it.
    NoAnswer,
    /// There are as many as may be.
    TooManyCustomers,
    TooManyAddresses,
    /// An id with more characters than a column has.
    IdTooLong,
    /// More large bodies come than there is room for.
    TooManyBodies,
    /// An id that a log on disk must not hold.
    HoldsCardNumber,
    /// The sandbox asks for its own token.
    NeedsToken,
    /// The request may not come in: why.
    NotServed(&'static str),
    /// What was done is in no log, so that nobody may rely on it.
    NotKept,
    /// An operation of the gateway that the sandbox does not play. No 404, which would say that there is none of what was
    /// asked for.
    NotPlayed,
    Internal,
}

/// The content type of the gateway's answers.
pub(crate) const JSON: &str = "application/json";

/// What the gateway says of a card that it does not take.
pub(crate) const CARD_INVALID: &str = "Card details are invalid. Please check and try again.";

impl Refusal {
    fn kind(&self) -> (StatusCode, AppErrorCode) {
        use AppErrorCode as Code;
        use StatusCode as Status;
        match self {
            Self::Unauthorized | Self::NeedsToken => (Status::UNAUTHORIZED, Code::Unauthorized),
            Self::UnknownPath | Self::UnknownId => (Status::NOT_FOUND, Code::NotFound),
            Self::MethodNotAllowed(_) => (Status::METHOD_NOT_ALLOWED, Code::MethodNotAllowed),
            Self::BodyTooLarge => (Status::PAYLOAD_TOO_LARGE, Code::ContentTooLarge),
            Self::HeadTooLarge => (Status::REQUEST_HEADER_FIELDS_TOO_LARGE, Code::BadRequest),
            Self::BodyLate => (Status::REQUEST_TIMEOUT, Code::BadRequest),
            Self::WrongContentType => (Status::UNSUPPORTED_MEDIA_TYPE, Code::UnsupportedMediaType),
            Self::Invalid(_) => (Status::UNPROCESSABLE_ENTITY, Code::UnprocessableContent),
            Self::OtherBody | Self::OrderIdTaken => (Status::CONFLICT, Code::Conflict),
            Self::UnknownAccount | Self::IdTooLong => (Status::BAD_REQUEST, Code::DbViolation),
            Self::BodyUnread
            | Self::MalformedJson
            | Self::CurrencyNotConfigured
            | Self::BadId
            | Self::AmountOutsideLimits
            | Self::Card(_)
            | Self::TooManyActive
            | Self::NotSimulable
            | Self::NothingSimulated
            | Self::AmountNotSimulable
            | Self::NotUnderstood
            | Self::BadFault(_)
            | Self::BadOwn(_)
            | Self::TooManyCustomers
            | Self::TooManyAddresses
            | Self::HoldsCardNumber => (Status::BAD_REQUEST, Code::BadRequest),
            Self::Kyc(refusal) => refusal.kind(),
            Self::Faulted(status, _) => (*status, code_of(*status)),
            Self::BrokenOff => (Status::BAD_GATEWAY, Code::ServiceUnavailable),
            Self::NoAnswer => (Status::GATEWAY_TIMEOUT, Code::ServiceUnavailable),
            Self::NotServed(_) => (Status::FORBIDDEN, Code::Forbidden),
            Self::NotKept | Self::TooManyBodies => {
                (Status::SERVICE_UNAVAILABLE, Code::ServiceUnavailable)
            }
            Self::NotPlayed => (Status::NOT_IMPLEMENTED, Code::from("not_played")),
            Self::Internal => (Status::INTERNAL_SERVER_ERROR, Code::InternalServerError),
        }
    }

    fn message(&self) -> &str {
        match self {
            Self::Unauthorized => "Unauthorized",
            Self::UnknownPath => "There is no such path.",
            Self::UnknownId => "There is nothing with this id.",
            Self::MethodNotAllowed(_) => "The path does not admit this method.",
            Self::BodyTooLarge => "The request body is too large.",
            Self::HeadTooLarge => HEAD_TOO_LARGE,
            Self::BodyUnread => "The request body did not arrive.",
            Self::BodyLate => "The request body took too long.",
            Self::WrongContentType => "The request body must be application/json.",
            Self::MalformedJson => "The request body is not valid JSON.",
            Self::Invalid(_) => "",
            Self::OtherBody => "The order id was used before with another body.",
            Self::OrderIdTaken => "The order id was used before.",
            Self::UnknownAccount | Self::IdTooLong => {
                "The request failed because it violated a database constraint."
            }
            // The seed promises no more than a generic error.
            Self::CurrencyNotConfigured | Self::BadId => "The request is not valid.",
            Self::AmountOutsideLimits => "The amount is outside the limits of the account.",
            Self::Card(message) => message,
            Self::TooManyActive => "The customer has too many active invoices.",
            Self::NotSimulable => "The invoice is in no state that can be simulated.",
            Self::NothingSimulated => "Transactions can be simulated on Demo only.",
            Self::AmountNotSimulable => {
                "The amount cannot be simulated: it is a decimal text such as \"10.50\", greater than zero and at most 10^15, with \
                 no more fraction digits than its currency has."
            }
            Self::NotUnderstood => {
                "The request body has other fields or types than this path takes."
            }
            Self::Kyc(refusal) => refusal.message(),
            Self::BadFault(problem) | Self::BadOwn(problem) => problem,
            Self::Faulted(status, _) => status.canonical_reason().unwrap_or("Error"),
            Self::BrokenOff => "The exchange broke off.",
            Self::NoAnswer => "There was no answer.",
            Self::HoldsCardNumber => {
                "An id or URL holds what may be a card number, which a sandbox with a log on disk does not keep."
            }
            Self::TooManyCustomers => {
                "The sandbox keeps no more customers: begin with a new one, or raise the limit."
            }
            Self::TooManyAddresses => {
                "The sandbox keeps no more addresses: begin with a new one, or raise the limit."
            }
            Self::NeedsToken => {
                "The sandbox asks for its token, as `Authorization: Bearer` or `x-sandbox-token`. Whoever started it was told."
            }
            Self::NotServed(reason) => reason,
            Self::TooManyBodies => "The sandbox reads too many large bodies now: try again.",
            Self::NotKept => "The sandbox cannot write its log. It tries again every second.",
            Self::NotPlayed => "The sandbox does not play this operation of the gateway.",
            Self::Internal => "Internal server error.",
        }
    }

    pub(crate) fn answer(&self) -> Response<Bytes> {
        #[derive(Serialize)]
        struct Reason<'a> {
            code: &'a AppErrorCode,
            message: &'a str,
        }

        let (status, code) = self.kind();
        if let Self::Invalid(issues) = self {
            return failure(status, issues);
        }
        let (code, message) = (&code, self.message());
        let mut answer = failure(status, &[Reason { code, message }]);
        if let Self::MethodNotAllowed(methods) = self {
            answer.headers_mut().insert(ALLOW, methods.clone());
        }
        if let Self::Faulted(_, Some(seconds)) = self {
            answer.headers_mut().insert(RETRY_AFTER, (*seconds).into());
        }
        answer
    }
}

/// The code that goes best with a status.
fn code_of(status: StatusCode) -> AppErrorCode {
    use AppErrorCode as Code;
    match status {
        StatusCode::UNAUTHORIZED => Code::Unauthorized,
        StatusCode::FORBIDDEN => Code::Forbidden,
        StatusCode::NOT_FOUND => Code::NotFound,
        StatusCode::CONFLICT => Code::Conflict,
        StatusCode::TOO_MANY_REQUESTS => Code::TooManyRequests,
        StatusCode::INTERNAL_SERVER_ERROR => Code::InternalServerError,
        status if status.is_client_error() => Code::BadRequest,
        _ => Code::ServiceUnavailable,
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
    with_body(status, JSON, body.into())
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

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use xgateway_api::OPENAPI_JSON;

    use super::*;

    /// The first error of each example of a refusal: code and message.
    fn examples(value: &Value, found: &mut Vec<(String, String)>) {
        match value {
            Value::Object(map) => {
                if let Some(error) = map.get("errors").and_then(|errors| errors.get(0))
                    && let (Some(code), Some(message)) =
                        (error["code"].as_str(), error["message"].as_str())
                    && error.get("path").is_none()
                {
                    found.push((code.to_owned(), message.to_owned()));
                }
                map.values().for_each(|value| examples(value, found));
            }
            Value::Array(list) => list.iter().for_each(|value| examples(value, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// Whoever writes a client against the document meets the same words here.
    #[test]
    fn every_refusal_of_the_document_is_said_in_its_words() {
        let document: Value = serde_json::from_str(OPENAPI_JSON).unwrap();
        let mut told = Vec::new();
        examples(&document, &mut told);
        assert!(told.len() > 15, "{told:?}");
        let said = [
            Refusal::Card(CARD_INVALID),
            Refusal::UnknownAccount,
            Refusal::MalformedJson,
            Refusal::Internal,
            Refusal::NotSimulable,
            Refusal::NothingSimulated,
            Refusal::Kyc(KycRefusal::ProfileExists),
            Refusal::Kyc(KycRefusal::MustPass),
            Refusal::BadId,
            Refusal::Unauthorized,
            Refusal::UnknownId,
            Refusal::UnknownPath,
            Refusal::MethodNotAllowed(HeaderValue::from_static("GET")),
            Refusal::OtherBody,
            Refusal::BodyTooLarge,
            Refusal::WrongContentType,
        ];
        let said = said.map(|refusal| {
            let (_, code) = refusal.kind();
            (code.as_str().to_owned(), refusal.message().to_owned())
        });
        for example in &told {
            assert!(said.contains(example), "{example:?}");
        }
        for words in &said {
            assert!(told.contains(words), "no example says {words:?}");
        }
    }
}
