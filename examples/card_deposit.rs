//! A card deposit, seen through: 3DS, the customer's return, and an answer that got lost.
//!
//! Run it with `cargo run -p xgateway-examples --bin card_deposit`. It needs no account and no network: the gateway is a
//! sandbox in this process. For the real one, give the client `Environment::Demo`, your key and `ReqwestTransport`.

#![expect(clippy::print_stdout, reason = "an example tells its story")]

use jiff::civil::date;
use xgateway::api::deposit::CardDeposit;
use xgateway::api::environment::Environment;
use xgateway::api::policy::CardPolicy;
use xgateway::client::Client;
use xgateway::flows::card::{CardDepositFlow, Progress};
use xgateway::transport::test_util::{Fault, FaultyTransport};
use xgateway_sandbox::{Config, Sandbox};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let config = Config::new(1);
    let key = config.api_key.clone();
    let sandbox = Sandbox::new(config);
    let environment = Environment::sandbox(&sandbox.base_url())?;

    three_ds(
        &Client::new(environment.clone(), key.clone(), sandbox.transport()),
        &sandbox,
    )
    .await?;

    // The gateway acts, and its answer never arrives.
    let unlucky = FaultyTransport::new(sandbox.transport()).then(Fault::LoseAnswer);
    lost_answer(&Client::new(environment, key, unlucky)).await
}

async fn three_ds(client: &Client, sandbox: &Sandbox) -> Outcome<()> {
    let deposit = deposit(client, "order-1", "4000 0000 0000 0002")?;
    let mut flow = CardDepositFlow::new(client.clone(), deposit);
    // Store this under the order id before the first byte is sent. It holds no card data.
    let stored = flow.snapshot();

    let Progress::ThreeDsRequired { url } = flow.start().await else {
        return Err("this card asks for 3DS".into());
    };
    println!("order-1: the customer is sent to the 3DS page");

    // The customer approves in a browser; meanwhile our process is restarted.
    sandbox.three_ds(url.as_str()).approve();
    let mut flow = CardDepositFlow::resume(client.clone(), &stored)?;

    // That the customer is back says nothing about money: the flow asks the gateway.
    let Progress::Deposited(settled) = flow.customer_returned().await else {
        return Err("not settled".into());
    };
    // Credit under `settled.transaction_id()`, which is unique: whoever asks twice must not pay twice.
    println!(
        "order-1: credit {} to {}",
        settled.amount(),
        settled.customer_id()
    );
    Ok(())
}

async fn lost_answer(client: &Client) -> Outcome<()> {
    let deposit = deposit(client, "order-2", "4000 0000 0001 1017")?;
    let mut flow = CardDepositFlow::new(client.clone(), deposit);
    let Progress::Unknown { ticket } = flow.start().await else {
        return Err("the answer was lost".into());
    };
    println!("order-2: nobody knows; {}", ticket.advice());

    // The ticket leads to reading only. Nothing is sent a second time.
    let Progress::Deposited(settled) = flow.resolve(ticket).await else {
        return Err("not settled".into());
    };
    println!(
        "order-2: credit {} to {}",
        settled.amount(),
        settled.customer_id()
    );
    Ok(())
}

/// What a form brings, checked against the gateway's rules and our policy, with all issues at once.
fn deposit(client: &Client, order_id: &str, card_number: &str) -> Outcome<CardDeposit> {
    let form = format!(
        r#"{{
            "amount": 25.00, "baseCurrency": "EUR", "orderId": "{order_id}",
            "accountId": "a67ec03c-0253-4c14-9961-28985186f90c", "customerId": "customer-1",
            "customerDateOfBirth": "2000-02-10", "customerEmail": "john.doe@example.com",
            "customerFirstName": "John", "customerLastName": "Doe", "customerPhone": "49 15123456789",
            "userIp": "217.138.202.40",
            "billingAddress": {{"addressLine1": "Main Street 1", "city": "Prague", "countryCode": "CZ",
                               "postalCode": "15000", "state": "Praha"}},
            "card": {{"cardNumber": "{card_number}", "cardholderName": "John Doe",
                     "expiryMonth": "12", "expiryYear": "2028", "cardSecurityCode": "444"}}
        }}"#
    );
    let today = date(2026, 11, 21); // From your clock.
    let policy = CardPolicy::new(client.environment(), today);
    Ok(CardDeposit::from_json(form.as_bytes(), &policy)?)
}
