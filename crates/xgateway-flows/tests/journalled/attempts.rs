//! A declined card is tried again, and money that moves twice is seen.

use serde_json::json;
use xgateway_api::types::{SimulateTransactionRequest, SimulatedStatus};
use xgateway_client::Client;
use xgateway_core::id::{OrderId, TransactionId};
use xgateway_flows::card::{CallbackHint, Contradiction, JournalledError, Progress, Standing};
use xgateway_store::{IntentState, Outcome};
use xgateway_transport::test_util::{Fault, FaultyTransport};

use crate::shop::{GRACE, Shop, attempt, declined, deposit, deposit_with, deposited};

const OPEN: Option<IntentState> = Some(IntentState::Open);
const CHARGED: Option<IntentState> = Some(IntentState::Finished(Outcome::Charged));
const DECLINED: Option<IntentState> = Some(IntentState::Finished(Outcome::Declined));

#[tokio::test]
async fn a_declined_card_is_tried_again_under_an_order_id_of_its_own() {
    let mut shop = with_a_decline().await;
    let standing = retry(&shop, "frictionless", "order-1").await.unwrap();
    assert_eq!(standing.attempt.to_string(), "order-1#2");
    assert_eq!(standing.attempt.order().as_str(), "order-1");
    let settled = deposited(standing);
    assert_eq!(settled.order_id().as_str(), "order-1#2");
    shop.credit(&settled).await;
    assert_eq!(shop.state("order-1").await, DECLINED);
    assert_eq!(shop.state("order-1#2").await, CHARGED);
    shop.assert_ended(CHARGED);

    // Nobody can try a paid order again.
    for after in ["order-1", "order-1#2"] {
        let again = deposited(retry(&shop, "frictionless", after).await.unwrap());
        assert_eq!(again.transaction_id(), settled.transaction_id());
    }
    assert_eq!(shop.charges(), 1);
}

#[tokio::test]
async fn a_second_click_makes_no_third_attempt() {
    let shop = with_a_decline().await;
    declined(&decline(&shop, retry(&shop, "three_ds", "order-1").await.unwrap()).await);
    // The same form, sent twice: it names the same declined attempt.
    let again = retry(&shop, "three_ds", "order-1").await.unwrap();
    assert_eq!(again.attempt.to_string(), "order-1#2");
    declined(&again);
    assert_eq!(shop.state("order-1#3").await, None);
    // Another form for the same attempt is a conflict.
    let error = retry(&shop, "frictionless", "order-1").await.unwrap_err();
    let JournalledError::OtherBody { fields, .. } = error else {
        panic!("another card: {error}");
    };
    assert_eq!(fields, ["card.cardNumber"]);
    // And one that names the second attempt makes a third.
    let third = retry(&shop, "frictionless", "order-1#2").await.unwrap();
    assert_eq!(third.attempt.to_string(), "order-1#3");
    let _ = deposited(third);
}

#[tokio::test]
async fn nothing_is_tried_again_before_a_proven_decline() {
    let shop = Shop::new();
    let error = retry(&shop, "frictionless", "order-1").await.unwrap_err();
    assert!(
        matches!(error, JournalledError::TooEarly { previous: None, .. }),
        "{error}"
    );
    // From a form, say: the billions before it are not looked up.
    let error = retry(&shop, "frictionless", "order-1#4000000000").await;
    let error = error.unwrap_err();
    assert!(
        matches!(error, JournalledError::TooEarly { previous: None, .. }),
        "{error}"
    );
    let network = FaultyTransport::new(shop.sandbox.transport()).then(Fault::LoseAnswer);
    let process = shop.process_over(network);
    let _ = process
        .deposit(deposit("three_ds"), shop.now)
        .await
        .unwrap();
    let error = retry(&shop, "frictionless", "order-1").await.unwrap_err();
    let JournalledError::TooEarly { previous, .. } = &error else {
        panic!("too early: {error}");
    };
    assert_eq!(*previous, Some(IntentState::Open));
    assert_eq!(
        error.to_string(),
        "order-1#2 is too early: an attempt before it is still open; nothing was sent"
    );
    assert_eq!(shop.state("order-1#2").await, None);
}

#[tokio::test]
async fn a_deposit_of_another_order_is_no_further_attempt() {
    let shop = with_a_decline().await;
    let other = deposit_with("frictionless", &json!({"orderId": "order-2"}));
    let error = shop
        .process()
        .retry(other, &attempt("order-1"), shop.now)
        .await;
    let error = error.unwrap_err();
    assert!(
        matches!(error, JournalledError::OtherOrder { .. }),
        "{error}"
    );
}

#[tokio::test]
async fn a_decline_that_turned_into_a_payment_is_found_before_anything_is_sent() {
    let mut shop = with_a_decline().await;
    confirm(&shop, "order-1").await;
    let standing = retry(&shop, "frictionless", "order-1").await.unwrap();
    assert_eq!(standing.attempt.to_string(), "order-1");
    let settled = deposited(standing);
    shop.credit(&settled).await;
    assert_eq!(shop.state("order-1#2").await, None);
    shop.assert_ended(shop.state("order-1").await);
}

#[tokio::test]
async fn a_second_charge_is_found_when_the_later_attempt_is_paid() {
    let shop = with_a_decline().await;
    let standing = retry(&shop, "three_ds", "order-1").await.unwrap();
    let Progress::ThreeDsRequired { url } = standing.progress else {
        panic!("3DS");
    };
    // Meanwhile the bank finds that the first one was good after all, and nobody hears of it.
    confirm(&shop, "order-1").await;
    shop.sandbox.three_ds(url.as_str()).approve();
    is_double(look(&shop, "order-1#2").await);
    // Nobody was credited, so both are open, and whoever asks about either is told.
    assert_eq!(shop.state("order-1").await, OPEN);
    assert_eq!(shop.state("order-1#2").await, OPEN);
    is_double(look(&shop, "order-1").await);
    is_double(look(&shop, "order-1#2").await);
    is_double(retry(&shop, "frictionless", "order-1#2").await.unwrap());
}

#[tokio::test]
async fn a_first_attempt_that_is_paid_while_the_second_is_under_way_stops_both() {
    let shop = with_a_decline().await;
    let standing = retry(&shop, "three_ds", "order-1").await.unwrap();
    let Progress::ThreeDsRequired { url } = standing.progress else {
        panic!("3DS");
    };
    confirm(&shop, "order-1").await;
    let transaction = shop
        .sandbox
        .world(|world| world.invoice("order-1"))
        .unwrap()
        .transactions
        .unwrap()[0]
        .id
        .clone();
    let hint = CallbackHint::new(TransactionId::parse(&transaction).unwrap());
    let standing = shop
        .process()
        .callback_hint(&attempt("order-1"), &hint, shop.now)
        .await
        .unwrap();
    is_double(standing);
    assert_eq!(shop.state("order-1").await, OPEN);
    assert_eq!(shop.state("order-1#2").await, OPEN);
    is_double(look(&shop, "order-1#2").await);

    // Once the second is declined, one payment is left, and it is the customer's, whichever attempt is asked about.
    shop.sandbox.three_ds(url.as_str()).decline();
    for order in ["order-1#2", "order-1"] {
        let standing = look(&shop, order).await;
        assert_eq!(standing.attempt.to_string(), "order-1", "{order}");
        let _ = deposited(standing);
    }
    let mut shop = shop;
    assert_eq!(shop.resume().await, 1);
    assert_eq!(shop.state("order-1#2").await, DECLINED);
    shop.assert_ended(shop.state("order-1").await);
}

#[tokio::test]
async fn an_attempt_that_was_not_taken_is_begun_again_and_none_after_it() {
    let mut shop = with_a_lost_retry().await;
    let not_taken = Some(IntentState::Finished(Outcome::NotTaken));
    assert_eq!(shop.state("order-1#2").await, not_taken);
    let error = retry(&shop, "frictionless", "order-1#2").await.unwrap_err();
    assert!(matches!(error, JournalledError::TooEarly { .. }), "{error}");
    let again = retry(&shop, "frictionless", "order-1").await.unwrap();
    assert_eq!(again.attempt.to_string(), "order-1#2");
    let settled = deposited(again);
    shop.credit(&settled).await;
    shop.assert_ended(CHARGED);
}

#[tokio::test]
async fn what_was_paid_after_its_decline_stops_an_attempt_that_could_be_begun_again() {
    let mut shop = with_a_lost_retry().await;
    confirm(&shop, "order-1").await;
    // The second was not taken, so the form may be sent again; but the first has been paid meanwhile.
    let paid = retry(&shop, "frictionless", "order-1").await.unwrap();
    assert_eq!(paid.attempt.to_string(), "order-1");
    let settled = deposited(paid);
    shop.credit(&settled).await;
    shop.assert_ended(CHARGED);
}

/// A shop whose first attempt at order 1 was declined at the 3DS page.
pub(crate) async fn with_a_decline() -> Shop {
    let shop = Shop::new();
    let standing = shop.process().deposit(deposit("three_ds"), shop.now).await;
    declined(&decline(&shop, standing.unwrap()).await);
    assert_eq!(shop.state("order-1").await, DECLINED);
    shop
}

/// The same, whose second attempt has not reached the gateway, for longer than a request may be under way.
async fn with_a_lost_retry() -> Shop {
    let mut shop = with_a_decline().await;
    // The first attempt is looked at before the second is sent, and gets lost.
    let network = FaultyTransport::new(shop.sandbox.transport())
        .then(Fault::Pass)
        .then(Fault::LoseRequest);
    let process = shop.process_over(network);
    let first = attempt("order-1");
    let lost = process.retry(deposit("frictionless"), &first, shop.now);
    let progress = lost.await.unwrap().progress;
    assert!(matches!(progress, Progress::Unknown { .. }), "{progress:?}");
    shop.pass(GRACE);
    shop.resume().await;
    shop
}

/// The customer declines at the page.
async fn decline(shop: &Shop, standing: Standing) -> Standing {
    let Progress::ThreeDsRequired { url } = &standing.progress else {
        panic!("this card asks for 3DS: {standing:?}");
    };
    shop.sandbox.three_ds(url.as_str()).decline();
    look(shop, standing.attempt.gateway_order_id().as_str()).await
}

pub(crate) async fn look(shop: &Shop, order: &str) -> Standing {
    let process = shop.process();
    process.look(&attempt(order), shop.now).await.unwrap()
}

pub(crate) async fn retry(
    shop: &Shop,
    card: &str,
    declined: &str,
) -> Result<Standing, JournalledError> {
    let process = shop.process();
    process
        .retry(deposit(card), &attempt(declined), shop.now)
        .await
}

/// The gateway confirms what it had declined, as it may.
pub(crate) async fn confirm(shop: &Shop, order: &str) {
    confirm_of(shop, order, "25").await;
}

/// The same, of another amount.
pub(crate) async fn confirm_of(shop: &Shop, order: &str, amount: &str) {
    let config = shop.sandbox.world(|world| world.config().clone());
    let environment = xgateway_api::environment::Environment::sandbox(&shop.sandbox.base_url());
    let client = Client::new(
        environment.unwrap(),
        config.api_key,
        shop.sandbox.transport(),
    );
    let order = OrderId::parse(order).unwrap();
    let invoice = client.invoice_by_order(&order).await.unwrap();
    let request = SimulateTransactionRequest {
        amount: amount.to_owned(),
        invoice_id: invoice.data().id.clone(),
        status: SimulatedStatus::Confirmed,
    };
    client.send(&request).await.unwrap();
}

#[track_caller]
pub(crate) fn is_double(standing: Standing) {
    let progress = standing.progress;
    assert!(
        matches!(
            progress,
            Progress::Contradiction(Contradiction::OtherAttempt)
        ),
        "{progress:?}"
    );
}
