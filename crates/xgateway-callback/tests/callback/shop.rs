//! A merchant, from the gateway's answer to the ledger.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use xgateway_callback::{
    AtLeastOnce, ConfirmedCallback, Handler, HandlerError, NoAnswer, Processor, ProcessorSettings,
    Receiver, Round,
};
use xgateway_store::{Backoff, EntryState, Inbox as _, ListQuery, MemoryInbox};

use crate::fixture::{Api, ENVIRONMENT, TestClock, ring};

/// Everything from the gateway's answer to the merchant's ledger.
pub(crate) struct Shop {
    pub(crate) inbox: Arc<MemoryInbox>,
    pub(crate) api: Arc<Api>,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) receiver: Receiver,
    pub(crate) processor: Processor,
}

/// Credits confirmed deposits.
#[derive(Default)]
pub(crate) struct Ledger {
    credits: Mutex<Vec<(String, String)>>,
    /// The statuses of identity checks that it was told.
    states: Mutex<Vec<String>>,
    pub(crate) calls: AtomicUsize,
    pub(crate) reversals: AtomicUsize,
    pub(crate) fails: AtomicBool,
    pub(crate) panics: AtomicBool,
    /// It asks the API itself, and gets no answer.
    pub(crate) silence: Mutex<Option<NoAnswer>>,
}

#[async_trait]
impl Handler for Ledger {
    async fn handle(&self, callback: &ConfirmedCallback) -> Result<(), HandlerError> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        if self.fails.load(Ordering::Relaxed) {
            return Err(HandlerError::Again("the books are closed".to_owned()));
        }
        assert!(!self.panics.load(Ordering::Relaxed), "a mistake");
        if let Some(silence) = self.silence.lock().unwrap().clone() {
            return Err(silence.into());
        }
        if matches!(callback, ConfirmedCallback::Transaction(it) if it.is_reversal()) {
            self.reversals.fetch_add(1, Ordering::Relaxed);
        }
        if let ConfirmedCallback::Transaction(transaction) = callback
            && let Some(deposit) = transaction.settled_deposit()
        {
            let credit = (
                deposit.customer_id().to_owned(),
                deposit.amount().to_string(),
            );
            self.credits.lock().unwrap().push(credit);
        }
        if let ConfirmedCallback::Kyc(kyc) = callback {
            self.states.lock().unwrap().push(kyc.status().to_string());
        }
        Ok(())
    }
}

/// With three attempts.
pub(crate) fn settings() -> ProcessorSettings {
    with_attempts(3)
}

fn with_attempts(attempts_max: u32) -> ProcessorSettings {
    let backoff = Backoff::default().with_attempts_max(attempts_max);
    ProcessorSettings::default().with_backoff(backoff)
}

impl Ledger {
    pub(crate) fn states(&self) -> Vec<String> {
        self.states.lock().unwrap().clone()
    }
}

impl Shop {
    pub(crate) fn new(api: Api) -> Self {
        Self::with_attempts(api, 3)
    }

    pub(crate) fn with_attempts(api: Api, attempts_max: u32) -> Self {
        let inbox = Arc::new(MemoryInbox::new());
        let api = Arc::new(api);
        let clock = Arc::new(TestClock::default());
        let ledger = Arc::new(Ledger::default());
        let apply = Arc::new(AtLeastOnce::new(inbox.clone(), ledger.clone()));
        Self {
            receiver: Receiver::new(inbox.clone(), ENVIRONMENT, ring(), clock.clone()),
            processor: Processor::new(api.clone(), apply, clock.clone())
                .with_settings(with_attempts(attempts_max)),
            inbox,
            api,
            clock,
            ledger,
        }
    }

    pub(crate) async fn deliver(&self, body: &str) {
        let answer = self.receiver.receive(body.to_owned()).await;
        assert_eq!(answer.status(), 200, "{}", answer.reason());
    }

    /// Processes all that is due within a day.
    pub(crate) async fn work(&self) -> Round {
        let mut sum = Round::default();
        for _ in 0..24 {
            let round = self.processor.round().await.unwrap();
            sum.applied += round.applied;
            sum.repeated += round.repeated;
            sum.put_back += round.put_back;
            sum.dead += round.dead;
            self.clock.advance(Duration::from_hours(1));
        }
        sum
    }

    pub(crate) fn credits(&self) -> Vec<(String, String)> {
        self.ledger.credits.lock().unwrap().clone()
    }

    pub(crate) async fn reason(&self) -> String {
        let query = ListQuery::default().with_state(EntryState::Dead);
        let entries = self.inbox.list(query).await.unwrap();
        entries[0].reason.as_ref().unwrap().to_string()
    }
}

pub(crate) fn one_credit() -> Vec<(String, String)> {
    vec![("demo_customer_id".to_owned(), "10".to_owned())]
}
