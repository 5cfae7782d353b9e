//! What is paid and not credited stays open, whatever the journal said before and whoever dies.

use xgateway_core::id::TransactionId;
use xgateway_flows::card::{
    CallbackHint, JournalledError, Progress, Resolution, Resolved, Standing,
};
use xgateway_store::{IntentState, Outcome, Progress as Kept};

use crate::attempts::{confirm, is_double, look, retry, with_a_decline};
use crate::shop::{Shop, attempt, deposited};

const OPEN: Option<IntentState> = Some(IntentState::Open);
const CHARGED: Option<IntentState> = Some(IntentState::Finished(Outcome::Charged));
const DECLINED: Option<IntentState> = Some(IntentState::Finished(Outcome::Declined));

/// Who finds out that a declined attempt was paid, and dies with that.
#[derive(Clone, Copy, Debug)]
enum Finder {
    Look,
    Retry,
    Callback,
}

#[tokio::test]
async fn a_charge_after_a_decline_is_handed_out_until_it_is_credited() {
    for finder in [Finder::Look, Finder::Retry, Finder::Callback] {
        let mut shop = with_a_decline().await;
        confirm(&shop, "order-1").await;
        let _ = deposited(match finder {
            Finder::Look => look(&shop, "order-1").await,
            Finder::Retry => retry(&shop, "frictionless", "order-1").await.unwrap(),
            Finder::Callback => hinted(&shop, "order-1").await,
        });
        for _ in 0..3 {
            assert_eq!(shop.state("order-1").await, OPEN, "{finder:?}");
            let resumed = shop.process().resume_all(shop.now).await.unwrap();
            let [resumed] = <[_; 1]>::try_from(resumed).unwrap();
            let _ = deposited(resumed.outcome.unwrap());
        }
        assert_eq!(shop.resume().await, 1);
        assert_eq!(shop.resume().await, 0);
        shop.assert_ended(shop.state("order-1").await);
        assert_eq!(shop.state("order-1#2").await, None);
    }
}

#[tokio::test]
async fn an_order_that_was_paid_twice_is_told_until_a_person_resolves_it() {
    let mut shop = paid_twice().await;
    for _ in 0..3 {
        let resumed = shop.process().resume_all(shop.now).await.unwrap();
        let told: Vec<_> = resumed.iter().map(|it| it.attempt.to_string()).collect();
        assert_eq!(told, ["order-1", "order-1#2"]);
        for resumed in resumed {
            is_double(resumed.outcome.unwrap());
        }
    }
    // The first payment was given back. So the second is the order's, and is handed out.
    resolve(&shop, "order-1", Resolved::NotCharged)
        .await
        .unwrap();
    assert_eq!(shop.state("order-1").await, DECLINED);
    let settled = deposited(look(&shop, "order-1#2").await);
    assert_eq!(settled.order_id().as_str(), "order-1#2");
    assert_eq!(shop.resume().await, 1);
    assert_eq!(shop.state("order-1#2").await, CHARGED);
    assert_eq!(shop.resume().await, 0);

    // The gateway repeats what the person knew, and nobody is credited on it, nor charged.
    assert!(matches!(
        hinted(&shop, "order-1").await.progress,
        Progress::Resolved(_)
    ));
    for standing in [
        look(&shop, "order-1").await,
        retry(&shop, "frictionless", "order-1#2").await.unwrap(),
    ] {
        if let Progress::Deposited(settled) = &standing.progress {
            assert_eq!(settled.order_id().as_str(), "order-1#2");
        } else {
            assert!(matches!(standing.progress, Progress::Resolved(_)));
        }
    }
    assert_eq!(shop.state("order-1").await, DECLINED);
    assert_eq!(shop.charges(), 2);
    let resolution = Resolution::of(&shop.intent("order-1").await.unwrap()).unwrap();
    assert_eq!(resolution.note(), "case 4711");
}

#[tokio::test]
async fn a_person_may_end_both_payments_of_an_order() {
    let mut shop = paid_twice().await;
    resolve(&shop, "order-1", Resolved::Charged).await.unwrap();
    is_double(look(&shop, "order-1#2").await);
    resolve(&shop, "order-1#2", Resolved::NotCharged)
        .await
        .unwrap();
    assert_eq!(shop.resume().await, 0);
    for (order, state) in [("order-1", CHARGED), ("order-1#2", DECLINED)] {
        assert_eq!(shop.state(order).await, state);
        let progress = hinted(&shop, order).await.progress;
        let Progress::Resolved(resolution) = progress else {
            panic!("resolved, not {progress:?}");
        };
        assert_eq!(resolution.by(), "jo");
        assert_eq!(shop.state(order).await, state);
    }
}

#[tokio::test]
async fn a_second_payment_of_a_credited_order_is_told_until_a_person_resolves_it() {
    let mut shop = with_a_decline().await;
    let second = deposited(retry(&shop, "frictionless", "order-1").await.unwrap());
    shop.credit(&second).await;
    assert_eq!(shop.resume().await, 0);
    confirm(&shop, "order-1").await;
    is_double(hinted(&shop, "order-1").await);
    for _ in 0..2 {
        let resumed = shop.process().resume_all(shop.now).await.unwrap();
        let [resumed] = <[_; 1]>::try_from(resumed).unwrap();
        is_double(resumed.outcome.unwrap());
    }
    assert_eq!(shop.state("order-1#2").await, CHARGED);
    resolve(&shop, "order-1", Resolved::NotCharged)
        .await
        .unwrap();
    assert_eq!(shop.resume().await, 0);
}

#[tokio::test]
async fn a_credit_of_what_was_given_back_is_told() {
    let shop = with_a_decline().await;
    let second = deposited(retry(&shop, "frictionless", "order-1").await.unwrap());
    // Whoever is to credit it is slow: a person finds two payments meanwhile, and gives this one back.
    confirm(&shop, "order-1").await;
    is_double(hinted(&shop, "order-1").await);
    resolve(&shop, "order-1#2", Resolved::NotCharged)
        .await
        .unwrap();
    let process = shop.process();
    let error = process.credited(&second, shop.now).await.unwrap_err();
    let JournalledError::ResolvedMeanwhile { resolution, .. } = &error else {
        panic!("resolved meanwhile: {error}");
    };
    assert_eq!(resolution.note(), "case 4711");
    assert!(error.may_have_sent());
    // The money has moved all the same, and the word of the person stays on record.
    let intent = shop.intent("order-1#2").await.unwrap();
    assert_eq!(Some(intent.state), CHARGED);
    assert_eq!(Resolution::of(&intent).as_ref(), Some(resolution));
    process.credited(&second, shop.now).await.unwrap();
}

#[tokio::test]
async fn a_credit_of_what_a_person_has_credited_is_told() {
    let shop = with_a_decline().await;
    let second = deposited(retry(&shop, "frictionless", "order-1").await.unwrap());
    // Nobody has looked at it before: what the look of resolving finds is written, and resolved.
    confirm(&shop, "order-1").await;
    for order in ["order-1", "order-1#2"] {
        resolve(&shop, order, Resolved::Charged).await.unwrap();
    }
    let error = shop
        .process()
        .credited(&second, shop.now)
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "order-1#2 was resolved as charged before its customer was credited"
    );
    assert_eq!(shop.state("order-1#2").await, CHARGED);
}

#[tokio::test]
async fn a_credit_ends_nothing_that_this_version_cannot_read() {
    let shop = Shop::new();
    let settled = deposited(shop.deposit("frictionless").await.unwrap());
    let intent = shop.intent("order-1").await.unwrap();
    // A later version writes down more.
    let known = intent.progress.as_ref().unwrap().as_str();
    let later = known.replacen('{', r#"{"later":"a person must look","#, 1);
    let later = Kept::new(later).unwrap();
    let note = shop.journal.note(intent.sighting(), &later).await;
    note.unwrap();
    let process = shop.process();
    let error = process.credited(&settled, shop.now).await.unwrap_err();
    assert!(
        matches!(error, JournalledError::NoCardDeposit { .. }),
        "{error}"
    );
    let intent = shop.intent("order-1").await.unwrap();
    assert_eq!(Some(intent.state), OPEN);
    assert_eq!(intent.progress, Some(later));
}

/// A shop whose customer has paid both attempts at order 1, and nobody has heard of it.
async fn paid_twice() -> Shop {
    let shop = with_a_decline().await;
    let standing = retry(&shop, "three_ds", "order-1").await.unwrap();
    let Progress::ThreeDsRequired { url } = standing.progress else {
        panic!("3DS");
    };
    confirm(&shop, "order-1").await;
    shop.sandbox.three_ds(url.as_str()).approve();
    is_double(look(&shop, "order-1#2").await);
    shop
}

/// The callback of the order's transaction comes.
async fn hinted(shop: &Shop, order: &str) -> Standing {
    let invoice = shop.sandbox.world(|world| world.invoice(order)).unwrap();
    let transaction = &invoice.transactions.unwrap()[0];
    let hint = CallbackHint::new(TransactionId::parse(&transaction.id).unwrap());
    let process = shop.process();
    let standing = process
        .callback_hint(&attempt(order), &hint, shop.now)
        .await;
    standing.unwrap()
}

async fn resolve(shop: &Shop, order: &str, outcome: Resolved) -> Result<(), JournalledError> {
    let resolution = Resolution::new(outcome, "jo", "case 4711", shop.now).unwrap();
    let process = shop.process();
    process.resolve(&attempt(order), resolution, shop.now).await
}
