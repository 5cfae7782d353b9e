// The effect in the database transaction: what both databases must do. Included by each with `open` in scope, which
// gives an empty store and what must outlive it.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;
use xgateway_store::{
    Claim, ContentDigest, EffectKey, EntryState, EventKey, Inbox as _, Kind, ListQuery, NewEntry, StoreError,
    StoreErrorKind,
};

/// An empty store, unless there is no server.
macro_rules! opened {
    () => {
        match open().await {
            Some(opened) => opened,
            None => return,
        }
    };
}

const NOW: Timestamp = Timestamp::UNIX_EPOCH;
const LEASE: Duration = Duration::from_secs(30);

async fn accept(store: &Store, subject: &str, status: &str) {
    let key = EventKey::new(Kind::Transaction, subject, status).unwrap();
    let entry = NewEntry::new(key, ContentDigest::of(&["10"]), &b"{}"[..], NOW);
    store.accept(entry.unwrap()).await.unwrap();
}

async fn claims(store: &Store) -> Vec<Claim> {
    store.claim(NOW, LEASE, 100).await.unwrap()
}

async fn state(store: &Store, claim: &Claim) -> EntryState {
    store.show(claim.entry().id).await.unwrap().unwrap().state
}

fn credit() -> EffectKey {
    EffectKey::parse("credit:t").unwrap()
}

async fn write(connection: &mut Connection) {
    sqlx::query("INSERT INTO ledger (subject) VALUES ('t')")
        .execute(connection)
        .await
        .unwrap();
}

/// The whole of what a worker does. Says whether the effect ran.
async fn apply(store: &Store, claim: &Claim) -> Result<bool, StoreError> {
    let Some(mut effect) = store.apply(claim, &credit(), NOW).await? else {
        return Ok(false);
    };
    write(effect.connection()).await;
    effect.commit().await?;
    Ok(true)
}

/// How many rows the ledger has.
async fn ledger(store: &Store) -> i64 {
    accept(store, "ledger", "counted").await;
    let claim = claims(store).await.pop().unwrap();
    let key = EffectKey::parse("only to read").unwrap();
    // Never committed, so it can be done again.
    let mut effect = store.apply(&claim, &key, NOW).await.unwrap().unwrap();
    sqlx::query_scalar("SELECT count(*) FROM ledger")
        .fetch_one(effect.connection())
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_effect_happens_once_whatever_events_come() {
    let (store, _keep) = opened!();
    for status in ["confirmed", "failed", "reversed"] {
        accept(&store, "t", status).await;
    }
    let mut ran = Vec::new();
    for _ in 0..3 {
        let claim = claims(&store).await.pop().unwrap();
        ran.push(apply(&store, &claim).await.unwrap());
        assert_eq!(state(&store, &claim).await, EntryState::Done);
    }
    assert_eq!(ran, [true, false, false]);
    assert!(store.is_done(&credit()).await.unwrap());
    assert_eq!(ledger(&store).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_at_the_same_time_cause_one_effect() {
    let (store, _keep) = opened!();
    for number in 0..16 {
        accept(&store, &number.to_string(), "confirmed").await;
    }
    let mut workers = tokio::task::JoinSet::new();
    for claim in claims(&store).await {
        let store = store.clone();
        workers.spawn(async move { apply(&store, &claim).await.unwrap() });
    }
    let applied = workers.join_all().await;
    assert_eq!(applied.iter().filter(|ran| **ran).count(), 1);
    assert_eq!(ledger(&store).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_effect_leaves_nothing() {
    let (store, _keep) = opened!();
    accept(&store, "t", "confirmed").await;
    let claim = claims(&store).await.pop().unwrap();
    let mut effect = store.apply(&claim, &credit(), NOW).await.unwrap().unwrap();
    write(effect.connection()).await;
    drop(effect); // No such customer, or any other trouble.
    assert!(!store.is_done(&credit()).await.unwrap());
    assert_eq!(state(&store, &claim).await, EntryState::Open);
    // It is still this worker's.
    assert!(apply(&store, &claim).await.unwrap());
    assert_eq!(ledger(&store).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_effect_that_overlooks_a_failed_statement_is_not_taken_for_done() {
    let (store, _keep) = opened!();
    accept(&store, "t", "confirmed").await;
    let claim = claims(&store).await.pop().unwrap();
    let mut effect = store.apply(&claim, &credit(), NOW).await.unwrap().unwrap();
    write(effect.connection()).await;
    let missing = sqlx::query("INSERT INTO nowhere VALUES (1)");
    let _ = missing.execute(effect.connection()).await;
    let applied = effect.commit().await;
    // One database goes on after a failed statement, the other has given the whole transaction up.
    let is_done = applied.is_ok();
    assert_eq!(store.is_done(&credit()).await.unwrap(), is_done);
    assert_eq!(state(&store, &claim).await == EntryState::Done, is_done);
    assert_eq!(ledger(&store).await, i64::from(is_done));
}

/// Of a kind that a later version knows, or changed by hand.
#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_cannot_be_read_stops_no_other() {
    let (store, _keep) = opened!();
    for subject in ["by", "a", "b", "c"] {
        accept(&store, subject, "confirmed").await;
    }
    let claim = store.claim(NOW, LEASE, 1).await.unwrap().pop().unwrap();
    let mut effect = store.apply(&claim, &credit(), NOW).await.unwrap().unwrap();
    sqlx::query(MAKE_UNREADABLE)
        .execute(effect.connection())
        .await
        .unwrap();
    effect.commit().await.unwrap();
    let claims = claims(&store).await;
    let subjects: Vec<_> = claims.iter().map(|it| it.entry().key.subject()).collect();
    assert_eq!(subjects, ["a", "c"]);
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.open, counts.dead), (2, 1), "a person must look");
    let page = store.page(ListQuery::default().with_limit(3)).await.unwrap();
    let subjects: Vec<_> = page.entries.iter().map(|it| it.key.subject()).collect();
    let unreadable: Vec<_> = page.unreadable.iter().map(|id| id.get()).collect();
    assert_eq!((subjects, unreadable), (vec!["by", "a"], vec![3]));
    let behind = ListQuery::default().with_after(page.last.unwrap());
    let page = store.page(behind).await.unwrap();
    assert_eq!((page.entries.len(), page.unreadable.len(), page.last), (1, 0, None));
    let error = store.show(xgateway_store::EntryId::new(3)).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Corrupt);
    let told = std::error::Error::source(&error).unwrap().to_string();
    assert!(told.ends_with("entry 3"), "{told}");
    // Whoever has the later version may want it.
    let replayed = store.replay_dead(None, 9, NOW).await.unwrap();
    assert_eq!(replayed, [xgateway_store::EntryId::new(3)]);
}

/// The others are claimed already: without them their worker would hold them for a lease, and do nothing.
#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_can_be_neither_read_nor_given_up_stops_no_other() {
    let (store, _keep) = opened!();
    for subject in ["by", "a", "b", "c"] {
        accept(&store, subject, "confirmed").await;
    }
    let claim = store.claim(NOW, LEASE, 1).await.unwrap().pop().unwrap();
    let mut effect = store.apply(&claim, &credit(), NOW).await.unwrap().unwrap();
    for statements in [MAKE_UNREADABLE, FORBID_DEATH] {
        sqlx::raw_sql(statements)
            .execute(effect.connection())
            .await
            .unwrap();
    }
    effect.commit().await.unwrap();
    let claims = claims(&store).await;
    let subjects: Vec<_> = claims.iter().map(|it| it.entry().key.subject()).collect();
    assert_eq!(subjects, ["a", "c"]);
    for claim in &claims {
        store.complete(claim, None, NOW).await.unwrap();
    }
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.open, counts.dead), (1, 0), "it is tried again");
}

/// What `docs/scale.md` promises to whoever makes room.
#[tokio::test(flavor = "multi_thread")]
async fn an_effect_outlives_its_entry() {
    let (store, _keep) = opened!();
    accept(&store, "t", "confirmed").await;
    let claim = claims(&store).await.pop().unwrap();
    assert!(apply(&store, &claim).await.unwrap());
    accept(&store, "to make room", "confirmed").await;
    let claim = claims(&store).await.pop().unwrap();
    let key = EffectKey::parse("room").unwrap();
    let mut effect = store.apply(&claim, &key, NOW).await.unwrap().unwrap();
    let deleted = sqlx::query("DELETE FROM xgateway_inbox WHERE state = 1")
        .execute(effect.connection())
        .await
        .unwrap();
    assert_eq!(
        deleted.rows_affected(),
        2,
        "the entry, and that of this effect"
    );
    effect.commit().await.unwrap();

    // Years later the gateway tells of it again.
    accept(&store, "t", "confirmed").await;
    let claim = claims(&store).await.pop().unwrap();
    assert!(!apply(&store, &claim).await.unwrap());
    assert_eq!(ledger(&store).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_effect_that_panics_leaves_nothing() {
    let (store, _keep) = opened!();
    accept(&store, "t", "confirmed").await;
    let claim = claims(&store).await.pop().unwrap();
    let task = tokio::spawn({
        let (store, claim) = (store.clone(), claim.clone());
        async move {
            let effect = store.apply(&claim, &credit(), NOW).await.unwrap();
            write(effect.unwrap().connection()).await;
            panic!("a mistake of the merchant's");
        }
    });
    assert!(task.await.unwrap_err().is_panic());
    assert_eq!(state(&store, &claim).await, EntryState::Open);
    assert!(apply(&store, &claim).await.unwrap());
    assert_eq!(ledger(&store).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_effect_that_is_abandoned_half_way_leaves_nothing() {
    let (store, _keep) = opened!();
    accept(&store, "t", "confirmed").await;
    let claim = claims(&store).await.pop().unwrap();
    let reached = Arc::new(Notify::new());
    let task = tokio::spawn({
        let (store, claim, reached) = (store.clone(), claim.clone(), reached.clone());
        async move {
            let effect = store.apply(&claim, &credit(), NOW).await.unwrap();
            let mut effect = effect.unwrap();
            write(effect.connection()).await;
            reached.notify_one();
            std::future::pending::<()>().await;
            effect.commit().await
        }
    });
    reached.notified().await;
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    assert_eq!(state(&store, &claim).await, EntryState::Open);
    assert!(apply(&store, &claim).await.unwrap());
    assert_eq!(ledger(&store).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_lost_the_lease_causes_nothing() {
    let (store, _keep) = opened!();
    accept(&store, "t", "confirmed").await;
    let slow = claims(&store).await.pop().unwrap();
    let later = NOW + jiff::SignedDuration::from_secs(30);
    let other = store.claim(later, LEASE, 1).await.unwrap().pop().unwrap();
    let error = apply(&store, &slow).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::LeaseLost);
    assert_eq!(ledger(&store).await, 0);
    assert!(apply(&store, &other).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_queued_is_stored_before_the_store_closes() {
    let (store, keep) = opened!();
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..200 {
        let store = store.clone();
        tasks.spawn(async move {
            let key = EventKey::new(Kind::Kyc, &number.to_string(), "s").unwrap();
            let entry = NewEntry::new(key, ContentDigest::of(&[]), &b"{}"[..], NOW);
            store.accept(entry.unwrap()).await
        });
    }
    // Some have been queued by now, some have not; each gets an answer, and it is the truth.
    let first = tasks.join_next().await.unwrap().unwrap();
    store.close().await;
    let mut answers = tasks.join_all().await;
    answers.push(first);
    let kept = answers.iter().filter(|answer| answer.is_ok()).count();
    let refused = answers
        .iter()
        .filter_map(|answer| answer.as_ref().err())
        .map(StoreError::kind);
    for kind in refused {
        assert_eq!(kind, StoreErrorKind::Closed);
    }
    let store = reopen(&keep).await;
    let counts = store.counts().await.unwrap();
    assert_eq!(counts.open, u64::try_from(kept).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_again_together_is_due_again_together() {
    let (store, _held) = opened!();
    let again = |subject: usize| {
        let key = EventKey::new(Kind::Transaction, &subject.to_string(), "confirmed").unwrap();
        let entry = NewEntry::new(key, ContentDigest::of(&["10"]), &b"{}"[..], NOW);
        entry.unwrap().on_repeat(xgateway_store::Repeat::Reopen)
    };
    let deliver = async || {
        let mut receivers = tokio::task::JoinSet::new();
        // Each twice.
        for number in 0..40 {
            let (store, entry) = (store.clone(), again(number % 20));
            receivers.spawn(async move { store.accept(entry).await.unwrap() });
        }
        let accepted = receivers.join_all().await;
        accepted.iter().filter(|accepted| accepted.is_new()).count()
    };
    assert_eq!(deliver().await, 20);
    let first = claims(&store).await;
    assert_eq!(first.len(), 20);
    // So long ago that what comes again is due at once.
    let before = NOW - xgateway_store::REPEAT_PAUSE;
    for claim in &first {
        store.complete(claim, None, before).await.unwrap();
    }
    assert_eq!(claims(&store).await.len(), 0);
    assert_eq!(deliver().await, 0);
    let second = claims(&store).await;
    let ids = |claims: &[Claim]| claims.iter().map(|it| it.entry().id).collect::<Vec<_>>();
    assert_eq!(ids(&first), ids(&second));
}
