//! What becomes of a callback about which the API says nothing, by the cause.

use std::time::Duration;

use xgateway_callback::NoAnswer;
use xgateway_store::Inbox as _;

use crate::fixture::{Api, ID, Log, SEED, signed};
use crate::shop::{Shop, one_credit};

/// About another transaction, which is news each time.
fn another(number: usize) -> String {
    signed(&SEED.replace(ID, &format!("other-{number}")))
}

const DAYS: usize = 3;

#[tokio::test]
async fn a_question_that_is_refused_while_others_are_answered_is_given_up() {
    let shop = Shop::new(Api::default().with("confirmed", "10"));
    shop.api.refuse(Some(ID));
    shop.deliver(SEED).await;
    let mut dead = 0;
    for number in 0..3 {
        assert_eq!(dead, 0);
        shop.deliver(&another(number)).await;
        dead = shop.processor.round().await.unwrap().dead;
        shop.clock.advance(Duration::from_mins(5));
    }
    assert_eq!(dead, 1 + 1, "the first of the others is not known at all");
    let reason = shop.reason().await;
    assert!(reason.contains("refused the question: it is malformed"));
}

/// Then it may be the gateway that is to blame, and not one of the callbacks.
#[tokio::test]
async fn a_gateway_that_refuses_every_question_makes_no_dead_letters() {
    let shop = Shop::new(Api::default().with("confirmed", "10"));
    shop.api
        .fall_silent(Some(NoAnswer::refused("it is unreadable")));
    shop.deliver(SEED).await;
    // Only of another kind does it say something.
    let log = Log::start();
    for _ in 0..DAYS {
        let round = shop.work().await;
        assert!(round.put_back > 3 && round.dead == 0, "{round:?}");
    }
    assert!(log.has("without an answer for long"));
    shop.api.fall_silent(None);
    shop.work().await;
    assert_eq!(shop.credits(), one_credit());
}

/// Answers about identity checks do not say that transactions are answered.
#[tokio::test]
async fn a_gateway_that_refuses_a_kind_of_question_makes_no_dead_letters() {
    let api = Api::default().with_kyc(r#"{"id":"joe","status":"KYC_PENDING"}"#);
    let shop = Shop::new(api);
    shop.api.refuse(Some(ID));
    shop.deliver(SEED).await;
    let body = r#"{"callbackType":"kyc","customerId":"joe","status":"KYC_PENDING"}"#;
    for _ in 0..10 {
        shop.deliver(&signed(body)).await;
        let round = shop.processor.round().await.unwrap();
        assert_eq!((round.applied, round.dead), (1, 0));
        shop.clock.advance(Duration::from_hours(1));
    }
}

#[tokio::test]
async fn whoever_is_locked_out_waits_and_the_log_says_so_once_a_minute() {
    let shop = Shop::new(Api::default().with("confirmed", "10"));
    shop.api
        .fall_silent(Some(NoAnswer::locked_out("the key is not accepted")));
    for number in 0..3 {
        shop.deliver(&another(number)).await;
    }
    shop.deliver(SEED).await;
    let log = Log::start();
    assert_eq!(shop.processor.round().await.unwrap().put_back, 4);
    let line = log.line("does not let us in");
    assert!(line.contains("ERROR") && line.contains("the key"), "{line}");
    drop(log);
    for _ in 0..DAYS {
        assert_eq!(shop.work().await.dead, 0);
    }
    shop.api.fall_silent(None);
    shop.work().await;
    assert_eq!(shop.credits(), one_credit());
}

/// However long it was away.
#[tokio::test]
async fn an_api_that_is_back_is_asked_within_minutes() {
    let shop = Shop::with_attempts(Api::default().with("confirmed", "10"), 36);
    shop.api.go_away(true);
    shop.deliver(SEED).await;
    let mut questions = 0;
    for _ in 0..DAYS * 24 * 30 {
        questions += shop.processor.round().await.unwrap().put_back;
        shop.clock.advance(Duration::from_mins(2));
    }
    assert_eq!(questions, DAYS * 24 * 30, "each time");
    shop.api.go_away(false);
    assert_eq!(shop.processor.round().await.unwrap().applied, 1);
    assert_eq!(shop.inbox.counts().await.unwrap().open, 0);
}
