//! Every answer can be explained from the log.

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
    for nothing in ["r0", "r999", "999", "nobody", "r1x"] {
        assert_eq!(
            gateway.get(&format!("/_sandbox/explain/{nothing}")).status,
            404,
            "{nothing}"
        );
    }
}
