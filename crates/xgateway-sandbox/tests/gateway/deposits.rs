//! Deposits that are taken.

use expect_test::{Expect, expect};
use serde_json::Value;

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
        let answer = gateway.send(http::Method::POST, "/api/v2/gateway8", body);
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
