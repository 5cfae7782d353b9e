//! `xgateway trigger card`.

use serde_json::{Value, json};
use xgateway::api::path::segment;
use xgateway::core::id::OrderId;
use xgateway_sandbox::{EXAMPLE_ACCOUNT_ID, SandboxCard};

use super::Made;
use super::remote::Remote;
use crate::arguments::{CardOutcome, TriggerCardArguments};
use crate::failure::Failure;

/// How long a fixed invoice lives at the most that the sandbox has by default.
const FIXED_LIFE_SECONDS: i64 = 15 * 60;

pub(super) async fn trigger(
    remote: &Remote,
    arguments: &TriggerCardArguments,
) -> Result<Made, Failure> {
    let order = arguments.order.clone().unwrap_or_else(super::new_id);
    let order = OrderId::parse(&order)
        .map_err(|error| Failure::usage(error.to_string(), "give another --order"))?;
    let order = order.as_str();
    let path = format!("/v2/invoices/{}", segment(order));
    let answered = remote
        .post("/v2/gateway8", &body(arguments, order)?)
        .await?;
    let fails = matches!(
        arguments.outcome,
        CardOutcome::InsufficientFunds | CardOutcome::PartnerFailure | CardOutcome::AnswerLost
    );
    let made = Made::new()
        .with("orderId", order)
        .with("status", answered.status);
    if fails {
        // What is not there is what this outcome is about: only a lost answer leaves an invoice.
        return match remote.get(&path).await {
            Ok(invoice) => Ok(with_invoice(made, &invoice)),
            Err(_) => Ok(made),
        };
    }
    let data = answered.data()?;
    let url = data["threeDSURL"].as_str();
    let made = match url {
        Some(url) => {
            decide(remote, arguments.outcome, url).await?;
            made.with("threeDSURL", url)
        }
        None => made,
    };
    let invoice = remote.get(&path).await?;
    Ok(with_invoice(made, &invoice))
}

async fn decide(remote: &Remote, outcome: CardOutcome, url: &str) -> Result<(), Failure> {
    let page = remote.three_ds(url);
    let visit = match outcome {
        CardOutcome::Approved | CardOutcome::BankDeclined | CardOutcome::Slow => {
            page.approve().await
        }
        CardOutcome::Declined => page.decline().await,
        CardOutcome::Abandoned => page.leave().await,
        CardOutcome::Expired => return remote.wait(FIXED_LIFE_SECONDS).await,
        CardOutcome::Frictionless
        | CardOutcome::InsufficientFunds
        | CardOutcome::PartnerFailure
        | CardOutcome::AnswerLost => page.visit().await,
    };
    let visit = visit.map_err(|error| Failure::system("reach the 3DS page", error))?;
    if visit.status().is_client_error() {
        return Err(Failure::OfSandbox {
            status: visit.status().as_u16(),
            reason: "it has no such 3DS page for us".to_owned(),
        });
    }
    Ok(())
}

fn with_invoice(made: Made, invoice: &Value) -> Made {
    let mut made = made
        .with("invoiceId", invoice["id"].clone())
        .with("invoice", invoice["status"].clone());
    if let Some(transaction) = invoice["transactions"]
        .as_array()
        .and_then(|all| all.last())
    {
        made = made
            .with("transactionId", transaction["id"].clone())
            .with("transaction", transaction["status"].clone());
    }
    made
}

fn body(arguments: &TriggerCardArguments, order: &str) -> Result<Value, Failure> {
    let name = match arguments.outcome {
        CardOutcome::Approved
        | CardOutcome::Declined
        | CardOutcome::Abandoned
        | CardOutcome::Expired => "three_ds",
        CardOutcome::BankDeclined => "three_ds_then_declined",
        CardOutcome::Slow => "three_ds_then_slow",
        CardOutcome::Frictionless => "frictionless",
        CardOutcome::InsufficientFunds => "insufficient_funds",
        CardOutcome::PartnerFailure => "partner_failure",
        CardOutcome::AnswerLost => "answer_lost",
    };
    let card = SandboxCard::named(name).expect("these are names of the sandbox's own cards");
    let amount: serde_json::Number = serde_json::from_str(&arguments.amount).map_err(|_| {
        Failure::usage(
            "the amount is no number",
            "write it in major units, such as 25.00",
        )
    })?;
    let mut body = json!({
        "amount": amount,
        "baseCurrency": arguments.currency,
        "orderId": order,
        "accountId": EXAMPLE_ACCOUNT_ID,
        "customerId": arguments.customer,
        "customerEmail": "john.doe@example.com",
        "customerFirstName": "John",
        "customerLastName": "Doe",
        "customerPhone": "49 15123456789",
        "customerDateOfBirth": "2000-02-10",
        "userIp": "217.138.202.40",
        "billingAddress": {
            "addressLine1": "Hlavni mesto Praha 11 22",
            "city": "Prague",
            "countryCode": "CZ",
            "postalCode": "15000",
            "state": "Praha, Hlavni mesto",
        },
        "card": {
            "cardNumber": card.number,
            "cardholderName": "John Doe",
            "expiryMonth": "12",
            "expiryYear": "2099",
            "cardSecurityCode": "444",
        },
    });
    if let Some(url) = &arguments.redirect_url {
        body["redirectUrl"] = url.as_str().into();
    }
    Ok(body)
}
