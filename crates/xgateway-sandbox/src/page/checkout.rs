use maud::{Markup, html};

use super::{facts, narrow};
use crate::state::Invoice;

/// How an invoice stands, for the customer's eyes.
pub(crate) fn checkout(invoice: &Invoice) -> Markup {
    narrow(
        "Payment",
        &html! {
            (facts(invoice))
            p role="status" { "This payment is " strong { (invoice.status.as_str()) } "." }
        },
    )
}
