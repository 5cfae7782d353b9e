//! Payments to addresses beside card orders: each is credited by one of the two flows, whatever order the gateway names.

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use xgateway_api::environment::Environment;
use xgateway_client::Client;
use xgateway_core::id::{CustomerId, OrderId, TransactionId};
use xgateway_core::money::Currency;
use xgateway_flows::card::{CallbackHint, JournalledCards};
use xgateway_flows::deposit::{DepositFlow, Orders as _, Progress};
use xgateway_sandbox::{CHANNEL_ORDER_ID, Config};
use xgateway_store::{Attempt, Destination, Fingerprint, FingerprintKey, NewIntent};
use xgateway_transport::{Body, SharedTransport, Transport, TransportError};

use crate::attempts::{retry, with_a_decline};
use crate::failing::FailingJournal;
use crate::shop::{Shop, attempt, deposit, deposited};

fn deposits(shop: &Shop, cards: JournalledCards) -> DepositFlow {
    let environment = Environment::sandbox(&shop.sandbox.base_url()).unwrap();
    let client = Client::new(environment, shop.api_key(), shop.sandbox.transport());
    DepositFlow::new(client, CustomerId::parse("customer-1").unwrap(), cards)
}

/// Pays to an address, and says under which id the gateway confirms it.
fn pay(shop: &mut Shop, address: &str) -> CallbackHint {
    let payment = json!({"address": address, "amount": "25.5"}).to_string();
    let request = Request::post("/_sandbox/deposits")
        .header("content-type", "application/json")
        .body(Bytes::from(payment))
        .unwrap();
    let answer = shop.sandbox.world(|world| world.handle(&request));
    let answer: Value = serde_json::from_slice(answer.body()).unwrap();
    shop.pass(SignedDuration::from_mins(30));
    let id = answer["data"]["transactionId"].as_str().unwrap();
    CallbackHint::new(TransactionId::parse(id).unwrap())
}

#[tokio::test]
async fn each_payment_is_for_one_of_the_two_flows() {
    let mut config = Config::new(1);
    config.channel_order_ids = true;
    let mut shop = Shop::with(config);
    let standing = shop.deposit("frictionless").await.unwrap();
    let settled = deposited(standing);
    let mut flow = deposits(&shop, shop.process());

    // That of a card order, also if its hint comes here first.
    let hint = CallbackHint::new(settled.transaction_id().clone());
    let progress = flow.callback_hint(&hint).await;
    assert!(
        matches!(&progress, Progress::OfOrder(order) if &**order == "order-1"),
        "{progress:?}"
    );
    assert_eq!(flow.machine().credits().count(), 0);
    assert_eq!(
        shop.process().attempt_at("order-1").await.unwrap(),
        Some(attempt("order-1"))
    );

    let address = flow.address(&Currency::TUsdt).await.unwrap();
    let hint = pay(&mut shop, address.as_str());
    let told = shop
        .sandbox
        .world(|world| world.transaction(hint.transaction_id().as_str()));
    assert_eq!(told.unwrap().order_id.as_deref(), Some(CHANNEL_ORDER_ID));
    let known = shop.process().attempt_at(CHANNEL_ORDER_ID).await.unwrap();
    assert_eq!(known, None, "the card flow has nothing to do with it");
    let Progress::Credit(deposit) = flow.callback_hint(&hint).await else {
        panic!("nobody else would credit it");
    };
    assert_eq!(deposit.transaction_id(), hint.transaction_id());
}

/// A gateway that names no order with a transaction.
#[derive(Debug)]
struct Unnamed(SharedTransport);

#[async_trait]
impl Transport for Unnamed {
    async fn send(&self, request: Request<Body>) -> Result<Response<Bytes>, TransportError> {
        let is_transaction = request.uri().path().contains("/transaction/");
        let mut answer = self.0.send(request).await?;
        if is_transaction {
            let mut told: Value = serde_json::from_slice(answer.body()).unwrap();
            told["data"]["orderId"] = Value::Null;
            *answer.body_mut() = told.to_string().into();
        }
        Ok(answer)
    }
}

/// It is the card flow's all the same, which compares amount and customer with what was ordered; and its alone.
#[tokio::test]
async fn a_card_payment_that_names_no_order_is_for_the_card_flow_alone() {
    let shop = Shop::new();
    let network = Unnamed(SharedTransport::new(shop.sandbox.transport()));
    let environment = Environment::sandbox(&shop.sandbox.base_url()).unwrap();
    let client = Client::new(environment, shop.api_key(), network);
    let cards = shop.process_of(client.clone());
    let sent = cards.deposit(deposit("frictionless"), shop.now).await;
    let settled = deposited(sent.unwrap());

    let customer = CustomerId::parse("customer-1").unwrap();
    let mut flow = DepositFlow::new(client.clone(), customer, cards.clone());
    let hint = CallbackHint::new(settled.transaction_id().clone());
    let progress = flow.callback_hint(&hint).await;
    assert!(
        matches!(&progress, Progress::OfOrder(order) if &**order == "order-1"),
        "{progress:?}"
    );
    let told = client.transaction(settled.transaction_id()).await.unwrap();
    assert_eq!(told.data().order_id, None);
    let paid = cards.attempt_paid_by(told.data()).await.unwrap();
    assert_eq!(paid, Some(attempt("order-1")));
}

#[tokio::test]
async fn every_attempt_at_an_order_is_known_and_nothing_else() {
    let shop = with_a_decline().await;
    let _ = deposited(retry(&shop, "frictionless", "order-1").await.unwrap());
    let cards = shop.process();
    for (order, is_own) in [
        ("order-1", true),
        ("order-1#2", true),
        ("order-1#3", false),
        ("order-2", false),
        ("order-1#", false),
        ("4000000000000002", false),
        ("", false),
    ] {
        assert_eq!(cards.is_own(order).await.unwrap(), is_own, "{order}");
    }
}

/// Its id was one before the rules for order ids became stricter.
#[tokio::test]
async fn an_order_of_long_ago_is_known() {
    let shop = Shop::new();
    let order = OrderId::vouched("2026_1127_0001").unwrap();
    assert!(OrderId::parse(order.as_str()).is_err());
    let attempt = Attempt::first(order).unwrap();
    let key = FingerprintKey::new(b"thirty-two bytes, or more of them").unwrap();
    let fingerprint = Fingerprint::builder(&key, &attempt, "gateway8").build();
    let destination = Destination::new("https://a.example.com/api", &key, &shop.api_key());
    let intent = NewIntent::new(attempt, "gateway8", fingerprint, destination);
    let begun = shop.journal.begin(&intent, Timestamp::UNIX_EPOCH).await;
    begun.unwrap();
    assert!(shop.process().is_own("2026_1127_0001").await.unwrap());
}

#[tokio::test]
async fn a_journal_that_is_away_keeps_everybody_from_crediting() {
    let mut config = Config::new(1);
    config.channel_order_ids = true;
    let mut shop = Shop::with(config);
    let journal = FailingJournal::new(shop.journal.clone());
    shop.journal = journal.clone();
    let mut flow = deposits(&shop, shop.process());
    let address = flow.address(&Currency::TUsdt).await.unwrap();
    let hint = pay(&mut shop, address.as_str());
    journal.fail_recalls(true);
    let progress = flow.callback_hint(&hint).await;
    assert!(matches!(progress, Progress::Unsure { .. }), "{progress:?}");
    journal.fail_recalls(false);
    let progress = flow.callback_hint(&hint).await;
    assert!(matches!(progress, Progress::Credit(_)), "{progress:?}");
}
