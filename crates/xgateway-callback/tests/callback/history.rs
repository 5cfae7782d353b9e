//! Any history of one deposit: deliveries late, repeated, reordered, forged and contradicting, the API away at times.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use proptest::prelude::*;
use xgateway_callback::{
    AtLeastOnce, ConfirmedCallback, Handler, HandlerError, Processor, ProcessorSettings, Receiver,
};
use xgateway_store::{Backoff, Inbox as _, MemoryInbox};

use crate::fixture::{Api, ENVIRONMENT, SEED, TestClock, ring, signed};

/// What can happen.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// The gateway's truth changes; its callback may come much later.
    Becomes(&'static str),
    /// Somebody delivers a callback with this status and the right hash.
    Deliver(&'static str),
    /// The gateway itself has sent another amount.
    DeliverOther,
    /// Somebody without the key delivers.
    DeliverForged,
    Away(bool),
    Work,
    Wait(u64),
}

fn event() -> impl Strategy<Value = Event> {
    let status = prop::sample::select(vec![
        "pending",
        "processing",
        "failed",
        "confirmed",
        "novel",
    ]);
    prop_oneof![
        1 => status.clone().prop_map(Event::Becomes),
        4 => status.prop_map(Event::Deliver),
        1 => Just(Event::DeliverOther),
        1 => Just(Event::DeliverForged),
        1 => any::<bool>().prop_map(Event::Away),
        4 => Just(Event::Work),
        2 => (1..100_000_u64).prop_map(Event::Wait),
    ]
}

#[derive(Default)]
struct Credits(AtomicUsize);

#[async_trait]
impl Handler for Credits {
    async fn handle(&self, callback: &ConfirmedCallback) -> Result<(), HandlerError> {
        if let ConfirmedCallback::Transaction(transaction) = callback
            && let Some(deposit) = transaction.settled_deposit()
        {
            assert_eq!(deposit.amount().as_str(), "10");
            self.0.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_deposit_is_credited_once_it_is_true_and_once(events in prop::collection::vec(event(), 0..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(play(&events))?;
    }
}

async fn play(events: &[Event]) -> Result<(), TestCaseError> {
    let inbox = Arc::new(MemoryInbox::new());
    let api = Arc::new(Api::default());
    let clock = Arc::new(TestClock::default());
    let credits = Arc::new(Credits::default());
    let apply = Arc::new(AtLeastOnce::new(inbox.clone(), credits.clone()));
    let receiver = Receiver::new(inbox.clone(), ENVIRONMENT, ring(), clock.clone());
    // Few, so that a callback which is too early is soon given up.
    let backoff = Backoff::default().with_attempts_max(2);
    let settings = ProcessorSettings::default().with_backoff(backoff);
    let processor = Processor::new(api.clone(), apply, clock.clone()).with_settings(settings);
    let other = signed(&SEED.replace(r#""amount": "10""#, r#""amount": "999""#));
    let mut was_confirmed = false;
    for event in events {
        match event {
            Event::Becomes(status) => {
                api.set(status, "10");
                was_confirmed |= *status == "confirmed";
            }
            Event::Deliver(status) => {
                let answer = receiver.receive(SEED.replace("confirmed", status)).await;
                prop_assert_eq!(answer.status(), 200);
            }
            Event::DeliverOther => {
                let answer = receiver.receive(other.clone()).await;
                prop_assert_eq!(answer.status(), 200);
            }
            Event::DeliverForged => {
                let forged = SEED.replace(r#""amount": "10""#, r#""amount": "999""#);
                prop_assert_eq!(receiver.receive(forged).await.status(), 403);
            }
            Event::Away(is_away) => api.go_away(*is_away),
            Event::Work => drop(processor.round().await.unwrap()),
            Event::Wait(seconds) => clock.advance(Duration::from_secs(*seconds)),
        }
        prop_assert!(credits.0.load(Ordering::Relaxed) <= usize::from(was_confirmed));
    }
    // In the end the truth is out, its callback comes, and all that is open is done.
    api.go_away(false);
    api.set("confirmed", "10");
    receiver.receive(SEED).await;
    for _ in 0..60 {
        processor.round().await.unwrap();
        clock.advance(Duration::from_hours(1));
    }
    prop_assert_eq!(credits.0.load(Ordering::Relaxed), 1);
    prop_assert_eq!(inbox.counts().await.unwrap().open, 0);
    Ok(())
}
