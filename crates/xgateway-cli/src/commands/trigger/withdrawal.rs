//! `xgateway trigger withdraw-failure`.

use serde_json::json;

use super::Made;
use super::remote::Remote;
use crate::arguments::TriggerWithdrawFailureArguments;
use crate::failure::Failure;

pub(super) async fn trigger(
    remote: &Remote,
    arguments: &TriggerWithdrawFailureArguments,
) -> Result<Made, Failure> {
    let order = arguments.order.clone().unwrap_or_else(super::new_id);
    let wish = json!({
        "customerId": arguments.customer,
        "currency": arguments.currency,
        "amount": arguments.amount,
        "orderId": order,
        "outcome": "failed",
    });
    let asked = remote.outside("withdrawals", &wish).await?;
    remote.wait_until(&asked["settlesAt"]).await?;
    let id = asked["transactionId"].as_str().unwrap_or_default();
    let transaction = remote.get(&format!("/v2/transaction/{id}")).await?;
    Ok(Made::new()
        .with("customerId", arguments.customer.as_str())
        .with("orderId", order)
        .with("transactionId", id)
        .with("transaction", transaction["status"].clone()))
}
