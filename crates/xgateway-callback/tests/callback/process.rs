//! From the inbox to the effect.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use xgateway_api::types::{
    BankTransferAccountResponse, KycApplicationDetailsResponse, TransactionData,
};
use xgateway_callback::{
    Apply, ApplyError, AtLeastOnce, Clock, Confirm, ConfirmedCallback, NoAnswer, Processor,
    Receiver,
};
use xgateway_store::{
    Claim, Completed, EntryState, Inbox as _, InboxLayer, ListQuery, MemoryInbox, REPEAT_PAUSE,
    SharedInbox, StoreError, StoreErrorKind,
};

use crate::fixture::{Api, ENVIRONMENT, ID, Log, SEED, TestClock, ring, signed};
use crate::shop::{Ledger, Shop, one_credit, settings};

#[tokio::test]
async fn duplicates_and_late_news_credit_once() {
    let shop = Shop::new(Api::default().with("failed", "10"));
    let failed = SEED.replace("confirmed", "failed");
    shop.deliver(&failed).await;
    assert_eq!(shop.work().await.applied, 1);
    assert_eq!(shop.credits(), []);

    // A dispute turns it round, which is legal; then everything comes once more, in any order.
    shop.api.set("confirmed", "10");
    shop.deliver(SEED).await;
    shop.deliver(&failed).await;
    shop.deliver(SEED).await;
    shop.work().await;
    shop.deliver(&failed).await;
    shop.deliver(SEED).await;
    shop.deliver(&SEED.replace("confirmed", "processing")).await;
    shop.work().await;
    assert_eq!(shop.credits(), one_credit());
    assert_eq!(shop.inbox.counts().await.unwrap().open, 0);
}

/// Two environments over one database, say.
#[tokio::test]
async fn another_environments_callbacks_are_left_alone() {
    let mut api = Api::default().with("confirmed", "10");
    api.environment = Some("https://demo");
    let shop = Shop::new(api);
    // To the receiver, which is of another one, and first.
    shop.deliver(SEED).await;
    let error = shop.processor.round().await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::OtherEnvironment);
    assert_eq!(shop.api.reads.load(Ordering::Relaxed), 0);
    assert_eq!(shop.inbox.counts().await.unwrap().open, 1);
    let stopped = shop.processor.run(std::future::pending()).await;
    assert!(stopped.is_err(), "a person must look");
}

#[tokio::test]
async fn old_news_does_not_trouble_the_api() {
    let shop = Shop::new(Api::default().with("confirmed", "10"));
    for _ in 0..5 {
        shop.deliver(SEED).await;
        shop.work().await;
    }
    assert_eq!(shop.credits(), one_credit());
    assert_eq!(shop.api.reads.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_forged_confirmation_credits_nothing_until_it_is_true() {
    let shop = Shop::new(Api::default().with("failed", "10"));
    shop.deliver(SEED).await;
    let round = shop.work().await;
    assert_eq!((round.put_back, round.dead, round.applied), (2, 1, 0));
    assert!(shop.reason().await.contains("does not say so"));
    assert_eq!(shop.credits(), []);

    shop.api.set("confirmed", "10");
    shop.deliver(SEED).await;
    shop.work().await;
    assert_eq!(shop.credits(), one_credit());
}

/// A database that takes no effects is to blame for that itself.
#[tokio::test]
async fn a_store_that_is_away_uses_no_attempts_up() {
    struct Away(AtLeastOnce<Arc<Ledger>>, AtomicBool);

    #[async_trait]
    impl Apply for Away {
        async fn apply(
            &self,
            claim: &Claim,
            callback: &ConfirmedCallback,
            now: Timestamp,
        ) -> Result<Completed, ApplyError> {
            if self.1.load(Ordering::Relaxed) {
                return Err(StoreError::new(StoreErrorKind::DiskFull).into());
            }
            self.0.apply(claim, callback, now).await
        }

        fn inbox(&self) -> SharedInbox {
            self.0.inbox()
        }
    }

    let shop = Shop::new(Api::default().with("confirmed", "10"));
    let inner = AtLeastOnce::new(shop.inbox.clone(), shop.ledger.clone());
    let away = Arc::new(Away(inner, AtomicBool::new(true)));
    let (api, clock) = (shop.api.clone(), shop.clock.clone());
    let processor = Processor::new(api, away.clone(), clock).with_settings(settings());
    shop.deliver(SEED).await;
    for _ in 0..50 {
        let error = processor.round().await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::DiskFull);
        let entry = &shop.inbox.list(ListQuery::default()).await.unwrap()[0];
        assert_eq!((entry.state, entry.attempts), (EntryState::Open, 0));
        let reason = entry.reason.as_ref().unwrap().as_str();
        assert!(reason.contains("there is no room left"), "{reason}");
        shop.clock.advance(Duration::from_secs(1));
    }
    away.1.store(false, Ordering::Relaxed);
    assert_eq!(processor.round().await.unwrap().applied, 1);
}

#[tokio::test]
async fn an_api_that_does_not_answer_for_long_is_told_to_the_log() {
    let shop = Shop::new(Api::default().with("confirmed", "10"));
    shop.api.go_away(true);
    shop.deliver(SEED).await;
    let log = Log::start();
    for _ in 0..2 {
        shop.processor.round().await.unwrap();
        shop.clock.advance(Duration::from_hours(1));
    }
    assert!(!log.has("without an answer for long"));
    shop.processor.round().await.unwrap();
    let line = log.line("without an answer for long");
    assert!(line.contains("it is away"), "{line}");
}

/// Until it is stored that it is given up, it is not.
#[tokio::test]
async fn what_was_lost_meanwhile_is_not_said_to_be_given_up() {
    /// Somebody replays it while the API is asked.
    struct Replayed(Arc<MemoryInbox>, Arc<Api>);

    #[async_trait]
    impl Confirm for Replayed {
        fn environment(&self) -> Option<&str> {
            None
        }

        async fn transaction(&self, id: &str) -> Result<Option<TransactionData>, NoAnswer> {
            let entry = &self.0.list(ListQuery::default()).await.unwrap()[0];
            // Its worker has stood still for long, as whoever replays it sees it.
            self.0.replay(entry.id, entry.due_at).await.unwrap();
            self.1.transaction(id).await
        }

        async fn bank_accounts(
            &self,
            _: &str,
        ) -> Result<Vec<BankTransferAccountResponse>, NoAnswer> {
            Ok(Vec::new())
        }

        async fn kyc(&self, _: &str) -> Result<Option<KycApplicationDetailsResponse>, NoAnswer> {
            Ok(None)
        }
    }

    let shop = Shop::new(Api::default().with("confirmed", "1000"));
    shop.deliver(SEED).await;
    let api = Arc::new(Replayed(shop.inbox.clone(), shop.api.clone()));
    let apply = Arc::new(AtLeastOnce::new(shop.inbox.clone(), shop.ledger.clone()));
    let processor = Processor::new(api, apply, shop.clock.clone());
    let log = Log::start();
    assert_eq!(processor.round().await.unwrap().lost, 1);
    assert!(!log.has("given up"));
}

#[tokio::test]
async fn a_contradiction_is_kept_and_not_applied() {
    let shop = Shop::new(Api::default().with("confirmed", "10"));
    let other = signed(&SEED.replace(r#""amount": "10""#, r#""amount": "1000""#));
    shop.deliver(SEED).await;
    shop.deliver(&other).await;
    let round = shop.work().await;
    assert_eq!((round.applied, round.dead), (1, 1));
    assert_eq!(
        shop.reason().await,
        "the gateway's API contradicts the callback's amount"
    );
    assert_eq!(shop.credits(), one_credit());
}

#[tokio::test]
async fn an_unknown_kind_waits_for_a_person() {
    let shop = Shop::new(Api::default().with("confirmed", "10"));
    shop.deliver(&SEED.replacen('{', r#"{"callbackType":"chargeback","#, 1))
        .await;
    shop.deliver(SEED).await;
    let round = shop.work().await;
    assert_eq!((round.applied, round.dead), (1, 1));
    assert!(shop.reason().await.contains("not known to this version"));
}

#[tokio::test]
async fn an_api_that_is_away_makes_no_dead_letters() {
    let shop = Shop::new(Api::default().with("confirmed", "10"));
    shop.api.go_away(true);
    shop.deliver(SEED).await;
    let round = shop.work().await;
    assert!(round.put_back > 3, "{round:?}");
    assert_eq!(round.dead, 0);
    shop.api.go_away(false);
    assert_eq!(shop.work().await.applied, 1);
    assert_eq!(shop.credits(), one_credit());
}

#[tokio::test]
async fn a_handler_without_an_answer_makes_no_dead_letters() {
    let shop = Shop::new(Api::default().with("confirmed", "10"));
    *shop.ledger.silence.lock().unwrap() = Some(NoAnswer::new("it is away"));
    shop.deliver(SEED).await;
    let round = shop.work().await;
    assert!(round.put_back > 3, "{round:?}");
    assert_eq!(round.dead, 0);
    *shop.ledger.silence.lock().unwrap() = None;
    assert_eq!(shop.work().await.applied, 1);
    assert_eq!(shop.credits(), one_credit());
}

/// The API answers, and refuses what the handler asks: waiting for ever would hide that from everybody.
#[tokio::test]
async fn a_handlers_question_that_is_refused_becomes_a_dead_letter() {
    let shop = Shop::new(Api::default().with("confirmed", "10"));
    *shop.ledger.silence.lock().unwrap() = Some(NoAnswer::refused("it is unreadable"));
    shop.deliver(SEED).await;
    let round = shop.work().await;
    assert_eq!((round.put_back, round.dead), (2, 1), "{round:?}");
    assert!(shop.reason().await.contains("it is unreadable"));
}

/// Found by the simulation: a long outage left no attempt for what came after it.
#[tokio::test]
async fn an_outage_uses_no_attempts_up() {
    let shop = Shop::new(Api::default().with("confirmed", "10"));
    shop.api.go_away(true);
    shop.deliver(SEED).await;
    assert!(shop.work().await.put_back > 3);
    shop.api.go_away(false);
    shop.ledger.fails.store(true, Ordering::Relaxed);
    let round = shop.processor.round().await.unwrap();
    assert_eq!((round.put_back, round.dead), (1, 0), "{round:?}");
    shop.ledger.fails.store(false, Ordering::Relaxed);
    assert_eq!(shop.work().await.applied, 1);
    assert_eq!(shop.credits(), one_credit());
}

/// Whoever is too late has lost the entry also where its attempts are to be given back.
#[tokio::test]
async fn attempts_are_given_back_by_nobody_who_has_lost_the_entry() {
    /// While it is asked, the lease ends and another worker takes the entry.
    struct Slow {
        inbox: Arc<MemoryInbox>,
        clock: Arc<TestClock>,
        taken: Mutex<Vec<Claim>>,
    }

    #[async_trait]
    impl Confirm for Slow {
        fn environment(&self) -> Option<&str> {
            None
        }

        async fn transaction(&self, _: &str) -> Result<Option<TransactionData>, NoAnswer> {
            self.clock.advance(Duration::from_hours(1));
            let (now, lease) = (Clock::now(&*self.clock), Duration::from_hours(1));
            let claims = self.inbox.claim(now, lease, 1).await.unwrap();
            self.taken.lock().unwrap().extend(claims);
            Ok(None)
        }

        async fn bank_accounts(
            &self,
            _: &str,
        ) -> Result<Vec<BankTransferAccountResponse>, NoAnswer> {
            Ok(Vec::new())
        }

        async fn kyc(&self, _: &str) -> Result<Option<KycApplicationDetailsResponse>, NoAnswer> {
            Ok(None)
        }
    }

    let shop = Shop::new(Api::default().with("confirmed", "10"));
    shop.api.go_away(true);
    shop.deliver(SEED).await;
    assert!(shop.work().await.put_back > 3);
    let slow = Arc::new(Slow {
        inbox: shop.inbox.clone(),
        clock: shop.clock.clone(),
        taken: Mutex::default(),
    });
    let apply = Arc::new(AtLeastOnce::new(shop.inbox.clone(), shop.ledger.clone()));
    let late = Processor::new(slow.clone(), apply, shop.clock.clone()).with_settings(settings());
    let round = late.round().await.unwrap();
    assert_eq!((round.lost, round.claimed()), (1, 1), "{round:?}");
    let taken = slow.taken.lock().unwrap().pop().unwrap();
    let now = Clock::now(&*shop.clock);
    let ended = shop.inbox.complete(&taken, None, now).await;
    ended.expect("it is the other worker's still");
}

#[tokio::test]
async fn attempts_begin_anew_once_and_not_for_ever() {
    let shop = Shop::new(Api::default().with("confirmed", "10"));
    shop.api.go_away(true);
    shop.deliver(SEED).await;
    shop.work().await;
    shop.api.go_away(false);
    shop.ledger.fails.store(true, Ordering::Relaxed);
    let round = shop.work().await;
    assert_eq!((round.put_back, round.dead), (3, 1), "{round:?}");
}

#[tokio::test]
async fn a_handler_that_fails_is_called_again_and_then_no_more() {
    let shop = Shop::new(Api::default().with("confirmed", "10"));
    shop.ledger.fails.store(true, Ordering::Relaxed);
    shop.deliver(SEED).await;
    let round = shop.work().await;
    assert_eq!((round.put_back, round.dead), (2, 1));
    assert_eq!(shop.ledger.calls.load(Ordering::Relaxed), 3);
    assert_eq!(
        shop.reason().await,
        "the handler failed: the books are closed"
    );

    shop.ledger.fails.store(false, Ordering::Relaxed);
    let dead = shop.inbox.list(ListQuery::default()).await.unwrap();
    shop.inbox
        .replay(dead[0].id, Clock::now(&*shop.clock))
        .await
        .unwrap();
    shop.work().await;
    assert_eq!(shop.credits(), one_credit());
}

#[tokio::test]
async fn a_panic_is_a_failure_and_stops_no_worker() {
    let kyc = signed(r#"{"callbackType":"kyc","customerId":"demo","status":"KYC_PENDING"}"#);
    for unreadable in [false, true] {
        let shop = Shop::new(Api::default().with("confirmed", "10"));
        shop.deliver(SEED).await;
        shop.deliver(&kyc).await;
        if unreadable {
            shop.api.put("{"); // Whoever asks the API panics over this.
        } else {
            shop.ledger.panics.store(true, Ordering::Relaxed);
        }
        // Both are looked at in each round.
        let round = shop.processor.round().await.unwrap();
        assert_eq!((round.put_back, round.claimed()), (2, 2), "{round:?}");
        assert_eq!(shop.work().await.dead, 2);
        let want = if unreadable {
            "the gateway's API was not asked: it panicked"
        } else {
            "the handler failed: it panicked"
        };
        assert_eq!(shop.reason().await, want);
        assert_eq!(shop.credits(), []);
    }
}

#[tokio::test]
async fn a_state_is_taken_over_each_time() {
    let shop = Shop::new(Api::default().with_kyc(r#"{"id":"demo","status":"KYC_PENDING"}"#));
    let body = signed(r#"{"callbackType":"kyc","customerId":"demo","status":"KYC_PENDING"}"#);
    for _ in 0..2 {
        shop.deliver(&body).await;
        assert_eq!(shop.work().await.applied, 1);
    }
    assert_eq!(shop.ledger.calls.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_processor_stops_when_it_is_told() {
    let shop = Shop::new(Api::default().with("confirmed", "10"));
    shop.deliver(SEED).await;
    let ledger = shop.ledger.clone();
    let told = std::future::poll_fn(move |context| {
        if ledger.calls.load(Ordering::Relaxed) > 0 {
            return std::task::Poll::Ready(());
        }
        context.waker().wake_by_ref();
        std::task::Poll::Pending
    });
    shop.processor.run(told).await.unwrap();
    assert_eq!(shop.credits(), one_credit());
    assert!(
        shop.inbox
            .show(xgateway_store::EntryId::new(1))
            .await
            .unwrap()
            .unwrap()
            .key
            .subject()
            == ID
    );
}

/// Effects in the store's own step: however often and wherever a callback is processed, there is one.
#[tokio::test]
async fn an_effect_inside_the_store_happens_exactly_once() {
    struct Inside(Arc<MemoryInbox>, Arc<Ledger>);

    #[async_trait]
    impl Apply for Inside {
        async fn apply(
            &self,
            claim: &Claim,
            callback: &ConfirmedCallback,
            now: Timestamp,
        ) -> Result<Completed, ApplyError> {
            let Some(effect) = callback.effect() else {
                return Ok(self.0.complete(claim, None, now).await?);
            };
            let ran = self.0.apply(claim, &effect, now, || {
                self.1.calls.fetch_add(1, Ordering::Relaxed)
            })?;
            Ok(if ran.is_some() {
                Completed::First
            } else {
                Completed::Repeated
            })
        }

        fn inbox(&self) -> SharedInbox {
            self.0.clone()
        }
    }

    let shop = Shop::new(Api::default().with("confirmed", "10"));
    let inside = Arc::new(Inside(shop.inbox.clone(), shop.ledger.clone()));
    let processor = Processor::new(shop.api.clone(), inside, shop.clock.clone());
    for status in ["failed", "confirmed", "processing", "confirmed"] {
        shop.deliver(&SEED.replace("confirmed", status)).await;
    }
    assert_eq!(processor.round().await.unwrap().applied, 1);
    for _ in 0..2 {
        assert_eq!(processor.round().await.unwrap().repeated, 1);
    }
    assert_eq!(shop.ledger.calls.load(Ordering::Relaxed), 1);
}

/// Whoever has one genuine callback of a customer can send it as often as they like.
#[tokio::test]
async fn whoever_repeats_a_callback_does_not_set_how_often_the_api_is_asked() {
    let shop = Shop::new(Api::default().with_kyc(r#"{"id":"joe","status":"FULL_USER"}"#));
    let body = signed(r#"{"callbackType":"kyc","customerId":"joe","status":"FULL_USER"}"#);
    // Every 20 ms for ten seconds, with a worker that has nothing else to do.
    for _ in 0..500 {
        shop.deliver(&body).await;
        shop.processor.round().await.unwrap();
        shop.clock.advance(Duration::from_millis(20));
    }
    let reads = shop.api.reads.load(Ordering::Relaxed);
    assert!((9..=11).contains(&reads), "{reads}");
    // What is news all the same is taken over within the pause.
    let told = shop.ledger.states().len();
    shop.deliver(&body).await;
    shop.clock.advance(REPEAT_PAUSE);
    shop.processor.round().await.unwrap();
    assert_eq!(shop.ledger.states().len(), told + 1);
}

/// An inbox that does not say whose it is, so many times.
#[derive(Debug)]
struct Silent {
    inner: MemoryInbox,
    times: AtomicUsize,
}

#[async_trait]
impl InboxLayer for Silent {
    type Inner = MemoryInbox;

    fn inner(&self) -> &MemoryInbox {
        &self.inner
    }

    async fn belongs_to(&self, environment: &str) -> Result<(), StoreError> {
        let left = self.times.load(Ordering::Relaxed);
        if left > 0 {
            self.times.store(left - 1, Ordering::Relaxed);
            return Err(StoreErrorKind::Unavailable.into());
        }
        self.inner.belongs_to(environment).await
    }
}

/// A database that is away for a while, say. Nothing is taken for ours until it has said so.
#[tokio::test]
async fn whose_inbox_it_is_is_asked_until_it_says_so() {
    let inbox = Arc::new(Silent {
        inner: MemoryInbox::new(),
        times: AtomicUsize::new(2),
    });
    let clock = Arc::new(TestClock::default());
    let receiver = Receiver::new(inbox.clone(), ENVIRONMENT, ring(), clock.clone());
    for status in [503, 503, 200, 200] {
        assert_eq!(receiver.receive(SEED).await.status().as_u16(), status);
        let counts = inbox.counts().await.unwrap();
        assert_eq!(counts.open, u64::from(status == 200));
    }

    inbox.times.store(2, Ordering::Relaxed);
    let mut api = Api::default().with("confirmed", "10");
    api.environment = Some(ENVIRONMENT);
    let api = Arc::new(api);
    let ledger = Arc::new(Ledger::default());
    let apply = Arc::new(AtLeastOnce::new(inbox.clone(), ledger.clone()));
    let processor = Processor::new(api.clone(), apply, clock);
    for _ in 0..2 {
        let error = processor.round().await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Unavailable);
        assert_eq!(api.reads.load(Ordering::Relaxed), 0);
    }
    assert_eq!(processor.round().await.unwrap().applied, 1);
}
