use std::fmt;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Method, StatusCode};
use serde_json::Value;

use super::diff;
use super::scrub::is_secret;
use super::seen::Seen;
use crate::TransportError;

/// A request that a [`ScriptedTransport`](super::ScriptedTransport) waits for.
///
/// Says nothing about what is not named: other headers may be there, and a
/// request without a body matcher may have any body.
#[derive(Clone)]
pub struct ExpectedRequest {
    method: Method,
    target: String,
    matchers: Vec<Matcher>,
}

/// An [`ExpectedRequest`] and what it is answered with.
pub struct Step {
    pub(super) request: ExpectedRequest,
    pub(super) outcome: Result<http::Response<Bytes>, TransportError>,
}

#[derive(Clone)]
enum Matcher {
    Header(HeaderName, HeaderValue),
    NoHeader(HeaderName),
    Json(Value),
    JsonAt(String, Value),
    Bytes(Bytes),
}

impl ExpectedRequest {
    /// A request with `method` for `target`: path and query, such as
    /// `/v2/invoices/42`, or a whole URL where the host matters too.
    pub fn new(method: Method, target: impl Into<String>) -> Self {
        Self {
            method,
            target: target.into(),
            matchers: Vec::new(),
        }
    }

    /// A `GET` request for `target`.
    pub fn get(target: impl Into<String>) -> Self {
        Self::new(Method::GET, target)
    }

    /// A `POST` request for `target`.
    pub fn post(target: impl Into<String>) -> Self {
        Self::new(Method::POST, target)
    }

    /// Wants the header `name` with exactly this value.
    ///
    /// # Panics
    ///
    /// If `name` or `value` cannot be in a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let value = HeaderValue::from_str(value).expect("the script gives a valid header value");
        self.matchers
            .push(Matcher::Header(header_name(name), value));
        self
    }

    /// Wants no header `name`.
    ///
    /// # Panics
    ///
    /// If `name` cannot be the name of a header.
    #[must_use]
    pub fn no_header(mut self, name: &str) -> Self {
        self.matchers.push(Matcher::NoHeader(header_name(name)));
        self
    }

    /// Wants a JSON body equal to `value`. Key order and white space do not
    /// matter; `1` and `1.0` differ.
    #[must_use]
    pub fn json(mut self, value: Value) -> Self {
        self.matchers.push(Matcher::Json(value));
        self
    }

    /// Wants a JSON body with `value` at `pointer` (RFC 6901), such as
    /// `/customer/email`.
    #[must_use]
    pub fn json_at(mut self, pointer: impl Into<String>, value: Value) -> Self {
        self.matchers.push(Matcher::JsonAt(pointer.into(), value));
        self
    }

    /// Wants exactly these bytes as the body.
    #[must_use]
    pub fn bytes(mut self, body: impl Into<Bytes>) -> Self {
        self.matchers.push(Matcher::Bytes(body.into()));
        self
    }

    /// Answers with `status` and `body`, as `application/json`.
    pub fn answers(self, status: StatusCode, body: impl Into<Bytes>) -> Step {
        let mut answer = http::Response::new(body.into());
        *answer.status_mut() = status;
        answer
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.answers_with(answer)
    }

    /// Answers with all of `answer`.
    pub fn answers_with(self, answer: http::Response<Bytes>) -> Step {
        Step {
            request: self,
            outcome: Ok(answer),
        }
    }

    /// Fails with `error`.
    pub fn fails(self, error: TransportError) -> Step {
        Step {
            request: self,
            outcome: Err(error),
        }
    }

    /// Everything about `seen` that is not as expected, worst first.
    pub(super) fn misses(&self, seen: &Seen, show_values: bool) -> Vec<Miss> {
        let mut misses = Vec::new();
        let uri = seen.parts.uri.to_string();
        let target = if self.target.starts_with('/') {
            seen.target.as_str()
        } else {
            &uri
        };
        if self.target != target {
            let (want, got) = if without_query(&self.target) == without_query(target) {
                ("the query differs".to_owned(), String::new())
            } else {
                (
                    format!("expected {}", without_query(&self.target)),
                    format!(", got {}", without_query(target)),
                )
            };
            misses.push(Miss::new(100, format!("target: {want}{got}")));
        }
        if self.method != seen.parts.method {
            let text = format!(
                "method: expected {}, got {}",
                self.method, seen.parts.method
            );
            misses.push(Miss::new(10, text));
        }
        misses.extend(
            self.matchers
                .iter()
                .filter_map(|matcher| matcher.miss(seen, show_values))
                .map(|text| Miss::new(1, text)),
        );
        misses
    }
}

/// One thing about a request that is not as expected.
pub(super) struct Miss {
    /// How far this puts the request from the expectation.
    pub(super) distance: u32,
    pub(super) text: String,
}

impl Miss {
    const fn new(distance: u32, text: String) -> Self {
        Self { distance, text }
    }
}

impl Matcher {
    fn miss(&self, seen: &Seen, show_values: bool) -> Option<String> {
        match self {
            Self::Header(name, want) => {
                let mut values = seen.parts.headers.get_all(name).iter();
                let Some(got) = values.next() else {
                    return Some(format!("header {name}: missing"));
                };
                if values.next().is_some() {
                    return Some(format!("header {name}: there more than once"));
                }
                if got == want {
                    None
                } else if show_values && !is_secret(name, got) && !is_secret(name, want) {
                    Some(format!("header {name}: expected {want:?}, got {got:?}"))
                } else {
                    Some(format!("header {name}: another value"))
                }
            }
            Self::NoHeader(name) => {
                let there = seen.parts.headers.contains_key(name);
                there.then(|| format!("header {name}: should not be there"))
            }
            Self::Json(want) => {
                let Ok(got) = serde_json::from_slice::<Value>(&seen.body) else {
                    return Some(not_json(&seen.body));
                };
                let differs = *want != got;
                differs.then(|| format!("body:\n{}", diff::json(want, &got, show_values)))
            }
            Self::JsonAt(pointer, want) => {
                let Ok(body) = serde_json::from_slice::<Value>(&seen.body) else {
                    return Some(not_json(&seen.body));
                };
                let Some(got) = body.pointer(pointer) else {
                    return Some(format!("body at {pointer}: missing"));
                };
                let differs = want != got;
                differs.then(|| {
                    let diff = diff::json(want, got, show_values);
                    format!("body at {pointer}:\n{diff}")
                })
            }
            Self::Bytes(want) if *want == seen.body => None,
            Self::Bytes(want) if show_values => {
                let want = String::from_utf8_lossy(want);
                let got = String::from_utf8_lossy(&seen.body);
                Some(format!("body:\n{}", diff::lines(&want, &got)))
            }
            Self::Bytes(want) => {
                let same = want.iter().zip(&seen.body).take_while(|(a, b)| a == b);
                Some(format!(
                    "body: expected {} bytes, got {}; the first {} are the same",
                    want.len(),
                    seen.body.len(),
                    same.count(),
                ))
            }
        }
    }
}

fn header_name(name: &str) -> HeaderName {
    HeaderName::from_bytes(name.as_bytes()).expect("the script gives a valid header name")
}

fn not_json(body: &[u8]) -> String {
    format!("body: expected JSON, got {} other bytes", body.len())
}

/// Queries stay out of reports: they may carry personal data.
pub(super) fn without_query(target: &str) -> &str {
    target.split('?').next().unwrap_or(target)
}

impl fmt::Display for ExpectedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, without_query(&self.target))
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.outcome {
            Ok(answer) => write!(f, "Step({} -> {})", self.request, answer.status().as_u16()),
            Err(err) => write!(f, "Step({} -> {:?})", self.request, err.kind()),
        }
    }
}

impl fmt::Debug for ExpectedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ExpectedRequest({self})")
    }
}
