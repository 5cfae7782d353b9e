//! The flow over the sandbox: the same story on both sides of the wire.

use jiff::SignedDuration;
use jiff::civil::date;
use serde_json::json;
use xgateway_api::deposit::CardDeposit;
use xgateway_api::environment::Environment;
use xgateway_api::policy::CardPolicy;
use xgateway_api::types::{SimulateTransactionRequest, SimulatedStatus, TransactionCallback};
use xgateway_client::Client;
use xgateway_core::id::OrderId;
use xgateway_core::secret::ApiKey;
use xgateway_flows::card::{
    CallbackHint, CardDepositFlow, Progress, SettledTransaction, ThreeDsUrl,
};
use xgateway_sandbox::{CardCurrency, Config, IdempotencyModel, Sandbox, SandboxCard, World};
use xgateway_transport::Transport;
use xgateway_transport::test_util::{Fault, FaultyTransport};

use crate::fixture::body;

#[tokio::test]
async fn frictionless() {
    let sandbox = sandbox();
    let mut flow = flow(&sandbox, sandbox.transport(), "frictionless");
    let settled = deposited(flow.start().await);
    assert_paid(&sandbox, &settled);
}

#[tokio::test]
async fn a_payment_that_is_told_in_the_currency_that_moved() {
    let mut config = Config::new(1);
    config.card_currency = CardCurrency::Moved;
    let sandbox = Sandbox::new(config);
    let mut flow = flow(&sandbox, sandbox.transport(), "frictionless");
    let settled = deposited(flow.start().await);
    let id = settled.transaction_id().as_str();
    let told = sandbox.world(|world| world.transaction(id)).unwrap();
    assert_eq!(told.currency.as_str(), "USDC");
    assert_ne!(told.amount.value(), settled.amount().value());
    assert_eq!(settled.amount().to_string(), "25.0 EUR");
}

#[tokio::test]
async fn three_ds_approved() {
    let sandbox = sandbox();
    let mut flow = flow(&sandbox, sandbox.transport(), "three_ds");
    let url = redirected(flow.start().await);

    // Back without having done anything: that proves nothing.
    let progress = flow.customer_returned().await;
    assert!(matches!(progress, Progress::InProgress(_)), "{progress:?}");

    let visit = sandbox.three_ds(url.as_str()).approve();
    assert_eq!(visit.redirect(), Some("https://shop.example.com/back"));
    let settled = deposited(flow.customer_returned().await);
    assert_paid(&sandbox, &settled);
}

#[tokio::test]
async fn three_ds_approved_by_a_customer_who_never_comes_back() {
    let sandbox = sandbox();
    let mut flow = flow(&sandbox, sandbox.transport(), "three_ds");
    let url = redirected(flow.start().await);
    sandbox.three_ds(url.as_str()).approve();
    let settled = deposited(flow.callback_hint(&hint(&sandbox)).await);
    assert_paid(&sandbox, &settled);
}

#[tokio::test]
async fn three_ds_declined() {
    let sandbox = sandbox();
    let mut flow = flow(&sandbox, sandbox.transport(), "three_ds");
    let url = redirected(flow.start().await);
    sandbox.three_ds(url.as_str()).decline();
    let progress = flow.callback_hint(&hint(&sandbox)).await;
    assert!(matches!(progress, Progress::Failed { .. }), "{progress:?}");

    // A dispute can still turn that.
    let client = client(&sandbox, sandbox.transport());
    let order_id = OrderId::parse("order-1").unwrap();
    let invoice = client.invoice_by_order(&order_id).await.unwrap();
    let request = SimulateTransactionRequest {
        amount: "25".to_owned(),
        invoice_id: invoice.data().id.clone(),
        status: SimulatedStatus::Confirmed,
    };
    client.send(&request).await.unwrap();
    let settled = deposited(flow.callback_hint(&hint(&sandbox)).await);
    assert_paid(&sandbox, &settled);
}

#[tokio::test]
async fn the_bank_declines_after_the_approval() {
    let sandbox = sandbox();
    let mut flow = flow(&sandbox, sandbox.transport(), "three_ds_then_declined");
    let url = redirected(flow.start().await);
    sandbox.three_ds(url.as_str()).approve();
    let progress = flow.customer_returned().await;
    assert!(matches!(progress, Progress::Failed { .. }), "{progress:?}");
}

#[tokio::test]
async fn a_slow_bank() {
    let sandbox = sandbox();
    let mut flow = flow(&sandbox, sandbox.transport(), "three_ds_then_slow");
    let url = redirected(flow.start().await);
    sandbox.three_ds(url.as_str()).approve();
    let progress = flow.customer_returned().await;
    assert!(matches!(progress, Progress::InProgress(_)), "{progress:?}");
    sandbox.world(|world| world.advance(SignedDuration::from_mins(2)));
    let settled = deposited(flow.look().await);
    assert_paid(&sandbox, &settled);
}

#[tokio::test]
async fn a_customer_who_leaves() {
    let sandbox = sandbox();
    let mut flow = flow(&sandbox, sandbox.transport(), "three_ds");
    let _ = redirected(flow.start().await);
    sandbox.world(|world| world.advance(SignedDuration::from_hours(1)));
    let progress = flow.look().await;
    assert!(matches!(progress, Progress::Failed { .. }), "{progress:?}");
}

#[tokio::test]
async fn a_refused_card() {
    let sandbox = sandbox();
    let mut flow = flow(&sandbox, sandbox.transport(), "insufficient_funds");
    let progress = flow.start().await;
    let Progress::Refused(refused) = progress else {
        panic!("refused, not {progress:?}");
    };
    assert!(refused.issues().is_none());
    assert_eq!(refused.error().unwrap().status().unwrap().as_u16(), 400);
    // Another card may pay the same order.
    let mut flow = self::flow(&sandbox, sandbox.transport(), "frictionless");
    assert_paid(&sandbox, &deposited(flow.start().await));
}

#[tokio::test]
async fn an_account_that_does_not_exist() {
    let sandbox = sandbox();
    let mut body = body();
    body["accountId"] = json!("00000000-0000-4000-8000-000000000000");
    let client = client(&sandbox, sandbox.transport());
    let mut flow = CardDepositFlow::new(client, deposit(&body));
    let progress = flow.start().await;
    assert!(matches!(progress, Progress::Refused(_)), "{progress:?}");
}

#[tokio::test]
async fn a_lost_answer_is_resolved_whatever_became_of_the_request() {
    for model in [
        IdempotencyModel::Replay,
        IdempotencyModel::Finish,
        IdempotencyModel::Reject,
    ] {
        let mut config = Config::new(1);
        config.idempotency = model;
        let sandbox = Sandbox::new(config);

        let network = FaultyTransport::new(sandbox.transport()).then(Fault::LoseAnswer);
        let mut flow = flow(&sandbox, network.clone(), "frictionless");
        let progress = flow.start().await;
        let Progress::Unknown { ticket } = progress else {
            panic!("unknown, not {progress:?}");
        };
        let settled = deposited(flow.resolve(ticket).await);
        assert_paid(&sandbox, &settled);
        assert_eq!(network.call_count(), 3); // One request, two reads.
    }

    let sandbox = sandbox();
    let network = FaultyTransport::new(sandbox.transport()).then(Fault::LoseRequest);
    let mut flow = flow(&sandbox, network, "frictionless");
    let progress = flow.start().await;
    let Progress::Unknown { ticket } = progress else {
        panic!("unknown, not {progress:?}");
    };
    let progress = flow.resolve(ticket).await;
    assert!(matches!(progress, Progress::Unknown { .. }), "{progress:?}");
    let progress = flow.grace_elapsed().await;
    assert!(
        matches!(progress, Progress::NotCharged { .. }),
        "{progress:?}"
    );
}

#[tokio::test]
async fn a_failure_of_the_gateway_says_nothing_about_money() {
    for (card, is_paid) in [("answer_lost", true), ("partner_failure", false)] {
        let sandbox = sandbox();
        let mut flow = flow(&sandbox, sandbox.transport(), card);
        let progress = flow.start().await;
        let Progress::Unknown { ticket } = progress else {
            panic!("unknown, not {progress:?}");
        };
        let progress = flow.resolve(ticket).await;
        if is_paid {
            assert_paid(&sandbox, &deposited(progress));
        } else {
            assert!(matches!(progress, Progress::Unknown { .. }), "{progress:?}");
        }
    }
}

#[tokio::test]
async fn a_second_flow_for_the_same_order_joins_the_first() {
    let sandbox = sandbox();
    let mut first = flow(&sandbox, sandbox.transport(), "frictionless");
    let paid = deposited(first.start().await);
    // Another card under the same order id: 409, and the invoice tells the rest.
    let mut second = flow(&sandbox, sandbox.transport(), "three_ds");
    let settled = deposited(second.start().await);
    assert_eq!(settled.transaction_id(), paid.transaction_id());
}

#[tokio::test]
async fn a_resumed_flow_ends_as_it_would_have() {
    let sandbox = sandbox();
    let resume = |snapshot: &str| {
        let client = client(&sandbox, sandbox.transport());
        CardDepositFlow::resume(client, snapshot).unwrap()
    };
    let mut flow = flow(&sandbox, sandbox.transport(), "three_ds");
    let before = flow.snapshot();
    let url = redirected(flow.start().await);
    let after = flow.snapshot();
    drop(flow);

    let progress = resume(&before).start().await;
    assert!(matches!(progress, Progress::InProgress(_)), "{progress:?}");
    sandbox.three_ds(url.as_str()).approve();
    for snapshot in [&before, &after] {
        let mut flow = resume(snapshot);
        assert_paid(&sandbox, &deposited(flow.start().await));
        let settled = deposited(resume(&flow.snapshot()).look().await);
        assert_paid(&sandbox, &settled);
    }
}

fn sandbox() -> Sandbox {
    Sandbox::new(Config::new(1))
}

fn client(sandbox: &Sandbox, transport: impl Transport) -> Client {
    let environment = Environment::sandbox(&sandbox.base_url()).unwrap();
    let key = sandbox.world(|world| world.config().api_key.expose().to_owned());
    Client::new(environment, ApiKey::parse(key).unwrap(), transport)
}

fn flow(sandbox: &Sandbox, transport: impl Transport, card: &str) -> CardDepositFlow {
    let mut body = body();
    body["card"]["cardNumber"] = json!(SandboxCard::named(card).unwrap().number);
    CardDepositFlow::new(client(sandbox, transport), deposit(&body))
}

fn deposit(body: &serde_json::Value) -> CardDeposit {
    let environment = Environment::sandbox("http://sandbox.invalid/api").unwrap();
    let policy = CardPolicy::new(&environment, date(2026, 1, 1));
    CardDeposit::from_json(body.to_string().as_bytes(), &policy).unwrap()
}

/// The newest callback, as a hint.
fn hint(sandbox: &Sandbox) -> CallbackHint {
    let callbacks = sandbox.world(World::take_callbacks);
    let body = callbacks
        .last()
        .expect("there is a callback")
        .body()
        .clone();
    let callback: TransactionCallback = serde_json::from_slice(&body).unwrap();
    CallbackHint::of(&callback).unwrap()
}

#[track_caller]
fn redirected(progress: Progress) -> ThreeDsUrl {
    let Progress::ThreeDsRequired { url } = progress else {
        panic!("3DS, not {progress:?}");
    };
    url
}

#[track_caller]
fn deposited(progress: Progress) -> SettledTransaction {
    let Progress::Deposited(settled) = progress else {
        panic!("deposited, not {progress:?}");
    };
    settled
}

/// The world agrees: it was paid once, and by this.
#[track_caller]
fn assert_paid(sandbox: &Sandbox, settled: &SettledTransaction) {
    let id = settled.transaction_id().as_str();
    let transaction = sandbox.world(|world| world.transaction(id)).unwrap();
    assert_eq!(transaction.status.as_str(), "confirmed");
    assert_eq!(transaction.amount.value(), settled.amount().value());
    assert_eq!(
        transaction.customer_id.as_deref(),
        Some(settled.customer_id())
    );
    let invoice = sandbox
        .world(|world| world.invoice(settled.order_id().as_str()))
        .unwrap();
    assert_eq!(invoice.id, settled.invoice_id().as_str());
    assert_eq!(invoice.transactions.unwrap().len(), 1);
}
