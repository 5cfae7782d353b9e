//! What a customer follows while paying.

use jiff::Timestamp;
use maud::{Markup, html};
use uuid::Uuid;

use super::{clock_time, facts, moment, narrow};
use crate::event::InvoiceState;
use crate::state::Invoice;

/// An address and what was paid to it.
pub(crate) struct AddressShown<'a> {
    pub(crate) address: &'a str,
    pub(crate) currency: &'a str,
    pub(crate) network: Option<&'a str>,
    pub(crate) qr_code: Uuid,
    /// Where the page hears of changes.
    pub(crate) changes: String,
    /// The newest first: when, how much, its status, and when the blockchain will have spoken.
    pub(crate) payments: Vec<(Timestamp, String, &'static str, Option<Timestamp>)>,
}

/// How an invoice stands. The page hears of `changes`.
pub(crate) fn checkout(invoice: &Invoice, changes: &str) -> Markup {
    narrow(
        "Payment",
        &html! {
            (facts(invoice))
            div data-follow=(changes) {
                p role="status" { "This payment is " strong { (invoice.status.as_str()) } "." }
                @if let (Some(page), InvoiceState::Active) = (&invoice.facts.page, invoice.status) {
                    p { "The customer has not decided on the bank's page yet." }
                    a.button href={"/3ds/" (page.token.0.simple())} { "Go to the 3DS page" }
                }
            }
        },
    )
}

/// Where to pay, and what has come.
pub(crate) fn checkout_of_address(shown: &AddressShown<'_>) -> Markup {
    let AddressShown {
        address, currency, ..
    } = shown;
    narrow(
        &format!("Pay with {currency}"),
        &html! {
            img.qr src={"/public/" (shown.qr_code) ".svg"} alt="The address as a QR code" width="192" height="192";
            dl.stacked {
                dt { "Address" }
                dd { code { (address) } }
                @if let Some(network) = shown.network {
                    dt { "Network" }
                    dd { (network) }
                }
            }
            button type="button" hidden data-copy=(address) { "Copy the address" }
            h2 { "Payments" }
            div data-follow=(shown.changes) role="status" {
                @if shown.payments.is_empty() { p.empty { "None yet. This page shows them as they come." } }
                ul.links {
                    @for (at, amount, status, settles_at) in &shown.payments {
                        li {
                            (clock_time(*at)) " " strong { (amount) } " " span.badge.(status) { (status) }
                            @if let (Some(settles_at), "processing") = (settles_at, *status) {
                                span { "The blockchain confirms at " (moment(*settles_at)) " by the sandbox's clock." }
                            }
                        }
                    }
                }
            }
            details {
                summary { "Play the customer" }
                form method="post" action={"/checkout/" (address) "/pay"} {
                    label { "Amount in " (currency)
                        input type="text" name="amount" inputmode="decimal" required value="0.1" autocomplete="off";
                    }
                    label { "What the blockchain says"
                        select name="outcome" {
                            option value="confirmed" { "confirmed" }
                            option value="failed" { "failed" }
                            option value="failed_then_confirmed" { "failed, then confirmed" }
                        }
                    }
                    button.approve type="submit" { "Pay" }
                }
            }
        },
    )
}
