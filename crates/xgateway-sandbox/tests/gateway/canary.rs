//! Texts that must not be told, and a deposit that holds them all.

use serde_json::{Value, json};
use xgateway_sandbox::SANDBOX_CARDS;

/// Where the shop wants its customers, with their session.
pub(crate) const SHOP: &str = "https://shop.example/?canary-session";

/// Texts that occur nowhere else, so that a leak can be told from chance.
const CANARIES: &[&str] = &[
    "7391",
    "canary-first",
    "canary-last",
    "canary-holder",
    "canary@example.com",
    "1987-06-05",
    "49 15129998877",
    "203.0.113.77",
    "canary street",
    "canary floor",
    "canary city",
    "canary-zip",
    "canary state",
    "canary-session",
];

/// A deposit full of them.
pub(crate) fn canary_body(card: &str, order: &str) -> Value {
    json!({
        "amount": 10,
        "baseCurrency": "EUR",
        "customerId": "customer-1",
        "customerEmail": "canary@example.com",
        "customerFirstName": "canary-first",
        "customerLastName": "canary-last",
        "customerPhone": "49 15129998877",
        "customerDateOfBirth": "1987-06-05",
        "accountId": "a67ec03c-0253-4c14-9961-28985186f90c",
        "userIp": "203.0.113.77",
        "redirectUrl": SHOP,
        // A merchant who does what nobody should.
        "orderId": format!("{order} 4000000000000408"),
        "billingAddress": {
            "addressLine1": "canary street",
            "addressLine2": "canary floor",
            "city": "canary city",
            "countryCode": "CZ",
            "postalCode": "canary-zip",
            "state": "canary state"
        },
        "card": {
            "cardNumber": card,
            "cardholderName": "canary-holder",
            "expiryMonth": "12",
            "expiryYear": "2028",
            "cardSecurityCode": "7391"
        }
    })
}

#[track_caller]
pub(crate) fn assert_clean(what: &str, text: &str) {
    for canary in CANARIES {
        assert!(!text.contains(canary), "{what} tells {canary}");
    }
    let digits: String = text
        .chars()
        .filter(|character| !matches!(character, ' ' | '-'))
        .collect();
    for card in SANDBOX_CARDS {
        assert!(!digits.contains(card.number), "{what} tells a card number");
    }
}
