//! Every request of the gateway's and of its pages becomes an event, once it has its answer.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{HeaderName, HeaderValue};
use http::{Method, Response};

use super::World;
use super::kept::is_too_long;
use crate::event::{EventKind, MerchantText, RequestFacts, RequestId};
use crate::faults::{Damage, Failure, Fault};
use crate::hidden;
use crate::journal::Body;

/// The header that names the request, for `/_sandbox/explain/{id}`.
const REQUEST_ID_HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The most characters that are kept of a path or a method that nobody knows.
const UNKNOWN_CHARS_MAX: usize = 120;

/// What is known of the request at hand.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    /// `None` if it is not worth an event: people who look change nothing.
    operation: Option<Cow<'static, str>>,
    subject: Option<MerchantText>,
    /// The newest event before it.
    before: u64,
    /// The body as people may see it, if whoever read it has made that.
    pub(super) body: Option<Body>,
    /// The bank fails, and whether the customer has paid all the same.
    pub(super) bank_fails: Option<bool>,
}

impl Asked {
    /// Whether nothing is known about what it is about.
    pub(super) fn has_no_subject(&self) -> bool {
        self.subject.is_none() && self.operation.is_some()
    }
}

impl World {
    pub(super) fn begin_request(&mut self) {
        self.asked = Asked {
            before: self.events.last(),
            ..Asked::default()
        };
    }

    /// Makes the request worth an event.
    pub(super) fn asks(&mut self, operation: &'static str) {
        self.asked.operation = Some(operation.into());
    }

    /// The same for a path that leads nowhere.
    pub(super) fn asks_for_unknown(&mut self, path: &str) {
        let short: String = hidden::shown(path)
            .chars()
            .take(UNKNOWN_CHARS_MAX)
            .collect();
        self.asked.operation = Some("unknown".into());
        self.asked.subject = Some(MerchantText::from(&*short));
    }

    /// Names what the request is about.
    pub(super) fn is_about(&mut self, id: impl Into<MerchantText>) {
        let id = id.into();
        if id.as_str().is_empty() || is_too_long(id.as_str()) {
            return;
        }
        let shown = match id.shown() {
            Cow::Borrowed(_) => None,
            Cow::Owned(shown) => Some(MerchantText::from(&*shown)),
        };
        self.asked.subject = Some(shown.unwrap_or(id));
    }

    /// Notes the answer, which `hit` may have kept from arriving, and says which event the request has become, if it was
    /// worth one.
    pub(super) fn end_request(
        &mut self,
        method: &Method,
        hit: Option<Fault>,
        answer: &mut Response<Bytes>,
    ) -> Option<u64> {
        let asked = std::mem::take(&mut self.asked);
        let operation = asked.operation?;
        let effects = self.events.last() - asked.before;
        self.record(EventKind::RequestAnswered(Arc::new(RequestFacts {
            method: name(method),
            operation,
            subject: asked.subject,
            status: told_status(hit, answer.status().as_u16()),
            fault: hit.map(|fault| fault.label().into()),
            effects,
        })));
        let event = self.events.last();
        let id = HeaderValue::try_from(RequestId(event).to_string());
        let id = id.expect("a letter and digits are visible ASCII");
        answer.headers_mut().insert(REQUEST_ID_HEADER, id);
        Some(event)
    }
}

/// The status that the other side gets to know.
fn told_status(hit: Option<Fault>, status: u16) -> Option<u16> {
    match hit {
        Some(Fault::BeforeCommit(failure) | Fault::AfterCommit(failure)) => match failure {
            Failure::Reset | Failure::Hang => None,
            Failure::Status(status, _) => Some(status),
            Failure::Delay(_) => Some(status),
        },
        Some(Fault::NoConnection | Fault::MidAnswer(Damage::Garbage)) => None,
        Some(
            Fault::Proxy(_)
            | Fault::MidAnswer(_)
            | Fault::WrongKey
            | Fault::Bank { .. }
            | Fault::Callback(_),
        )
        | None => Some(status),
    }
}

fn name(method: &Method) -> Cow<'static, str> {
    match *method {
        Method::GET => "GET".into(),
        Method::POST => "POST".into(),
        Method::HEAD => "HEAD".into(),
        Method::OPTIONS => "OPTIONS".into(),
        Method::PUT => "PUT".into(),
        Method::PATCH => "PATCH".into(),
        Method::DELETE => "DELETE".into(),
        _ => {
            let text = method.as_str().chars().take(UNKNOWN_CHARS_MAX);
            hidden::shown(&text.collect::<String>()).into_owned().into()
        }
    }
}
