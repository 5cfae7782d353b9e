//! The driver over a scripted gateway.

use std::time::Duration;

use async_trait::async_trait;
use http::StatusCode;
use serde_json::json;
use tokio::time::timeout;
use xgateway_api::environment::Environment;
use xgateway_client::Client;
use xgateway_core::id::CustomerId;
use xgateway_core::money::Currency;
use xgateway_core::secret::ApiKey;
use xgateway_flows::deposit::{
    AddressFailure, Contradiction, DepositFlow, Machine, NoOrders, Orders, OrdersError, Progress,
    SettledDeposit, SnapshotError,
};
use xgateway_transport::test_util::{
    ExpectedRequest, Fault, FaultyTransport, ScriptedTransport, Step,
};

use crate::fixture::{customer, hint, transaction};
use crate::gateway::{client, success};

const NOT_FOUND: &str =
    r#"{"errors":[{"code":"not_found","message":"There is nothing."}],"success":false}"#;

fn address(text: &str) -> Step {
    let body = success(&json!({"address": text}));
    ExpectedRequest::post("/api/v2/channels").answers(StatusCode::OK, body)
}

fn reads(changes: &serde_json::Value) -> Step {
    let body = success(&transaction(changes));
    ExpectedRequest::get("/api/v2/transaction/t-1").answers(StatusCode::OK, body)
}

fn flow(script: impl IntoIterator<Item = Step>) -> DepositFlow {
    flow_beside(NoOrders, script)
}

fn flow_beside(
    orders: impl Orders + 'static,
    script: impl IntoIterator<Item = Step>,
) -> DepositFlow {
    DepositFlow::new(client(ScriptedTransport::new(script)), customer(), orders)
}

/// A merchant whose only order is `order-1`, and whose books are away when asked about `order-9`.
#[derive(Debug)]
struct OneOrder;

#[async_trait]
impl Orders for OneOrder {
    async fn is_own(&self, order_id: &str) -> Result<bool, OrdersError> {
        match order_id {
            "order-9" => Err(OrdersError::new("the books are away")),
            other => Ok(other == "order-1"),
        }
    }
}

#[tokio::test]
async fn an_order_that_is_none_of_the_merchants_does_not_keep_a_payment_from_its_customer() {
    // The gateway's own example of a payment to an address names one.
    let named = json!({"orderId": "demo_order_id"});
    let Progress::Credit(deposit) = flow([reads(&named)]).callback_hint(&hint("t-1")).await else {
        panic!("a merchant without orders credits it");
    };
    assert_eq!(deposit.transaction_id().as_str(), "t-1");

    let ours = json!({"orderId": "order-1"});
    let away = json!({"orderId": "order-9"});
    let pending = json!({"orderId": "order-9", "status": "pending"});
    let mut flow = flow_beside(
        OneOrder,
        [
            reads(&ours),
            reads(&away),
            reads(&pending),
            reads(&named),
            reads(&named),
            reads(&ours),
        ],
    );
    let mut seen = Vec::new();
    for _ in 0..6 {
        let progress = flow.callback_hint(&hint("t-1")).await;
        if let Progress::Credit(deposit) = &progress {
            flow.credited(deposit).unwrap();
        }
        let text = format!("{progress:?}");
        seen.push(text.split([' ', ')']).next().unwrap().to_owned());
        if !text.starts_with("Credit") && seen.len() < 4 {
            assert_eq!(flow.machine().transactions().count(), 0, "{text}");
        }
    }
    assert_eq!(
        seen,
        [
            "OfOrder(\"order-1\"",
            "Unsure",
            "Unsure",
            "Credit(SettledDeposit",
            "AlreadyCredited",
            // Once it is credited here, nobody may take it for the payment of an order without a word.
            "Contradiction(Owner",
        ]
    );
}

fn invoice(status: StatusCode, order: &serde_json::Value) -> Step {
    let body = match status {
        StatusCode::OK => success(&json!({
            "id": "invoice-1", "orderId": order, "amount": "25", "status": "completed"
        })),
        StatusCode::NOT_FOUND => NOT_FOUND.to_owned(),
        _ => String::new(),
    };
    ExpectedRequest::get("/api/v2/invoices/invoice-1").answers(status, body)
}

#[tokio::test]
async fn of_a_payment_that_names_no_order_its_invoice_says_whose_it_is() {
    let unnamed = json!({"invoiceId": "invoice-1"});
    for (status, order, want) in [
        (StatusCode::OK, json!("order-1"), "OfOrder(\"order-1\")"),
        (StatusCode::OK, json!("order-9"), "Unsure"),
        (StatusCode::OK, json!({"id": "order-1"}), "Unread"),
        (StatusCode::FORBIDDEN, json!(null), "Unread"),
        (StatusCode::OK, json!("demo_order_id"), "Credit"),
        (StatusCode::OK, json!(null), "Credit"),
        (StatusCode::NOT_FOUND, json!(null), "Credit"),
    ] {
        let mut flow = flow_beside(OneOrder, [reads(&unnamed), invoice(status, &order)]);
        let progress = format!("{:?}", flow.callback_hint(&hint("t-1")).await);
        assert!(progress.starts_with(want), "{order}: {progress}");
        let is_taken = flow.machine().transactions().count() == 1;
        assert_eq!(is_taken, want == "Credit", "{order}");
    }
    // Who has no orders asks about none.
    let progress = flow([reads(&unnamed)]).callback_hint(&hint("t-1")).await;
    assert!(matches!(progress, Progress::Credit(_)), "{progress:?}");
    // What cannot be read must not pass for no order.
    for odd in [json!({"id": "order-1"}), json!(["order-1"]), json!(true)] {
        for name in ["orderId", "invoiceId"] {
            let odd = json!({name: odd});
            let progress = flow([reads(&odd)]).callback_hint(&hint("t-1")).await;
            assert!(matches!(progress, Progress::Unread(_)), "{progress:?}");
        }
    }
}

#[tokio::test]
async fn an_address_that_changes_is_not_shown() {
    let mut flow = flow([address("TQ5"), address("TQ5"), address("TQ6")]);
    for _ in 0..2 {
        let shown = flow.address(&Currency::TUsdt).await.unwrap();
        assert_eq!(shown.as_str(), "TQ5");
    }
    let error = flow.address(&Currency::TUsdt).await.unwrap_err();
    assert!(matches!(
        error,
        AddressFailure::Contradiction(Contradiction::Address)
    ));
    assert_eq!(flow.machine().address(&Currency::TUsdt), Some("TQ5"));
}

#[tokio::test]
async fn a_payment_is_credited_once_however_often_it_is_told() {
    let mut flow = flow([
        reads(&json!({"status": "processing"})),
        reads(&json!({})),
        reads(&json!({})),
        reads(&json!({"status": "failed"})),
    ]);
    let progress = flow.callback_hint(&hint("t-1")).await;
    assert!(matches!(progress, Progress::Pending), "{progress:?}");
    let Progress::Credit(deposit) = flow.callback_hint(&hint("t-1")).await else {
        panic!("it is confirmed");
    };
    assert_eq!(deposit.amount().to_string(), "25.5 tUSDT");
    assert_eq!(deposit.transaction_hash(), Some("0xabc"));
    flow.credited(&deposit).unwrap();
    flow.credited(&deposit).unwrap(); // Twice is fine.
    let progress = flow.callback_hint(&hint("t-1")).await;
    assert!(
        matches!(progress, Progress::AlreadyCredited),
        "{progress:?}"
    );
    let progress = flow.callback_hint(&hint("t-1")).await;
    assert!(
        matches!(progress, Progress::Contradiction(Contradiction::Reversed)),
        "{progress:?}"
    );
}

/// Somebody may have taken the money back when they were told of the reversal.
#[tokio::test]
async fn what_is_confirmed_again_after_it_was_taken_back_is_told_until_somebody_has_seen_to_it() {
    let failed = json!({"status": "failed"});
    let mut flow = flow([reads(&json!({})), reads(&failed)]);
    let deposit = credit(&mut flow).await;
    flow.credited(&deposit).unwrap();
    let reversed = flow.callback_hint(&hint("t-1")).await;
    assert!(
        matches!(reversed, Progress::Contradiction(Contradiction::Reversed)),
        "{reversed:?}"
    );
    // What a person does about the reversal does not answer for what may come.
    flow.seen_to(deposit.transaction_id());
    assert_eq!(flow.machine().taken_back().count(), 1);
    // Also by another process, years later.
    let gateway = ScriptedTransport::new((0..4).map(|_| reads(&json!({}))));
    let mut resumed = DepositFlow::resume(client(gateway), &flow.snapshot(), NoOrders).unwrap();
    for _ in 0..2 {
        let restored = resumed.callback_hint(&hint("t-1")).await;
        assert!(
            matches!(restored, Progress::Contradiction(Contradiction::Restored)),
            "{restored:?}"
        );
        resumed.credited(&deposit).unwrap(); // That it was once is no news.
    }
    assert_eq!(resumed.machine().taken_back().count(), 1);
    resumed.seen_to(deposit.transaction_id());
    for _ in 0..2 {
        let progress = resumed.callback_hint(&hint("t-1")).await;
        assert!(
            matches!(progress, Progress::AlreadyCredited),
            "{progress:?}"
        );
    }
    assert_eq!(resumed.machine().credits().count(), 1);
}

async fn credit(flow: &mut DepositFlow) -> SettledDeposit {
    let progress = flow.callback_hint(&hint("t-1")).await;
    let Progress::Credit(deposit) = progress else {
        panic!("a credit, not {progress:?}");
    };
    deposit
}

/// The gateway publishes no table of them, and its example of such a payment is told in US dollars.
#[tokio::test]
async fn an_amount_has_the_decimals_that_came() {
    let dollars = json!({"amount": "10.123456", "currency": "USD"});
    let mut flow = flow([reads(&dollars)]);
    let Progress::Credit(deposit) = flow.callback_hint(&hint("t-1")).await else {
        panic!("it is confirmed");
    };
    assert_eq!(deposit.amount().to_string(), "10.123456 USD");
    flow.credited(&deposit).unwrap();
    let gateway = ScriptedTransport::new([reads(&dollars)]);
    let mut resumed = DepositFlow::resume(client(gateway), &flow.snapshot(), NoOrders).unwrap();
    let progress = resumed.callback_hint(&hint("t-1")).await;
    assert!(
        matches!(progress, Progress::AlreadyCredited),
        "{progress:?}"
    );
}

#[tokio::test]
async fn a_credit_that_the_ledger_refuses_is_handed_out_again() {
    let mut flow = flow([
        reads(&json!({})),
        reads(&json!({})),
        reads(&json!({})),
        reads(&json!({"amount": "26"})),
        reads(&json!({})),
    ]);
    // The transaction that should have credited it is rolled back, and with it the snapshot.
    let first = credit(&mut flow).await;
    let rolled_back = flow.snapshot_once_credited(&first).unwrap();
    assert!(
        rolled_back.contains(r#""status":"credited""#),
        "{rolled_back}"
    );
    assert_eq!(credit(&mut flow).await, first);
    let seen = flow.look().await;
    assert!(matches!(&seen[..], [(_, Progress::Credit(again))] if *again == first));
    assert_eq!(flow.machine().credits().count(), 0);
    // It may have been credited all the same, so another amount is not handed out.
    let progress = flow.callback_hint(&hint("t-1")).await;
    assert!(
        matches!(progress, Progress::Contradiction(Contradiction::Amount)),
        "{progress:?}"
    );
    flow.credited(&first).unwrap();
    assert_eq!(flow.snapshot(), rolled_back);
    let progress = flow.callback_hint(&hint("t-1")).await;
    assert!(
        matches!(progress, Progress::AlreadyCredited),
        "{progress:?}"
    );
    assert!(flow.look().await.is_empty());
}

#[tokio::test]
async fn only_the_customers_own_deposit_counts_as_credited() {
    let mut flow = flow([reads(&json!({}))]);
    let deposit = credit(&mut flow).await;
    let of = |customer| {
        let none = client(ScriptedTransport::new([]));
        DepositFlow::new(none, CustomerId::parse(customer).unwrap(), NoOrders)
    };
    let mut other = of("customer-2");
    assert_eq!(other.credited(&deposit), Err(Contradiction::Owner));
    assert_eq!(
        other.snapshot_once_credited(&deposit),
        Err(Contradiction::Owner)
    );
    assert_eq!(other.machine().transactions().count(), 0);
    // The flow whose snapshot got lost is told what was done.
    let mut own = of("customer-1");
    own.credited(&deposit).unwrap();
    assert_eq!(own.machine().credits().count(), 1);
}

#[tokio::test]
async fn a_resumed_flow_credits_what_was_not_credited_and_nothing_again() {
    let mut flow = flow([reads(&json!({}))]);
    let deposit = credit(&mut flow).await;
    let again = || client(ScriptedTransport::new([reads(&json!({}))]));
    let mut uncredited = DepositFlow::resume(again(), &flow.snapshot(), NoOrders).unwrap();
    assert_eq!(credit(&mut uncredited).await, deposit);

    let snapshot = flow.snapshot_once_credited(&deposit).unwrap();
    let mut credited = DepositFlow::resume(again(), &snapshot, NoOrders).unwrap();
    assert_eq!(credited.machine().credits().count(), 1);
    let progress = credited.callback_hint(&hint("t-1")).await;
    assert!(
        matches!(progress, Progress::AlreadyCredited),
        "{progress:?}"
    );
}

#[test]
fn a_flow_goes_on_only_where_it_was_begun() {
    let of = |environment| {
        let key = ApiKey::parse("5f0c6a9e-0d6b-4a63-9a0e-5f2a7d3f1c11").unwrap();
        Client::new(environment, key, ScriptedTransport::new([]))
    };
    let flow = DepositFlow::new(of(Environment::Production), customer(), NoOrders);
    let snapshot = flow.snapshot();
    // The payments of Demo are play money.
    let elsewhere = DepositFlow::resume(of(Environment::Demo), &snapshot, NoOrders);
    let error = SnapshotError::OtherEnvironment {
        begun_at: Environment::Production.base_url().into(),
        asked: Environment::Demo.base_url().into(),
    };
    assert_eq!(elsewhere.unwrap_err(), error);
    DepositFlow::resume(of(Environment::Production), &snapshot, NoOrders).unwrap();
    // What an older version wrote belongs to whoever takes it up first.
    let old = Machine::new(customer()).to_json();
    let taken_up = DepositFlow::resume(of(Environment::Demo), &old, NoOrders).unwrap();
    let there = Some(Environment::Demo.base_url());
    assert_eq!(taken_up.machine().environment(), there);
    DepositFlow::resume(of(Environment::Production), &taken_up.snapshot(), NoOrders).unwrap_err();
}

#[tokio::test]
async fn what_cannot_be_read_is_to_be_tried_again() {
    let failure =
        r#"{"errors":[{"code":"internal_server_error","message":"No."}],"success":false}"#;
    let get = || ExpectedRequest::get("/api/v2/transaction/t-1");
    let mut flow = flow([
        get().answers(StatusCode::INTERNAL_SERVER_ERROR, failure),
        get().answers(StatusCode::NOT_FOUND, NOT_FOUND),
        reads(&json!({"customerId": "customer-2"})),
        reads(&json!({"status": "failed"})),
        reads(&json!({})),
    ]);
    let mut seen = Vec::new();
    for _ in 0..5 {
        let progress = flow.callback_hint(&hint("t-1")).await;
        let text = format!("{progress:?}");
        seen.push(text.split('(').next().unwrap().to_owned());
    }
    assert_eq!(seen, ["Unread", "NotFound", "NotOurs", "Failed", "Credit"]);
}

#[tokio::test]
async fn money_of_which_the_gateway_names_no_customer_is_for_a_person() {
    let nobody = json!({"customerId": null});
    let mut flow = flow([
        reads(&json!({"status": "pending"})),
        reads(&nobody),
        reads(&json!({"customerId": ""})),
        reads(&json!({})),
    ]);
    let mut seen = vec![flow.callback_hint(&hint("t-1")).await];
    for _ in 0..3 {
        seen.extend(flow.look().await.into_iter().map(|(_, progress)| progress));
    }
    let [
        Progress::Pending,
        Progress::Contradiction(Contradiction::NoCustomer),
        Progress::Contradiction(Contradiction::NoCustomer),
        Progress::Credit(_),
    ] = &seen[..]
    else {
        panic!("{seen:?}");
    };
}

#[tokio::test]
async fn a_look_finds_what_a_lost_callback_would_have_told() {
    let mut flow = flow([reads(&json!({"status": "pending"})), reads(&json!({}))]);
    let progress = flow.callback_hint(&hint("t-1")).await;
    assert!(matches!(progress, Progress::Pending), "{progress:?}");
    let seen = flow.look().await;
    let [(id, Progress::Credit(deposit))] = &seen[..] else {
        panic!("{seen:?}");
    };
    assert_eq!(id.as_str(), "t-1");
    flow.credited(deposit).unwrap();
    assert!(flow.look().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_look_that_is_dropped_at_the_second_read_loses_no_credit() {
    let of = |id: &str, mut changes: serde_json::Value| {
        changes["id"] = id.into();
        let body = success(&transaction(&changes));
        ExpectedRequest::get(format!("/api/v2/transaction/{id}")).answers(StatusCode::OK, body)
    };
    let pending = json!({"status": "pending"});
    let gateway = ScriptedTransport::new([
        of("t-1", pending.clone()),
        of("t-2", pending),
        of("t-1", json!({})),
        of("t-1", json!({})),
        of("t-2", json!({})),
    ]);
    // The fourth request, which is the look's second, hangs.
    let network = FaultyTransport::new(gateway)
        .then(Fault::Pass)
        .then(Fault::Pass)
        .then(Fault::Pass)
        .then(Fault::HangBefore);
    let mut flow = DepositFlow::new(client(network), customer(), NoOrders);
    for id in ["t-1", "t-2"] {
        assert!(matches!(
            flow.callback_hint(&hint(id)).await,
            Progress::Pending
        ));
    }
    let late = timeout(Duration::from_secs(1), flow.look()).await;
    assert!(late.is_err(), "it is dropped half way");
    assert_eq!(flow.machine().credits().count(), 0);
    let seen = flow.look().await;
    assert!(
        matches!(
            &seen[..],
            [(_, Progress::Credit(_)), (_, Progress::Credit(_))]
        ),
        "{seen:?}"
    );
}

#[tokio::test]
async fn nothing_that_is_printed_names_the_customer() {
    let mut flow = flow([address("TQ5"), reads(&json!({}))]);
    let shown = flow.address(&Currency::TUsdt).await.unwrap();
    let progress = flow.callback_hint(&hint("t-1")).await;
    let printed = format!("{flow:?} {shown:?} {progress:?}");
    assert!(
        printed.contains("t-1") && !printed.contains("customer-1"),
        "{printed}"
    );
}
