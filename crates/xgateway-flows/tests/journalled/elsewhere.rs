//! One journal, two gateways: that the one knows nothing of the other's orders proves nothing.

use jiff::SignedDuration;
use xgateway_api::environment::Environment;
use xgateway_client::Client;
use xgateway_core::id::TransactionId;
use xgateway_core::secret::ApiKey;
use xgateway_flows::card::{
    CallbackHint, JournalledCards, JournalledError, Progress, Resolution, Resolved,
};
use xgateway_sandbox::{Config, Sandbox};
use xgateway_store::{IntentState, Outcome};
use xgateway_transport::test_util::{Fault, FaultyTransport};

use crate::attempts::with_a_decline;
use crate::failing::FailingJournal;
use crate::shop::{GRACE, Shop, attempt, deposit, deposited};

/// A process whose settings name another gateway.
fn misled(shop: &Shop) -> (JournalledCards, Sandbox) {
    let other = Sandbox::new(Config::new(2));
    let environment = Environment::sandbox("http://127.0.0.1:4999/api").unwrap();
    let key = other.world(|world| world.config().api_key.expose().to_owned());
    let client = Client::new(environment, ApiKey::parse(key).unwrap(), other.transport());
    (shop.process_of(client), other)
}

/// A process over the same gateway with another API key.
fn with_another_key(shop: &Shop) -> JournalledCards {
    let key = "9b1e6a52-1c1f-4f0e-8a55-3f1f0a1b2c3d";
    assert_ne!(shop.api_key().expose(), key);
    let environment = Environment::sandbox(&shop.sandbox.base_url()).unwrap();
    let client = Client::new(
        environment,
        ApiKey::parse(key).unwrap(),
        shop.sandbox.transport(),
    );
    shop.process_of(client)
}

/// A shop whose customer was charged for order 1 without an answer, more than the grace ago.
async fn charged_without_an_answer() -> Shop {
    let mut shop = Shop::new();
    let unlucky = FaultyTransport::new(shop.sandbox.transport()).then(Fault::LoseAnswer);
    let process = shop.process_over(unlucky);
    let standing = process
        .deposit(deposit("frictionless"), shop.now)
        .await
        .unwrap();
    assert!(matches!(standing.progress, Progress::Unknown { .. }));
    shop.pass(GRACE * 2);
    shop
}

/// The journal is one of an older version.
fn grow_old(shop: &mut Shop) {
    let journal = FailingJournal::new(shop.journal.clone());
    journal.grow_old();
    shop.journal = journal;
}

#[track_caller]
fn is_other_environment<T: std::fmt::Debug>(result: Result<T, JournalledError>) {
    let error = result.unwrap_err();
    assert!(
        matches!(error, JournalledError::OtherEnvironment { .. }),
        "{error:?}"
    );
    assert!(!error.may_have_sent());
    assert_eq!(error.attempt(), Some(&attempt("order-1")));
}

#[tokio::test]
async fn another_gateway_ends_nothing() {
    let mut shop = charged_without_an_answer().await;
    let (process, other) = misled(&shop);
    let (order, now) = (attempt("order-1"), shop.now);
    // Not even by a person's word.
    for process in [process.clone(), process.with_same_account()] {
        is_other_environment(process.look(&order, now).await);
        is_other_environment(process.deposit(deposit("frictionless"), now).await);
        is_other_environment(process.retry(deposit("frictionless"), &order, now).await);
        let hint = CallbackHint::new(TransactionId::parse("transaction-1").unwrap());
        is_other_environment(process.callback_hint(&order, &hint, now).await);
        let resolution = Resolution::new(Resolved::NotCharged, "jo", "nothing there", now);
        is_other_environment(process.resolve(&order, resolution.unwrap(), now).await);
        for resumed in process.resume_all(now).await.unwrap() {
            is_other_environment(resumed.outcome);
        }
        assert_eq!(shop.state("order-1").await, Some(IntentState::Open));
    }
    assert!(
        other.world(|world| world.events().is_empty()),
        "nobody was asked"
    );
    // Where it was sent, it is found.
    assert_eq!(shop.resume().await, 1);
    let state = shop.state("order-1").await;
    assert_eq!(state, Some(IntentState::Finished(Outcome::Charged)));
    shop.assert_ended(state);
}

#[tokio::test]
async fn no_attempt_is_sent_elsewhere_after_a_decline() {
    let shop = with_a_decline().await;
    let (process, other) = misled(&shop);
    is_other_environment(
        process
            .retry(deposit("frictionless"), &attempt("order-1"), shop.now)
            .await,
    );
    assert!(
        other.world(|world| world.events().is_empty()),
        "nobody was asked"
    );
    assert!(shop.intent("order-1#2").await.is_none());
}

#[tokio::test]
async fn another_api_key_needs_a_persons_word() {
    let mut shop = charged_without_an_answer().await;
    let process = with_another_key(&shop);
    let error = process.look(&attempt("order-1"), shop.now).await;
    assert!(
        matches!(error, Err(JournalledError::OtherAccount { .. })),
        "{error:?}"
    );
    let again = process.deposit(deposit("frictionless"), shop.now).await;
    assert!(
        matches!(again, Err(JournalledError::OtherAccount { .. })),
        "{again:?}"
    );
    assert_eq!(shop.state("order-1").await, Some(IntentState::Open));
    // The gateway is asked then, and this one does not know the key.
    let vouched = process.with_same_account();
    let standing = vouched.look(&attempt("order-1"), shop.now).await.unwrap();
    assert!(standing.progress.unread().is_some(), "{standing:?}");
    assert_eq!(shop.resume().await, 1);
    shop.assert_ended(shop.state("order-1").await);
}

#[tokio::test]
async fn what_an_older_version_has_written_goes_on_and_a_404_does_not_end_it() {
    let mut shop = charged_without_an_answer().await;
    grow_old(&mut shop);
    let (elsewhere, _) = misled(&shop);
    let order = attempt("order-1");
    for _ in 0..2 {
        let error = elsewhere.look(&order, shop.now).await.unwrap_err();
        assert!(
            matches!(error, JournalledError::UnknownDestination { .. }),
            "{error:?}"
        );
        assert_eq!(shop.state("order-1").await, Some(IntentState::Open));
    }
    // What the gateway says that has it, counts.
    let paid = deposited(shop.process().look(&order, shop.now).await.unwrap());
    shop.credit(&paid).await;
    shop.assert_ended(shop.state("order-1").await);
}

#[tokio::test]
async fn what_an_older_version_has_written_ends_by_a_404_on_a_persons_word() {
    let mut shop = Shop::new();
    let unlucky = FaultyTransport::new(shop.sandbox.transport()).then(Fault::LoseRequest);
    let process = shop.process_over(unlucky);
    let _ = process.deposit(deposit("frictionless"), shop.now).await;
    grow_old(&mut shop);
    shop.pass(SignedDuration::from_hours(2));
    let order = attempt("order-1");
    assert!(shop.process().look(&order, shop.now).await.is_err());
    let vouched = shop.process().with_same_account();
    let standing = vouched.look(&order, shop.now).await.unwrap();
    assert!(matches!(standing.progress, Progress::NotCharged { .. }));
    let state = shop.state("order-1").await;
    assert_eq!(state, Some(IntentState::Finished(Outcome::NotTaken)));
}
