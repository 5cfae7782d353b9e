//! The card deposit that the tests of the flows send.

use serde_json::{Value, json};

/// The body of a deposit of order `order-1` that passes rules and policy, with `changes`.
pub(crate) fn body_with(changes: &Value) -> Value {
    let mut body = json!({
        "amount": 25.00,
        "accountId": "a67ec03c-0253-4c14-9961-28985186f90c",
        "baseCurrency": "EUR",
        "customerId": "customer-1",
        "customerDateOfBirth": "1971-03-04",
        "customerEmail": "canary.bird@example.com",
        "customerFirstName": "Canaria",
        "customerLastName": "Birdwell",
        "customerPhone": "49 15123456789",
        "userIp": "217.138.202.40",
        "billingAddress": {
            "addressLine1": "Feather Street 77",
            "city": "Cagetown",
            "countryCode": "CZ",
            "postalCode": "98765",
            "state": "Aviary"
        },
        "card": {
            "cardNumber": "4000 0000 0000 0002",
            "cardholderName": "CANARIA BIRDWELL",
            "expiryMonth": "12",
            "expiryYear": "2028",
            "cardSecurityCode": "739"
        },
        "orderId": "order-1"
    });
    let changes = changes.as_object().unwrap();
    body.as_object_mut().unwrap().extend(changes.clone());
    body
}
