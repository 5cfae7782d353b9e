//! Whose payment a callback tells of: the handler of docs/guides/callbacks.md, with card orders and payments to addresses.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use http::Request;
use jiff::SignedDuration;
use jiff::civil::date;
use xgateway::api::deposit::CardDeposit;
use xgateway::api::environment::Environment;
use xgateway::api::policy::CardPolicy;
use xgateway::callback::{
    AtLeastOnce, Clock, ConfirmedCallback, Handler, HandlerError, KeyRing, Processor, Receiver,
    SystemClock,
};
use xgateway::client::Client;
use xgateway::core::id::{CustomerId, TransactionId};
use xgateway::core::money::Currency;
use xgateway::flows::card::{CallbackHint, JournalledCards, JournalledError, Progress};
use xgateway::store::{
    FingerprintKey, Inbox as _, IntentState, Outcome, SqliteOptions, SqliteStore,
};
use xgateway::{ConfirmThrough, no_answer};
use xgateway_sandbox::{Config, Sandbox, World};

/// A shop that takes cards, and payments to addresses.
struct Shop {
    cards: Arc<JournalledCards>,
    ledger: Arc<Ledger>,
    clock: Arc<dyn Clock>,
}

#[async_trait]
impl Handler for Shop {
    async fn handle(&self, callback: &ConfirmedCallback) -> Result<(), HandlerError> {
        let ConfirmedCallback::Transaction(transaction) = callback else {
            return Ok(());
        };
        // As the API says, by its order or its invoice: the hash covers neither.
        let paid = self.cards.attempt_paid_by(transaction.data()).await;
        if let Some(attempt) = paid.map_err(unasked)? {
            let now = self.clock.now();
            let id = TransactionId::parse(&transaction.data().id).map_err(again)?;
            let hint = CallbackHint::new(id);
            let standing = self.cards.callback_hint(&attempt, &hint, now).await;
            let progress = standing.map_err(again)?.progress;
            if let Some(error) = progress.unread() {
                return Err(no_answer(error).into());
            }
            if let Progress::Deposited(settled) = progress {
                let (id, amount) = (settled.transaction_id().as_str(), settled.amount());
                self.ledger.credit(id, settled.customer_id(), amount)?;
                let credited = self.cards.credited(&settled, now).await; // Only now is it over.
                credited.map_err(again)?;
            }
            return Ok(()); // A contradiction waits for a person, in the journal.
        }
        if transaction.is_reversal() {
            return Err(HandlerError::Never(
                "a person must take the credit back".into(),
            ));
        }
        if let Some(deposit) = transaction.settled_deposit() {
            // To an address, or by bank.
            let amount = format!("{} {}", deposit.amount(), deposit.currency());
            self.ledger
                .credit(deposit.id(), deposit.customer_id(), amount)?;
        }
        Ok(())
    }
}

/// If the gateway was not heard, it comes again for as long as that takes; what it refuses, a few times.
fn unasked(error: JournalledError) -> HandlerError {
    if let JournalledError::InvoiceUnread { source } = &error {
        return no_answer(source).into();
    }
    again(error)
}

fn again(error: impl Display) -> HandlerError {
    HandlerError::Again(error.to_string())
}

/// Your books: a credit has the transaction's id as its unique key, so that it is booked once.
#[derive(Default)]
struct Ledger(Mutex<BTreeMap<String, String>>);

impl Ledger {
    fn credit(&self, id: &str, customer: &str, amount: impl Display) -> Result<(), HandlerError> {
        let mut credits = self.0.lock().map_err(again)?;
        let credit = format!("{customer} +{amount}");
        credits.entry(id.to_owned()).or_insert(credit);
        Ok(())
    }
}

#[test]
fn the_guide_shows_it() {
    let source = include_str!("whose_payment.rs");
    let from = source.find("/// A shop that takes cards").unwrap();
    let to = source.find("#[test]").unwrap();
    let guide = include_str!("../../docs/guides/callbacks.md");
    assert!(guide.contains(source[from..to].trim_end()));
}

#[tokio::test]
async fn a_card_order_goes_to_its_flow_and_any_other_payment_to_its_customer() {
    let mut config = Config::new(1);
    config.channel_order_ids = true;
    let secret_key = config.secret_key.clone();
    let sandbox = Sandbox::new(config.clone());
    let environment = Environment::sandbox(&sandbox.base_url()).unwrap();
    let client = Client::new(environment, config.api_key, sandbox.transport());
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteOptions::new(folder.path().join("shop.db"));
    let store = Arc::new(SqliteStore::open(options).await.unwrap());
    let key = FingerprintKey::new(&[7; 32]).unwrap();
    let cards = Arc::new(JournalledCards::new(client.clone(), store.clone(), key));
    let ledger = Arc::new(Ledger::default());
    let clock = Arc::new(SystemClock);
    let shop = Shop {
        cards: Arc::clone(&cards),
        ledger: Arc::clone(&ledger),
        clock: clock.clone(),
    };
    let receiver = Receiver::new(
        store.clone(),
        ConfirmThrough::name_of(client.environment()),
        KeyRing::new(secret_key),
        clock.clone(),
    );
    let processor = Processor::new(
        Arc::new(ConfirmThrough::new(client.clone())),
        Arc::new(AtLeastOnce::new(store.clone(), shop)),
        clock.clone(),
    );

    let ann = CustomerId::parse("ann").unwrap();
    let address = client.address(&Currency::TUsdt, &ann).await.unwrap();
    pay(&sandbox, address.data().as_str());
    for (order, says) in [("order-1", true), ("order-2", false)] {
        let deposit = cards.deposit(deposit(&sandbox, order), clock.now());
        let Progress::ThreeDsRequired { url } = deposit.await.unwrap().progress else {
            panic!("this card asks for 3DS");
        };
        let page = sandbox.three_ds(url.as_str());
        if says {
            page.approve()
        } else {
            page.decline()
        };
    }
    sandbox.world(|world| world.advance(SignedDuration::from_mins(30)));

    let callbacks = sandbox.world(World::take_callbacks);
    for callback in callbacks.iter().chain(&callbacks) {
        let answer = receiver.receive(callback.body().clone()).await;
        assert!(answer.status().is_success(), "{answer:?}");
    }
    while processor.round().await.unwrap().claimed() > 0 {}

    let mut credits: Vec<_> = ledger.0.lock().unwrap().values().cloned().collect();
    credits.sort();
    assert_eq!(credits, ["ann +25 tUSDT", "customer-1 +25.00 EUR"]);
    let state = async |order: &str| {
        let attempt = cards.attempt_at(order).await.unwrap().unwrap();
        cards.attempts(attempt.order()).await.unwrap()[0].state
    };
    assert_eq!(
        state("order-1").await,
        IntentState::Finished(Outcome::Charged)
    );
    assert_eq!(
        state("order-2").await,
        IntentState::Finished(Outcome::Declined)
    );
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.open, counts.dead), (0, 0));
}

/// Somebody pays to an address on the blockchain.
fn pay(sandbox: &Sandbox, address: &str) {
    let payment = format!(r#"{{"address":"{address}","amount":"25","outcome":"confirmed"}}"#);
    let request = Request::post("/_sandbox/deposits")
        .header("content-type", "application/json")
        .body(Bytes::from(payment))
        .expect("it is a request");
    let answer = sandbox.world(|world| world.handle(&request));
    assert!(answer.status().is_success(), "{}", answer.status());
}

fn deposit(sandbox: &Sandbox, order: &str) -> CardDeposit {
    let guide = include_str!("../../docs/guides/command-line.md");
    let (_, rest) = guide
        .split_once("### `card deposit`")
        .expect("it has that part");
    let (_, rest) = rest.split_once("```json\n").expect("it shows a request");
    let form = rest
        .split_once("```")
        .expect("it ends")
        .0
        .replace("order-1", order);
    let environment = Environment::sandbox(&sandbox.base_url()).expect("it is a URL");
    let policy = CardPolicy::new(&environment, date(2026, 11, 21));
    CardDeposit::from_json(form.as_bytes(), &policy).expect("the guide's request is valid")
}
