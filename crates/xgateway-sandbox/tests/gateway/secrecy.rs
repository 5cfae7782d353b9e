//! Nothing that must not be told is told anywhere.

use bytes::Bytes;
use http::Response;
use jiff::SignedDuration;
use serde_json::json;
use xgateway_sandbox::{Config, SANDBOX_CARDS, Sandbox};

use crate::canary::{SHOP, assert_clean, canary_body};
use crate::support::Gateway;

/// The customer's page leads back to the shop, and tells nothing else.
#[track_caller]
fn assert_page_clean(page: &Response<Bytes>) {
    let html = std::str::from_utf8(page.body()).unwrap();
    assert_clean("a page", &html.replace(SHOP, ""));
}

#[test]
fn nothing_in_events_answers_pages_and_debug() {
    let mut gateway = Gateway::new();
    for card in SANDBOX_CARDS {
        let body = canary_body(card.number, card.name);
        let answer = gateway.deposit(&body);
        assert_clean("an answer", &answer.text);
        let json = answer.json();
        if let Some(url) = json["data"]["threeDSURL"].as_str() {
            let page = gateway.page(url, "");
            assert_page_clean(&page);
            gateway.page(url, "/decline");
            assert_page_clean(&gateway.page(url, ""));
        }
        let mut invalid = body;
        invalid["baseCurrency"] = card.number.into();
        assert_clean("a 422", &gateway.deposit(&invalid).text);
    }
    gateway.world.advance(SignedDuration::from_hours(25));
    let callbacks = gateway.world.take_callbacks();
    assert!(!callbacks.is_empty());
    assert_clean(
        "events",
        &serde_json::to_string(gateway.world.events()).unwrap(),
    );
    for page in ["", "/payments", "/customers", "/accounts", "/controls"] {
        let shown = gateway.get(&format!("/inspector{page}"));
        assert_eq!(shown.status, 200);
        assert_clean("the inspector", &shown.text);
    }
    assert_clean("the page of events", &gateway.get("/_sandbox/events").text);
    assert_clean("Debug", &format!("{:?} {callbacks:?}", gateway.world));
    assert_clean("Debug of events", &format!("{:?}", gateway.world.events()));
}

#[test]
fn debug_tells_neither_keys_nor_pages_nor_hashes() {
    let mut config = Config::new(1);
    config.callback_url = Some("https://shop.example/canary-session".parse().unwrap());
    let keys = [
        config.api_key.expose().to_owned(),
        config.secret_key.expose().to_owned(),
    ];
    let config_text = format!("{config:?}");
    let sandbox = Sandbox::new(config);
    let mut gateway = Gateway::new();
    let url = gateway
        .deposit(&canary_body("4000000000000002", "order"))
        .url()
        .unwrap();
    let page = sandbox.three_ds(&url);
    let text = format!(
        "{config_text} {sandbox:?} {page:?} {:?} {:?} {:?}",
        page.visit(),
        sandbox.transport(),
        gateway.world.events(),
    );
    assert_clean("Debug", &text);
    assert!(!keys.iter().any(|key| text.contains(key.as_str())));
    assert!(!text.contains(url.rsplit('/').next().unwrap()));
    let events = serde_json::to_string(gateway.world.events()).unwrap();
    assert!(!events.contains(url.rsplit('/').next().unwrap()));
}

/// Whoever pays chooses the hash, and the merchant what a customer is called.
#[test]
fn debug_of_a_payment_tells_no_card_number() {
    let number = SANDBOX_CARDS[0].number;
    let mut gateway = Gateway::new();
    let channel = json!({"currency": "ETH", "customerId": "c"});
    let channel = gateway.post("/api/v2/channels", &channel).json();
    for (path, body) in [
        (
            "deposits",
            json!({"address": channel["data"]["address"], "amount": "1", "transactionHash": number}),
        ),
        (
            "withdrawals",
            json!({"customerId": number, "currency": "EUR", "amount": "1"}),
        ),
    ] {
        let answer = gateway.post(&format!("/_sandbox/{path}"), &body);
        assert_eq!(answer.status, 201, "{}", answer.text);
    }
    let events = gateway.world.events();
    let shown = format!("{events:?}") + &serde_json::to_string(events).unwrap();
    assert!(shown.contains("DepositSeen") && shown.contains("WithdrawalRequested"));
    assert_clean("Debug", &shown);
}
