//! The journal is lost, or put back from a copy: what it lacks was sent all the same.

use std::sync::Arc;

use jiff::SignedDuration;
use xgateway_flows::card::{JournalledError, Standing};
use xgateway_sandbox::Config;
use xgateway_store::{IntentState, MemoryJournal, Outcome};
use xgateway_transport::test_util::{Fault, FaultyTransport};

use crate::attempts::{retry, with_a_decline};
use crate::shop::{Shop, attempt, declined, deposit, deposited};

/// A shop whose gateway forgets order ids after an hour, and whose first order was paid longer ago than that.
async fn paid() -> Shop {
    let mut config = Config::new(1);
    config.idempotency_life = Some(SignedDuration::from_hours(1));
    let mut shop = Shop::with(config);
    let settled = deposited(shop.deposit("frictionless").await.unwrap());
    shop.credit(&settled).await;
    shop.pass(SignedDuration::from_hours(2));
    shop
}

/// The customer's form comes once more.
async fn again(shop: &Shop) -> Standing {
    let process = shop.process().asking_first();
    let sent = process.deposit(deposit("frictionless"), shop.now).await;
    sent.unwrap()
}

#[tokio::test]
async fn what_was_paid_before_is_found_and_not_charged_once_more() {
    let mut shop = paid().await;
    shop.journal = Arc::new(MemoryJournal::new());
    let settled = deposited(again(&shop).await);
    assert_eq!(shop.state("order-1").await, Some(IntentState::Open));
    // Under the same transaction: once.
    shop.credit(&settled).await;
    shop.assert_ended(shop.state("order-1").await);
}

/// What the test above would be if it did not ask.
#[tokio::test]
async fn without_the_question_it_is_charged_twice() {
    let mut shop = paid().await;
    shop.journal = Arc::new(MemoryJournal::new());
    let _ = shop.deposit("frictionless").await.unwrap();
    assert_eq!(shop.charges(), 2);
}

#[tokio::test]
async fn an_order_that_the_gateway_has_not_is_sent_once() {
    let shop = Shop::new();
    let _ = deposited(again(&shop).await);
    let _ = deposited(again(&shop).await);
    assert_eq!(shop.charges(), 1);
}

#[tokio::test]
async fn a_later_attempt_that_the_copy_lacks_is_found() {
    let mut shop = with_a_decline().await;
    let copy = shop.intent("order-1").await.unwrap();
    let _ = deposited(retry(&shop, "frictionless", "order-1").await.unwrap());
    // The copy was made before the retry.
    shop.journal = Arc::new(MemoryJournal::new());
    let first = shop.process().asking_first();
    let found = first.deposit(deposit("three_ds"), shop.now).await.unwrap();
    declined(&found);
    assert_eq!(shop.intent("order-1").await.unwrap().attempt, copy.attempt);
    let order = attempt("order-1");
    let retried = first.retry(deposit("frictionless"), &order, shop.now).await;
    let _ = deposited(retried.unwrap());
    assert_eq!(shop.charges(), 1);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_unless_the_gateway_answers() {
    let mut shop = paid().await;
    shop.journal = Arc::new(MemoryJournal::new());
    let network = FaultyTransport::new(shop.sandbox.transport());
    let network = (0..3).fold(network, |network, _| network.then(Fault::LoseRequest));
    let process = shop.process_over(network).asking_first();
    let sent = process.deposit(deposit("frictionless"), shop.now).await;
    let error = sent.unwrap_err();
    assert!(
        matches!(error, JournalledError::NotHeard { .. }),
        "{error:?}"
    );
    assert!(!error.may_have_sent());
    assert_eq!(shop.charges(), 1);
    // Nor later.
    let not_taken = IntentState::Finished(Outcome::NotTaken);
    assert_eq!(shop.state("order-1").await, Some(not_taken));
    let _ = deposited(shop.deposit("frictionless").await.unwrap());
    assert_eq!(shop.charges(), 1);
}
