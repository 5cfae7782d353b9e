//! Deposits that are taken.

use expect_test::{Expect, expect};
use http::Method;
use serde_json::Value;
use xgateway_sandbox::{Mode, SANDBOX_CARDS};

use crate::support::{Gateway, example, order, with_card};

/// The bodies as they are printed; the page hides the e-mail address.
const SEEDS: [&str; 2] = [
    r#"{"amount": 10, "baseCurrency": "EUR", "customerId": "ff36a7a5-08fd-418a-a150-f6f2d36676a8", "customerEmail": "john.doe@example.com", "customerFirstName": "John", "customerLastName": "Doe", "customerPhone": "49 15123456789", "customerDateOfBirth": "2000-02-10", "accountId": "a67ec03c-0253-4c14-9961-28985186f90c", "userIp": "217.138.202.40", "billingAddress": {"addressLine1": "Hlavni mesto Praha 11 22", "city": "Prague", "countryCode": "CZ", "postalCode": "15000", "state": "Praha, Hlavni mesto"}, "card": {"cardNumber": "4000 0000 0000 0408", "cardholderName": "John Doe", "expiryMonth": "12", "expiryYear": "2028", "cardSecurityCode": "444"}}"#,
    r#"{"amount": 10, "baseCurrency": "EUR", "customerId": "ff36a7a5-08fd-418a-a150-f6f2d36676a8", "customerEmail": "john.doe@example.com", "customerFirstName": "John", "customerLastName": "Doe", "customerPhone": "49 15123456789", "customerDateOfBirth": "2000-02-10", "orderId": "XBNfu922e2", "accountId": "a67ec03c-0253-4c14-9961-28985186f90c", "redirectUrl": "https://xgateway.tech", "userIp": "217.138.202.40", "billingAddress": {"addressLine1": "Hlavni mesto Praha 11 22", "addressLine2": "Suite 56", "city": "Prague", "countryCode": "CZ", "postalCode": "15000", "state": "Praha, Hlavni mesto"}, "card": {"cardNumber": "4000 0000 0000 0002", "cardholderName": "John Doe", "expiryMonth": "12", "expiryYear": "2028", "cardSecurityCode": "444"}}"#,
];

#[track_caller]
fn check(body: &Value, want: &Expect) {
    want.assert_eq(&Gateway::new().deposit(body).both());
}

#[test]
fn both_bodies_of_the_seed_are_taken() {
    for body in SEEDS {
        let mut gateway = Gateway::new();
        let answer = gateway.send(Method::POST, "/api/v2/gateway8", body);
        assert_eq!(answer.status(), 201);
    }
}

#[test]
fn the_answer_has_the_shape_of_the_seed() {
    check(
        &example(),
        &expect![[
            r#"201 {"data":{"threeDSURL":"http://sandbox.invalid/3ds/a2d881c862bd4cd7acc8630c2da09d1b","message":"Invoice has been successfully activated. 3DS verification is required."},"success":true}"#
        ]],
    );
    check(
        &with_card("frictionless"),
        &expect![[
            r#"201 {"data":{"threeDSURL":null,"message":"The invoice has been successfully finalized."},"success":true}"#
        ]],
    );
}

#[test]
fn an_invoice_waits_for_the_customer() {
    let mut gateway = Gateway::new();
    gateway.deposit(&order("order-1", "three_ds"));
    assert_eq!(gateway.standing("order-1"), "active []");
    assert!(gateway.callbacks().is_empty());
    let want = expect![[
        r#"200 {"data":{"amount":"10.00","baseCurrency":"EUR","createdAt":"2026-01-01T00:00:00.000Z","customerId":"ff36a7a5-08fd-418a-a150-f6f2d36676a8","id":"15879d5d-dfb0-4edb-96e5-d9cab2797391","paymentUrl":"http://sandbox.invalid/checkout/15879d5d-dfb0-4edb-96e5-d9cab2797391","status":"active","strategy":"fixed","type":"deposit","accountId":"a67ec03c-0253-4c14-9961-28985186f90c","orderId":"order-1","paymentCurrency":"EUR","transactions":[]},"success":true}"#
    ]];
    want.assert_eq(&gateway.get("/api/v2/invoices/order-1").both());
}

#[test]
fn an_invoice_is_found_by_its_id_and_by_its_order_id() {
    let mut gateway = Gateway::new();
    let mut body = example();
    body["orderId"] = "an order/with?odd%characters é".into();
    gateway.deposit(&body);
    let by_order = gateway.get("/api/v2/invoices/an%20order%2Fwith%3Fodd%25characters%20%C3%A9");
    assert_eq!(by_order.status, 200);
    let id = by_order.json()["data"]["id"].as_str().unwrap().to_owned();
    let by_id = gateway.get(&format!("/api/v2/invoices/{id}"));
    assert_eq!(by_id.text, by_order.text);
}

#[test]
fn a_card_without_3ds_is_paid_at_once() {
    let mut gateway = Gateway::new();
    let answer = gateway.deposit(&order("order-1", "frictionless"));
    assert_eq!(answer.url(), None);
    assert_eq!(gateway.standing("order-1"), "completed [confirmed]");
    assert_eq!(gateway.callbacks(), ["confirmed 10"]);
}

#[test]
fn only_the_live_mode_finalizes_the_card_that_is_not_enrolled() {
    let mut demo = Gateway::new();
    assert!(
        demo.deposit(&order("order-1", "not_enrolled"))
            .url()
            .is_some()
    );
    let mut live = Gateway::with(|config| config.mode = Mode::Live);
    assert_eq!(live.deposit(&order("order-1", "not_enrolled")).url(), None);
    assert_eq!(live.standing("order-1"), "completed [confirmed]");
    assert!(live.deposit(&order("order-2", "three_ds")).url().is_some());
}

#[test]
fn every_card_does_what_its_table_says() {
    let mut found = String::new();
    for card in SANDBOX_CARDS {
        let mut gateway = Gateway::new();
        let answer = gateway.deposit(&order("order-1", card.name));
        let standing = gateway
            .world
            .invoice("order-1")
            .map(|it| it.status.to_string());
        let has_page = answer.text.contains("/3ds/");
        let line = format!(
            "{}: {}, page {has_page}, invoice {}\n",
            card.name,
            answer.status,
            standing.as_deref().unwrap_or("none"),
        );
        found.push_str(&line);
    }
    let want = expect![[r"
        three_ds: 201, page true, invoice active
        not_enrolled: 201, page true, invoice active
        frictionless: 201, page false, invoice completed
        three_ds_then_declined: 201, page true, invoice active
        three_ds_then_slow: 201, page true, invoice active
        insufficient_funds: 400, page false, invoice none
        lost_card: 400, page false, invoice none
        partner_failure: 500, page false, invoice none
        answer_lost: 500, page false, invoice completed
    "]];
    want.assert_eq(&found);
}

#[test]
fn numbers_count_by_value() {
    for amount in [
        "10",
        "10.00",
        "1e1",
        "100e-1",
        "10.000000000000000000000000000000",
    ] {
        let mut gateway = Gateway::new();
        let body = order("order-1", "frictionless")
            .to_string()
            .replace("\"amount\":10,", &format!("\"amount\":{amount},"));
        let answer = gateway.send(Method::POST, "/api/v2/gateway8", body);
        assert_eq!(answer.status(), 201, "{amount}");
        let invoice = gateway.world.invoice("order-1").unwrap();
        assert_eq!(invoice.amount.as_str(), "10.00", "{amount}");
    }
}
