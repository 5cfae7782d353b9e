//! `xgateway trigger deposit`.

use serde_json::json;

use super::Made;
use super::remote::Remote;
use crate::arguments::{DepositOutcome, TriggerDepositArguments};
use crate::failure::Failure;

pub(super) async fn trigger(
    remote: &Remote,
    arguments: &TriggerDepositArguments,
) -> Result<Made, Failure> {
    let wish = json!({"currency": arguments.currency, "customerId": arguments.customer});
    let channel = remote.post("/v2/channels", &wish).await?.data()?;
    let outcome = match arguments.outcome {
        DepositOutcome::Processing | DepositOutcome::Confirmed => "confirmed",
        DepositOutcome::Failed => "failed",
        DepositOutcome::FailedThenConfirmed => "failed_then_confirmed",
    };
    let payment = json!({
        "address": channel["address"],
        "amount": arguments.amount,
        "currency": arguments.currency,
        "outcome": outcome,
    });
    let paid = remote.outside("deposits", &payment).await?;
    if arguments.outcome != DepositOutcome::Processing {
        remote.wait_until(&paid["settlesAt"]).await?;
    }
    let id = paid["transactionId"].as_str().unwrap_or_default();
    let transaction = remote.get(&format!("/v2/transaction/{id}")).await?;
    Ok(Made::new()
        .with("customerId", arguments.customer.as_str())
        .with("address", channel["address"].clone())
        .with("transactionId", id)
        .with("transaction", transaction["status"].clone()))
}
