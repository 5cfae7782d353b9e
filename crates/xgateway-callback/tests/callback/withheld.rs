//! What the API confirms and no handler is told.

use std::sync::atomic::Ordering;
use std::time::Duration;

use xgateway_api::types::TransactionStatus;
use xgateway_callback::{Clock as _, effect_key};
use xgateway_store::{EntryId, Inbox as _, Reason};

use crate::fixture::{Api, ID, Log, SEED, signed};
use crate::shop::{Shop, one_credit};

/// failed, confirmed, failed: each has its effect once, so no handler is told of the second `failed`, but a person is.
#[tokio::test]
async fn a_reversal_after_a_confirmation_waits_for_a_person() {
    let shop = Shop::new(Api::default().with("failed", "10"));
    let failed = SEED.replace("confirmed", "failed");
    shop.deliver(&failed).await;
    shop.work().await;
    shop.api.set("confirmed", "10");
    shop.deliver(SEED).await;
    shop.work().await;
    assert_eq!(shop.credits(), one_credit());
    assert_eq!(shop.inbox.counts().await.unwrap().dead, 0);

    shop.api.set("failed", "10");
    for _ in 0..2 {
        shop.deliver(&failed).await;
        let round = shop.work().await;
        assert_eq!((round.applied, round.repeated, round.dead), (0, 0, 1));
        assert!(shop.reason().await.contains("is so no more"));
    }
    assert_eq!(shop.ledger.calls.load(Ordering::Relaxed), 2);
}

/// The status is new, so the handler is told.
#[tokio::test]
async fn a_reversal_that_is_the_first_failure_is_handed_on() {
    let shop = Shop::new(Api::default().with("confirmed", "10"));
    shop.deliver(SEED).await;
    shop.work().await;
    shop.api.set("failed", "10");
    let log = Log::start();
    shop.deliver(&SEED.replace("confirmed", "failed")).await;
    assert_eq!(shop.work().await.applied, 1);
    assert!(log.line("is so no more").contains("entry=2"));
    assert_eq!(shop.ledger.calls.load(Ordering::Relaxed), 2);
    // And it can tell that from what has failed at once.
    assert_eq!(shop.ledger.reversals.load(Ordering::Relaxed), 1);
}

/// Whoever took the money back must hear that it is there after all, and no handler is to credit it by itself.
#[tokio::test]
async fn what_is_confirmed_again_after_it_was_taken_back_waits_for_a_person() {
    let shop = Shop::new(Api::default().with("confirmed", "10"));
    shop.deliver(SEED).await;
    shop.work().await;
    shop.api.set("failed", "10");
    shop.deliver(&SEED.replace("confirmed", "failed")).await;
    assert_eq!(shop.work().await.applied, 1);

    shop.api.set("confirmed", "10");
    shop.deliver(SEED).await;
    assert_eq!(shop.work().await.dead, 1);
    assert!(shop.reason().await.contains("is confirmed once more"));
    // Whoever replays it is told the same.
    let now = shop.clock.now();
    let replayed = shop.inbox.replay_dead(None, 9, now).await.unwrap();
    assert_eq!(replayed.len(), 1);
    assert_eq!(shop.work().await.dead, 1);
    // And so is whoever has seen to it and gets it again.
    let seen_to = Reason::new("credited by hand");
    let credit = effect_key(ID, &TransactionStatus::Confirmed);
    let discarded = shop
        .inbox
        .discard(replayed[0], credit.as_ref(), &seen_to, now);
    discarded.await.unwrap();
    shop.deliver(SEED).await;
    assert_eq!(shop.work().await.dead, 1);
    assert_eq!(shop.credits(), one_credit());
    assert_eq!(shop.ledger.calls.load(Ordering::Relaxed), 2);
}

/// However the callback ended that told of the reversal, and although nobody has kept the entries.
#[tokio::test]
async fn a_reversal_is_remembered_whatever_becomes_of_its_callback() {
    for (is_refused, is_pruned) in [(true, false), (false, true), (true, true)] {
        let shop = Shop::new(
            Api::default()
                .with("confirmed", "10")
                .with_kyc(&kyc_state("FULL_USER")),
        );
        shop.deliver(SEED).await;
        shop.work().await;
        shop.api.set("failed", "10");
        shop.ledger.fails.store(is_refused, Ordering::Relaxed);
        shop.deliver(&SEED.replace("confirmed", "failed")).await;
        let round = shop.work().await;
        assert_eq!(
            (round.dead, round.applied == 0),
            (usize::from(is_refused), is_refused)
        );
        shop.ledger.fails.store(false, Ordering::Relaxed);
        let now = shop.clock.now();
        if is_refused {
            let by_hand = Reason::new("taken back by hand");
            let discarded = shop.inbox.discard(EntryId::new(2), None, &by_hand, now);
            discarded.await.unwrap();
        }
        if is_pruned {
            // The newest entry stays.
            shop.deliver(&kyc("FULL_USER")).await;
            shop.work().await;
            let later = now + Duration::from_secs(1);
            assert_eq!(shop.inbox.prune(later, None, 9).await.unwrap().count, 2);
        }
        let calls = shop.ledger.calls.load(Ordering::Relaxed);
        shop.api.set("confirmed", "10");
        shop.deliver(SEED).await;
        assert_eq!(shop.work().await.dead, 1, "{is_refused} {is_pruned}");
        assert!(shop.reason().await.contains("is confirmed once more"));
        assert_eq!(shop.ledger.calls.load(Ordering::Relaxed), calls);
        assert_eq!(shop.credits(), one_credit());
    }
}

/// failed, confirmed, failed, which is a dead letter, and confirmed.
#[tokio::test]
async fn a_reversal_of_which_no_handler_was_told_is_remembered_too() {
    let shop = Shop::new(Api::default());
    for (status, dead) in [
        ("failed", 0),
        ("confirmed", 0),
        ("failed", 1),
        ("confirmed", 1),
    ] {
        shop.api.set(status, "10");
        shop.deliver(&SEED.replace("confirmed", status)).await;
        assert_eq!(shop.work().await.dead, dead, "{status}");
    }
    assert_eq!(shop.credits(), one_credit());
}

/// `confirmed` may follow `failed`, and may be told twice: that troubles nobody.
#[tokio::test]
async fn what_failed_only_before_it_was_confirmed_may_be_told_again() {
    let shop = Shop::new(Api::default());
    for status in ["failed", "confirmed"] {
        shop.api.set(status, "10");
        shop.deliver(&SEED.replace("confirmed", status)).await;
        shop.work().await;
    }
    shop.deliver(SEED).await;
    let round = shop.work().await;
    assert_eq!((round.repeated, round.dead), (1, 0));
}

/// The gateway was told that it arrived, so nobody would hear of the money again.
#[tokio::test]
async fn a_deposit_of_nobody_waits_for_a_person() {
    for customer in ["null", r#""""#] {
        let shop = Shop::new(Api::default());
        shop.api.put(&format!(
            r#"{{"id":"{ID}","customerId":{customer},"amount":"10","currency":"USD","status":"confirmed","type":"deposit"}}"#
        ));
        let body = SEED.replace(r#""demo_customer_id""#, customer);
        shop.deliver(&signed(&body)).await;
        let round = shop.work().await;
        assert_eq!((round.applied, round.dead), (0, 1), "{customer}");
        assert!(shop.reason().await.contains("for which customer"));
        assert_eq!(shop.ledger.calls.load(Ordering::Relaxed), 0);
    }
}

fn kyc(status: &str) -> String {
    signed(&format!(
        r#"{{"callbackType":"kyc","customerId":"joe","status":"{status}"}}"#
    ))
}

fn kyc_state(status: &str) -> String {
    format!(r#"{{"id":"joe","status":"{status}"}}"#)
}

/// A revocation that comes before the API shows it would be lost otherwise: its callback has been answered.
#[tokio::test]
async fn news_of_an_identity_check_waits_until_the_api_shows_it() {
    let shop = Shop::with_attempts(Api::default().with_kyc(&kyc_state("FULL_USER")), 36);
    shop.deliver(&kyc("HARD_KYC_FAILED")).await;
    for _ in 0..3 {
        let round = shop.processor.round().await.unwrap();
        assert_eq!((round.put_back, round.applied), (1, 0));
        shop.clock.advance(Duration::from_secs(10));
    }
    shop.api.set_kyc(&kyc_state("HARD_KYC_FAILED"));
    assert_eq!(shop.processor.round().await.unwrap().applied, 1);
    assert_eq!(shop.ledger.states(), ["HARD_KYC_FAILED"]);
}

/// Just after an outage the API may show old things for a while, and its silence was no look at it.
#[tokio::test]
async fn news_is_waited_for_also_after_an_outage() {
    let shop = Shop::with_attempts(Api::default().with_kyc(&kyc_state("FULL_USER")), 36);
    shop.api.go_away(true);
    shop.deliver(&kyc("HARD_KYC_FAILED")).await;
    for _ in 0..40 {
        assert_eq!(shop.processor.round().await.unwrap().put_back, 1);
        shop.clock.advance(Duration::from_mins(2));
    }
    shop.api.go_away(false);
    for _ in 0..3 {
        assert_eq!(shop.processor.round().await.unwrap().put_back, 1);
        shop.clock.advance(Duration::from_mins(1));
    }
    shop.api.set_kyc(&kyc_state("HARD_KYC_FAILED"));
    assert_eq!(shop.processor.round().await.unwrap().applied, 1);
    assert_eq!(shop.ledger.states(), ["HARD_KYC_FAILED"]);
}

/// It may be old or forged as well: then what the API says is taken over in the end, and nobody is troubled.
#[tokio::test]
async fn news_that_the_api_never_shows_is_let_go() {
    let shop = Shop::with_attempts(Api::default().with_kyc(&kyc_state("FULL_USER")), 36);
    shop.deliver(&kyc("KYC_PENDING")).await;
    let round = shop.work().await;
    assert_eq!((round.put_back, round.applied, round.dead), (6, 1, 0));
    assert_eq!(shop.ledger.states(), ["FULL_USER"]);
    shop.deliver(&kyc("brand_new")).await;
    assert_eq!(shop.work().await.put_back, 0, "nobody knows what it means");
}

#[tokio::test]
async fn news_of_a_bank_account_waits_until_the_api_shows_it() {
    let accounts = |status: &str| format!(r#"[{{"id":"1","status":"{status}","currency":"EUR"}}]"#);
    let shop = Shop::with_attempts(Api::default().with_accounts(&accounts("ACTIVE")), 36);
    let body =
        r#"{"callbackType":"bank_account","customerId":"joe","currency":"EUR","status":"PENDING"}"#;
    shop.deliver(&signed(body)).await;
    assert_eq!(shop.processor.round().await.unwrap().put_back, 1);
    let round = shop.work().await;
    assert_eq!((round.put_back, round.applied), (5, 1));
}
