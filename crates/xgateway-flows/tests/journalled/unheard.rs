//! Who cannot be asked, or read, is not taken for declined, and what was sent is never called unsent.

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use jiff::SignedDuration;
use serde_json::json;
use xgateway_flows::card::{
    Contradiction, JournalledCards, JournalledError, Progress, Resolution, Resolved,
};
use xgateway_sandbox::Config;
use xgateway_store::{IntentState, Outcome};
use xgateway_transport::test_util::{Fault, FaultyTransport};
use xgateway_transport::{Body, SharedTransport, Transport, TransportError};

use crate::attempts::{confirm, is_double, look, retry, with_a_decline};
use crate::failing::FailingJournal;
use crate::shop::{GRACE, Shop, attempt, declined, deposit, deposit_with, deposited};

const DECLINED: Option<IntentState> = Some(IntentState::Finished(Outcome::Declined));

/// A gateway that does not answer who asks about this invoice.
#[derive(Debug)]
struct Silent {
    gateway: SharedTransport,
    about: &'static str,
}

#[async_trait]
impl Transport for Silent {
    async fn send(&self, request: Request<Body>) -> Result<Response<Bytes>, TransportError> {
        let path = request.uri().path();
        let is_asked = request.method() == http::Method::GET;
        if is_asked && path.ends_with(&format!("/invoices/{}", self.about)) {
            let mut answer = Response::new(Bytes::new());
            *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            return Ok(answer);
        }
        self.gateway.send(request).await
    }
}

/// A process to which the gateway says nothing about the first attempt.
fn process(shop: &Shop) -> JournalledCards {
    shop.process_over(Silent {
        gateway: SharedTransport::new(shop.sandbox.transport()),
        about: "order-1",
    })
}

#[tokio::test(start_paused = true)]
async fn nothing_is_tried_again_while_the_gateway_does_not_say_how_the_first_attempt_stands() {
    let shop = with_a_decline().await;
    confirm(&shop, "order-1").await;
    let first = attempt("order-1");
    let error = process(&shop)
        .retry(deposit("frictionless"), &first, shop.now)
        .await
        .unwrap_err();
    assert!(
        matches!(error, JournalledError::NotHeard { .. }),
        "{error:?}"
    );
    assert!(!error.may_have_sent());
    assert_eq!(
        error.to_string(),
        "the gateway does not say how order-1 stands; nothing was sent"
    );
    assert_eq!(shop.state("order-1#2").await, None);
    assert_eq!(shop.charges(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_was_left_open_is_told_as_it_is_found_and_no_silent_gateway_asked_for_ever() {
    let shop = Shop::new();
    for number in 1..=8 {
        let order = json!({"orderId": format!("order-{number}")});
        let deposit = deposit_with("frictionless", &order);
        let _ = shop.process().deposit(deposit, shop.now).await.unwrap();
    }
    // Two are answered (invoice and transaction), and nobody after them.
    let network = FaultyTransport::new(shop.sandbox.transport());
    let network = (0..4).fold(network, |network, _| network.then(Fault::Pass));
    let network = (0..60).fold(network, |network, _| network.then(Fault::HangBefore));
    let process = shop.process_over(network);
    let mut resuming = process.resume_each(shop.now);
    for _ in 0..2 {
        let first = resuming.next().await.unwrap().unwrap();
        let _ = deposited(first.outcome.unwrap());
    }
    let mut unheard = 0;
    while let Some(resumed) = resuming.next().await {
        let progress = resumed.unwrap().outcome.unwrap().progress;
        assert!(progress.unread().is_some(), "{progress:?}");
        unheard += 1;
    }
    assert_eq!(unheard, 5);
    assert!(resuming.is_cut_short());
    // The next time all are asked about.
    assert_eq!(shop.process().resume_all(shop.now).await.unwrap().len(), 8);
}

/// A wall in front of the gateway that lets no question about these invoices through.
#[derive(Debug)]
struct Walled {
    gateway: SharedTransport,
    about: &'static [&'static str],
}

#[async_trait]
impl Transport for Walled {
    async fn send(&self, request: Request<Body>) -> Result<Response<Bytes>, TransportError> {
        let is_asked = request.method() == http::Method::GET;
        let order = request.uri().path().rsplit('/').next().unwrap_or_default();
        if is_asked && self.about.contains(&order) {
            let mut answer = Response::new(Bytes::from("<h1>Blocked</h1>"));
            *answer.status_mut() = StatusCode::FORBIDDEN;
            return Ok(answer);
        }
        self.gateway.send(request).await
    }
}

#[tokio::test(start_paused = true)]
async fn orders_that_can_never_be_read_stop_no_other_and_are_for_a_person() {
    const WALLED: &[&str] = &["order-1", "order-2", "order-3", "order-4", "order-5"];
    let mut shop = Shop::new();
    for number in 1..=8 {
        let order = json!({"orderId": format!("order-{number}")});
        let deposit = deposit_with("frictionless", &order);
        let _ = shop.process().deposit(deposit, shop.now).await.unwrap();
    }
    let process = |shop: &Shop| {
        shop.process_over(Walled {
            gateway: SharedTransport::new(shop.sandbox.transport()),
            about: WALLED,
        })
    };
    let mut paid = Vec::new();
    for resumed in process(&shop).resume_all(shop.now).await.unwrap() {
        let standing = resumed.outcome.unwrap();
        if let Progress::Deposited(_) = standing.progress {
            paid.push(standing.attempt.to_string());
        } else {
            assert!(standing.progress.unread().is_some(), "{standing:?}");
        }
    }
    assert_eq!(paid, ["order-6", "order-7", "order-8"]);
    let first = attempt("order-1");
    let resolution = || Resolution::new(Resolved::Charged, "jo", "case 4711", shop.now).unwrap();
    let early = process(&shop).resolve(&first, resolution(), shop.now).await;
    assert!(
        matches!(early, Err(JournalledError::NotHeard { .. })),
        "{early:?}"
    );

    let resolution = resolution();
    shop.pass(SignedDuration::from_hours(24));
    for _ in 0..2 {
        let standing = process(&shop).look(&first, shop.now).await.unwrap();
        assert!(
            matches!(
                standing.progress,
                Progress::Contradiction(Contradiction::Unreadable)
            ),
            "{standing:?}"
        );
        assert_eq!(shop.state("order-1").await, Some(IntentState::Open));
    }
    let resolved = process(&shop).resolve(&first, resolution, shop.now).await;
    resolved.unwrap();
    let charged = Some(IntentState::Finished(Outcome::Charged));
    assert_eq!(shop.state("order-1").await, charged);
    let standing = process(&shop).look(&first, shop.now).await.unwrap();
    assert!(
        matches!(standing.progress, Progress::Resolved(_)),
        "{standing:?}"
    );
    assert_eq!(shop.state("order-1").await, charged);
}

#[tokio::test]
async fn an_order_that_was_begun_while_the_clock_was_ahead_is_followed_all_the_same() {
    let mut shop = Shop::new();
    let right = shop.now;
    shop.pass(SignedDuration::from_hours(72));
    let _ = deposited(shop.deposit("frictionless").await.unwrap());
    let resumed = shop.process().resume_all(right).await.unwrap();
    let [resumed] = <[_; 1]>::try_from(resumed).unwrap();
    let _ = deposited(resumed.outcome.unwrap());
}

#[tokio::test(start_paused = true)]
async fn nothing_is_tried_again_after_an_attempt_that_is_declined_no_more() {
    let shop = with_a_decline().await;
    // Somebody has confirmed another amount.
    confirm_of(&shop, "26").await;
    let error = retry(&shop, "frictionless", "order-1").await.unwrap_err();
    assert!(
        matches!(
            error,
            JournalledError::TooEarly {
                previous: Some(IntentState::Open),
                ..
            }
        ),
        "{error:?}"
    );
    assert_eq!(shop.state("order-1#2").await, None);
    // And whoever resumes is told, until a person has ended it.
    for _ in 0..2 {
        let resumed = shop.process().resume_all(shop.now).await.unwrap();
        let [resumed] = <[_; 1]>::try_from(resumed).unwrap();
        let progress = resumed.outcome.unwrap().progress;
        assert!(
            matches!(progress, Progress::Contradiction(_)),
            "{progress:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_payment_counts_only_once_the_other_attempts_were_heard() {
    let mut shop = with_a_decline().await;
    let standing = retry(&shop, "three_ds", "order-1").await.unwrap();
    let Progress::ThreeDsRequired { url } = standing.progress else {
        panic!("3DS");
    };
    confirm(&shop, "order-1").await;
    shop.sandbox.three_ds(url.as_str()).approve();
    let second = attempt("order-1#2");
    for _ in 0..2 {
        let progress = process(&shop)
            .look(&second, shop.now)
            .await
            .unwrap()
            .progress;
        let Progress::InProgress(open) = progress else {
            panic!("unheard, not {progress:?}");
        };
        assert!(open.unread().is_some());
        assert_eq!(shop.state("order-1#2").await, Some(IntentState::Open));
    }
    is_double(look(&shop, "order-1#2").await);
    shop.resume().await;
    assert_eq!(shop.resume().await, 2);
}

#[tokio::test(start_paused = true)]
async fn a_decline_is_not_the_last_word_before_the_other_attempts_were_heard() {
    let shop = with_a_decline().await;
    let standing = retry(&shop, "three_ds", "order-1").await.unwrap();
    let Progress::ThreeDsRequired { url } = standing.progress else {
        panic!("3DS");
    };
    shop.sandbox.three_ds(url.as_str()).decline();
    let second = attempt("order-1#2");
    let standing = process(&shop).look(&second, shop.now).await.unwrap();
    declined(&standing);
    assert!(standing.progress.unread().is_some());
    let standing = look(&shop, "order-1#2").await;
    declined(&standing);
    assert!(standing.progress.unread().is_none());
}

#[tokio::test]
async fn what_was_sent_is_told_even_if_the_journal_cannot_be_read_afterwards() {
    for card in ["three_ds", "frictionless"] {
        let mut shop = with_a_decline().await;
        let journal = FailingJournal::new(shop.journal.clone());
        shop.journal = journal.clone();
        journal.fail_recalls_after_begin();
        let error = retry(&shop, card, "order-1").await.unwrap_err();
        assert!(error.may_have_sent(), "{error:?}");
        let JournalledError::NotFollowed { standing, .. } = error else {
            panic!("not followed, not {error:?}");
        };
        let standing = standing.unwrap();
        assert_eq!(standing.attempt.to_string(), "order-1#2");
        match (card, standing.progress) {
            ("three_ds", Progress::ThreeDsRequired { .. })
            | ("frictionless", Progress::Deposited(_)) => {}
            (_, progress) => panic!("{card}: {progress:?}"),
        }
        // Nor is it unsent for whoever sends the form once more.
        let error = shop.process();
        let error = error.deposit(deposit("three_ds"), shop.now).await;
        let error = error.unwrap_err();
        assert!(error.may_have_sent(), "{error:?}");
        journal.fail_recalls(false);
        shop.pass(GRACE);
        shop.resume().await;
        assert_eq!(shop.state("order-1").await, DECLINED);
        shop.assert_ended(shop.state("order-1#2").await);
    }
}

#[tokio::test(start_paused = true)]
async fn a_person_resolves_nothing_without_the_gateways_word() {
    let mut shop = Shop::with(Config::new(1));
    let settled = deposited(shop.deposit("frictionless").await.unwrap());
    let _ = settled;
    let resolution = Resolution::new(Resolved::NotCharged, "jo", "case 4711", shop.now).unwrap();
    let first = attempt("order-1");
    let error = process(&shop)
        .resolve(&first, resolution, shop.now)
        .await
        .unwrap_err();
    assert!(
        matches!(error, JournalledError::NotHeard { .. }),
        "{error:?}"
    );
    shop.resume().await;
    shop.assert_ended(shop.state("order-1").await);
}

async fn confirm_of(shop: &Shop, amount: &str) {
    crate::attempts::confirm_of(shop, "order-1", amount).await;
}
