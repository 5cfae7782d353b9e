//! What arrives late, or is said late: before anything is sent once more the gateway is asked.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Request, Response};
use tokio::time::{Instant, sleep};
use xgateway_api::environment::Environment;
use xgateway_client::Client;
use xgateway_flows::card::{JournalledError, Progress};
use xgateway_store::{IntentState, Outcome};
use xgateway_transport::test_util::{Fault, FaultyTransport};
use xgateway_transport::{Body, SharedTransport, Transport, TransportError};

use crate::attempts::{confirm, look, retry, with_a_decline};
use crate::failing::FailingJournal;
use crate::shop::{GRACE, Shop, attempt, deposit, deposited};

const SLOW: Duration = Duration::from_secs(4);

/// The client's timeout of a deposit, which no grace is shorter than.
const LIMIT: Duration = Duration::from_secs(30);

const NOT_TAKEN: Option<IntentState> = Some(IntentState::Finished(Outcome::NotTaken));

/// A shop whose deposit has not reached the gateway, for longer than a request may be under way.
async fn with_a_lost_deposit() -> Shop {
    let mut shop = Shop::new();
    let network = FaultyTransport::new(shop.sandbox.transport()).then(Fault::LoseRequest);
    let process = shop.process_over(network);
    let sent = process.deposit(deposit("frictionless"), shop.now).await;
    assert!(matches!(sent.unwrap().progress, Progress::Unknown { .. }));
    shop.pass(GRACE);
    shop.resume().await;
    assert_eq!(shop.state("order-1").await, NOT_TAKEN);
    shop
}

/// A gateway that lets whoever asks wait, and whoever pays without end if told so.
#[derive(Debug)]
struct Slow {
    gateway: SharedTransport,
    is_silent: bool,
}

#[async_trait]
impl Transport for Slow {
    async fn send(&self, request: Request<Body>) -> Result<Response<Bytes>, TransportError> {
        let is_look = *request.method() == Method::GET;
        let answer = self.gateway.send(request).await;
        sleep(match (is_look, self.is_silent) {
            (true, _) => SLOW,
            (false, false) => Duration::ZERO,
            (false, true) => Duration::from_hours(1),
        })
        .await;
        answer
    }
}

fn slow(shop: &Shop, is_silent: bool) -> Slow {
    Slow {
        gateway: SharedTransport::new(shop.sandbox.transport()),
        is_silent,
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_asked_before_does_not_prolong_the_call() {
    let shop = with_a_decline().await;
    let process = shop.process_over(slow(&shop, true));
    let called = Instant::now();
    let first = attempt("order-1");
    let sent = process.retry(deposit("three_ds"), &first, shop.now).await;
    assert!(matches!(sent.unwrap().progress, Progress::Unknown { .. }));
    let elapsed = called.elapsed();
    assert!(elapsed > SLOW && elapsed <= LIMIT, "{elapsed:?}");
}

#[tokio::test(start_paused = true)]
async fn a_slow_journal_does_not_prolong_the_call() {
    let mut shop = Shop::new();
    let journal = FailingJournal::new(shop.journal.clone());
    journal.begin_in(Duration::from_secs(25));
    shop.journal = journal;
    let process = shop.process_over(slow(&shop, true));
    let called = Instant::now();
    let sent = process.deposit(deposit("three_ds"), shop.now).await;
    assert!(matches!(sent.unwrap().progress, Progress::Unknown { .. }));
    assert!(called.elapsed() <= LIMIT);
}

#[tokio::test]
async fn a_deposit_that_arrived_after_its_grace_is_not_sent_once_more() {
    let mut shop = with_a_lost_deposit().await;

    // While the gateway is silent nothing is sent.
    let silent = FaultyTransport::new(shop.sandbox.transport());
    let silent = (0..9).fold(silent, |silent, _| silent.then(Fault::LoseAnswer));
    let again = shop.process_over(silent);
    let standing = again.deposit(deposit("frictionless"), shop.now).await;
    let progress = standing.unwrap().progress;
    assert!(
        matches!(progress, Progress::NotCharged { error: Some(_) }),
        "{progress:?}"
    );
    assert_eq!(shop.state("order-1").await, NOT_TAKEN);
    assert!(
        shop.sandbox
            .world(|world| world.invoice("order-1"))
            .is_none()
    );

    // What was held back on the way arrives, and is paid.
    let mut late = Shop::new();
    late.sandbox = shop.sandbox.clone();
    let _ = deposited(late.deposit("frictionless").await.unwrap());
    let network = FaultyTransport::new(shop.sandbox.transport());
    let again = shop.process_over(network.clone());
    let settled = again.deposit(deposit("frictionless"), shop.now).await;
    let settled = deposited(settled.unwrap());
    shop.credit(&settled).await;
    assert_eq!(shop.charges(), 1);
}

#[tokio::test]
async fn what_was_not_taken_and_never_arrived_is_sent_again() {
    let mut shop = with_a_lost_deposit().await;
    let settled = deposited(shop.deposit("frictionless").await.unwrap());
    shop.credit(&settled).await;
    assert_eq!(shop.charges(), 1);
}

#[tokio::test]
async fn of_what_is_under_way_nobody_says_that_it_was_not_sent() {
    let shop = with_a_decline().await;
    let sent = retry(&shop, "three_ds", "order-1").await.unwrap();
    assert!(matches!(sent.progress, Progress::ThreeDsRequired { .. }));
    // The first attempt turns, and is open again.
    confirm(&shop, "order-1").await;
    let _ = look(&shop, "order-1").await;
    // The form is submitted a second time.
    match retry(&shop, "three_ds", "order-1").await {
        Ok(standing) => assert!(
            matches!(standing.progress, Progress::Contradiction(_)),
            "{standing:?}"
        ),
        Err(error) => assert!(error.may_have_sent(), "{error:?}"),
    }
    let error = retry(&shop, "frictionless", "order-1").await.unwrap_err();
    assert!(
        matches!(error, JournalledError::OtherBody { .. }),
        "{error:?}"
    );
    assert!(error.may_have_sent());
}

#[tokio::test]
async fn a_sender_that_slept_since_the_intent_sends_nothing() {
    let shop = Shop::new();
    let environment = Environment::sandbox(&shop.sandbox.base_url()).unwrap();
    // Each time it is read two hours have passed on the wall, and none for the runtime.
    let hours = AtomicU64::new(0);
    let client = Client::builder(environment, shop.api_key(), shop.sandbox.transport())
        .wall_clock(move || {
            let hours = hours.fetch_add(2, Ordering::Relaxed);
            SystemTime::UNIX_EPOCH + Duration::from_hours(hours)
        })
        .build();
    let process = shop.process_of(client);
    let sent = process.deposit(deposit("frictionless"), shop.now).await;
    let progress = sent.unwrap().progress;
    assert!(
        matches!(progress, Progress::NotCharged { .. }),
        "{progress:?}"
    );
    assert_eq!(shop.charges(), 0);
    assert_eq!(shop.state("order-1").await, NOT_TAKEN);
}
