//! What is confirmed together, and in which order.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::{Barrier, Notify};
use tokio::time::timeout;
use xgateway_api::types::{
    BankTransferAccountResponse, KycApplicationDetailsResponse, TransactionData,
};
use xgateway_callback::{
    Apply, ApplyError, AtLeastOnce, Confirm, ConfirmedCallback, Handler, HandlerError, NoAnswer,
    Processor, Receiver,
};
use xgateway_store::{Claim, Completed, Inbox as _, MemoryInbox, SharedInbox};

use crate::fixture::{ENVIRONMENT, TestClock, ring, signed};

/// What happened, in its order.
#[derive(Default)]
struct Story(Mutex<Vec<String>>);

impl Story {
    fn tell(&self, what: String) {
        self.0.lock().unwrap().push(what);
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// An API whose answers wait until as many questions are under way.
struct Api {
    together: Barrier,
    story: Arc<Story>,
    questions: AtomicUsize,
}

#[async_trait]
impl Confirm for Api {
    fn environment(&self) -> Option<&str> {
        None
    }

    async fn transaction(&self, _: &str) -> Result<Option<TransactionData>, NoAnswer> {
        Ok(None)
    }

    async fn bank_accounts(&self, _: &str) -> Result<Vec<BankTransferAccountResponse>, NoAnswer> {
        Ok(Vec::new())
    }

    /// Who asks later is answered sooner.
    async fn kyc(&self, id: &str) -> Result<Option<KycApplicationDetailsResponse>, NoAnswer> {
        self.together.wait().await;
        for _ in self.questions.fetch_add(1, Ordering::Relaxed)..10 {
            tokio::task::yield_now().await;
        }
        self.story.tell(format!("ask {id}"));
        let answer = r#"{"id":"1","status":"KYC_PENDING"}"#;
        Ok(Some(serde_json::from_str(answer).unwrap()))
    }
}

/// Takes as many as it says.
struct Taker {
    together_max: usize,
    inbox: Arc<MemoryInbox>,
    story: Arc<Story>,
}

#[async_trait]
impl Apply for Taker {
    async fn apply(
        &self,
        claim: &Claim,
        callback: &ConfirmedCallback,
        now: Timestamp,
    ) -> Result<Completed, ApplyError> {
        if let ConfirmedCallback::Kyc(kyc) = callback {
            self.story.tell(format!("apply {}", kyc.customer_id()));
        }
        Ok(self.inbox.complete(claim, None, now).await?)
    }

    fn inbox(&self) -> SharedInbox {
        self.inbox.clone()
    }

    fn together_max(&self) -> usize {
        self.together_max
    }
}

/// Delivers callbacks of these customers, and processes them in one round, with an API that answers so many together.
async fn process(customers: &[&str], together_max: usize, together: usize) -> Vec<String> {
    let inbox = Arc::new(MemoryInbox::new());
    let clock = Arc::new(TestClock::default());
    let receiver = Receiver::new(inbox.clone(), ENVIRONMENT, ring(), clock.clone());
    for customer in customers {
        // As the API says.
        let body =
            format!(r#"{{"callbackType":"kyc","customerId":"{customer}","status":"KYC_PENDING"}}"#);
        assert_eq!(receiver.receive(signed(&body)).await.status(), 200);
    }
    let story = Arc::new(Story::default());
    let api = Arc::new(Api {
        together: Barrier::new(together),
        story: story.clone(),
        questions: AtomicUsize::new(0),
    });
    let taker = Arc::new(Taker {
        together_max,
        inbox: inbox.clone(),
        story: story.clone(),
    });
    let processor = Processor::new(api, taker, clock);
    // Where too few are asked at a time, the time stands still until nobody goes on.
    let round = timeout(Duration::from_secs(1), processor.round()).await;
    let round = round.expect("as many are asked at the same time");
    let taken_max = if together_max == 1 { 4 } else { 64 };
    assert_eq!(round.unwrap().applied, customers.len().min(taken_max));
    story.take()
}

#[tokio::test(start_paused = true)]
async fn those_that_are_applied_together_are_confirmed_at_the_same_time() {
    let story = process(&["a", "b", "c", "d"], usize::MAX, 4).await;
    let is_question = |what: &String| what.starts_with("ask");
    assert!(story[..4].iter().all(is_question), "{story:?}");
    assert_eq!(story[4..], ["apply a", "apply b", "apply c", "apply d"]);
}

#[tokio::test(start_paused = true)]
async fn groups_are_as_large_as_is_said() {
    let story = process(&["a", "b", "c", "d"], 2, 2).await;
    assert_eq!(story[2..4], ["apply a", "apply b"]);
    assert_eq!(story[6..], ["apply c", "apply d"]);
}

#[tokio::test(start_paused = true)]
async fn as_many_are_taken_as_suits_what_applies_them() {
    let customers: Vec<_> = (0..70).map(|number| format!("c{number}")).collect();
    let customers: Vec<_> = customers.iter().map(String::as_str).collect();
    let story = process(&customers, usize::MAX, 64).await;
    assert_eq!(story.len(), 2 * 64);
    let story = process(&customers, 1, 1).await;
    assert_eq!(story.len(), 2 * 4);
}

#[tokio::test(start_paused = true)]
async fn what_is_applied_singly_is_confirmed_singly() {
    let story = process(&["a", "b"], 1, 1).await;
    assert_eq!(story, ["ask a", "apply a", "ask b", "apply b"]);
}

/// A merchant who takes over the state of a customer, and is slow about the first.
struct Slow {
    api: Arc<crate::fixture::Api>,
    taken: Mutex<Vec<String>>,
    is_at_it: Notify,
    may_end: Notify,
}

#[async_trait]
impl Handler for Slow {
    async fn handle(&self, callback: &ConfirmedCallback) -> Result<(), HandlerError> {
        let ConfirmedCallback::Kyc(kyc) = callback else {
            return Ok(());
        };
        let is_first = self.taken.lock().unwrap().is_empty();
        if is_first {
            self.is_at_it.notify_one();
            self.may_end.notified().await;
        }
        self.taken.lock().unwrap().push(kyc.status().to_string());
        Ok(())
    }
}

/// Else an old answer could be applied behind a newer one, and stay.
#[tokio::test]
async fn of_one_subject_two_processors_never_apply_the_older_answer_last() {
    let inbox = Arc::new(MemoryInbox::new());
    let clock = Arc::new(TestClock::default());
    let receiver = Receiver::new(inbox.clone(), ENVIRONMENT, ring(), clock.clone());
    let api = Arc::new(crate::fixture::Api::default());
    let slow = Arc::new(Slow {
        api: api.clone(),
        taken: Mutex::default(),
        is_at_it: Notify::new(),
        may_end: Notify::new(),
    });
    let tell = async |status: &str| {
        slow.api
            .set_kyc(&format!(r#"{{"id":"1","status":"{status}"}}"#));
        let body = format!(r#"{{"callbackType":"kyc","customerId":"joe","status":"{status}"}}"#);
        assert_eq!(receiver.receive(signed(&body)).await.status(), 200);
    };
    tell("KYC_PENDING").await;
    let apply = Arc::new(AtLeastOnce::new(inbox.clone(), slow.clone()));
    let processor = || Processor::new(api.clone(), apply.clone(), clock.clone());
    let (one, other) = (processor(), processor());
    let first = tokio::spawn(async move { one.round().await.unwrap().applied });
    slow.is_at_it.notified().await;
    tell("FULL_USER").await;
    assert_eq!(other.round().await.unwrap().claimed(), 0, "joe is held");
    slow.may_end.notify_one();
    assert_eq!(first.await.unwrap(), 1);
    assert_eq!(other.round().await.unwrap().applied, 1);
    assert_eq!(*slow.taken.lock().unwrap(), ["KYC_PENDING", "FULL_USER"]);
}
