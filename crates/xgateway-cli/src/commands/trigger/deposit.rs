//! `xgateway trigger deposit`.

use jiff::Timestamp;
use serde_json::{Value, json};

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
        wait_for(remote, &paid).await?;
    }
    let id = paid["transactionId"].as_str().unwrap_or_default();
    let transaction = remote.get(&format!("/v2/transaction/{id}")).await?;
    Ok(Made::new()
        .with("customerId", arguments.customer.as_str())
        .with("address", channel["address"].clone())
        .with("transactionId", id)
        .with("transaction", transaction["status"].clone()))
}

/// Moves the clock until the blockchain has spoken.
async fn wait_for(remote: &Remote, paid: &Value) -> Result<(), Failure> {
    let time = |value: &Value| {
        value
            .as_str()
            .and_then(|text| text.parse::<Timestamp>().ok())
    };
    let Some(settles_at) = time(&paid["settlesAt"]) else {
        return Ok(());
    };
    let now = remote.outside("clock", &json!({"seconds": 0})).await?;
    let Some(now) = time(&now) else {
        return Ok(());
    };
    let left = settles_at.duration_since(now).as_secs() + 1;
    remote.wait(left.max(0)).await
}
