//! The process dies, at every point, under every idempotency model, with the key alive and expired.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::timeout;
use xgateway_flows::card::{JournalledError, Progress};
use xgateway_sandbox::{Config, IdempotencyModel, SANDBOX_CARDS};
use xgateway_store::{Fingerprint, FingerprintKey, IntentState, NewIntent, Outcome};
use xgateway_transport::test_util::{Fault, FaultyTransport};

use crate::failing::{FailingJournal, Trouble};
use crate::shop::{GRACE, Shop, attempt, deposit, deposit_with, deposited};

const MODELS: [IdempotencyModel; 3] = [
    IdempotencyModel::Replay,
    IdempotencyModel::Finish,
    IdempotencyModel::Reject,
];

const FAULTS: [Fault; 6] = [
    Fault::Pass,
    Fault::RefuseConnection,
    Fault::LoseRequest,
    Fault::LoseAnswer,
    Fault::HangBefore,
    Fault::HangAfter,
];

/// Every card of the sandbox, every fault, every model; the key alive or expired when somebody resumes; and then the
/// customer tries the same order again.
#[tokio::test(start_paused = true)]
async fn every_intent_ends_charged_once_or_proven_not_charged() {
    for model in MODELS {
        for life in [None, Some(SignedDuration::from_secs(1))] {
            for card in SANDBOX_CARDS {
                for fault in FAULTS {
                    let mut config = Config::new(1);
                    config.idempotency = model;
                    config.idempotency_life = life;
                    let mut shop = Shop::with(config);
                    live_and_die(&mut shop, card.name, fault).await;
                }
            }
        }
    }
}

async fn live_and_die(shop: &mut Shop, card: &str, fault: Fault) {
    let network = FaultyTransport::new(shop.sandbox.transport()).then(fault);
    let process = shop.process_over(network);
    // The process dies with whatever it has learnt: nobody credits. A call that hangs dies within the call.
    let _ = timeout(
        Duration::from_secs(5),
        process.deposit(deposit(card), shop.now),
    )
    .await;
    drop(process);
    shop.pass(SignedDuration::from_secs(2));

    // Another one looks at once. What nobody can know yet stays open.
    shop.resume().await;
    assert!(shop.charges() <= 1);
    // In time the customer has left every page, and nothing is under way any more.
    shop.pass(GRACE);
    shop.resume().await;
    assert_eq!(shop.resume().await, 0, "{card} {fault:?}");
    let state = shop.state("order-1").await;
    shop.assert_ended(state);

    // The customer sends the form once more. That must never charge a second time.
    let again = shop.process().deposit(deposit(card), shop.now).await;
    if let Ok(standing) = again
        && let Progress::Deposited(settled) = standing.progress
    {
        shop.credit(&settled).await;
    }
    shop.pass(GRACE);
    shop.resume().await;
    let state = shop.state("order-1").await;
    shop.assert_ended(state);
}

#[tokio::test]
async fn what_is_still_under_way_stays_open_until_the_grace_is_over() {
    let mut shop = Shop::new();
    let network = FaultyTransport::new(shop.sandbox.transport()).then(Fault::LoseRequest);
    let process = shop.process_over(network);
    let standing = process.deposit(deposit("frictionless"), shop.now).await;
    let progress = standing.unwrap().progress;
    assert!(matches!(progress, Progress::Unknown { .. }), "{progress:?}");
    for _ in 0..2 {
        assert_eq!(shop.resume().await, 1);
        assert_eq!(shop.state("order-1").await, Some(IntentState::Open));
        shop.pass(GRACE - SignedDuration::from_secs(1));
        assert_eq!(shop.resume().await, 1);
        assert_eq!(shop.state("order-1").await, Some(IntentState::Open));
        shop.pass(SignedDuration::from_secs(1));
        assert_eq!(shop.resume().await, 1);
        let not_taken = IntentState::Finished(Outcome::NotTaken);
        assert_eq!(shop.state("order-1").await, Some(not_taken));

        // A new round has a grace of its own. Before it is sent, the gateway is asked.
        let network = FaultyTransport::new(shop.sandbox.transport())
            .then(Fault::Pass)
            .then(Fault::LoseRequest);
        let process = shop.process_over(network);
        let _ = process.deposit(deposit("frictionless"), shop.now).await;
    }
    assert_eq!(shop.charges(), 0);
}

#[tokio::test]
async fn money_is_handed_out_until_somebody_says_that_it_was_credited() {
    let mut shop = Shop::new();
    let process = shop.process();
    let settled = deposited(
        process
            .deposit(deposit("frictionless"), shop.now)
            .await
            .unwrap(),
    );
    drop(process);
    // It dies here, before it has credited.
    for _ in 0..3 {
        let mut resumed = shop.process().resume_all(shop.now).await.unwrap();
        let again = deposited(resumed.remove(0).outcome.unwrap());
        assert_eq!(again.transaction_id(), settled.transaction_id());
    }
    shop.credit(&settled).await;
    shop.credit(&settled).await;
    assert_eq!(shop.resume().await, 0);
    let state = shop.state("order-1").await;
    shop.assert_ended(state);
    // Whoever asks is still told.
    let again = deposited(shop.deposit("frictionless").await.unwrap());
    assert_eq!(again.transaction_id(), settled.transaction_id());
}

#[tokio::test]
async fn many_open_intents_are_all_resumed() {
    let mut shop = Shop::new();
    let process = shop.process();
    for number in 0..250 {
        let order = json!({
            "orderId": format!("order-{number}"),
            "customerId": format!("customer-{number}"),
        });
        let deposit = deposit_with("three_ds", &order);
        let _ = process.deposit(deposit, shop.now).await.unwrap();
    }
    assert_eq!(shop.resume().await, 250);
    shop.pass(GRACE);
    assert_eq!(shop.resume().await, 250);
    assert_eq!(shop.resume().await, 0);
}

#[tokio::test]
async fn without_a_durable_intent_nothing_is_sent() {
    let mut shop = Shop::new();
    let journal = FailingJournal::new(shop.journal.clone());
    shop.journal = journal.clone();
    for trouble in [Trouble::Before, Trouble::After] {
        journal.next_begin(trouble);
        let network = FaultyTransport::new(shop.sandbox.transport());
        let process = shop.process_over(network.clone());
        let error = process.deposit(deposit("frictionless"), shop.now).await;
        let error = error.unwrap_err();
        assert!(matches!(error, JournalledError::NotBegun { .. }), "{error}");
        assert!(!error.may_have_sent());
        assert_eq!(network.call_count(), 0);
    }
    // The second time it was written all the same. It ends like any other.
    assert_eq!(shop.state("order-1").await, Some(IntentState::Open));
    shop.pass(GRACE);
    shop.resume().await;
    let state = shop.state("order-1").await;
    shop.assert_ended(state);
}

#[tokio::test]
async fn an_end_that_cannot_be_written_is_found_out_later() {
    let mut shop = Shop::new();
    let journal = FailingJournal::new(shop.journal.clone());
    shop.journal = journal.clone();
    journal.fail_ends(true);
    let error = shop
        .process()
        .deposit(deposit("insufficient_funds"), shop.now)
        .await
        .unwrap_err();
    let JournalledError::NotKept { standing, .. } = &error else {
        panic!("not kept, not {error:?}");
    };
    assert!(matches!(standing.progress, Progress::Refused(_)));
    assert!(error.may_have_sent());
    assert_eq!(shop.state("order-1").await, Some(IntentState::Open));
    journal.fail_ends(false);
    shop.pass(GRACE);
    shop.resume().await;
    let state = shop.state("order-1").await;
    shop.assert_ended(state);
}

/// What a 3DS page's address is for is lost with the process, but not the payment.
#[tokio::test]
async fn a_customer_who_pays_while_the_process_is_dead_is_credited() {
    let mut shop = Shop::new();
    let standing = shop.deposit("three_ds").await.unwrap();
    let Progress::ThreeDsRequired { url } = standing.progress else {
        panic!("this card asks for 3DS");
    };
    shop.sandbox.three_ds(url.as_str()).approve();
    assert_eq!(shop.resume().await, 1);
    let state = shop.state("order-1").await;
    shop.assert_ended(state);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_processes_one_sends() {
    let mut shop = Shop::new();
    let mut tasks = JoinSet::new();
    for _ in 0..16 {
        let process = shop.process();
        let now = shop.now;
        tasks.spawn(async move { process.deposit(deposit("frictionless"), now).await });
    }
    for standing in tasks.join_all().await {
        // Who looks before the request has arrived learns nothing yet.
        let progress = standing.unwrap().progress;
        assert!(
            matches!(progress, Progress::Deposited(_) | Progress::Unknown { .. }),
            "{progress:?}"
        );
    }
    shop.resume().await;
    let state = shop.state("order-1").await;
    shop.assert_ended(state);
}

#[tokio::test]
async fn what_is_no_card_deposit_is_left_alone() {
    let shop = Shop::new();
    let attempt = attempt("order-1");
    let key = FingerprintKey::new(&[7; 32]).unwrap();
    let fingerprint = Fingerprint::builder(&key, &attempt, "withdrawal").build();
    let intent = NewIntent::new(
        attempt.clone(),
        "withdrawal",
        fingerprint,
        shop.destination(),
    );
    shop.journal.begin(&intent, shop.now).await.unwrap();
    let process = shop.process();
    assert!(process.resume_all(shop.now).await.unwrap().is_empty());
    let error = process.look(&attempt, shop.now).await.unwrap_err();
    assert!(
        matches!(error, JournalledError::NoCardDeposit { .. }),
        "{error}"
    );
    let error = shop.deposit("frictionless").await.unwrap_err();
    let JournalledError::OtherBody { fields, .. } = error else {
        panic!("another operation: {error}");
    };
    assert_eq!(fields, ["operation"]);
}
