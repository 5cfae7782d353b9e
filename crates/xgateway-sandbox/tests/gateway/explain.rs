//! Every answer can be explained from the log.

use xgateway_sandbox::{Fault, FaultRule};

use crate::support::{Gateway, order};

fn types(gateway: &mut Gateway, id: &str) -> (String, Vec<String>) {
    let answer = gateway.get(&format!("/_sandbox/explain/{id}"));
    assert_eq!(answer.status, 200, "{id}: {}", answer.text);
    let json = answer.json();
    let data = &json["data"];
    let events = data["events"].as_array().unwrap();
    for event in events {
        assert!(event["because"].as_str().unwrap().ends_with('.'), "{event}");
        assert!(!event["title"].as_str().unwrap().is_empty());
    }
    let types = events
        .iter()
        .map(|event| event["type"].as_str().unwrap().to_owned());
    (data["kind"].as_str().unwrap().to_owned(), types.collect())
}

#[test]
fn whatever_has_an_id_is_explained_from_the_request_to_the_callback() {
    let mut gateway = Gateway::new();
    gateway.deposit(&order("noise", "frictionless"));
    let url = gateway
        .deposit(&order("order-1", "three_ds"))
        .url()
        .unwrap();
    gateway.page(&url, "/approve");
    let number = gateway.world.take_callbacks().last().unwrap().number();
    gateway.world.record_callback_attempt(number, Some(200));
    let refused = gateway.deposit(&order("order-2", "lost_card"));
    assert_eq!(refused.status, 400);

    let invoice = gateway.world.invoice("order-1").unwrap();
    let transaction = invoice.transactions.unwrap()[0].id.clone();
    let story = [
        "invoice_opened",
        "order_answered",
        "request_answered",
        "three_ds_approved",
        "transaction_changed",
        "invoice_changed",
        "callback_queued",
        "request_answered",
        "callback_attempted",
    ];
    assert_eq!(
        types(&mut gateway, "order-1"),
        ("order".to_owned(), story.map(str::to_owned).to_vec())
    );
    let (kind, events) = types(&mut gateway, &invoice.id);
    assert_eq!((kind.as_str(), events.len()), ("invoice", story.len()));
    let (kind, events) = types(&mut gateway, &transaction);
    assert_eq!(kind, "transaction");
    assert_eq!(
        events,
        [
            "transaction_changed",
            "callback_queued",
            "request_answered",
            "callback_attempted"
        ]
    );
    let (kind, events) = types(&mut gateway, &number.to_string());
    assert_eq!(kind, "callback");
    assert_eq!(
        events,
        ["callback_queued", "request_answered", "callback_attempted"]
    );
    let (kind, events) = types(&mut gateway, "order-2");
    assert_eq!(
        (kind.as_str(), events),
        ("name", vec!["request_answered".to_owned()])
    );
    let customer = "ff36a7a5-08fd-418a-a150-f6f2d36676a8";
    let (kind, events) = types(&mut gateway, customer);
    assert_eq!(kind, "customer");
    assert!(events.len() > story.len());

    let answer = gateway.send(http::Method::GET, "/api/v2/invoices/order-1", "");
    let id = answer.headers()["x-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        types(&mut gateway, &id),
        ("request".to_owned(), vec!["request_answered".to_owned()])
    );
    assert_eq!(types(&mut gateway, &format!("request:{id}")).0, "request");
    assert_eq!(
        types(&mut gateway, &format!("callback:{number}")).0,
        "callback"
    );
    for nothing in ["r0", "r999", "999", "nobody", "r1x"] {
        assert_eq!(
            gateway.get(&format!("/_sandbox/explain/{nothing}")).status,
            404,
            "{nothing}"
        );
    }
}

#[test]
fn the_merchants_ids_come_before_ours() {
    let mut gateway = Gateway::new();
    gateway.deposit(&order("noise", "frictionless"));
    for id in ["1", "r1", "000394"] {
        let mut body = order(&format!("of-{id}"), "three_ds");
        body["customerId"] = id.into();
        gateway.deposit(&body);
        assert_eq!(types(&mut gateway, id).0, "customer", "{id}");
        gateway.deposit(&order(&format!("{id}9"), "three_ds"));
        assert_eq!(types(&mut gateway, &format!("{id}9")).0, "order", "{id}");
        gateway.deposit(&order(&format!("{id}7"), "partner_failure"));
        assert_eq!(types(&mut gateway, &format!("{id}7")).0, "name", "{id}");
    }
    assert_eq!(types(&mut gateway, "callback:1").0, "callback");
}

/// What is told of the events of a type.
fn because(gateway: &mut Gateway, id: &str, kind: &str) -> Vec<String> {
    let answer = gateway.get(&format!("/_sandbox/explain/{id}")).json();
    let events = answer["data"]["events"].as_array().unwrap().clone();
    let events = events.iter().filter(|event| event["type"] == kind);
    events
        .map(|event| event["because"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_fault_is_not_told_as_a_card() {
    let mut gateway = Gateway::new();
    gateway.deposit(&order("by-card", "partner_failure"));
    let fault = FaultRule::new(Fault::Bank { paid: false }).times(1);
    gateway.world.add_faults(fault);
    gateway.deposit(&order("by-fault", "three_ds"));
    let told = because(&mut gateway, "by-card", "partner_failed");
    assert!(told[0].contains("test card"), "{told:?}");
    let told = because(&mut gateway, "by-fault", "partner_failed");
    assert!(told[0].contains("A fault"), "{told:?}");
}

#[test]
fn what_happens_to_a_customer_has_its_own_reason() {
    let mut gateway = Gateway::new();
    let path = |tail: &str| format!("/api/v2/customer/c/bank-transfer{tail}");
    gateway.post(
        &path("/user"),
        &serde_json::json!({"firstName": "Jane", "lastName": "Softfail"}),
    );
    gateway.post(&path("/account"), &serde_json::json!({"currency": "EUR"}));
    let link = gateway.post(&path("/kyc/initiate"), &serde_json::json!({}));
    let link = link.json()["data"].as_str().unwrap().to_owned();
    gateway.page(&link, "/finish");
    gateway.world.advance(jiff::SignedDuration::from_hours(1));
    let accounts = gateway.get(&path("/accounts")).json();
    let payment = serde_json::json!({
        "iban": accounts["data"][0]["iban"], "amount": "20", "senderName": "Jane Softfail",
    });
    gateway.post("/_sandbox/deposits", &payment);
    gateway.world.advance(jiff::SignedDuration::from_hours(1));
    let told = because(&mut gateway, "c", "verification_started");
    assert!(
        told[0].contains("SOFT_KYC_FAILED: the last name"),
        "{told:?}"
    );
    let all: std::collections::BTreeSet<_> = because(&mut gateway, "c", "kyc_changed")
        .into_iter()
        .collect();
    assert_eq!(all.len(), 4, "{all:?}");
    for kind in ["deposit_seen", "deposit_changed"] {
        let told = because(&mut gateway, "c", kind);
        assert!(told[0].contains("bank"), "{told:?}");
        assert!(!told.concat().contains("blockchain"), "{told:?}");
    }
}

#[test]
fn an_id_is_explained_whatever_stands_in_it() {
    let mut gateway = Gateway::new();
    for (id, path) in [
        ("a&b=c", "a&b=c"),
        ("a&b=d", "a%26b%3Dd"),
        ("100%+1/2", "100%25+1%2F2"),
        ("a+b", "a+b"),
        ("a b", "a%20b"),
    ] {
        gateway.deposit(&order(id, "frictionless"));
        let (kind, events) = types(&mut gateway, path);
        assert_eq!((kind.as_str(), &*events[0]), ("order", "invoice_opened"));
        let told = gateway.get(&format!("/_sandbox/explain/{path}")).json();
        assert_eq!(told["data"]["events"][0]["orderId"], id, "{path}");
    }
}
