//! A payment that is taken back after its customer was credited, and what a person says of it.

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use jiff::SignedDuration;
use xgateway_core::id::TransactionId;
use xgateway_flows::card::{
    CallbackHint, Contradiction, JournalledCards, JournalledError, Progress, Resolution, Resolved,
};
use xgateway_store::{IntentState, Outcome};

use crate::remembered::{SECOND, is_contradiction, paid_once_more, process_over, with_json};
use crate::shop::{Shop, attempt, deposit, deposited};

const OPEN: Option<IntentState> = Some(IntentState::Open);
const CHARGED: Option<IntentState> = Some(IntentState::Finished(Outcome::Charged));
const DECLINED: Option<IntentState> = Some(IntentState::Finished(Outcome::Declined));

fn taken_back(_: &Method, path: &str, answer: &Response<Bytes>) -> Response<Bytes> {
    with_json(answer, |body| {
        if path.contains("/invoices/") {
            body["data"]["transactions"][0]["status"] = "failed".into();
        } else {
            body["data"]["status"] = "failed".into();
        }
    })
}

async fn resolve(cards: &JournalledCards, shop: &Shop, outcome: Resolved, note: &str) {
    let resolution = Resolution::new(outcome, "jo", note, shop.now).unwrap();
    let order = attempt("order-1");
    let resolved = cards.resolve(&order, resolution, shop.now);
    resolved.await.unwrap();
}

/// The only thing that resuming tells.
async fn told(cards: &JournalledCards, shop: &Shop) -> Progress {
    let resumed = cards.resume_all(shop.now).await.unwrap();
    let [resumed] = <[_; 1]>::try_from(resumed).unwrap();
    resumed.outcome.unwrap().progress
}

/// A shop that has credited an order whose payment is then taken back.
async fn credited_and_taken_back() -> (Shop, JournalledCards, CallbackHint) {
    let mut shop = Shop::new();
    let settled = deposited(shop.deposit("frictionless").await.unwrap());
    shop.credit(&settled).await;
    assert_eq!(shop.state("order-1").await, CHARGED);
    let process = process_over(&shop, taken_back);
    let hint = CallbackHint::new(settled.transaction_id().clone());
    let order = attempt("order-1");
    let told = process.callback_hint(&order, &hint, shop.now).await;
    is_contradiction(&told.unwrap().progress, Contradiction::Reversed);
    (shop, process, hint)
}

#[tokio::test]
async fn what_is_taken_back_after_the_credit_is_told_until_a_person_ends_it() {
    let (shop, process, hint) = credited_and_taken_back().await;
    for _ in 0..3 {
        assert_eq!(shop.state("order-1").await, OPEN);
        is_contradiction(&told(&process, &shop).await, Contradiction::Reversed);
    }
    resolve(
        &process,
        &shop,
        Resolved::NotCharged,
        "taken out of the ledger",
    )
    .await;
    assert_eq!(shop.state("order-1").await, DECLINED);
    assert!(process.resume_all(shop.now).await.unwrap().is_empty());
    // The gateway repeats what the person knew.
    let order = attempt("order-1");
    let again = process.callback_hint(&order, &hint, shop.now).await;
    assert!(matches!(again.unwrap().progress, Progress::Resolved(_)));
    assert_eq!(shop.state("order-1").await, DECLINED);
}

#[tokio::test]
async fn what_is_paid_again_after_it_was_taken_back_waits_for_a_person() {
    for is_resolved in [false, true] {
        let (shop, process, hint) = credited_and_taken_back().await;
        if is_resolved {
            let note = "taken out of the ledger";
            resolve(&process, &shop, Resolved::NotCharged, note).await;
        }
        let process = shop.process();
        let order = attempt("order-1");
        // A ledger that goes by the transaction would call it known.
        let again = process.callback_hint(&order, &hint, shop.now).await;
        is_contradiction(&again.unwrap().progress, Contradiction::Restored);
        for _ in 0..2 {
            is_contradiction(&told(&process, &shop).await, Contradiction::Restored);
            assert_eq!(shop.state("order-1").await, OPEN);
        }
        resolve(&process, &shop, Resolved::Charged, "in the ledger again").await;
        assert!(process.resume_all(shop.now).await.unwrap().is_empty());
        assert_eq!(shop.state("order-1").await, CHARGED);
    }
}

#[tokio::test]
async fn a_credit_does_not_end_what_was_taken_back_meanwhile() {
    let shop = Shop::new();
    let settled = deposited(shop.deposit("frictionless").await.unwrap());
    let process = process_over(&shop, taken_back);
    is_contradiction(&told(&process, &shop).await, Contradiction::Reversed);
    // Whoever was handed it out before credits it, and says so, twice.
    for _ in 0..2 {
        process.credited(&settled, shop.now).await.unwrap();
        assert_eq!(shop.state("order-1").await, OPEN);
        is_contradiction(&told(&process, &shop).await, Contradiction::Reversed);
    }
    let process = shop.process();
    is_contradiction(&told(&process, &shop).await, Contradiction::Restored);
}

#[tokio::test]
async fn what_a_person_knew_is_no_news() {
    let (shop, process, hint) = credited_and_taken_back().await;
    resolve(&process, &shop, Resolved::Charged, "a mistake of the bank").await;
    let order = attempt("order-1");
    for process in [shop.process(), process] {
        let again = process.callback_hint(&order, &hint, shop.now).await;
        assert!(matches!(again.unwrap().progress, Progress::Resolved(_)));
        assert_eq!(shop.state("order-1").await, CHARGED);
    }
}

#[tokio::test]
async fn a_later_word_of_a_person_counts_and_both_are_kept() {
    let (shop, process, _) = credited_and_taken_back().await;
    let order = attempt("order-1");
    let word = |note| Resolution::new(Resolved::NotCharged, "jo", note, shop.now).unwrap();
    // There is nothing yet that could be a mistake.
    let early = process.resolve_again(&order, word("early"), shop.now).await;
    assert!(matches!(
        early.unwrap_err(),
        JournalledError::NothingToResolve { .. }
    ));
    assert_eq!(shop.state("order-1").await, OPEN);
    resolve(&process, &shop, Resolved::Charged, "case 1").await;
    let counts = process.resolve_again(&order, word("case 2"), shop.now);
    assert!(counts.await.unwrap());
    assert_eq!(shop.state("order-1").await, DECLINED);
    let counts = process.resolve_again(&order, word("case 3"), shop.now);
    assert!(counts.await.unwrap());
    let kept = Resolution::of(&shop.intent("order-1").await.unwrap()).unwrap();
    assert_eq!(kept.note(), "case 3");
    let earlier = kept.earlier().unwrap();
    assert_eq!((earlier.note(), earlier.earlier()), ("case 2", None));
    // Nobody is asked for a word that is not heard.
    let deaf = process_over(&shop, unheard);
    let early = deaf.resolve_again(&order, word("early"), shop.now).await;
    assert!(matches!(
        early.unwrap_err(),
        JournalledError::NotHeard { .. }
    ));
    assert_eq!(shop.state("order-1").await, DECLINED);
}

fn unheard(_: &Method, _: &str, _: &Response<Bytes>) -> Response<Bytes> {
    let mut answer = Response::new(Bytes::new());
    *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    answer
}

/// The customer may have been credited by hand, under another key than the transaction's.
#[tokio::test]
async fn what_a_person_has_ended_as_charged_is_never_handed_out_by_a_correction() {
    for outcome in [Resolved::Charged, Resolved::NotCharged] {
        let (shop, process, _) = credited_and_taken_back().await;
        resolve(&process, &shop, Resolved::Charged, "case 1").await;
        // By now the gateway says that it is paid.
        let process = shop.process();
        let order = attempt("order-1");
        let word = Resolution::new(outcome, "jo", "case 2", shop.now).unwrap();
        let counts = process.resolve_again(&order, word, shop.now).await;
        assert!(counts.unwrap());
        assert!(process.resume_all(shop.now).await.unwrap().is_empty());
        let kept = Resolution::of(&shop.intent("order-1").await.unwrap()).unwrap();
        assert_eq!(kept.earlier().unwrap().note(), "case 1");
    }
}

#[tokio::test]
async fn what_was_paid_twice_is_never_called_not_charged() {
    let mut shop = Shop::new();
    let settled = deposited(shop.deposit("frictionless").await.unwrap());
    shop.credit(&settled).await;
    let process = process_over(&shop, paid_once_more);
    let second = TransactionId::parse(&format!("{}{SECOND}", settled.transaction_id())).unwrap();
    let order = attempt("order-1");
    let hint = CallbackHint::new(second);
    let told = process.callback_hint(&order, &hint, shop.now);
    let twice = Contradiction::SecondTransaction;
    is_contradiction(&told.await.unwrap().progress, twice);
    let word = |outcome| Resolution::new(outcome, "jo", "the second was given back", shop.now);
    let wrong = word(Resolved::NotCharged).unwrap();
    let refused = process.resolve(&order, wrong.clone(), shop.now).await;
    let refused = refused.unwrap_err();
    assert!(matches!(refused, JournalledError::PaidTwice { .. }));
    assert_eq!(shop.state("order-1").await, OPEN);
    let right = word(Resolved::Charged).unwrap();
    process.resolve(&order, right, shop.now).await.unwrap();
    let refused = process.resolve_again(&order, wrong, shop.now).await;
    let refused = refused.unwrap_err();
    assert!(matches!(refused, JournalledError::PaidTwice { .. }));
    // So nobody charges it once more.
    assert_eq!(shop.state("order-1").await, CHARGED);
    let again = process.retry(deposit("frictionless"), &order, shop.now);
    let _ = again.await;
    assert_eq!(shop.state("order-1#2").await, None);
    assert_eq!(shop.charges(), 1);
}

/// The invoice was paid, and its list shows nothing.
fn without_list(_: &Method, path: &str, answer: &Response<Bytes>) -> Response<Bytes> {
    with_json(answer, |body| {
        if path.contains("/invoices/") {
            body["data"]["status"] = "completed".into();
            body["data"]["transactions"] = serde_json::Value::Null;
        }
    })
}

#[tokio::test]
async fn a_callback_leads_to_a_payment_that_the_invoice_does_not_show() {
    let mut shop = Shop::new();
    let process = process_over(&shop, without_list);
    let order = attempt("order-1");
    let sent = process.deposit(deposit("frictionless"), shop.now).await;
    assert!(matches!(sent.unwrap().progress, Progress::InProgress(_)));
    let invoice = shop.sandbox.world(|world| world.invoice("order-1"));
    let paid = invoice.unwrap().transactions.unwrap().remove(0).id;
    let hint = CallbackHint::new(TransactionId::parse(&paid).unwrap());
    // Without a callback a person hears of it.
    shop.pass(SignedDuration::from_hours(23));
    assert!(matches!(
        told(&process, &shop).await,
        Progress::InProgress(_)
    ));
    shop.pass(SignedDuration::from_hours(1));
    is_contradiction(&told(&process, &shop).await, Contradiction::Unshown);
    let standing = process
        .callback_hint(&order, &hint, shop.now)
        .await
        .unwrap();
    let settled = deposited(standing);
    assert_eq!(settled.transaction_id().as_str(), paid);
    process.credited(&settled, shop.now).await.unwrap();
    assert_eq!(shop.state("order-1").await, CHARGED);
}
