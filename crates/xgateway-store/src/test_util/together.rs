//! Duties: many effects in one database transaction, together with the ends of their entries.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::ledger::Ledger;
use super::values::{LEASE, at, credit, delivery, delivery_at, reason, reopening};
use crate::effects::EffectStore;
use crate::error::StoreError;
use crate::inbox::{Claim, Completed, EffectKey, EntryState, Inbox as _, NewEntry};

const FIRST: Option<Completed> = Some(Completed::First);
const REPEATED: Option<Completed> = Some(Completed::Repeated);

type End<'a> = (&'a Claim, Option<EffectKey>);

async fn accept(ledger: &impl Ledger, entry: NewEntry) {
    let accepted = ledger.store().accept(entry).await;
    accepted.expect("it can be stored");
}

/// All at once, in any order.
async fn accept_all(ledger: &Arc<impl Ledger>, subjects: impl Iterator<Item = String>) {
    let mut deliveries = JoinSet::new();
    for subject in subjects {
        let ledger = ledger.clone();
        deliveries.spawn(async move {
            accept(&*ledger, delivery(&subject, "confirmed", "10")).await;
        });
    }
    deliveries.join_all().await;
}

async fn claims(ledger: &impl Ledger, seconds: i64, limit: usize) -> Vec<Claim> {
    let claims = ledger.store().claim(at(seconds), LEASE, limit).await;
    claims.expect("entries can be claimed")
}

/// As many entries of as many subjects, claimed.
async fn claimed(ledger: &impl Ledger, count: usize) -> Vec<Claim> {
    for number in 0..count {
        accept(ledger, delivery(&format!("t{number}"), "confirmed", "10")).await;
    }
    claims(ledger, 1, count).await
}

fn subject(claim: &Claim) -> &str {
    claim.entry().key.subject()
}

fn ends(claims: &[Claim]) -> Vec<End<'_>> {
    let end = |claim| (claim, Some(credit(subject(claim))));
    claims.iter().map(end).collect()
}

/// Begins the effects, and writes a line for each that is to be written now.
async fn begin<L: Ledger>(
    ledger: &L,
    ends: &[End<'_>],
) -> Result<(<L::Store as EffectStore>::Effect, Vec<Option<Completed>>), StoreError> {
    let (mut effect, ended) = ledger.store().apply_all(ends, at(2)).await?;
    for ((claim, _), _) in ends.iter().zip(&ended).filter(|(_, it)| **it == FIRST) {
        let connection = L::Store::connection(&mut effect);
        ledger.write(connection, subject(claim)).await;
    }
    Ok((effect, ended))
}

/// The whole of what a worker does. What became of each.
async fn apply<L: Ledger>(ledger: &L, ends: &[End<'_>]) -> Vec<Option<Completed>> {
    let (effect, ended) = begin(ledger, ends).await.expect("effects can begin");
    let committed = L::Store::commit(effect).await;
    committed.expect("effects can be committed");
    ended
}

async fn lines(ledger: &impl Ledger) -> Vec<String> {
    let mut lines = ledger.lines().await;
    lines.sort_unstable();
    lines
}

/// How many are open, done, and dead; and which of the effects of these claims are recorded.
async fn kept(ledger: &impl Ledger, claims: &[Claim]) -> ([u64; 3], Vec<bool>) {
    let counts = ledger.store().counts().await.expect("countable");
    let keys: Vec<_> = claims.iter().map(|it| credit(subject(it))).collect();
    let done = ledger.store().are_done(&keys).await;
    let counts = [counts.open, counts.done, counts.dead];
    (counts, done.expect("effects can be looked up"))
}

/// More than one statement holds.
pub(super) async fn many_effects_happen_together(ledger: Arc<impl Ledger>) {
    accept_all(&ledger, (0..150).map(|number| format!("t{number}"))).await;
    let claims = claims(&*ledger, 1, 150).await;
    let ended = apply(&*ledger, &ends(&claims)).await;
    assert_eq!(ended, [FIRST; 150]);
    let want = ([0, 150, 0], vec![true; 150]);
    assert_eq!(kept(&*ledger, &claims).await, want);
    let mut subjects: Vec<_> = claims.iter().map(subject).collect();
    subjects.sort_unstable();
    assert_eq!(lines(&*ledger).await, subjects);
    let nothing = apply(&*ledger, &[]).await;
    assert_eq!(nothing, [], "nothing to do is no trouble");
}

pub(super) async fn effects_without_a_commit_have_not_happened(ledger: Arc<impl Ledger>) {
    let claims = claimed(&*ledger, 3).await;
    let (effect, ended) = begin(&*ledger, &ends(&claims)).await.expect("they begin");
    assert_eq!(ended, [FIRST; 3]);
    drop(effect);
    assert_eq!(kept(&*ledger, &claims).await, ([3, 0, 0], vec![false; 3]));
    assert!(ledger.lines().await.is_empty());
    // They are still this worker's.
    assert_eq!(apply(&*ledger, &ends(&claims)).await, [FIRST; 3]);
    assert_eq!(lines(&*ledger).await, ["t0", "t1", "t2"]);
}

pub(super) async fn effects_whose_worker_is_stopped_have_not_happened(ledger: Arc<impl Ledger>) {
    let claims = Arc::new(claimed(&*ledger, 2).await);
    let reached = Arc::new(Notify::new());
    let task = tokio::spawn({
        let (ledger, claims, reached) = (ledger.clone(), claims.clone(), reached.clone());
        async move {
            let begun = begin(&*ledger, &ends(&claims)).await.expect("they begin");
            reached.notify_one();
            std::future::pending::<()>().await;
            drop(begun);
        }
    });
    reached.notified().await;
    task.abort();
    let stopped = task.await.expect_err("it waits for ever");
    assert!(stopped.is_cancelled(), "{stopped}");
    assert_eq!(kept(&*ledger, &claims).await, ([2, 0, 0], vec![false; 2]));
    assert_eq!(apply(&*ledger, &ends(&claims)).await, [FIRST; 2]);
    assert_eq!(lines(&*ledger).await, ["t0", "t1"]);
}

pub(super) async fn of_one_key_the_first_happens(ledger: Arc<impl Ledger>) {
    let claims = claimed(&*ledger, 5).await;
    let (one, other) = (credit("one"), credit("other"));
    let first = [
        (&claims[0], Some(one.clone())),
        (&claims[1], Some(one.clone())),
        (&claims[2], Some(other)),
    ];
    assert_eq!(apply(&*ledger, &first).await, [FIRST, REPEATED, FIRST]);
    // And again in another batch, beside one that asks for no effect.
    let second = [(&claims[3], Some(one)), (&claims[4], None)];
    assert_eq!(apply(&*ledger, &second).await, [REPEATED, FIRST]);
    let (counts, _) = kept(&*ledger, &claims).await;
    assert_eq!(counts, [0, 5, 0], "what is repeated has ended, too");
    assert_eq!(lines(&*ledger).await, ["t0", "t2", "t4"]);
}

pub(super) async fn of_a_batch_those_happen_that_have_not_happened(ledger: Arc<impl Ledger>) {
    let claims = claimed(&*ledger, 5).await;
    let all = ends(&claims);
    let some = [1, 3].map(|index: usize| all[index].clone());
    assert_eq!(apply(&*ledger, &some).await, [FIRST; 2]);
    // Their entries come again, as they do when a person replays them.
    for claim in [&claims[1], &claims[3]] {
        let replayed = ledger.store().replay(claim.entry().id, at(3)).await;
        replayed.expect("it is there");
    }
    let again = self::claims(&*ledger, 3, 5).await;
    let mixed = [&claims[0], &again[0], &claims[2], &again[1], &claims[4]];
    let mixed = mixed.map(|claim| (claim, Some(credit(subject(claim)))));
    let ended = apply(&*ledger, &mixed).await;
    assert_eq!(ended, [FIRST, REPEATED, FIRST, REPEATED, FIRST]);
    assert_eq!(kept(&*ledger, &claims).await, ([0, 5, 0], vec![true; 5]));
    assert_eq!(lines(&*ledger).await, ["t0", "t1", "t2", "t3", "t4"]);
}

pub(super) async fn about_a_lost_claim_nothing_happens(ledger: Arc<impl Ledger>) {
    let store = ledger.store();
    let claims = claimed(&*ledger, 5).await;
    // One was put back, and another worker has it; one has come to its end in another way.
    let put_back = store.retry(&claims[1], at(1), &reason()).await;
    put_back.expect("claimed");
    let other = self::claims(&*ledger, 1, 5).await;
    assert_eq!(other.len(), 1);
    store
        .complete(&claims[3], None, at(1))
        .await
        .expect("claimed");
    let before = store.show(other[0].entry().id).await;
    let ended = apply(&*ledger, &ends(&claims)).await;
    assert_eq!(ended, [FIRST, None, FIRST, None, FIRST]);
    let want = ([1, 4, 0], vec![true, false, true, false, true]);
    assert_eq!(kept(&*ledger, &claims).await, want);
    let after = store.show(other[0].entry().id).await;
    assert_eq!(before.expect("shown"), after.expect("shown"));
    assert_eq!(lines(&*ledger).await, ["t0", "t2", "t4"]);
    // Where all are lost, too.
    let lost = [&claims[0], &claims[1]].map(|claim| (claim, Some(credit("another"))));
    assert_eq!(apply(&*ledger, &lost).await, [None, None]);
    let another = store.is_done(&credit("another")).await;
    assert!(!another.expect("effects can be looked up"));
    assert_eq!(apply(&*ledger, &ends(&other)).await, [FIRST]);
    assert_eq!(lines(&*ledger).await, ["t0", "t1", "t2", "t4"]);
}

/// It may wait until the slow one is done, or it may get the entry, and then the slow one must fail.
pub(super) async fn about_a_claim_that_is_lost_before_the_commit_nothing_happens_twice<
    L: Ledger,
>(
    ledger: Arc<L>,
) {
    accept(&*ledger, delivery("t0", "confirmed", "10")).await;
    let slow = claims(&*ledger, 1, 5).await;
    let (effect, ended) = begin(&*ledger, &ends(&slow)).await.expect("claimed");
    assert_eq!(ended, [FIRST]);
    let mut other = tokio::spawn({
        let ledger = ledger.clone();
        async move {
            // The lease is over.
            let claims = ledger
                .store()
                .claim(at(100), LEASE, 5)
                .await
                .unwrap_or_default();
            if let Ok((effect, _)) = begin(&*ledger, &ends(&claims)).await {
                let _ = L::Store::commit(effect).await;
            }
        }
    });
    // Where it must not wait, it is done by then.
    let is_done = tokio::time::timeout(Duration::from_millis(500), &mut other).await;
    let _ = L::Store::commit(effect).await;
    if is_done.is_err() {
        let _ = other.await;
    }
    // Whoever comes later finds nothing left, or what nobody has done.
    let claims = claims(&*ledger, 1000, 5).await;
    apply(&*ledger, &ends(&claims)).await;
    assert_eq!(lines(&*ledger).await, ["t0"]);
    let is_done = ledger.store().is_done(&credit("t0")).await;
    assert!(is_done.expect("effects can be looked up"));
}

pub(super) async fn what_came_again_meanwhile_is_looked_into_once_more(ledger: Arc<impl Ledger>) {
    let again = |seconds| reopening(delivery_at(seconds, "t0", "confirmed", "10"));
    accept(&*ledger, again(0)).await;
    accept(&*ledger, delivery("t1", "confirmed", "10")).await;
    let claims = claims(&*ledger, 1, 5).await;
    accept(&*ledger, again(1)).await;
    assert_eq!(apply(&*ledger, &ends(&claims)).await, [FIRST; 2]);
    assert_eq!(kept(&*ledger, &claims).await, ([1, 1, 0], vec![true; 2]));
    let claims = self::claims(&*ledger, 100, 5).await;
    let open = claims.iter().map(|it| (subject(it), it.entry().state));
    assert_eq!(open.collect::<Vec<_>>(), [("t0", EntryState::Open)]);
    assert_eq!(apply(&*ledger, &ends(&claims)).await, [REPEATED]);
    assert_eq!(lines(&*ledger).await, ["t0", "t1"]);
}

/// The same for both lanes.
fn credit_of_lane(claim: &Claim) -> EffectKey {
    let (_, subject) = subject(claim).split_once(' ').expect("a lane");
    credit(subject)
}

/// Both record the same effects, in opposite orders: neither must wait for the other for ever.
pub(super) async fn batches_with_the_same_effects_at_the_same_time_cause_each_once(
    ledger: Arc<impl Ledger>,
) {
    for round in 0..20 {
        for lane in ["one", "other"] {
            let subjects = (0..30).map(|number| format!("{lane} {round}-{number}"));
            accept_all(&ledger, subjects).await;
        }
        let mut batches = Vec::new();
        for _ in 0..2 {
            batches.push(claims(&*ledger, 1, 30).await);
        }
        batches[1].reverse();
        let mut workers = JoinSet::new();
        for claims in batches {
            let ledger = ledger.clone();
            workers.spawn(async move {
                let ends = claims.iter().map(|it| (it, Some(credit_of_lane(it))));
                apply(&*ledger, &ends.collect::<Vec<_>>()).await
            });
        }
        let ended = workers.join_all().await.concat();
        let first = ended.iter().filter(|ended| **ended == FIRST).count();
        assert_eq!((ended.len(), first), (60, 30));
    }
    assert_eq!(ledger.lines().await.len(), 600);
}
