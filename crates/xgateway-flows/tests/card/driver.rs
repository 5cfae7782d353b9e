//! The driver over a scripted gateway: which requests it makes, and what it tells its caller.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use http::StatusCode;
use serde_json::{Value, json};
use xgateway_api::environment::Environment;
use xgateway_client::Client;
use xgateway_core::id::TransactionId;
use xgateway_core::secret::ApiKey;
use xgateway_flows::card::{
    CallbackHint, CardDepositFlow, Contradiction, Machine, Pause, Progress, SnapshotError, State,
};
use xgateway_transport::test_util::{
    ExpectedRequest, Fault, FaultyTransport, MockTransport, ScriptedTransport, Step,
};
use xgateway_transport::{TransportError, TransportErrorKind};

use crate::fixture::{body, deposit, deposit_of, invoice, refusal, transaction};
use crate::gateway::{client, success};

#[tokio::test]
async fn without_3ds_the_gateway_is_asked_before_anybody_is_credited() {
    let script = ScriptedTransport::new([
        answers_post(201, &without_3ds()),
        answers_invoice(&listing("completed", "confirmed")),
        answers_transaction(&json!({})),
    ]);
    let mut flow = CardDepositFlow::new(client(script.clone()), deposit());
    let Progress::Deposited(settled) = flow.start().await else {
        panic!("not deposited");
    };
    assert_eq!(settled.transaction_id().as_str(), "transaction-1");
    assert_eq!(settled.invoice_id().as_str(), "invoice-1");
    assert_eq!(settled.order_id().as_str(), "order-1");
    assert_eq!(settled.customer_id(), "customer-1");
    assert_eq!(settled.amount(), deposit().amount());
    script.finish().unwrap();
}

#[tokio::test]
async fn the_customers_return_proves_nothing() {
    let script = ScriptedTransport::new([
        answers_post(201, &with_3ds()),
        answers_invoice(&json!({})),
        answers_invoice(&listing("completed", "confirmed")),
        answers_transaction(&json!({})),
        answers_invoice(&listing("completed", "confirmed")),
        answers_transaction(&json!({})),
    ]);
    let mut flow = CardDepositFlow::new(client(script.clone()), deposit());
    let Progress::ThreeDsRequired { url } = flow.start().await else {
        panic!("no 3DS");
    };
    assert_eq!(url.as_str(), "https://bank.example/3ds");
    let progress = flow.customer_returned().await;
    assert!(matches!(progress, Progress::InProgress(_)), "{progress:?}");
    let progress = flow.callback_hint(&hint()).await;
    assert!(matches!(progress, Progress::Deposited(_)), "{progress:?}");
    // Asked again: it may have been paid twice.
    let progress = flow.callback_hint(&hint()).await;
    assert!(matches!(progress, Progress::Deposited(_)), "{progress:?}");
    script.finish().unwrap();
}

#[tokio::test]
async fn what_failed_may_be_confirmed_later() {
    let script = ScriptedTransport::new([
        answers_post(201, &with_3ds()),
        answers_invoice(&listing("canceled", "failed")),
        answers_transaction(&json!({"status": "failed"})),
        // The transaction that is hinted at is read by itself: the invoice may lag behind.
        ExpectedRequest::get("/api/v2/transaction/transaction-1")
            .answers(StatusCode::UNAUTHORIZED, refusal("unauthorized")),
        answers_invoice(&listing("canceled", "failed")),
        answers_transaction(&json!({})),
        answers_invoice(&listing("canceled", "failed")),
        answers_transaction(&json!({})),
    ]);
    let mut flow = CardDepositFlow::new(client(script.clone()), deposit());
    let _ = flow.start().await;
    // What was learnt and what could not be learnt must not look alike: else the callback would be taken for done.
    for is_read in [true, false] {
        let progress = flow.callback_hint(&hint()).await;
        let Progress::Failed {
            transaction_id,
            error,
        } = progress
        else {
            panic!("failed, not {progress:?}");
        };
        assert_eq!(transaction_id.unwrap().as_str(), "transaction-1");
        assert_eq!(error.is_none(), is_read, "{error:?}");
    }
    let progress = flow.callback_hint(&hint()).await;
    assert!(matches!(progress, Progress::Deposited(_)), "{progress:?}");
    script.finish().unwrap();
}

#[tokio::test]
async fn a_refusal_comes_with_its_reasons() {
    let issues = json!({"errors": [
        {"code": "too_big", "maximum": 4, "type": "string", "inclusive": true, "exact": false,
         "message": "String must contain at most 4 character(s)", "path": ["card", "expiryYear"]}
    ], "success": false});
    for (status, answer, issue_count) in [
        (400, refusal("bad_request"), 0),
        (401, refusal("unauthorized"), 0),
        (422, issues.to_string(), 1),
    ] {
        let script = ScriptedTransport::new([answers_post(status, &answer)]);
        let mut flow = CardDepositFlow::new(client(script.clone()), deposit());
        let Progress::Refused(refused) = flow.start().await else {
            panic!("not refused");
        };
        let error = refused.error().unwrap();
        assert_eq!(error.status().unwrap().as_u16(), status);
        let issues = refused.issues().map_or(0, |issues| issues.iter().count());
        assert_eq!(issues, issue_count);
        script.finish().unwrap();
    }
}

#[tokio::test]
async fn what_was_refused_may_turn_and_is_unread_until_the_gateway_is_heard() {
    // A copy of the request arrives after the key has become valid.
    let script = ScriptedTransport::new([
        answers_post(401, &refusal("unauthorized")),
        ExpectedRequest::get("/api/v2/invoices/order-1")
            .fails(TransportError::not_sent(TransportErrorKind::Connect)),
        answers_invoice(&listing("completed", "confirmed")),
        answers_transaction(&json!({})),
    ]);
    let mut flow = CardDepositFlow::new(client(script.clone()), deposit());
    let _ = flow.start().await;
    let mut flow = CardDepositFlow::resume(client(script.clone()), &flow.snapshot()).unwrap();
    let progress = flow.callback_hint(&hint()).await;
    assert!(matches!(progress, Progress::Refused(_)), "{progress:?}");
    assert!(progress.unread().is_some());
    let progress = flow.callback_hint(&hint()).await;
    assert!(progress.unread().is_none());
    assert!(matches!(progress, Progress::Deposited(_)), "{progress:?}");
    script.finish().unwrap();
}

#[tokio::test]
async fn a_lost_answer_is_resolved_by_reading() {
    let script = ScriptedTransport::new([
        answers_post(201, &with_3ds()),
        answers_invoice(&json!({})),
        answers_invoice(&listing("completed", "confirmed")),
        answers_transaction(&json!({})),
    ]);
    let network = FaultyTransport::new(script.clone())
        .then(Fault::LoseAnswer)
        .then(Fault::LoseAnswer);
    let mut flow = CardDepositFlow::new(client(network.clone()), deposit());
    let Progress::Unknown { ticket } = flow.start().await else {
        panic!("known");
    };
    assert_eq!(ticket.order_id().as_str(), "order-1");
    assert!(ticket.error().unwrap().may_have_acted());
    // A second loss, of a read this time, changes nothing.
    let Progress::Unknown { ticket } = flow.resolve(ticket).await else {
        panic!("known");
    };
    let progress = flow.resolve(ticket).await;
    assert!(matches!(progress, Progress::Deposited(_)), "{progress:?}");
    script.finish().unwrap();
    assert_eq!(network.call_count(), 4);
}

#[tokio::test]
async fn a_found_invoice_leads_to_the_gateways_own_page() {
    let script =
        ScriptedTransport::new([answers_post(201, &with_3ds()), answers_invoice(&json!({}))]);
    let network = FaultyTransport::new(script.clone()).then(Fault::LoseAnswer);
    let mut flow = CardDepositFlow::new(client(network), deposit());
    let Progress::Unknown { ticket } = flow.start().await else {
        panic!("known");
    };
    // The address of the 3DS page got lost with the answer.
    let Progress::InProgress(waiting) = flow.resolve(ticket).await else {
        panic!("not found");
    };
    assert_eq!(waiting.invoice_id().unwrap().as_str(), "invoice-1");
    assert_eq!(
        waiting.payment_url(),
        Some("https://checkout.example.com/invoice-1")
    );
    script.finish().unwrap();
}

#[tokio::test]
async fn only_a_look_after_the_grace_proves_that_nothing_was_charged() {
    let script = ScriptedTransport::new([no_invoice(), no_invoice()]);
    let network = FaultyTransport::new(script.clone()).then(Fault::LoseRequest);
    let mut flow = CardDepositFlow::new(client(network), deposit());
    let Progress::Unknown { ticket } = flow.start().await else {
        panic!("known");
    };
    let progress = flow.resolve(ticket).await;
    assert!(matches!(progress, Progress::Unknown { .. }), "{progress:?}");
    let progress = flow.grace_elapsed().await;
    assert!(
        matches!(progress, Progress::NotCharged { .. }),
        "{progress:?}"
    );
    script.finish().unwrap();
}

#[tokio::test]
async fn a_request_that_never_left_is_not_charged() {
    let network = FaultyTransport::new(MockTransport::new()).then(Fault::RefuseConnection);
    let mut flow = CardDepositFlow::new(client(network), deposit());
    let Progress::NotCharged { error } = flow.start().await else {
        panic!("charged");
    };
    assert!(!error.unwrap().may_have_acted());
}

#[tokio::test]
async fn the_deposit_is_sent_once_however_often_it_is_started() {
    let script = ScriptedTransport::new([
        answers_post(201, &with_3ds()),
        answers_invoice(&json!({})),
        answers_invoice(&json!({})),
    ]);
    let mut flow = CardDepositFlow::new(client(script.clone()), deposit());
    for _ in 0..3 {
        assert!(flow.start().await.is_open());
    }
    script.finish().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_dropped_start_counts_as_lost() {
    for fault in [Fault::HangBefore, Fault::HangAfter] {
        let mut steps = vec![no_invoice()];
        if fault == Fault::HangAfter {
            steps.insert(0, answers_post(201, &with_3ds()));
        }
        let script = ScriptedTransport::new(steps);
        let network = FaultyTransport::new(script.clone()).then(fault);
        let mut flow = CardDepositFlow::new(client(network), deposit());
        let dropped = tokio::time::timeout(Duration::from_secs(1), flow.start()).await;
        assert!(dropped.is_err());
        let progress = flow.start().await;
        assert!(matches!(progress, Progress::Unknown { .. }), "{progress:?}");
        script.finish().unwrap();
    }
}

#[tokio::test]
async fn an_order_id_in_use_leads_to_the_order_that_holds_it() {
    let other_amount = json!({"amount": "99.00"});
    for (answer, found, want) in [
        ((409, "conflict"), Some(json!({})), "in progress"),
        ((409, "conflict"), Some(other_amount), "contradiction"),
        // The other request may still be on its way to the invoice.
        ((409, "conflict"), None, "unknown"),
        ((400, "db_violation"), Some(json!({})), "in progress"),
        ((400, "db_violation"), None, "refused"),
    ] {
        let read = found.map_or_else(no_invoice, |changes| answers_invoice(&changes));
        let script = ScriptedTransport::new([answers_post(answer.0, &refusal(answer.1)), read]);
        let mut flow = CardDepositFlow::new(client(script.clone()), deposit());
        let _ = flow.start().await;
        assert_eq!(flow.machine().state().name(), want, "{answer:?}");
        script.finish().unwrap();
    }
}

#[tokio::test]
async fn the_wrong_amount_is_never_credited() {
    let script = ScriptedTransport::new([
        answers_post(201, &without_3ds()),
        answers_invoice(&listing("completed", "confirmed")),
        answers_transaction(&json!({"amount": "2500.00"})),
        // Asked again, it says the same; then it is under way; then it cannot be read; and only then it fits.
        answers_invoice(&listing("completed", "confirmed")),
        answers_transaction(&json!({"amount": "2500.00"})),
        answers_invoice(&json!({})),
        answers_invoice(&listing("completed", "confirmed")),
        ExpectedRequest::get("/api/v2/transaction/transaction-1")
            .answers(StatusCode::UNAUTHORIZED, refusal("unauthorized")),
        answers_invoice(&listing("completed", "confirmed")),
        answers_transaction(&json!({})),
    ]);
    let mut flow = CardDepositFlow::new(client(script.clone()), deposit());
    let mut progress = flow.start().await;
    for _ in 0..4 {
        assert!(
            matches!(progress, Progress::Contradiction(Contradiction::Amount)),
            "{progress:?}"
        );
        progress = flow.look().await;
    }
    assert!(matches!(progress, Progress::Deposited(_)), "{progress:?}");
    script.finish().unwrap();
}

#[tokio::test]
async fn a_flow_that_was_stored_before_the_first_byte_resumes_by_looking() {
    let flow = CardDepositFlow::new(client(MockTransport::new()), deposit());
    let snapshot = flow.snapshot();
    let script = ScriptedTransport::new([no_invoice()]);
    let mut flow = CardDepositFlow::resume(client(script.clone()), &snapshot).unwrap();
    let progress = flow.start().await;
    assert!(matches!(progress, Progress::Unknown { .. }), "{progress:?}");
    script.finish().unwrap();
}

#[tokio::test]
async fn a_stored_deposit_is_no_proof() {
    let snapshot = Machine::from_json(
        r#"{"version":1,"flow":"card","orderId":"order-1","customerId":"customer-1","amount":"25.00","currency":"EUR","invoiceId":"invoice-1","state":{"name":"deposited","transactionId":"transaction-1"}}"#,
    )
    .unwrap()
    .to_json();
    let confirmed = || answers_invoice(&listing("completed", "confirmed"));
    let script = ScriptedTransport::new([
        confirmed(),
        ExpectedRequest::get("/api/v2/transaction/transaction-1")
            .fails(TransportError::unknown(TransportErrorKind::Io)),
        confirmed(),
        answers_transaction(&json!({})),
        confirmed(),
        answers_transaction(&json!({"status": "failed"})),
    ]);
    let resume = || CardDepositFlow::resume(client(script.clone()), &snapshot).unwrap();
    let mut flow = resume();
    let Progress::InProgress(waiting) = flow.customer_returned().await else {
        panic!("the gateway said nothing");
    };
    assert!(waiting.unread().is_some());
    let progress = flow.look().await;
    assert!(matches!(progress, Progress::Deposited(_)), "{progress:?}");
    let progress = resume().look().await;
    assert!(
        matches!(progress, Progress::Contradiction(Contradiction::Reversed)),
        "{progress:?}"
    );
    script.finish().unwrap();
}

#[tokio::test]
async fn two_payments_of_one_invoice_are_seen_at_the_first_look() {
    let twice = json!({"status": "completed", "transactions": [
        {"id": "transaction-2", "status": "confirmed", "type": "deposit"},
        {"id": "transaction-1", "status": "confirmed", "type": "deposit"},
    ]});
    let second = || {
        ExpectedRequest::get("/api/v2/transaction/transaction-2").answers(
            StatusCode::OK,
            success(&transaction(&json!({"id": "transaction-2"}))),
        )
    };
    let script = ScriptedTransport::new([
        answers_post(201, &without_3ds()),
        answers_invoice(&twice),
        second(),
        answers_transaction(&json!({})),
        answers_invoice(&twice),
    ]);
    let mut flow = CardDepositFlow::new(client(script.clone()), deposit());
    for progress in [flow.start().await, flow.look().await] {
        assert!(
            matches!(
                progress,
                Progress::Contradiction(Contradiction::SecondTransaction)
            ),
            "{progress:?}"
        );
    }
    script.finish().unwrap();
}

#[tokio::test]
async fn a_second_payment_that_cannot_be_read_is_unread() {
    let unread = |id: &str| {
        ExpectedRequest::get(format!("/api/v2/transaction/{id}"))
            .answers(StatusCode::UNAUTHORIZED, refusal("unauthorized"))
    };
    let script = ScriptedTransport::new([
        answers_post(201, &without_3ds()),
        answers_invoice(&listing("completed", "confirmed")),
        answers_transaction(&json!({})),
        unread("transaction-2"),
        answers_invoice(&listing("completed", "confirmed")),
        answers_transaction(&json!({})),
    ]);
    let mut flow = CardDepositFlow::new(client(script.clone()), deposit());
    let progress = flow.start().await;
    assert!(matches!(progress, Progress::Deposited(_)), "{progress:?}");
    let other = CallbackHint::new(TransactionId::parse("transaction-2").unwrap());
    let mut flow = CardDepositFlow::resume(client(script.clone()), &flow.snapshot()).unwrap();
    let progress = flow.callback_hint(&other).await;
    assert!(progress.unread().is_some(), "{progress:?}");
    script.finish().unwrap();
}

#[tokio::test]
async fn a_ticket_of_another_flow_is_handed_back() {
    let lost = || FaultyTransport::new(MockTransport::new()).then(Fault::LoseRequest);
    let mut other_body = body();
    other_body["orderId"] = json!("order-2");
    let mut other = CardDepositFlow::new(client(lost()), deposit_of(&other_body));
    let mut flow = CardDepositFlow::new(client(lost()), deposit());
    let _ = flow.start().await;
    let Progress::Unknown { ticket } = other.start().await else {
        panic!("known");
    };
    let Progress::Unknown { ticket } = flow.resolve(ticket).await else {
        panic!("resolved");
    };
    assert_eq!(ticket.order_id().as_str(), "order-2");
}

#[tokio::test]
async fn settles_within_the_reads_it_was_given() {
    /// Counts instead of waiting.
    struct Count(AtomicU32);

    #[async_trait]
    impl Pause for Count {
        async fn pause(&self, attempt: u32) -> Duration {
            assert_eq!(self.0.fetch_add(1, Ordering::SeqCst), attempt);
            Duration::ZERO
        }
    }

    let pause = Count(AtomicU32::new(0));
    let script = ScriptedTransport::new([
        answers_post(201, &with_3ds()),
        answers_invoice(&json!({})),
        answers_invoice(&json!({"status": "processing"})),
        answers_invoice(&listing("completed", "confirmed")),
        answers_transaction(&json!({})),
    ]);
    let mut flow = CardDepositFlow::new(client(script.clone()), deposit());
    let _ = flow.start().await;
    assert!(flow.settle(&pause, 1).await.is_open());
    assert_eq!(pause.0.load(Ordering::SeqCst), 0);
    let progress = flow.settle(&pause, 5).await;
    assert!(matches!(progress, Progress::Deposited(_)), "{progress:?}");
    assert_eq!(pause.0.load(Ordering::SeqCst), 1);
    assert!(matches!(flow.machine().state(), State::Deposited { .. }));
    script.finish().unwrap();
}

#[test]
fn its_futures_can_be_spawned() {
    fn is_send(_: impl Send) {}

    let mut flow = CardDepositFlow::new(client(MockTransport::new()), deposit());
    is_send(flow.start());
    is_send(flow.look());
    is_send(flow.grace_elapsed());
}

fn hint() -> CallbackHint {
    CallbackHint::new(TransactionId::parse("transaction-1").unwrap())
}

fn with_3ds() -> String {
    success(&json!({"threeDSURL": "https://bank.example/3ds", "message": "3DS required."}))
}

fn without_3ds() -> String {
    success(&json!({"threeDSURL": null, "message": "Done."}))
}

/// Changes of an invoice that lists one transaction.
fn listing(status: &str, transaction_status: &str) -> Value {
    let transaction = json!({"id": "transaction-1", "status": transaction_status});
    json!({"status": status, "transactions": [transaction]})
}

fn answers_post(status: u16, answer: &str) -> Step {
    ExpectedRequest::post("/api/v2/gateway8")
        .json(body())
        .answers(StatusCode::from_u16(status).unwrap(), answer.to_owned())
}

fn answers_invoice(changes: &Value) -> Step {
    ExpectedRequest::get("/api/v2/invoices/order-1")
        .answers(StatusCode::OK, success(&invoice(changes)))
}

fn no_invoice() -> Step {
    ExpectedRequest::get("/api/v2/invoices/order-1")
        .answers(StatusCode::NOT_FOUND, refusal("not_found"))
}

fn answers_transaction(changes: &Value) -> Step {
    ExpectedRequest::get("/api/v2/transaction/transaction-1")
        .answers(StatusCode::OK, success(&transaction(changes)))
}

#[test]
fn a_flow_goes_on_only_where_it_was_begun() {
    let of = |environment| {
        let key = ApiKey::parse("5f0c6a9e-0d6b-4a63-9a0e-5f2a7d3f1c11").unwrap();
        Client::new(environment, key, MockTransport::new())
    };
    let snapshot = CardDepositFlow::new(of(Environment::Production), deposit()).snapshot();
    // Demo has no such invoice, which would prove that nothing was charged.
    let elsewhere = CardDepositFlow::resume(of(Environment::Demo), &snapshot);
    let error = SnapshotError::OtherEnvironment {
        begun_at: Environment::Production.base_url().into(),
        asked: Environment::Demo.base_url().into(),
    };
    assert_eq!(elsewhere.unwrap_err(), error);
    CardDepositFlow::resume(of(Environment::Production), &snapshot).unwrap();
    // What an older version wrote belongs to whoever takes it up first.
    let old = r#"{"version":1,"flow":"card","orderId":"order-1","customerId":"customer-1",
        "amount":"25.00","currency":"EUR","state":{"name":"in_progress"}}"#;
    let taken_up = CardDepositFlow::resume(of(Environment::Demo), old).unwrap();
    CardDepositFlow::resume(of(Environment::Production), &taken_up.snapshot()).unwrap_err();
}
