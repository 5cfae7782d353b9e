//! The pages for customers: 3DS, and the state of an invoice.

use std::fmt::Write as _;

use bytes::Bytes;
use http::header::HeaderValue;
use http::{Method, Response, StatusCode};
use uuid::Uuid;

use super::World;
use super::routes::{not_allowed, options};
use crate::answer::Refusal;
use crate::card::AfterApproval;
use crate::event::{
    EventKind, InvoiceState, PageFacts, PageToken, RedirectUrl, ThreeDsAct, TransactionState, Why,
};
use crate::page::{self, Shown};
use crate::state::Invoice;

impl World {
    /// `GET /3ds/{token}` shows the page, `POST /3ds/{token}/{approve,decline,leave}` is one of its buttons.
    pub(super) fn three_ds(
        &mut self,
        method: &Method,
        rest: &str,
    ) -> Result<Response<Bytes>, Refusal> {
        let (token, button) = match rest.split_once('/') {
            Some((token, button)) => (token, Some(button)),
            None => (rest, None),
        };
        let act = match button {
            None => None,
            Some("approve") => Some(ThreeDsAct::Approved),
            Some("decline") => Some(ThreeDsAct::Declined),
            Some("leave") => Some(ThreeDsAct::Left),
            Some(_) => return Err(Refusal::UnknownPath),
        };
        let Some(id) = self.invoice_of_token(token) else {
            return Ok(page::answer(StatusCode::NOT_FOUND, page::unknown()));
        };
        self.is_about(id);
        match (method.as_str(), act) {
            ("GET", None) => Ok(self.visit(id)),
            ("HEAD", None) => Ok(self.show(id)),
            ("POST", Some(act)) => Ok(self.press(id, act)),
            ("OPTIONS", None) => Ok(options("GET, HEAD, OPTIONS")),
            ("OPTIONS", Some(_)) => Ok(options("POST, OPTIONS")),
            (_, None) => Err(not_allowed("GET, HEAD, OPTIONS")),
            (_, Some(_)) => Err(not_allowed("POST, OPTIONS")),
        }
    }

    pub(super) fn invoice_of_token(&self, token: &str) -> Option<Uuid> {
        let invoice = self.state.invoice_of_page(parse_token(token)?)?;
        Some(invoice.facts.id)
    }

    fn visit(&mut self, id: Uuid) -> Response<Bytes> {
        let invoice = self.state.invoice(id);
        let passes = page_of(invoice).is_some_and(|page| page.passes_by_itself);
        if passes && invoice.status == InvoiceState::Active {
            return self.press(id, ThreeDsAct::Passed);
        }
        self.show(id)
    }

    fn show(&self, id: Uuid) -> Response<Bytes> {
        let invoice = self.state.invoice(id);
        let redirect = page_of(invoice)
            .and_then(|page| page.redirect.as_ref())
            .and_then(location);
        let shown = Shown {
            invoice,
            redirect: redirect.as_ref().and_then(|value| value.to_str().ok()),
        };
        page::three_ds_answer(&shown)
    }

    /// Does what a button says, unless all is decided, and leads on from there.
    fn press(&mut self, id: Uuid, act: ThreeDsAct) -> Response<Bytes> {
        if self.state.invoice(id).status == InvoiceState::Active {
            self.act(id, act);
        }
        let invoice = self.state.invoice(id);
        // A second press of the button must lead where the first one would have led.
        let passed = matches!(invoice.act, Some(ThreeDsAct::Approved | ThreeDsAct::Passed));
        let has_failed = invoice.status == InvoiceState::Canceled;
        let page = page_of(invoice);
        let redirect = page
            .filter(|_| passed && !has_failed)
            .and_then(|page| page.redirect.as_ref())
            .and_then(location);
        match (redirect, act) {
            (Some(to), _) => page::see_other(to),
            // Already on the page itself.
            (None, ThreeDsAct::Passed) => self.show(id),
            (None, ThreeDsAct::Approved | ThreeDsAct::Declined | ThreeDsAct::Left) => {
                let token = page.map(|page| page.token.0.simple().to_string());
                let to = format!("../{}", token.unwrap_or_default());
                page::see_other(HeaderValue::from_str(&to).expect("a token is hexadecimal"))
            }
        }
    }

    fn act(&mut self, id: Uuid, act: ThreeDsAct) {
        self.record(EventKind::ThreeDs { invoice: id, act });
        let invoice = self.state.invoice(id);
        let after = page_of(invoice).map_or(AfterApproval::Confirmed, |page| page.after_approval);
        match (act, after) {
            (ThreeDsAct::Left, _) => {}
            (ThreeDsAct::Declined, _)
            | (ThreeDsAct::Approved | ThreeDsAct::Passed, AfterApproval::Declined) => {
                self.settle(id, TransactionState::Failed, Why::Declined);
            }
            (ThreeDsAct::Approved | ThreeDsAct::Passed, AfterApproval::Confirmed) => {
                self.settle(id, TransactionState::Confirmed, Why::Paid);
            }
            (ThreeDsAct::Approved | ThreeDsAct::Passed, AfterApproval::Slow) => {
                self.settle(id, TransactionState::Processing, Why::BankIsSlow);
            }
        }
    }
}

fn page_of(invoice: &Invoice) -> Option<&PageFacts> {
    invoice.facts.page.as_ref()
}

fn parse_token(text: &str) -> Option<PageToken> {
    (text.len() == 32)
        .then(|| Uuid::try_parse(text).ok().map(PageToken))
        .flatten()
}

/// The merchant's URL as a header value, if it is one that a browser may be sent to.
///
/// The rules admit every URL that has a scheme; `javascript:` and its like are not for us.
fn location(url: &RedirectUrl) -> Option<HeaderValue> {
    let text = url.0.trim();
    let has_scheme = |scheme: &str| {
        text.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    if !has_scheme("https://") && !has_scheme("http://") {
        return None;
    }
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            // Browsers drop these from a URL.
            b'\t' | b'\n' | b'\r' => {}
            0x21..=0x7e => encoded.push(char::from(byte)),
            _ => {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    HeaderValue::from_str(&encoded).ok()
}
