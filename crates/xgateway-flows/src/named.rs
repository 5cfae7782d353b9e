//! Which order a transaction names: by itself or, if it names none, by its invoice.

use xgateway_api::path::is_sure_segment;
use xgateway_api::types::TransactionData;
use xgateway_client::{Client, Error};
use xgateway_core::id::InvoiceId;

/// The order that the gateway names with a transaction. If that names an invoice alone, the gateway is asked for it.
///
/// This is the line between the flow of an order, which takes a transaction that names it, or none and its invoice, and that
/// of an address, which takes all others.
pub(crate) async fn order(
    client: &Client,
    transaction: &TransactionData,
) -> Result<Option<String>, Error> {
    let told = |id: &Option<String>| id.clone().filter(|id| !id.is_empty());
    if let Some(order) = told(&transaction.order_id) {
        return Ok(Some(order));
    }
    let invoice = told(&transaction.invoice_id).and_then(|id| InvoiceId::parse(&id).ok());
    let Some(invoice_id) = invoice else {
        return Ok(None);
    };
    match client.invoice(&invoice_id).await {
        // The gateway looks for an order of this id, too.
        Ok(answer) if answer.data().id == invoice_id.as_str() => Ok(told(&answer.data().order_id)),
        Ok(_) => Ok(None),
        Err(error) if error.is_not_found() && is_sure_segment(invoice_id.as_str()) => Ok(None),
        Err(error) => Err(error),
    }
}
