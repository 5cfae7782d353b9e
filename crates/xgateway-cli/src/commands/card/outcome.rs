use serde::Serialize;
use xgateway::api::deposit::CardDeposit;
use xgateway::core::id::InvoiceId;
use xgateway::flows::card::{Order, Progress};

use crate::commands::view::printable;
use crate::console::Console;
use crate::failure::Failure;
use crate::style::{GOOD, STRONG};

/// What a deposit came to, for programs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    ok: bool,
    outcome: &'static str,
    order_id: &'a str,
    amount: String,
    currency: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_id: Option<&'a str>,
    #[serde(rename = "threeDSURL", skip_serializing_if = "Option::is_none")]
    three_ds_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_url: Option<&'a str>,
}

impl<'a> Document<'a> {
    fn new(outcome: &'static str, order: &'a Order) -> Self {
        Self {
            ok: true,
            outcome,
            order_id: order.order_id().as_str(),
            amount: order.amount().value().to_string(),
            currency: order.amount().currency().as_str(),
            invoice_id: None,
            transaction_id: None,
            three_ds_url: None,
            payment_url: None,
        }
    }
}

/// Says that a request could be sent.
pub(super) fn dry_run(deposit: &CardDeposit, console: &mut Console) -> Result<(), Failure> {
    let order = Order::from(deposit);
    if console.is_json() {
        return console.document(&Document::new("valid", &order));
    }
    console.line(format_args!(
        "{GOOD}valid{GOOD:#}: {} for order {}; nothing was sent",
        order.amount(),
        order.order_id()
    ))
}

/// Says what a deposit came to.
pub(super) fn show(
    progress: Progress,
    order: &Order,
    console: &mut Console,
) -> Result<(), Failure> {
    let order_id = || order.order_id().to_string();
    match progress {
        Progress::Deposited(settled) => {
            if console.is_json() {
                return console.document(&Document {
                    invoice_id: Some(settled.invoice_id().as_str()),
                    transaction_id: Some(settled.transaction_id().as_str()),
                    ..Document::new("deposited", order)
                });
            }
            console.line(format_args!(
                "{GOOD}deposited{GOOD:#}: {} for order {}",
                settled.amount(),
                settled.order_id()
            ))?;
            console.line(format_args!("invoice      {}", settled.invoice_id()))?;
            console.line(format_args!("transaction  {}", settled.transaction_id()))
        }
        Progress::ThreeDsRequired { url } => {
            if console.is_json() {
                return console.document(&Document {
                    three_ds_url: Some(url.as_str()),
                    ..Document::new("three_ds_required", order)
                });
            }
            console.line(format_args!(
                "{STRONG}the customer must pass 3DS{STRONG:#}; nothing is charged before:"
            ))?;
            console.line(printable(url.as_str()))?;
            console.note(format_args!(
                "then: xgateway invoice get {}",
                order.order_id()
            ));
            Ok(())
        }
        Progress::InProgress(state) => {
            let invoice_id = state.invoice_id().map(InvoiceId::as_str);
            if console.is_json() {
                return console.document(&Document {
                    invoice_id,
                    payment_url: state.payment_url(),
                    ..Document::new("in_progress", order)
                });
            }
            console.line(format_args!(
                "{STRONG}in progress{STRONG:#}: the gateway has order {} and has not finished it",
                order.order_id()
            ))?;
            if let Some(url) = state.payment_url() {
                console.line(format_args!("page         {}", printable(url)))?;
            }
            console.note(format_args!(
                "look again: xgateway invoice get {}",
                order.order_id()
            ));
            Ok(())
        }
        Progress::Refused(refused) => Err(Failure::Refused(Box::new(refused))),
        Progress::Unknown { ticket } => Err(Failure::Unresolved(Box::new(ticket))),
        Progress::Failed { transaction_id } => Err(Failure::Declined {
            order_id: order_id(),
            transaction_id: transaction_id.map(String::from),
        }),
        Progress::NotCharged { error } => Err(error.map_or_else(
            || Failure::NotCharged {
                order_id: order_id(),
            },
            Failure::from,
        )),
        Progress::Contradiction(source) => Err(Failure::Contradiction {
            order_id: order_id(),
            source,
        }),
        // A way to stand that this version does not know: whoever wants to know more must look.
        _ => Err(Failure::Interrupted {
            order_id: order_id(),
        }),
    }
}
