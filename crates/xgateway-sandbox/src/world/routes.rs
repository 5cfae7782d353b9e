//! Which request means what, and what is refused before anybody looks into a body.

use bytes::Bytes;
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue,
};
use http::{Method, Response, StatusCode, Uri};
use xgateway_api::call::API_KEY_HEADER;
use xgateway_api::operation::Operation;
use xgateway_api::operations;
use xgateway_api::query::Query;

use super::left_out::is_left_out;
use super::{Received, World};
use crate::answer::Refusal;
use crate::faults::Fault;

/// What stands before the path of an operation.
const API_PREFIX: &str = "/api";

/// The largest body that a path reads unless it takes a file, in bytes.
pub(crate) const BODY_BYTES_MAX: usize = 1 << 20;

/// The largest body that is read of this request, in bytes.
pub(crate) fn body_bytes_max(method: &Method, path: &str) -> usize {
    let found = api_path(path).and_then(|path| find_operation(method, path));
    found
        .filter(|(operation, _)| operation.form.is_some())
        .map_or(BODY_BYTES_MAX, |(operation, _)| operation.body_bytes_max)
}

/// The path of an operation: below `/api` as at the gateway, or bare, for whoever takes the sandbox's address for the
/// base URL.
pub(super) fn api_path(path: &str) -> Option<&str> {
    match path.strip_prefix(API_PREFIX) {
        Some(rest) if rest.starts_with('/') => Some(rest),
        _ if path.starts_with("/v1/") || path.starts_with("/v2/") => Some(path),
        _ => None,
    }
}

/// Whether a path belongs to the gateway, rather than to the sandbox around it.
pub(crate) fn is_api(path: &str) -> bool {
    api_path(path).is_some()
}

impl World {
    /// The answer, which `hit` will let arrive or not.
    pub(super) fn answer(
        &mut self,
        hit: Option<Fault>,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        body: Received<'_>,
    ) -> Response<Bytes> {
        let path = uri.path();
        self.begin_request();
        if let Some(Fault::Bank { paid }) = hit {
            self.asked.bank_fails = Some(paid);
        }
        // A HEAD must change nothing, so it is no GET whose body is thrown away.
        let result = match api_path(path) {
            Some(path) => self.api(method, (path, uri.query()), headers, body),
            None => self.site(method, uri, headers, body),
        };
        if result.is_err() && self.asked.has_no_subject() {
            let subject = self.subject(&[], body);
            self.is_about(&*subject);
        }
        let mut answer = result.unwrap_or_else(|refusal| refusal.answer());
        let kept = self.asked.body.take();
        if let Some(event) = self.end_request(method, hit, &mut answer) {
            self.note(event, uri, kept, body, &answer);
        }
        tracing::debug!(status = answer.status().as_u16(), "answered");
        if method == Method::HEAD {
            let length = std::mem::take(answer.body_mut()).len();
            answer.headers_mut().insert(CONTENT_LENGTH, length.into());
        }
        answer
    }

    /// The gateway's operations.
    fn api(
        &mut self,
        method: &Method,
        (path, query): (&str, Option<&str>),
        headers: &HeaderMap,
        body: Received<'_>,
    ) -> Result<Response<Bytes>, Refusal> {
        let found = find_operation(method, path);
        match &found {
            Some((operation, _)) => self.asks(operation.name),
            None => self.asks_for_unknown(path),
        }
        let needs_key = found
            .as_ref()
            .is_none_or(|(operation, _)| operation.needs_key);
        if needs_key && method != Method::OPTIONS && !self.knows_key(headers) {
            return Err(Refusal::Unauthorized);
        }
        let Some((operation, parameters)) = found else {
            return other_method(method, path);
        };
        // A body that nobody asked for is not read.
        let body = if operation.body.is_none() && operation.form.is_none() {
            &[]
        } else {
            body.whole()?
        };
        if body.len() > operation.body_bytes_max {
            return Err(Refusal::BodyTooLarge);
        }
        if operation.body.is_some() && !is_json(headers) {
            return Err(Refusal::WrongContentType);
        }
        let query = Query::parse(query.unwrap_or_default());
        if let Some(rules) = operation.query {
            rules.check(&query).map_err(Refusal::Invalid)?;
        }
        if let ("upload_document", [id]) = (operation.name, &*parameters) {
            self.is_about(&**id);
            return self.upload_document(operation, id, headers, body);
        }
        self.run(operation, &parameters, &query, body)
    }

    fn run(
        &mut self,
        operation: &'static Operation,
        parameters: &[String],
        query: &Query,
        body: &[u8],
    ) -> Result<Response<Bytes>, Refusal> {
        tracing::debug!(operation = operation.name, "asked");
        if let [id] = parameters {
            self.is_about(&**id);
        }
        match (operation.name, parameters) {
            ("create_card_deposit", []) => self.deposit(body),
            ("simulate_transaction", []) => self.simulate(body),
            ("get_invoice", [id]) => self.read_invoice(id),
            ("get_transaction", [id]) => self.read_transaction(id),
            ("create_channel", []) => self.channel(body),
            ("create_wallet_address", []) => self.wallet_address(body),
            ("get_exchange_rate" | "get_exchange_rate_v1", []) => {
                self.exchange_rate(query, operation)
            }
            ("get_balances", []) => Ok(self.read_balances()),
            ("get_balance", [id]) => self.read_balance(id),
            ("create_profile", [id]) => self.create_profile(id, body),
            ("correct_profile", [id]) => self.correct_profile(id, body),
            ("create_applicant", [id]) => self.create_applicant(id, body),
            ("start_verification", [id]) => self.start_verification(id),
            ("get_kyc", [id]) => Ok(self.read_kyc(id)),
            ("create_kyc_link", [id]) => self.create_kyc_link(id, body),
            ("import_kyc_token", [id]) => self.import_kyc_token(id, body),
            ("create_bank_account", [id]) => self.create_bank_account(id, body),
            ("get_bank_accounts", [id]) => Ok(self.read_bank_accounts(id)),
            _ => Err(Refusal::NotPlayed),
        }
    }

    /// Whether the head of a request is good enough for its body to be read: it means an operation, and has the key if that
    /// needs it. What is no API of the gateway's looks for itself.
    pub(crate) fn admits(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> bool {
        let Some(path) = api_path(uri.path()) else {
            return true;
        };
        find_operation(method, path)
            .is_some_and(|(operation, _)| !operation.needs_key || self.knows_key(headers))
    }

    fn knows_key(&self, headers: &HeaderMap) -> bool {
        let mut told = headers.get_all(API_KEY_HEADER).iter();
        // Two keys are none: whoever joined them would not find a right one either.
        let only = told.next().filter(|_| told.next().is_none());
        only.is_some_and(|value| self.config.api_key.is(value.as_bytes()))
    }
}

/// The operation that is asked for, with the parameters in its path. A HEAD asks for what a GET would get.
pub(super) fn find_operation(
    method: &Method,
    path: &str,
) -> Option<(&'static Operation, Vec<String>)> {
    let asked = if method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    operations_of(path).find(|(operation, _)| operation.method == asked)
}

/// The operations of a path. One that is spelled out in the document is not a parameter of another, too.
fn operations_of(path: &str) -> impl Iterator<Item = (&'static Operation, Vec<String>)> {
    let is_spelled_out = operations::ALL
        .iter()
        .any(|operation| operation.path == path && !path.contains('{'));
    operations::ALL.iter().filter_map(move |operation| {
        let parameters = if is_spelled_out {
            (operation.path == path).then(Vec::new)
        } else {
            operation.parameters(path)
        };
        Some((*operation, parameters?))
    })
}

/// What a path says to a method that no operation has.
fn other_method(method: &Method, path: &str) -> Result<Response<Bytes>, Refusal> {
    if is_left_out(method, path) {
        return Err(Refusal::NotPlayed);
    }
    let mut methods = String::new();
    for (operation, _) in operations_of(path) {
        methods.push_str(operation.method.as_str());
        methods.push_str(", ");
        if operation.method == Method::GET {
            methods.push_str("HEAD, ");
        }
    }
    if methods.is_empty() {
        return Err(Refusal::UnknownPath);
    }
    methods.push_str("OPTIONS");
    let allow = HeaderValue::from_str(&methods).expect("methods are visible ASCII");
    if method == Method::OPTIONS {
        return Ok(options(allow));
    }
    Err(Refusal::MethodNotAllowed(allow))
}

pub(crate) fn not_allowed(methods: &'static str) -> Refusal {
    Refusal::MethodNotAllowed(HeaderValue::from_static(methods))
}

pub(crate) fn options(methods: impl IntoAllow) -> Response<Bytes> {
    let mut answer = Response::new(Bytes::new());
    *answer.status_mut() = StatusCode::NO_CONTENT;
    let headers = answer.headers_mut();
    headers.insert(ALLOW, methods.into_allow());
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// The body of what is no operation of the gateway.
pub(super) fn json_body<'a>(headers: &HeaderMap, body: Received<'a>) -> Result<&'a [u8], Refusal> {
    let body = body.whole()?;
    // Nothing that a form on somebody's page could send.
    if is_json(headers) {
        Ok(body)
    } else {
        Err(Refusal::WrongContentType)
    }
}

/// Whether the body is declared as JSON; a character set other than UTF-8 is none that JSON has.
fn is_json(headers: &HeaderMap) -> bool {
    if headers
        .get(CONTENT_ENCODING)
        .is_some_and(|value| value != "identity")
    {
        return false;
    }
    let Some(text) = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    let mut parts = text.split(';').map(str::trim);
    let is_json = parts
        .next()
        .is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"));
    is_json
        && parts
            .filter_map(|part| part.split_once('='))
            .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
            .all(|(_, value)| value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8"))
}

/// A list of methods, fixed or made.
pub(crate) trait IntoAllow {
    fn into_allow(self) -> HeaderValue;
}

impl IntoAllow for &'static str {
    fn into_allow(self) -> HeaderValue {
        HeaderValue::from_static(self)
    }
}

impl IntoAllow for HeaderValue {
    fn into_allow(self) -> HeaderValue {
        self
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;
    use crate::Config;

    #[test]
    fn each_operation_of_the_document_is_played() {
        let mut world = World::new(Config::new(1));
        for operation in operations::ALL {
            let parts = operation.path.split('/');
            let parts = parts.map(|part| if part.starts_with('{') { "x" } else { part });
            let parts: Vec<_> = parts.collect();
            let request = Request::builder()
                .method(&operation.method)
                .uri(format!("/api{}", parts.join("/")))
                .header(API_KEY_HEADER, world.config.api_key.expose())
                .header(CONTENT_TYPE, "application/json")
                .body(Bytes::from_static(b"{}"))
                .unwrap();
            let status = world.handle(&request).status();
            assert_ne!(status, StatusCode::NOT_IMPLEMENTED, "{}", operation.name);
            // Whatever the path says besides, it is known.
            let played = world.events().iter().last().unwrap();
            let played = serde_json::to_value(played).unwrap();
            assert_eq!(played["operation"], operation.name);
        }
    }

    #[test]
    fn the_name_of_a_parameter_is_a_value_like_any_other() {
        for operation in operations::ALL {
            let given = operation.path.matches('{').count();
            let found = find_operation(&operation.method, operation.path);
            assert_eq!(found.unwrap().1.len(), given, "{}", operation.name);
        }
    }

    #[test]
    fn one_that_is_not_played_is_no_proof_of_absence() {
        static NEW: Operation = Operation {
            name: "get_something_new",
            id: "getSomethingNew",
            method: Method::GET,
            path: "/v2/new/{id}",
            path_inferred: false,
            summary: "Reads something new.",
            needs_key: true,
            moves_money: false,
            idempotency_key: None,
            query: None,
            body: None,
            form: None,
            body_bytes_max: 0,
            answers: &[],
        };

        let mut world = World::new(Config::new(1));
        let refused = world.run(&NEW, &["x".to_owned()], &Query::parse(""), b"");
        let answer = refused.unwrap_err().answer();
        assert_eq!(answer.status(), StatusCode::NOT_IMPLEMENTED);
        let text = String::from_utf8_lossy(answer.body());
        assert!(text.contains(r#""code":"not_played""#), "{text}");
    }
}
