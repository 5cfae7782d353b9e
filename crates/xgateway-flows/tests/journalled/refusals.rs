//! What is refused before anything is sent, and what the journal holds.

use jiff::civil::date;
use serde_json::json;
use xgateway_api::deposit::CardDeposit;
use xgateway_api::environment::Environment;
use xgateway_api::policy::{CardPolicy, Rule};
use xgateway_flows::card::{JournalledError, Progress};
use xgateway_store::{IntentState, Outcome};
use xgateway_transport::test_util::FaultyTransport;

use crate::shop::{Shop, body_with, deposit, deposit_with, deposited};

#[tokio::test]
async fn another_body_under_the_same_order_is_refused_naming_the_fields() {
    let shop = Shop::new();
    let process = shop.process();
    let _ = process
        .deposit(deposit("frictionless"), shop.now)
        .await
        .unwrap();
    let changes = [
        (json!({"amount": 26.00}), "amount"),
        (json!({"customerId": "customer-2"}), "customerId"),
        (json!({"userIp": "217.138.202.41"}), "userIp"),
        (
            json!({"redirectUrl": "https://shop.example.com"}),
            "redirectUrl",
        ),
        (
            json!({"billingAddress": {"addressLine1": "Feather Street 77", "city": "Nesttown",
            "countryCode": "CZ", "postalCode": "98765", "state": "Aviary"}}),
            "billingAddress.city",
        ),
    ];
    for (changes, field) in changes {
        let network = FaultyTransport::new(shop.sandbox.transport());
        let process = shop.process_over(network.clone());
        let other = deposit_with("frictionless", &changes);
        let error = process.deposit(other, shop.now).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "order-1 was begun with another request, and is open; nothing was sent now; what differs: {field}"
            )
        );
        // It is paid, and nobody has been credited yet: no other order id must be charged for it.
        assert!(error.may_have_sent());
        assert!(
            error.advice().contains("no other order id"),
            "{}",
            error.advice()
        );
        assert_eq!(network.call_count(), 0);
    }
    let error = process
        .deposit(deposit("three_ds"), shop.now)
        .await
        .unwrap_err();
    let JournalledError::OtherBody { fields, .. } = error else {
        panic!("another card: {error}");
    };
    assert_eq!(fields, ["card.cardNumber"]);
}

#[tokio::test]
async fn the_same_request_written_otherwise_resumes() {
    let shop = Shop::new();
    let process = shop.process();
    let paid = deposited(
        process
            .deposit(deposit("frictionless"), shop.now)
            .await
            .unwrap(),
    );
    let number = "4000 0000-0001 1017";
    let other = deposit_with(
        "frictionless",
        &json!({"amount": 25, "card": {"cardNumber": number, "cardholderName": "CANARIA BIRDWELL",
            "expiryMonth": "12", "expiryYear": "2028", "cardSecurityCode": "738"}}),
    );
    // The security code leaves no trace, so that another one cannot be told apart.
    let again = deposited(process.deposit(other, shop.now).await.unwrap());
    assert_eq!(again.transaction_id(), paid.transaction_id());
    assert_eq!(shop.charges(), 1);
}

#[tokio::test]
async fn a_refused_card_leaves_the_order_free_for_another_one() {
    let mut shop = Shop::new();
    let process = shop.process();
    let refused = process
        .deposit(deposit("lost_card"), shop.now)
        .await
        .unwrap();
    assert!(matches!(refused.progress, Progress::Refused(_)));
    let not_taken = IntentState::Finished(Outcome::NotTaken);
    assert_eq!(shop.state("order-1").await, Some(not_taken));
    let settled = deposited(
        process
            .deposit(deposit("frictionless"), shop.now)
            .await
            .unwrap(),
    );
    shop.credit(&settled).await;
    let state = shop.state("order-1").await;
    shop.assert_ended(state);
}

#[tokio::test]
async fn an_order_id_that_passes_for_an_attempt_is_refused() {
    let shop = Shop::new();
    let deposit = deposit_with("frictionless", &json!({"orderId": "order-1#2"}));
    let error = shop.process().deposit(deposit, shop.now).await.unwrap_err();
    assert!(matches!(error, JournalledError::Attempt(_)), "{error}");
}

#[tokio::test]
async fn a_customer_id_that_does_not_fit_the_journal_is_refused_before_anything_is_sent() {
    let shop = Shop::new();
    let environment = Environment::sandbox("http://sandbox.invalid/api").unwrap();
    let policy = CardPolicy::new(&environment, date(2026, 1, 1)).relax(Rule::CustomerId);
    let body = body_with("frictionless", &json!({"customerId": "x".repeat(100_000)}));
    let deposit = CardDeposit::from_json(body.to_string().as_bytes(), &policy).unwrap();
    let error = shop.process().deposit(deposit, shop.now).await.unwrap_err();
    assert!(matches!(error, JournalledError::NotBegun { .. }), "{error}");
    assert_eq!(shop.state("order-1").await, None);
}

#[tokio::test]
async fn the_journal_and_all_that_is_printed_hold_nothing_secret() {
    const SECRETS: [&str; 9] = [
        "4000000000011017",
        "1971-03-04",
        "canary.bird",
        "Canaria",
        "CANARIA",
        "15123456789",
        "217.138.202.40",
        "Feather Street",
        "98765",
    ];
    let shop = Shop::new();
    let process = shop.process();
    let standing = process
        .deposit(deposit("frictionless"), shop.now)
        .await
        .unwrap();
    let intent = shop.intent("order-1").await.unwrap();
    let conflict = process
        .deposit(deposit("three_ds"), shop.now)
        .await
        .unwrap_err();
    let resumed = process.resume_all(shop.now).await.unwrap();
    let kept = intent.progress.as_ref().unwrap().as_str();
    let shown =
        format!("{process:?} {standing:?} {resumed:?} {intent:?} {kept} {conflict:?} {conflict}");
    for witness in [
        "JournalledCards",
        "Standing",
        "Deposited",
        "\"orderId\":\"order-1\"",
    ] {
        assert!(shown.contains(witness), "{witness} in {shown}");
    }
    for secret in SECRETS {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
