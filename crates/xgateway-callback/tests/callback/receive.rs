//! From HTTP into the inbox.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use http::{Method, Request, Response};
use jiff::Timestamp;
use xgateway_callback::{CallbackError, Receiver};
use xgateway_core::callback::HashedFields;
use xgateway_store::{
    Accepted, Claim, Completed, Counts, EffectKey, Entry, EntryId, EntryState, Inbox, ListQuery,
    MemoryInbox, NewEntry, Page, Pruned, Reason, SharedInbox, StoreError, StoreErrorKind,
};

use crate::fixture::{ENVIRONMENT, ID, Log, SEED, TestClock, key, ring, signed};

fn receiver(inbox: SharedInbox) -> Receiver {
    Receiver::new(inbox, ENVIRONMENT, ring(), TestClock::default())
}

async fn send(
    receiver: &Receiver,
    method: Method,
    content_type: Option<&str>,
    body: &str,
) -> Response<bytes::Bytes> {
    let mut request = Request::builder().method(method);
    if let Some(content_type) = content_type {
        request = request.header("content-type", content_type);
    }
    let (head, body) = request.body(body.to_owned()).unwrap().into_parts();
    receiver.handle(&head, body).await
}

async fn post(receiver: &Receiver, body: &str) -> u16 {
    send(receiver, Method::POST, Some("application/json"), body)
        .await
        .status()
        .as_u16()
}

#[tokio::test]
async fn a_callback_is_stored_once_and_answered_each_time() {
    let inbox = Arc::new(MemoryInbox::new());
    let receiver = receiver(inbox.clone());
    for _ in 0..3 {
        assert_eq!(post(&receiver, SEED).await, 200);
    }
    // The same event, told with other words around it.
    assert_eq!(post(&receiver, &SEED.replace("USDC", "USDT")).await, 200);
    assert_eq!(inbox.counts().await.unwrap().open, 1);
    // Another event of the same transaction.
    assert_eq!(
        post(&receiver, &SEED.replace("confirmed", "failed")).await,
        200
    );
    assert_eq!(inbox.counts().await.unwrap().open, 2);
    let entries = inbox.list(ListQuery::default()).await.unwrap();
    assert_eq!(entries[0].payload.as_bytes(), SEED.as_bytes());
    let counts: Vec<_> = receiver.ring().matched().map(|(_, count)| count).collect();
    assert_eq!(counts, [5]);
}

#[tokio::test]
async fn two_events_of_one_id_that_differ_are_both_kept() {
    let inbox = Arc::new(MemoryInbox::new());
    let receiver = receiver(inbox.clone());
    let other = signed(&SEED.replace(r#""amount": "10""#, r#""amount": "11""#));
    assert_eq!(post(&receiver, SEED).await, 200);
    assert_eq!(post(&receiver, &other).await, 200);
    let entries = inbox.list(ListQuery::default()).await.unwrap();
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[1].contradicts, Some(entries[0].id));
}

#[tokio::test]
async fn kinds_and_subjects_do_not_run_into_each_other() {
    let inbox = Arc::new(MemoryInbox::new());
    let receiver = receiver(inbox.clone());
    let longest = "ü".repeat(255);
    let bodies = [
        SEED.to_owned(),
        SEED.replacen('{', r#"{"callbackType":"chargeback","#, 1),
        SEED.replacen('{', r#"{"callbackType":"refund?","#, 1),
        signed(r#"{"callbackType":"kyc","customerId":"demo","status":"FULL_USER"}"#),
        signed(r#"{"callbackType":"kyc","customerId":"EUR demo","status":"FULL_USER"}"#),
        signed(
            r#"{"callbackType":"bank_account","customerId":"demo","currency":"EUR","status":"ACTIVE"}"#,
        ),
        signed(r#"{"callbackType":"bank_account","customerId":"demo","currency":"EUR"}"#),
        signed(
            r#"{"callbackType":"bank_account","customerId":"demo","currency":"EUR","status":"not a word"}"#,
        ),
        signed(&format!(
            r#"{{"callbackType":"bank_account","customerId":"{longest}","currency":"EUR"}}"#
        )),
    ];
    for body in &bodies {
        assert_eq!(post(&receiver, body).await, 200, "{body}");
    }
    let entries = inbox.list(ListQuery::default()).await.unwrap();
    assert_eq!(entries.len(), bodies.len());
    assert!(entries.iter().all(|entry| entry.contradicts.is_none()));
}

/// Else whoever has seen one callback could fill the inbox, and have the API asked about each.
#[tokio::test]
async fn statuses_that_nobody_knows_are_one() {
    let inbox = Arc::new(MemoryInbox::new());
    let receiver = receiver(inbox.clone());
    let kyc = signed(r#"{"callbackType":"kyc","customerId":"demo","status":"confirmed"}"#);
    let account = r#"{"callbackType":"bank_account","customerId":"demo","currency":"EUR","status":"confirmed"}"#;
    let bodies = [SEED, &kyc, &signed(account)];
    for number in 0..100 {
        for body in bodies {
            let body = body.replace("\"confirmed\"", &format!("\"invented{number}\""));
            assert_eq!(post(&receiver, &body).await, 200);
        }
    }
    let entries = inbox.list(ListQuery::default()).await.unwrap();
    assert_eq!(entries.len(), bodies.len());
    // The true one is another.
    assert_eq!(post(&receiver, SEED).await, 200);
    let entries = inbox.list(ListQuery::default()).await.unwrap();
    assert_eq!(entries.last().unwrap().key.status(), "confirmed");
}

/// So could they with kinds, which nobody can remove but a person.
#[tokio::test]
async fn kinds_that_nobody_knows_are_eight() {
    let inbox = Arc::new(MemoryInbox::new());
    let receiver = receiver(inbox.clone());
    for number in 0..200 {
        let kind = format!(r#"{{"callbackType":"invented{number}","#);
        assert_eq!(post(&receiver, &SEED.replacen('{', &kind, 1)).await, 200);
    }
    let entries = inbox.list(ListQuery::default()).await.unwrap();
    assert_eq!(entries.len(), 8);
    assert_eq!(post(&receiver, SEED).await, 200);
    let entries = inbox.list(ListQuery::default()).await.unwrap();
    assert_eq!(entries.last().unwrap().key.status(), "confirmed");
}

/// Somebody who has seen the hash tells of the confirmation before it happens, and it is given up; then it happens.
#[tokio::test]
async fn a_forgery_that_was_given_up_does_not_hide_the_true_one() {
    let inbox = Arc::new(MemoryInbox::new());
    let receiver = receiver(inbox.clone());
    let now = Timestamp::UNIX_EPOCH;
    assert_eq!(post(&receiver, SEED).await, 200);
    let claims = inbox.claim(now, Duration::from_secs(1), 1).await.unwrap();
    inbox
        .dead(&claims[0], &Reason::new("not yet"), now)
        .await
        .unwrap();
    assert_eq!(post(&receiver, SEED).await, 200);
    let entry = inbox.show(claims[0].entry().id).await.unwrap().unwrap();
    assert_eq!(entry.state, EntryState::Open);
}

#[tokio::test]
async fn what_is_no_callback_is_refused_with_its_reason() {
    let inbox = Arc::new(MemoryInbox::new());
    let receiver = receiver(inbox.clone());
    for (body, status, reason) in [
        ("{", 400, "malformed"),
        ("[]", 400, "not_an_object"),
        ("{}", 400, "missing"),
        (&*SEED.replace("\"10\",", "10,"), 400, "not_text"),
        (
            &*SEED.replace("demo_customer_id", "someone_else"),
            403,
            "not_authentic",
        ),
        (
            &*SEED.replace("demo_customer_id", "user.9"),
            422,
            "ambiguous",
        ),
        (&*" ".repeat(70_000), 413, "too_large"),
    ] {
        let answer = send(&receiver, Method::POST, None, body).await;
        assert_eq!(answer.status(), status, "{reason}");
        assert_eq!(answer.body(), reason);
    }
    assert_eq!(inbox.counts().await.unwrap(), Counts::default());
}

/// The gateway itself may have sent it: somebody must be able to find it.
#[tokio::test]
async fn what_is_ambiguous_with_a_right_hash_leaves_its_id_in_the_log() {
    let receiver = receiver(Arc::new(MemoryInbox::new()));
    for (customer, currency) in [("user.9", "USD"), ("joe", "USDT-TRC20"), ("joe", "1INCH")] {
        let fields = [ID, customer, "10", currency];
        let hash = HashedFields::new(&fields).with(&key("test_secret_key"));
        let body = |hash: &str| {
            format!(
                r#"{{"id":"{ID}","customerId":"{customer}","amount":"10","currency":"{currency}","hash":"{hash}"}}"#
            )
        };
        let log = Log::start();
        assert_eq!(post(&receiver, &body(&hash.to_string())).await, 422);
        let line = log.line("its hash is right");
        assert!(line.contains("ERROR") && line.contains(ID), "{line}");
        assert!(!line.contains(customer), "{line}");
        // Anybody can send this.
        let log = Log::start();
        assert_eq!(post(&receiver, &body("AAAA")).await, 403);
        let forged = hash.to_string().chars().rev().collect::<String>();
        assert_ne!(post(&receiver, &body(&forged)).await, 200);
        assert!(!log.has("its hash is right") && !log.has(ID));
    }
}

#[tokio::test]
async fn another_method_or_type_is_refused() {
    let receiver = receiver(Arc::new(MemoryInbox::new()));
    let answer = send(&receiver, Method::GET, Some("application/json"), SEED).await;
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["allow"]),
        (405, &"POST".parse().unwrap())
    );
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonp",
    ] {
        let answer = send(&receiver, Method::POST, Some(content_type), SEED).await;
        assert_eq!(answer.status(), 415, "{content_type}");
    }
    for content_type in [
        None,
        Some("application/json; charset=utf-8"),
        Some("Application/JSON"),
    ] {
        let answer = send(&receiver, Method::POST, content_type, SEED).await;
        assert_eq!(answer.status(), 200, "{content_type:?}");
    }
}

#[tokio::test]
async fn a_store_that_is_away_is_no_success() {
    for kind in [
        StoreErrorKind::Unavailable,
        StoreErrorKind::QueueFull,
        StoreErrorKind::DiskFull,
        StoreErrorKind::Closed,
        StoreErrorKind::Corrupt,
    ] {
        let receiver = receiver(Arc::new(Broken(kind)));
        let answer = send(&receiver, Method::POST, None, SEED).await;
        assert_eq!(answer.status(), 503, "{kind:?}");
        assert!(answer.headers().contains_key("retry-after"));
        // What is not authentic does not trouble the store.
        assert_eq!(post(&receiver, &SEED.replace("USD", "EUR")).await, 403);
    }
}

#[test]
fn every_refusal_is_an_answer_that_makes_the_gateway_try_again() {
    let answer = xgateway_callback::Answer::refused(&CallbackError::DuplicateKey);
    assert!(answer.status().is_client_error());
    assert_eq!(answer.reason(), "duplicate_key");
}

/// An inbox that can store nothing.
#[derive(Debug)]
struct Broken(StoreErrorKind);

#[async_trait]
impl Inbox for Broken {
    async fn belongs_to(&self, _: &str) -> Result<(), StoreError> {
        Err(self.0.into())
    }

    async fn accept(&self, _: NewEntry) -> Result<Accepted, StoreError> {
        Err(self.0.into())
    }

    async fn claim(&self, _: Timestamp, _: Duration, _: usize) -> Result<Vec<Claim>, StoreError> {
        Err(self.0.into())
    }

    async fn complete(
        &self,
        _: &Claim,
        _: Option<&EffectKey>,
        _: Timestamp,
    ) -> Result<Completed, StoreError> {
        Err(self.0.into())
    }

    async fn retry(&self, _: &Claim, _: Timestamp, _: &Reason) -> Result<(), StoreError> {
        Err(self.0.into())
    }

    async fn retry_with_attempts(
        &self,
        _: &Claim,
        _: Timestamp,
        _: &Reason,
        _: u32,
    ) -> Result<(), StoreError> {
        Err(self.0.into())
    }

    async fn dead(&self, _: &Claim, _: &Reason, _: Timestamp) -> Result<(), StoreError> {
        Err(self.0.into())
    }

    async fn record(&self, _: &Claim, _: &EffectKey, _: Timestamp) -> Result<(), StoreError> {
        Err(self.0.into())
    }

    async fn is_done(&self, _: &EffectKey) -> Result<bool, StoreError> {
        Err(self.0.into())
    }

    async fn replay(&self, _: EntryId, _: Timestamp) -> Result<(), StoreError> {
        Err(self.0.into())
    }

    async fn replay_dead(
        &self,
        _: Option<EntryId>,
        _: usize,
        _: Timestamp,
    ) -> Result<Vec<EntryId>, StoreError> {
        Err(self.0.into())
    }

    async fn discard(
        &self,
        _: EntryId,
        _: Option<&EffectKey>,
        _: &Reason,
        _: Timestamp,
    ) -> Result<(), StoreError> {
        Err(self.0.into())
    }

    async fn prune(
        &self,
        _: Timestamp,
        _: Option<EntryId>,
        _: usize,
    ) -> Result<Pruned, StoreError> {
        Err(self.0.into())
    }

    async fn show(&self, _: EntryId) -> Result<Option<Entry>, StoreError> {
        Err(self.0.into())
    }

    async fn page(&self, _: ListQuery) -> Result<Page, StoreError> {
        Err(self.0.into())
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        Err(self.0.into())
    }
}

/// Its workers would ask another API about what is stored here, and believe it.
#[tokio::test]
async fn nothing_is_answered_with_success_over_the_inbox_of_another_environment() {
    let inbox = Arc::new(MemoryInbox::new());
    inbox.belongs_to("https://demo.example").await.unwrap();
    let receiver = receiver(inbox.clone());
    let error = receiver.check().await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::OtherEnvironment);
    let log = Log::start();
    assert_eq!(post(&receiver, SEED).await, 503);
    assert!(log.line("give each environment a store").contains("ERROR"));
    assert_eq!(inbox.counts().await.unwrap().open, 0);
}

/// Two kinds that the gateway may have one day share a place with one in eight: the second is in the log at least.
#[tokio::test]
async fn a_kind_that_nobody_knows_and_nobody_keeps_is_told_by_its_name_once() {
    let inbox = Arc::new(MemoryInbox::new());
    let receiver = receiver(inbox.clone());
    let log = Log::start();
    let of_kind = |kind: &str| SEED.replacen('{', &format!(r#"{{"callbackType":"{kind}","#), 1);
    for number in 0..9 {
        assert_eq!(
            post(&receiver, &of_kind(&format!("new_{number}"))).await,
            200
        );
    }
    let kept = inbox.counts().await.unwrap().open;
    assert!(kept <= 8);
    let told = (0..9).filter(|number| log.has(&format!("kind=\"new_{number}\"")));
    assert_eq!(u64::try_from(told.count()).unwrap(), 9 - kept);
    for _ in 0..2 {
        assert_eq!(post(&receiver, &of_kind("new_0")).await, 200);
        assert!(log.line("kind=\"new_0\"").contains("WARN"));
    }
}
