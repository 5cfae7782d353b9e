//! What takes too long.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use xgateway_api::types::{
    BankTransferAccountResponse, KycApplicationDetailsResponse, TransactionData,
};
use xgateway_callback::{
    AtLeastOnce, Clock, Confirm, ConfirmedCallback, Handler, HandlerError, NoAnswer, Processor,
    ProcessorSettings, Receiver,
};
use xgateway_store::{EntryState, Inbox as _, ListQuery, MemoryInbox};

use crate::fixture::{Api, ENVIRONMENT, SEED, TestClock, ring, signed};
use crate::shop::{Shop, settings};

/// A clock on which a limit is over at once, which takes its time.
struct Impatient(Arc<TestClock>);

#[async_trait]
impl Clock for Impatient {
    fn now(&self) -> jiff::Timestamp {
        Clock::now(&*self.0)
    }

    async fn pause(&self, time: Duration) {
        self.0.pause(time).await;
    }

    async fn limit(&self, time: Duration) {
        self.0.pause(time).await;
    }
}

struct Never;

#[async_trait]
impl Handler for Never {
    async fn handle(&self, _: &ConfirmedCallback) -> Result<(), HandlerError> {
        std::future::pending().await
    }
}

#[async_trait]
impl Confirm for Never {
    fn environment(&self) -> Option<&str> {
        None
    }

    async fn transaction(&self, _: &str) -> Result<Option<TransactionData>, NoAnswer> {
        std::future::pending().await
    }

    async fn bank_accounts(&self, _: &str) -> Result<Vec<BankTransferAccountResponse>, NoAnswer> {
        Ok(Vec::new())
    }

    async fn kyc(&self, _: &str) -> Result<Option<KycApplicationDetailsResponse>, NoAnswer> {
        Ok(None)
    }
}

#[tokio::test]
async fn a_handler_that_never_returns_holds_no_worker() {
    let shop = Shop::new(Api::default().with("confirmed", "10"));
    let apply = Arc::new(AtLeastOnce::new(shop.inbox.clone(), Never));
    let clock = Arc::new(Impatient(shop.clock.clone()));
    let processor = Processor::new(shop.api.clone(), apply, clock).with_settings(settings());
    shop.deliver(SEED).await;
    let mut outcomes = Vec::new();
    for _ in 0..3 {
        let round = processor.round().await.unwrap();
        outcomes.push((round.put_back, round.dead));
        shop.clock.advance(Duration::from_hours(1));
    }
    assert_eq!(outcomes, [(1, 0), (1, 0), (0, 1)]);
    assert_eq!(shop.reason().await, "the handler failed: it took too long");
}

#[tokio::test]
async fn a_question_without_an_end_is_one_without_an_answer() {
    let shop = Shop::new(Api::default());
    let apply = Arc::new(AtLeastOnce::new(shop.inbox.clone(), shop.ledger.clone()));
    let clock = Arc::new(Impatient(shop.clock.clone()));
    let processor = Processor::new(Arc::new(Never), apply, clock).with_settings(settings());
    shop.deliver(SEED).await;
    for _ in 0..10 {
        let round = processor.round().await.unwrap();
        assert_eq!((round.put_back, round.dead), (1, 0));
        shop.clock.advance(Duration::from_hours(1));
    }
    let entry = &shop.inbox.list(ListQuery::default()).await.unwrap()[0];
    assert_eq!(entry.state, EntryState::Open);
    let reason = entry.reason.as_ref().unwrap().as_str();
    assert_eq!(reason, "the gateway's API gave no answer: it took too long");
}

/// Each of a batch has its share, so that the last comes to its turn.
#[tokio::test]
async fn one_that_takes_too_long_leaves_time_for_the_others() {
    let shop = Shop::new(Api::default().with("confirmed", "10"));
    let apply = Arc::new(AtLeastOnce::new(shop.inbox.clone(), Never));
    let clock = Arc::new(Impatient(shop.clock.clone()));
    let processor = Processor::new(shop.api.clone(), apply, clock);
    for customer in ["a", "b", "c"] {
        let body = format!(r#"{{"callbackType":"kyc","customerId":"{customer}"}}"#);
        shop.deliver(&signed(&body)).await;
    }
    shop.api.set_kyc(r#"{"id":"1","status":"KYC_PENDING"}"#);
    let before = Clock::now(&*shop.clock);
    let round = processor.round().await.unwrap();
    assert_eq!((round.put_back, round.lost), (3, 0));
    let took = Clock::now(&*shop.clock).duration_since(before);
    assert_eq!(took.as_secs(), 108, "all but a tenth of the lease");
}

#[tokio::test]
async fn a_limit_may_be_shorter() {
    let shop = Shop::new(Api::default().with("confirmed", "10"));
    let apply = Arc::new(AtLeastOnce::new(shop.inbox.clone(), Never));
    let clock = Arc::new(Impatient(shop.clock.clone()));
    let settings = ProcessorSettings::default().with_time_limit(Duration::from_secs(7));
    let processor = Processor::new(shop.api.clone(), apply, clock).with_settings(settings);
    shop.deliver(SEED).await;
    let before = Clock::now(&*shop.clock);
    assert_eq!(processor.round().await.unwrap().put_back, 1);
    assert_eq!(Clock::now(&*shop.clock).duration_since(before).as_secs(), 7);
}

/// Takes longer than the lease about each, whatever it does.
struct Slow {
    clock: Arc<TestClock>,
    calls: AtomicUsize,
}

impl Slow {
    fn is_at_it(&self) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.clock.advance(Duration::from_hours(1));
    }
}

#[async_trait]
impl Handler for Slow {
    async fn handle(&self, _: &ConfirmedCallback) -> Result<(), HandlerError> {
        self.is_at_it();
        Ok(())
    }
}

#[async_trait]
impl Confirm for Slow {
    fn environment(&self) -> Option<&str> {
        None
    }

    async fn transaction(&self, _: &str) -> Result<Option<TransactionData>, NoAnswer> {
        Ok(None)
    }

    async fn bank_accounts(&self, _: &str) -> Result<Vec<BankTransferAccountResponse>, NoAnswer> {
        Ok(Vec::new())
    }

    async fn kyc(&self, _: &str) -> Result<Option<KycApplicationDetailsResponse>, NoAnswer> {
        self.is_at_it();
        let answer = r#"{"id":"1","status":"KYC_PENDING"}"#;
        Ok(Some(serde_json::from_str(answer).unwrap()))
    }
}

/// Two entries, of which the first outlasts the lease of both.
async fn outlasted(api: impl Fn(Arc<Slow>) -> Arc<dyn Confirm>, handler: Arc<Slow>) -> usize {
    let inbox = Arc::new(MemoryInbox::new());
    let clock = handler.clock.clone();
    let receiver = Receiver::new(inbox.clone(), ENVIRONMENT, ring(), clock.clone());
    for customer in ["a", "b"] {
        let body = format!(r#"{{"callbackType":"kyc","customerId":"{customer}"}}"#);
        assert_eq!(receiver.receive(signed(&body)).await.status(), 200);
    }
    let apply = Arc::new(AtLeastOnce::new(inbox, handler.clone()));
    let processor = Processor::new(api(handler), apply, clock);
    processor.round().await.unwrap().lost
}

/// Another worker may be at it.
#[tokio::test]
async fn no_handler_is_called_for_an_entry_whose_lease_is_over() {
    let slow = || {
        Arc::new(Slow {
            clock: Arc::default(),
            calls: AtomicUsize::new(0),
        })
    };
    let handler = slow();
    let quick = |_| {
        let api = Api::default().with_kyc(r#"{"id":"1","status":"KYC_PENDING"}"#);
        Arc::new(api) as Arc<dyn Confirm>
    };
    assert_eq!(outlasted(quick, handler.clone()).await, 1);
    assert_eq!(handler.calls.load(Ordering::Relaxed), 1, "for the first");

    // The API takes as long, so that even the first is lost before it is handed on.
    let both = slow();
    assert_eq!(outlasted(|it| it, both.clone()).await, 2);
    assert_eq!(both.calls.load(Ordering::Relaxed), 1, "the question");
}
