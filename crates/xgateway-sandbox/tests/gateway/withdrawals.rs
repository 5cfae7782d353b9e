//! The merchant pays customers: pending, then failed as in Demo, or confirmed as far as the balance goes.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{Answer, Gateway, order};

fn withdraw(gateway: &mut Gateway, order: Option<&str>, amount: &str, outcome: &str) -> Answer {
    let mut body = json!({
        "customerId": "customer-1", "currency": "EUR", "amount": amount, "outcome": outcome,
    });
    if let Some(order) = order {
        body["orderId"] = order.into();
    }
    gateway.post("/_sandbox/withdrawals", &body)
}

fn id(answer: &Answer) -> String {
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()["data"]["transactionId"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn transaction(gateway: &mut Gateway, id: &str) -> Value {
    gateway.get(&format!("/api/v2/transaction/{id}")).json()["data"].clone()
}

/// A balance of 10 euro, less the fee.
fn with_money() -> Gateway {
    let mut gateway = Gateway::new();
    assert_eq!(gateway.deposit(&order("paid", "frictionless")).status, 201);
    gateway.world.take_callbacks();
    gateway
}

#[test]
fn it_is_pending_and_then_fails_as_in_demo() {
    let mut gateway = with_money();
    let body = json!({"customerId": "customer-1", "currency": "EUR", "amount": "1"});
    let answer = gateway.post("/_sandbox/withdrawals", &body);
    let id = id(&answer);
    let before = transaction(&mut gateway, &id);
    assert_eq!(
        (&before["status"], &before["type"], &before["senderDetails"]),
        (&json!("pending"), &json!("withdrawal"), &Value::Null)
    );
    assert!(gateway.world.take_callbacks().is_empty());
    gateway.world.advance(SignedDuration::from_secs(10));
    let callbacks = gateway.world.take_callbacks();
    let callback: Value = serde_json::from_slice(callbacks[0].body()).unwrap();
    assert_eq!(
        (&callback["status"], &callback["type"], &callback["amount"]),
        (&json!("failed"), &json!("withdrawal"), &json!("1"))
    );
    assert_eq!(transaction(&mut gateway, &id)["status"], "failed");
    let explained = gateway.get(&format!("/_sandbox/explain/{id}")).json();
    let names: Vec<_> = explained["data"]["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    assert!(names.starts_with(&["withdrawal_requested"]), "{names:?}");
    assert!(names.contains(&"withdrawal_changed"), "{names:?}");
    assert!(names.contains(&"callback_queued"), "{names:?}");
}

#[test]
fn it_is_paid_out_as_far_as_the_balance_goes() {
    let mut gateway = with_money();
    let balance = |gateway: &mut Gateway| -> rust_decimal::Decimal {
        let answer = gateway.get("/api/v2/balance/accounts").json();
        let text = answer["data"][0]["balance"].as_str().unwrap().to_owned();
        text.parse().unwrap()
    };
    let before = balance(&mut gateway);
    let first = id(&withdraw(&mut gateway, None, "6", "confirmed"));
    // What is on its way is no longer there for another one.
    let second = id(&withdraw(&mut gateway, None, "6", "confirmed"));
    assert_ne!(first, second);
    gateway.world.advance(SignedDuration::from_secs(10));
    assert_eq!(transaction(&mut gateway, &first)["status"], "confirmed");
    assert_eq!(transaction(&mut gateway, &second)["status"], "failed");
    let taken = before - balance(&mut gateway);
    let six = rust_decimal::Decimal::from(6);
    assert!(
        taken > six && taken < six + rust_decimal::Decimal::ONE,
        "{taken}"
    );
}

#[test]
fn the_order_id_is_its_key() {
    let mut gateway = with_money();
    let first = withdraw(&mut gateway, Some("w-1"), "2", "failed");
    let again = withdraw(&mut gateway, Some("w-1"), "2", "failed");
    assert_eq!(first.text, again.text);
    let other = withdraw(&mut gateway, Some("w-1"), "3", "failed");
    assert_eq!(other.status, 409, "{}", other.text);
    let id = id(&first);
    assert_eq!(transaction(&mut gateway, &id)["orderId"], "w-1");
    let explained = gateway.get("/_sandbox/explain/w-1");
    assert_eq!(explained.status, 200, "{}", explained.text);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let mut gateway = with_money();
    for (body, status) in [
        (
            json!({"customerId": "c", "currency": "EUR", "amount": "0"}),
            400,
        ),
        (
            json!({"customerId": "c", "currency": "EUR", "amount": "1.001"}),
            400,
        ),
        (
            json!({"customerId": "c", "currency": "XXX", "amount": "1"}),
            400,
        ),
        (
            json!({"customerId": "", "currency": "EUR", "amount": "1"}),
            400,
        ),
        (
            json!({"customerId": "c", "currency": "EUR", "amount": 1}),
            400,
        ),
        (
            json!({"customerId": "c", "currency": "EUR", "amount": "1", "more": 1}),
            400,
        ),
    ] {
        let answer = gateway.post("/_sandbox/withdrawals", &body);
        assert_eq!(answer.status, status, "{body}: {}", answer.text);
    }
}

#[test]
fn limits_without_an_end_do_no_harm() {
    let mut gateway = Gateway::with(|config| {
        config.limits.addresses = usize::MAX;
        config.limits.customers = usize::MAX;
    });
    let body = json!({"customerId": "customer-1", "currency": "EUR", "amount": "1"});
    let answer = gateway.post("/_sandbox/withdrawals", &body);
    assert_eq!(answer.status, 201, "{}", answer.text);
}

/// The status of its callbacks that wait.
fn told(gateway: &mut Gateway) -> Vec<String> {
    let callbacks = gateway.world.take_callbacks().into_iter().map(|callback| {
        let body: Value = serde_json::from_slice(callback.body()).unwrap();
        body["status"].as_str().unwrap().to_owned()
    });
    callbacks.collect()
}

#[test]
fn in_demo_it_succeeds_once_it_is_simulated() {
    let mut gateway = with_money();
    let answer = withdraw(&mut gateway, None, "1", "failed");
    let invoice = answer.json()["data"]["invoiceId"].clone();
    let invoice = invoice.as_str().unwrap();
    let id = id(&answer);
    assert_eq!(transaction(&mut gateway, &id)["invoiceId"], invoice);
    gateway.world.advance(SignedDuration::from_secs(10));
    assert_eq!(told(&mut gateway), ["failed"]);
    assert_eq!(gateway.simulate(invoice, "confirmed", "2").status, 400);
    assert_eq!(gateway.simulate(invoice, "confirmed", "1.00").status, 200);
    assert_eq!(told(&mut gateway), ["confirmed"]);
    assert_eq!(transaction(&mut gateway, &id)["status"], "confirmed");
    // Once more it only tells so again.
    assert_eq!(gateway.simulate(invoice, "confirmed", "1").status, 200);
    assert_eq!(told(&mut gateway), ["confirmed"]);
    assert_eq!(gateway.simulate(invoice, "failed", "1").status, 400);
    // The transaction itself is no invoice.
    assert_eq!(gateway.simulate(&id, "confirmed", "1").status, 404);
}

#[test]
fn whoever_simulates_it_in_time_decides_for_good() {
    let mut gateway = with_money();
    for (currency, first, second) in [("EUR", "confirmed", 400), ("ETH", "failed", 400)] {
        let body = json!({"customerId": "customer-1", "currency": currency, "amount": "1"});
        let answer = gateway.post("/_sandbox/withdrawals", &body);
        let invoice = answer.json()["data"]["invoiceId"].clone();
        let invoice = invoice.as_str().unwrap();
        assert_eq!(gateway.simulate(invoice, first, "1").status, 200);
        gateway.world.advance(SignedDuration::from_mins(1));
        assert_eq!(told(&mut gateway), [first]);
        // What has failed is not confirmed from there in crypto money, nor what is confirmed anywhere taken back.
        let other = if first == "failed" {
            "confirmed"
        } else {
            "failed"
        };
        assert_eq!(gateway.simulate(invoice, other, "1").status, second);
        assert!(told(&mut gateway).is_empty());
    }
}
