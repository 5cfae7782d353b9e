//! Two processes at one deposit: whoever knows less writes nothing over what the other knows.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use jiff::SignedDuration;
use tokio::sync::Notify;
use xgateway_flows::card::{Machine, Progress, State};
use xgateway_store::IntentState;
use xgateway_transport::{Body, SharedTransport, Transport, TransportError};

use crate::shop::{GRACE, Shop, attempt, deposit};

/// A network in which the first exchange waits to be let through, before or after the gateway has answered.
#[derive(Clone)]
struct Slow {
    inner: SharedTransport,
    before: bool,
    is_first: Arc<AtomicBool>,
    /// Something waits.
    waits: Arc<Notify>,
    /// It may go on.
    go_on: Arc<Notify>,
}

impl Slow {
    fn new(shop: &Shop, before: bool) -> Self {
        Self {
            inner: SharedTransport::new(shop.sandbox.transport()),
            before,
            is_first: Arc::new(AtomicBool::new(true)),
            waits: Arc::default(),
            go_on: Arc::default(),
        }
    }

    async fn wait(&self) {
        if self.is_first.swap(false, Ordering::Relaxed) {
            self.waits.notify_one();
            self.go_on.notified().await;
        }
    }
}

#[async_trait]
impl Transport for Slow {
    async fn send(&self, request: Request<Body>) -> Result<Response<Bytes>, TransportError> {
        if self.before {
            self.wait().await;
        }
        let answer = self.inner.send(request).await;
        if !self.before {
            self.wait().await;
        }
        answer
    }
}

impl fmt::Debug for Slow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slow").finish_non_exhaustive()
    }
}

async fn kept(shop: &Shop) -> Machine {
    let intent = shop.intent("order-1").await.unwrap();
    assert_eq!(intent.state, IntentState::Open);
    Machine::from_json(intent.progress.unwrap().as_str()).unwrap()
}

#[tokio::test]
async fn a_slow_look_does_not_set_back_what_the_sender_knows() {
    for grace_is_over in [false, true] {
        let mut shop = Shop::new();
        let (way_there, way_back) = (Slow::new(&shop, true), Slow::new(&shop, false));
        let (sender, looker) = (
            shop.process_over(way_there.clone()),
            shop.process_over(way_back.clone()),
        );
        let now = shop.now;
        let sending = tokio::spawn(async move { sender.deposit(deposit("three_ds"), now).await });
        way_there.waits.notified().await;
        if grace_is_over {
            // As long as nothing on earth takes, but a clock that jumps.
            shop.pass(GRACE);
        }
        let now = shop.now;
        let looking = tokio::spawn(async move { looker.look(&attempt("order-1"), now).await });
        // The gateway has said that there is no such order, and the word is on its way.
        way_back.waits.notified().await;
        way_there.go_on.notify_one();
        let sent = sending.await.unwrap().unwrap();
        assert!(matches!(sent.progress, Progress::ThreeDsRequired { .. }));
        assert_eq!(*kept(&shop).await.state(), State::InProgress);
        // Whoever looks hears of the other, and asks once more.
        way_back.go_on.notify_one();
        let seen = looking.await.unwrap().unwrap();
        assert!(matches!(seen.progress, Progress::InProgress(_)), "{seen:?}");
        assert_eq!(*kept(&shop).await.state(), State::InProgress);
    }
}

#[tokio::test]
async fn a_look_during_the_call_does_not_cost_its_answer() {
    let shop = Shop::new();
    let network = Slow::new(&shop, true);
    let sender = shop.process_over(network.clone());
    let now = shop.now;
    let sending = tokio::spawn(async move { sender.deposit(deposit("three_ds"), now).await });
    network.waits.notified().await;
    let looked = shop.process().look(&attempt("order-1"), now).await.unwrap();
    assert!(matches!(looked.progress, Progress::Unknown { .. }));
    assert!(matches!(kept(&shop).await.state(), State::Unknown { .. }));
    network.go_on.notify_one();
    let sent = sending.await.unwrap().unwrap();
    assert!(matches!(sent.progress, Progress::ThreeDsRequired { .. }));
    assert_eq!(*kept(&shop).await.state(), State::InProgress);
}

#[tokio::test]
async fn a_look_that_has_found_the_order_keeps_what_it_found() {
    let shop = Shop::new();
    let network = Slow::new(&shop, false);
    let sender = shop.process_over(network.clone());
    let now = shop.now;
    let sending = tokio::spawn(async move { sender.deposit(deposit("three_ds"), now).await });
    // The gateway has taken it, and its answer is on its way.
    network.waits.notified().await;
    let looked = shop.process().look(&attempt("order-1"), now).await.unwrap();
    assert!(matches!(looked.progress, Progress::InProgress(_)));
    let invoice = kept(&shop).await.invoice_id().cloned();
    assert!(invoice.is_some());
    network.go_on.notify_one();
    let sent = sending.await.unwrap().unwrap();
    assert!(matches!(sent.progress, Progress::ThreeDsRequired { .. }));
    assert_eq!(kept(&shop).await.invoice_id().cloned(), invoice);
}

#[tokio::test]
async fn what_may_still_be_under_way_is_left_to_whoever_sends_it() {
    let mut shop = Shop::new();
    let _ = shop.deposit("three_ds").await.unwrap();
    let process = shop
        .process()
        .with_call_time(std::time::Duration::from_secs(30));
    shop.pass(SignedDuration::from_secs(29));
    assert!(process.resume_all(shop.now).await.unwrap().is_empty());
    shop.pass(SignedDuration::from_secs(1));
    assert_eq!(process.resume_all(shop.now).await.unwrap().len(), 1);
}
