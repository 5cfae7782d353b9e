//! The pages that people see: plain HTML that needs neither script nor anything from outside.

use std::fmt::Write as _;

use bytes::Bytes;
use http::header::{
    CONTENT_SECURITY_POLICY, HeaderValue, LOCATION, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::{Response, StatusCode};

use crate::answer::with_body;
use crate::event::{InvoiceState, ThreeDsAct};
use crate::state::Invoice;

const STYLE: &str = include_str!("page/style.css");

/// No script, no image, no font, no request: only the style that stands in the page, and its own forms.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'";

/// Browsers hold a form's redirect against `form-action` too, so pages that may lead to the merchant let it.
const POLICY_WITH_REDIRECT: &str = "default-src 'none'; style-src 'unsafe-inline'; \
     form-action 'self' http: https:; base-uri 'none'";

/// What the 3DS page shows.
pub(crate) struct Shown<'a> {
    pub(crate) invoice: &'a Invoice,
    /// Where the merchant wants the customer, fit for a link.
    pub(crate) redirect: Option<&'a str>,
}

/// A page with the headers that keep it to itself.
pub(crate) fn answer(status: StatusCode, html: &str) -> Response<Bytes> {
    with_policy(status, html, POLICY)
}

pub(crate) fn three_ds_answer(shown: &Shown<'_>) -> Response<Bytes> {
    let policy = match shown.redirect {
        Some(_) => POLICY_WITH_REDIRECT,
        None => POLICY,
    };
    with_policy(StatusCode::OK, &three_ds(shown), policy)
}

pub(crate) fn see_other(to: HeaderValue) -> Response<Bytes> {
    let mut answer = with_policy(StatusCode::SEE_OTHER, "", POLICY);
    answer.headers_mut().insert(LOCATION, to);
    answer
}

pub(crate) fn unknown() -> String {
    document(
        "Unknown page",
        "<p>There is no payment at this address.</p>",
    )
}

pub(crate) fn index(public_url: &str) -> String {
    let url = Escaped(public_url);
    document(
        "A payment gateway for tests",
        &format!(
            "<dl class=\"stacked\"><dt>Base URL of the API</dt><dd><code>{url}/api</code></dd></dl>\
             <ul><li><a href=\"/openapi.yaml\">OpenAPI document</a></li>\
             <li><a href=\"/_sandbox/events\">Events</a></li>\
             <li><a href=\"/_sandbox/health\">Health</a></li></ul>"
        ),
    )
}

pub(crate) fn checkout(invoice: &Invoice) -> String {
    let mut body = facts(invoice);
    let _ = write!(
        body,
        "<p role=\"status\">This payment is <strong>{}</strong>.</p>",
        invoice.status.as_str()
    );
    document("Payment", &body)
}

fn three_ds(shown: &Shown<'_>) -> String {
    let invoice = shown.invoice;
    let mut body = facts(invoice);
    if invoice.status == InvoiceState::Active {
        if invoice.act == Some(ThreeDsAct::Left) {
            body.push_str(
                "<p role=\"status\">You left this page before. Nothing is decided yet.</p>",
            );
        }
        body.push_str(&buttons(invoice));
        let _ = write!(
            body,
            "<p class=\"note\">Without a decision the payment is canceled at \
             <time datetime=\"{0:.0}\">{1}</time> by the sandbox's clock.</p>",
            invoice.facts.expires_at,
            invoice.facts.expires_at.strftime("%Y-%m-%d %H:%M:%S UTC"),
        );
        return document("Approve this payment?", &body);
    }
    let (title, text) = match (invoice.status, invoice.act) {
        (InvoiceState::Completed, _) => ("Payment approved", "The payment was approved."),
        (InvoiceState::Processing, _) => (
            "Payment in progress",
            "You approved the payment. The bank is still working on it.",
        ),
        (_, Some(ThreeDsAct::Declined)) => ("Payment declined", "You declined the payment."),
        (_, Some(ThreeDsAct::Approved | ThreeDsAct::Passed)) => {
            ("Payment declined", "The bank declined the payment.")
        }
        (_, Some(ThreeDsAct::Left) | None) => ("Payment canceled", "It can no longer be approved."),
    };
    let _ = write!(body, "<p role=\"status\">{text}</p>");
    let went_well = matches!(
        invoice.status,
        InvoiceState::Completed | InvoiceState::Processing
    );
    match shown.redirect {
        Some(url) if went_well => {
            let _ = write!(
                body,
                "<p><a class=\"button\" href=\"{}\">Return to the merchant</a></p>",
                Escaped(url)
            );
        }
        _ => body.push_str("<p>You may close this page.</p>"),
    }
    document(title, &body)
}

fn facts(invoice: &Invoice) -> String {
    let facts = &invoice.facts;
    let mut html = String::from("<dl>");
    if let Some(order_id) = &facts.order_id {
        let _ = write!(
            html,
            "<dt>Order</dt><dd>{}</dd>",
            Escaped(&xgateway_core::secret::scrub(order_id.as_str()))
        );
    }
    let _ = write!(
        html,
        "<dt>Amount</dt><dd>{} {}</dd><dt>Card</dt><dd>ending in {}</dd></dl>",
        facts.amount,
        facts.currency.as_str(),
        Escaped(&facts.card.last_four)
    );
    html
}

/// Each button is a form of its own, so that it works without script, by keyboard and by thumb.
fn buttons(invoice: &Invoice) -> String {
    let token = match &invoice.facts.page {
        Some(page) => page.token.0.simple().to_string(),
        None => return String::new(),
    };
    let mut html = String::from("<div class=\"buttons\">");
    for (act, label) in [
        ("approve", "Approve"),
        ("decline", "Decline"),
        ("leave", "Leave without deciding"),
    ] {
        let _ = write!(
            html,
            "<form method=\"post\" action=\"{token}/{act}\">\
             <button class=\"{act}\" type=\"submit\">{label}</button></form>"
        );
    }
    html.push_str("</div>");
    html
}

fn document(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><meta name=\"robots\" content=\"noindex\">\
         <title>{title} - XGateway sandbox</title><style>{STYLE}</style></head>\
         <body><main><p class=\"badge\">Sandbox: no money moves</p><h1>{title}</h1>{body}</main></body></html>\n"
    )
}

fn with_policy(status: StatusCode, html: &str, policy: &'static str) -> Response<Bytes> {
    let body = Bytes::copy_from_slice(html.as_bytes());
    let mut answer = with_body(status, "text/html; charset=utf-8", body);
    let headers = answer.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    // The page's URL is a key to the payment.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer
}

/// Text that is no markup, in an element or in a quoted attribute.
struct Escaped<'a>(&'a str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}
