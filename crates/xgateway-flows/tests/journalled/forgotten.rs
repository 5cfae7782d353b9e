//! An order that the gateway took, and of which it then says that there is none.

use jiff::SignedDuration;
use xgateway_flows::card::{Contradiction, JournalledError, Progress, Resolution, Resolved};
use xgateway_sandbox::{Config, Sandbox};
use xgateway_store::{IntentState, Outcome};

use crate::attempts::confirm;
use crate::shop::{Shop, attempt, deposit, deposited};

#[tokio::test]
async fn is_never_called_not_charged() {
    let mut shop = Shop::new();
    let _ = shop.deposit("three_ds").await.unwrap();
    // Another world, which knows nothing of it.
    shop.sandbox = Sandbox::new(Config::new(1));
    let order = attempt("order-1");
    let look = async |shop: &Shop| {
        shop.process()
            .look(&order, shop.now)
            .await
            .unwrap()
            .progress
    };
    for hours in [0, 2, 21] {
        shop.pass(SignedDuration::from_hours(hours));
        let progress = look(&shop).await;
        assert!(matches!(progress, Progress::InProgress(_)), "{progress:?}");
    }
    shop.pass(SignedDuration::from_hours(1));
    for _ in 0..2 {
        let progress = look(&shop).await;
        assert!(
            matches!(progress, Progress::Contradiction(Contradiction::Gone)),
            "{progress:?}"
        );
        assert_eq!(shop.state("order-1").await, Some(IntentState::Open));
    }
}

/// A shop whose gateway took order 1 a day ago, and knows nothing of it.
async fn forgotten() -> (Shop, Sandbox) {
    let mut shop = Shop::new();
    let _ = shop.deposit("three_ds").await.unwrap();
    let first = std::mem::replace(&mut shop.sandbox, Sandbox::new(Config::new(1)));
    shop.pass(SignedDuration::from_hours(24));
    (shop, first)
}

async fn resolve(shop: &Shop, outcome: Resolved) -> Result<(), JournalledError> {
    let resolution = Resolution::new(outcome, "jo", "case 4711", shop.now).unwrap();
    let process = shop.process();
    process
        .resolve(&attempt("order-1"), resolution, shop.now)
        .await
}

#[tokio::test]
async fn a_person_ends_it_and_the_journal_says_who() {
    for (outcome, state) in [
        (Resolved::Charged, Outcome::Charged),
        (Resolved::NotCharged, Outcome::Declined),
    ] {
        let (mut shop, _) = forgotten().await;
        assert_eq!(shop.resume().await, 1);
        resolve(&shop, outcome).await.unwrap();
        let intent = shop.intent("order-1").await.unwrap();
        assert_eq!(intent.state, IntentState::Finished(state));
        let resolution = Resolution::of(&intent).unwrap();
        assert_eq!(
            (
                resolution.outcome(),
                resolution.by(),
                resolution.note(),
                resolution.at()
            ),
            (outcome, "jo", "case 4711", shop.now)
        );
        // Nobody is told of it any more, and nobody can change it.
        assert_eq!(shop.resume().await, 0);
        let error = resolve(&shop, outcome).await.unwrap_err();
        assert!(
            matches!(error, JournalledError::NothingToResolve { .. }),
            "{error}"
        );
    }
}

#[tokio::test]
async fn what_no_person_need_judge_stays() {
    let shop = Shop::new();
    let _ = shop.deposit("three_ds").await.unwrap();
    let error = resolve(&shop, Resolved::NotCharged).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is nothing to resolve about order-1, which is open; nothing was written"
    );
    assert_eq!(shop.state("order-1").await, Some(IntentState::Open));
}

#[tokio::test]
async fn a_charge_that_shows_after_it_was_resolved_is_found() {
    let (mut shop, first) = forgotten().await;
    resolve(&shop, Resolved::NotCharged).await.unwrap();
    // The gateway finds it again, and the customer pays.
    shop.sandbox = first;
    confirm(&shop, "order-1").await;
    let again = shop
        .process()
        .retry(deposit("frictionless"), &attempt("order-1"), shop.now)
        .await
        .unwrap();
    assert_eq!(again.attempt.to_string(), "order-1");
    let settled = deposited(again);
    shop.credit(&settled).await;
    let intent = shop.intent("order-1").await.unwrap();
    assert_eq!(intent.state, IntentState::Finished(Outcome::Charged));
    shop.assert_ended(Some(intent.state));
}
