//! The page on which the customer's bank asks.

use bytes::Bytes;
use http::{Response, StatusCode};
use maud::{Markup, html};

use super::{POLICY, POLICY_WITH_REDIRECT, facts, moment, narrow, with_policy};
use crate::event::{InvoiceState, ThreeDsAct};
use crate::state::Invoice;

/// What the 3DS page shows.
pub(crate) struct Shown<'a> {
    pub(crate) invoice: &'a Invoice,
    /// Where the merchant wants the customer, fit for a link.
    pub(crate) redirect: Option<&'a str>,
}

/// The buttons that decide: what they post to, and what they say.
const BUTTONS: [(&str, &str); 3] = [
    ("approve", "Approve"),
    ("decline", "Decline"),
    ("leave", "Leave without deciding"),
];

pub(crate) fn three_ds_answer(shown: &Shown<'_>) -> Response<Bytes> {
    let policy = match shown.redirect {
        Some(_) => POLICY_WITH_REDIRECT,
        None => POLICY,
    };
    with_policy(StatusCode::OK, three_ds(shown).into_string(), policy)
}

fn three_ds(shown: &Shown<'_>) -> Markup {
    let invoice = shown.invoice;
    if invoice.status == InvoiceState::Active {
        return narrow("Approve this payment?", &question(invoice));
    }
    let (title, text) = outcome(invoice);
    let went_well = matches!(
        invoice.status,
        InvoiceState::Completed | InvoiceState::Processing
    );
    narrow(
        title,
        &html! {
            (facts(invoice))
            p role="status" { (text) }
            @match shown.redirect {
                Some(url) if went_well => {
                    p { a.button href=(url) { "Return to the merchant" } }
                }
                _ => { p { "You may close this page." } }
            }
            @if went_well && shown.redirect.is_none() && wants_customer_back(invoice) {
                p.note { "The shop's address is not opened from here: its scheme is neither http nor https." }
            }
        },
    )
}

fn wants_customer_back(invoice: &Invoice) -> bool {
    let page = invoice.facts.page.as_ref();
    page.is_some_and(|page| page.redirect.is_some())
}

fn question(invoice: &Invoice) -> Markup {
    html! {
        (facts(invoice))
        @if invoice.act == Some(ThreeDsAct::Left) {
            p role="status" { "You left this page before. Nothing is decided yet." }
        }
        @if let Some(page) = &invoice.facts.page {
            // Each button is a form of its own, so that it works without script, by keyboard and by thumb.
            div.buttons {
                @for (act, label) in BUTTONS {
                    form method="post" action={ (page.token.0.simple()) "/" (act) } {
                        button class=(act) type="submit" { (label) }
                    }
                }
            }
        }
        p.note {
            "Without a decision the payment is canceled at " (moment(invoice.facts.expires_at))
            " by the sandbox's clock."
        }
    }
}

fn outcome(invoice: &Invoice) -> (&'static str, &'static str) {
    match (invoice.status, invoice.act) {
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
    }
}
