//! Card deposits, seen through: 3DS, a process that dies, an answer that got lost, and a card that is declined.
//!
//! Run it with `cargo run -p xgateway-examples --bin card_deposit`. It needs no account and no network: the gateway is a
//! sandbox in this process. For the real one, give the client `Environment::Demo`, your key and `ReqwestTransport`.

#![expect(clippy::print_stdout, reason = "an example tells its story")]

use std::path::Path;
use std::sync::Arc;

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use xgateway::api::deposit::CardDeposit;
use xgateway::api::environment::Environment;
use xgateway::api::policy::CardPolicy;
use xgateway::client::Client;
use xgateway::flows::card::{JournalledCards, Progress, SettledTransaction, Standing};
use xgateway::store::{FingerprintKey, SqliteOptions, SqliteStore};
use xgateway::transport::Transport;
use xgateway::transport::test_util::{Fault, FaultyTransport};
use xgateway_sandbox::{Config, Sandbox};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const NOW: Timestamp = Timestamp::UNIX_EPOCH; // From your clock.

/// After it the call has ended, one way or the other.
const LATER: SignedDuration = SignedDuration::from_mins(1);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let sandbox = Sandbox::new(Config::new(1));
    let folder = tempfile::tempdir()?;
    let journal = folder.path().join("journal.db");

    three_ds(&sandbox, &journal).await?;
    lost_answer(&sandbox, &journal).await?;
    declined(&sandbox, &journal).await
}

/// What each process of yours sets up once. Whoever shares the journal can follow every deposit.
async fn process(
    sandbox: &Sandbox,
    transport: impl Transport,
    journal: &Path,
) -> Outcome<JournalledCards> {
    let environment = Environment::sandbox(&sandbox.base_url())?;
    let api_key = sandbox.world(|world| world.config().api_key.clone());
    let client = Client::new(environment, api_key, transport);
    let store = SqliteStore::open(SqliteOptions::new(journal)).await?;
    // 32 random bytes of yours, kept apart from the journal.
    let key = FingerprintKey::new(&[7; 32])?;
    Ok(JournalledCards::new(client, Arc::new(store), key))
}

async fn three_ds(sandbox: &Sandbox, journal: &Path) -> Outcome<()> {
    let cards = process(sandbox, sandbox.transport(), journal).await?;
    let standing = cards
        .deposit(deposit(sandbox, "order-1", "4000 0000 0000 0002")?, NOW)
        .await?;
    let Progress::ThreeDsRequired { url } = standing.progress else {
        return Err("this card asks for 3DS".into());
    };
    println!("order-1: the customer is sent to the 3DS page");

    // The customer approves in a browser; meanwhile our process is restarted.
    drop(cards);
    sandbox.three_ds(url.as_str()).approve();
    let cards = process(sandbox, sandbox.transport(), journal).await?;

    // That the customer is back says nothing about money: the gateway is asked.
    let settled = deposited(cards.look(&standing.attempt, NOW).await?)?;
    credit(&cards, &settled).await
}

async fn lost_answer(sandbox: &Sandbox, journal: &Path) -> Outcome<()> {
    // The gateway acts, and its answer never arrives.
    let unlucky = FaultyTransport::new(sandbox.transport()).then(Fault::LoseAnswer);
    let cards = process(sandbox, unlucky, journal).await?;
    let standing = cards
        .deposit(deposit(sandbox, "order-2", "4000 0000 0001 1017")?, NOW)
        .await?;
    let Progress::Unknown { ticket } = standing.progress else {
        return Err("the answer was lost".into());
    };
    println!("order-2: nobody knows; {}", ticket.advice());

    // At every start, and every few minutes: finish what is open. It asks and never sends.
    for resumed in cards.resume_all(NOW + LATER).await? {
        let settled = deposited(resumed.outcome?)?;
        credit(&cards, &settled).await?;
    }
    Ok(())
}

async fn declined(sandbox: &Sandbox, journal: &Path) -> Outcome<()> {
    let cards = process(sandbox, sandbox.transport(), journal).await?;
    let first = cards
        .deposit(deposit(sandbox, "order-3", "4000 0000 0000 0002")?, NOW)
        .await?;
    let Progress::ThreeDsRequired { url } = first.progress else {
        return Err("this card asks for 3DS".into());
    };
    sandbox.three_ds(url.as_str()).decline();
    let Progress::Failed { .. } = cards.look(&first.attempt, NOW).await?.progress else {
        return Err("the customer declined".into());
    };
    println!("order-3: declined; the customer takes another card");

    // The next attempt, under an order id of its own. Before a proven decline nothing would be sent.
    let other = deposit(sandbox, "order-3", "4000 0000 0001 1017")?;
    let settled = deposited(cards.retry(other, &first.attempt, NOW).await?)?;
    credit(&cards, &settled).await
}

fn deposited(standing: Standing) -> Outcome<SettledTransaction> {
    let Progress::Deposited(settled) = standing.progress else {
        return Err(format!("not settled: {standing:?}").into());
    };
    Ok(settled)
}

/// Credit under the transaction's id, which is unique: whoever asks twice must not pay twice. Then say so.
async fn credit(cards: &JournalledCards, settled: &SettledTransaction) -> Outcome<()> {
    println!(
        "{}: credit {} to {}",
        settled.order_id(),
        settled.amount(),
        settled.customer_id()
    );
    cards.credited(settled, NOW).await?;
    Ok(())
}

/// What a form brings, checked against the gateway's rules and our policy, with all issues at once.
fn deposit(sandbox: &Sandbox, order_id: &str, card_number: &str) -> Outcome<CardDeposit> {
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
    let environment = Environment::sandbox(&sandbox.base_url())?;
    let policy = CardPolicy::new(&environment, today);
    Ok(CardDeposit::from_json(form.as_bytes(), &policy)?)
}
