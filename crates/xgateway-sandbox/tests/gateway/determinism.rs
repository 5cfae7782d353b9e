//! The same seed and the same requests give the same bytes.

use jiff::SignedDuration;
use serde_json::json;

use crate::support::{Gateway, order};

/// A day in the life of a world: all that it said.
fn history(seed: u64, orders: &[&str]) -> String {
    let mut gateway = Gateway::with(|config| *config = xgateway_sandbox::Config::new(seed));
    let mut said = String::new();
    for id in orders {
        for card in ["three_ds", "frictionless", "not_enrolled", "answer_lost"] {
            let answer = gateway.deposit(&order(&format!("{id}-{card}"), card));
            if let Ok(json) = serde_json::from_str::<serde_json::Value>(&answer.text)
                && let Some(url) = json["data"]["threeDSURL"].as_str()
            {
                gateway.page(url, "/approve");
            }
            said.push_str(&answer.text);
        }
    }
    for currency in ["BTC", "eUSDT", "tUSDC", "SOL"] {
        let wish = serde_json::json!({"currency": currency, "customerId": "c"});
        let answer = gateway.post("/api/v2/channels", &wish);
        let address = answer.json()["data"]["address"].clone();
        let payment = serde_json::json!({"address": address, "amount": "1.5"});
        said.push_str(&answer.text);
        said.push_str(&gateway.post("/_sandbox/deposits", &payment).text);
    }
    gateway.world.advance(SignedDuration::from_hours(1));
    said.push_str(&gateway.get("/api/v2/balance/accounts").text);
    said.push_str(
        &gateway
            .get("/api/v2/exchange/rate?source=BTC&target=EUR")
            .text,
    );
    for callback in gateway.world.take_callbacks() {
        said.push_str(std::str::from_utf8(callback.body()).unwrap());
    }
    said + &serde_json::to_string(gateway.world.events()).unwrap()
}

#[test]
fn a_seed_determines_every_byte() {
    assert_eq!(history(7, &["a", "b"]), history(7, &["a", "b"]));
    assert_ne!(history(7, &["a"]), history(8, &["a"]));
}

#[test]
fn the_order_of_requests_does_not_change_ids() {
    let ids = |orders: [&str; 2]| {
        let mut gateway = Gateway::new();
        for id in orders {
            gateway.deposit(&order(id, "frictionless"));
        }
        ["a", "b"].map(|id| {
            let invoice = gateway.world.invoice(id).unwrap();
            (invoice.id, invoice.transactions.unwrap()[0].id.clone())
        })
    };
    assert_eq!(ids(["a", "b"]), ids(["b", "a"]));
}

#[test]
fn deposits_without_an_order_id_differ() {
    let mut gateway = Gateway::new();
    let first = gateway.deposit(&crate::support::example()).url();
    assert_ne!(gateway.deposit(&crate::support::example()).url(), first);
}

#[test]
fn events_are_numbered_without_gaps() {
    let mut gateway = Gateway::new();
    gateway.deposit(&order("order-1", "frictionless"));
    gateway.world.advance(SignedDuration::from_secs(1));
    let names: Vec<_> = gateway
        .world
        .events()
        .iter()
        .map(xgateway_sandbox::Event::name)
        .collect();
    assert_eq!(
        names,
        [
            "invoice_opened",
            "transaction_changed",
            "invoice_changed",
            "callback_queued",
            "order_answered",
            "request_answered",
            "clock_advanced"
        ]
    );
    for (event, number) in gateway.world.events().iter().zip(1..) {
        assert_eq!(event.sequence(), number);
    }
}

#[test]
fn the_page_of_an_address_is_the_same_in_equal_worlds() {
    let page = || {
        let mut gateway = Gateway::new();
        let wish = json!({"currency": "ETH", "customerId": "c"});
        let channel = gateway.post("/api/v2/channels", &wish).json();
        let address = channel["data"]["address"].as_str().unwrap();
        for amount in ["1", "2", "3", "4", "5", "6"] {
            let payment = json!({"address": address, "amount": amount});
            gateway.post("/_sandbox/deposits", &payment);
        }
        gateway.get(&format!("/checkout/{address}")).text
    };
    let first = page();
    assert!((0..20).all(|_| page() == first));
}
