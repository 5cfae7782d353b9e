//! Duties: who may work on an entry.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use tokio::task::JoinSet;

use super::values::{LEASE, at, claim_all, claim_one, delivery, delivery_at, reason};
use crate::error::{StoreError, StoreErrorKind};
use crate::inbox::{
    Claim, ContentDigest, EntryId, EntryState, EventKey, Inbox, Kind, NewEntry, SharedInbox,
};

async fn accept(inbox: &dyn Inbox, entry: NewEntry) -> EntryId {
    inbox.accept(entry).await.expect("it can be stored").id()
}

#[track_caller]
fn is_lost<T>(result: Result<T, StoreError>) {
    let kind = result.err().map(|error| error.kind());
    assert_eq!(kind, Some(StoreErrorKind::LeaseLost));
}

/// Everything that only the holder of a claim may do.
async fn has_lost(inbox: &dyn Inbox, claim: &Claim) {
    is_lost(inbox.complete(claim, None, at(500)).await);
    is_lost(inbox.retry(claim, at(500), &reason()).await);
    is_lost(
        inbox
            .retry_with_attempts(claim, at(500), &reason(), 0)
            .await,
    );
    is_lost(inbox.dead(claim, &reason(), at(500)).await);
}

pub(super) async fn an_entry_is_claimed_by_one_worker(inbox: SharedInbox) {
    let id = accept(&*inbox, delivery_at(10, "t", "confirmed", "10")).await;
    assert!(claim_all(&*inbox, 9).await.is_empty(), "not yet due");
    let claim = claim_one(&*inbox, 10).await;
    assert_eq!(claim.entry().id, id);
    assert_eq!(claim.entry().attempts, 1);
    assert_eq!(claim.entry().due_at, at(40), "the end of the lease");
    assert!(claim_all(&*inbox, 10).await.is_empty());
    assert!(claim_all(&*inbox, 39).await.is_empty());
    inbox.complete(&claim, None, at(39)).await.expect("claimed");
    assert!(claim_all(&*inbox, 1000).await.is_empty());
    let entry = inbox
        .show(id)
        .await
        .expect("it can be shown")
        .expect("kept");
    assert_eq!((entry.state, entry.due_at), (EntryState::Done, at(39)));
    has_lost(&*inbox, &claim).await;
}

pub(super) async fn many_workers_share_the_entries(inbox: SharedInbox) {
    let mut deliveries = JoinSet::new();
    for number in 0..200 {
        let inbox = inbox.clone();
        deliveries.spawn(async move {
            accept(&*inbox, delivery(&format!("t{number}"), "confirmed", "10")).await
        });
    }
    deliveries.join_all().await;
    let mut workers = JoinSet::new();
    for _ in 0..8 {
        let inbox = inbox.clone();
        workers.spawn(async move {
            let mut done = Vec::new();
            loop {
                let claims = inbox.claim(at(1), LEASE, 7).await.expect("claimable");
                if claims.is_empty() {
                    return done;
                }
                assert!(claims.len() <= 7);
                for claim in claims {
                    inbox.complete(&claim, None, at(1)).await.expect("claimed");
                    done.push(claim.entry().id);
                }
            }
        });
    }
    let done = workers.join_all().await.concat();
    let different: BTreeSet<_> = done.iter().collect();
    assert_eq!((done.len(), different.len()), (200, 200));
}

pub(super) async fn the_longest_due_are_claimed_first(inbox: SharedInbox) {
    for (subject, seconds) in [("a", 5), ("b", 3), ("c", 4), ("d", 3), ("e", 9)] {
        accept(&*inbox, delivery_at(seconds, subject, "confirmed", "10")).await;
    }
    let mut order = Vec::new();
    for _ in 0..5 {
        let claims = inbox.claim(at(8), LEASE, 1).await.expect("claimable");
        order.extend(
            claims
                .iter()
                .map(|claim| claim.entry().key.subject().to_owned()),
        );
    }
    assert_eq!(order, ["b", "d", "c", "a"]);
}

/// Else a worker could apply an older answer of the gateway behind a newer one.
pub(super) async fn of_one_subject_one_entry_is_held(inbox: SharedInbox) {
    let mut ids = Vec::new();
    for status in ["pending", "failed", "confirmed"] {
        ids.push(accept(&*inbox, delivery("t", status, "10")).await);
    }
    let kyc = EventKey::new(Kind::Kyc, "t", "pending").expect("a key");
    let kyc = NewEntry::new(kyc, ContentDigest::of(&[]), &b"{}"[..], at(0)).expect("small");
    let kyc = accept(&*inbox, kyc).await;
    // Of another kind it is another subject.
    let claims = claim_all(&*inbox, 0).await;
    let claimed: Vec<_> = claims.iter().map(|claim| claim.entry().id).collect();
    assert_eq!(claimed, [ids[0], kyc]);
    assert!(
        claim_all(&*inbox, 29).await.is_empty(),
        "the subject is held"
    );
    // However the claim ends, the next one gets its turn, and nobody else the ended one.
    for claim in &claims[1..] {
        inbox.complete(claim, None, at(1)).await.expect("claimed");
    }
    inbox
        .complete(&claims[0], None, at(1))
        .await
        .expect("claimed");
    let claim = claim_one(&*inbox, 1).await;
    assert_eq!(claim.entry().id, ids[1]);
    inbox
        .retry(&claim, at(20), &reason())
        .await
        .expect("claimed");
    let third = claim_one(&*inbox, 2).await;
    assert_eq!(third.entry().id, ids[2]);
    assert!(
        claim_all(&*inbox, 20).await.is_empty(),
        "it is put back, and the subject is held"
    );
    inbox
        .dead(&third, &reason(), at(21))
        .await
        .expect("claimed");
    let claim = claim_one(&*inbox, 21).await;
    assert_eq!(claim.entry().id, ids[1]);
    // A replay takes it from a worker whose lease is over, so the subject is free.
    inbox.replay(ids[1], at(51)).await.expect("it is there");
    inbox.replay(ids[2], at(51)).await.expect("it is there");
    assert_eq!(claim_one(&*inbox, 51).await.entry().id, ids[1]);
    is_lost(inbox.complete(&claim, None, at(52)).await);
}

pub(super) async fn what_is_held_about_a_subject_is_taken_over_before_the_rest(inbox: SharedInbox) {
    let later = accept(&*inbox, delivery_at(5, "t", "failed", "10")).await;
    let first = accept(&*inbox, delivery("t", "confirmed", "10")).await;
    let slow = claim_one(&*inbox, 0).await;
    assert_eq!(slow.entry().id, first);
    // The other one is due for longer, and waits all the same: nobody has taken over what the slow worker may still end.
    let claims = inbox.claim(at(30), LEASE, 1).await.expect("claimable");
    assert_eq!(claims[0].entry().id, first);
    is_lost(inbox.complete(&slow, None, at(31)).await);
    inbox
        .complete(&claims[0], None, at(32))
        .await
        .expect("claimed");
    assert_eq!(claim_one(&*inbox, 32).await.entry().id, later);
}

pub(super) async fn of_one_subject_workers_at_the_same_time_hold_one(inbox: SharedInbox) {
    const STATUSES: [&str; 5] = ["pending", "failed", "confirmed", "paused", "unknown"];
    for status in STATUSES {
        for subject in 0..8 {
            accept(&*inbox, delivery(&format!("t{subject}"), status, "10")).await;
        }
    }
    let held = Arc::new(Mutex::new(BTreeSet::new()));
    let mut workers = JoinSet::new();
    for worker in 0..8 {
        let (inbox, held) = (inbox.clone(), held.clone());
        workers.spawn(async move {
            let mut done = 0;
            while inbox.counts().await.expect("countable").open > 0 {
                let claims = inbox.claim(at(1), LEASE, 1 + worker % 3).await;
                let claims = claims.expect("claimable");
                {
                    // Once one has panicked in here, all do.
                    let mut held = held.lock().expect("nobody has panicked");
                    for claim in &claims {
                        let subject = claim.entry().key.subject().to_owned();
                        assert!(held.insert(subject), "nobody else holds it");
                    }
                }
                tokio::task::yield_now().await;
                for claim in claims {
                    held.lock()
                        .expect("nobody has panicked")
                        .remove(claim.entry().key.subject());
                    inbox.complete(&claim, None, at(1)).await.expect("claimed");
                    done += 1;
                }
            }
            done
        });
    }
    let done: usize = workers.join_all().await.into_iter().sum();
    assert_eq!(done, 8 * STATUSES.len());
}

pub(super) async fn a_worker_that_dies_gives_way_when_its_lease_is_over(inbox: SharedInbox) {
    let id = accept(&*inbox, delivery("t", "confirmed", "10")).await;
    drop(claim_one(&*inbox, 0).await);
    assert!(claim_all(&*inbox, 29).await.is_empty());
    drop(claim_one(&*inbox, 30).await);
    let claim = claim_one(&*inbox, 60).await;
    assert_eq!((claim.entry().id, claim.entry().attempts), (id, 3));
    inbox.complete(&claim, None, at(61)).await.expect("claimed");
}

pub(super) async fn a_worker_that_lost_its_lease_changes_nothing(inbox: SharedInbox) {
    let id = accept(&*inbox, delivery("t", "confirmed", "10")).await;
    let slow = claim_one(&*inbox, 0).await;
    let other = claim_one(&*inbox, 30).await;
    let before = inbox.show(id).await.expect("it can be shown");
    has_lost(&*inbox, &slow).await;
    assert_eq!(inbox.show(id).await.expect("it can be shown"), before);
    inbox.complete(&other, None, at(31)).await.expect("claimed");

    // Late, but nobody was faster: the work is not in vain.
    accept(&*inbox, delivery("u", "confirmed", "10")).await;
    let late = claim_one(&*inbox, 100).await;
    inbox.complete(&late, None, at(900)).await.expect("claimed");
}

pub(super) async fn a_retry_waits(inbox: SharedInbox) {
    let id = accept(&*inbox, delivery("t", "confirmed", "10")).await;
    let claim = claim_one(&*inbox, 0).await;
    inbox
        .retry(&claim, at(100), &reason())
        .await
        .expect("claimed");
    has_lost(&*inbox, &claim).await;
    assert!(claim_all(&*inbox, 99).await.is_empty());
    let entry = inbox
        .show(id)
        .await
        .expect("it can be shown")
        .expect("kept");
    assert_eq!(entry.reason, Some(reason()));
    assert_eq!((entry.state, entry.due_at), (EntryState::Open, at(100)));
    let claim = claim_one(&*inbox, 100).await;
    assert_eq!(claim.entry().attempts, 2);
    assert_eq!(claim.entry().reason, Some(reason()), "of the time before");
    inbox
        .complete(&claim, None, at(101))
        .await
        .expect("claimed");
    let entry = inbox
        .show(id)
        .await
        .expect("it can be shown")
        .expect("kept");
    assert_eq!(entry.reason, None);
}

pub(super) async fn a_retry_may_give_attempts_back(inbox: SharedInbox) {
    accept(&*inbox, delivery("t", "confirmed", "10")).await;
    for (seconds, attempts) in [(0, 1), (40, 2), (80, 3)] {
        let claim = claim_one(&*inbox, seconds).await;
        assert_eq!(claim.entry().attempts, attempts);
        let put_back = inbox.retry(&claim, at(seconds), &reason()).await;
        put_back.expect("claimed");
    }
    for (seconds, attempts, given) in [(120, 4, 2), (160, 3, 0), (200, 1, u32::MAX - 1)] {
        let claim = claim_one(&*inbox, seconds).await;
        assert_eq!(claim.entry().attempts, attempts);
        let (until, reason) = (at(seconds + 40), reason());
        let put_back = inbox.retry_with_attempts(&claim, until, &reason, given);
        put_back.await.expect("claimed");
        has_lost(&*inbox, &claim).await;
        assert!(claim_all(&*inbox, seconds + 39).await.is_empty());
    }
    let claim = claim_one(&*inbox, 240).await;
    let entry = claim.entry();
    assert_eq!(
        (entry.attempts, entry.reason.clone()),
        (u32::MAX, Some(reason()))
    );
}

pub(super) async fn a_dead_letter_waits_for_a_person(inbox: SharedInbox) {
    let id = accept(&*inbox, delivery("t", "confirmed", "10")).await;
    let claim = claim_one(&*inbox, 0).await;
    inbox.dead(&claim, &reason(), at(5)).await.expect("claimed");
    has_lost(&*inbox, &claim).await;
    assert!(claim_all(&*inbox, 1_000_000).await.is_empty());
    let entry = inbox
        .show(id)
        .await
        .expect("it can be shown")
        .expect("kept");
    assert_eq!((entry.state, entry.due_at), (EntryState::Dead, at(5)));
    assert_eq!(entry.reason, Some(reason()));

    inbox.replay(id, at(50)).await.expect("it is there");
    assert!(claim_all(&*inbox, 49).await.is_empty());
    let claim = claim_one(&*inbox, 50).await;
    assert_eq!(
        (claim.entry().attempts, claim.entry().reason.as_ref()),
        (1, None)
    );
    inbox.complete(&claim, None, at(51)).await.expect("claimed");
}

/// What the worker does elsewhere would be done twice otherwise.
pub(super) async fn a_replay_leaves_the_entry_to_its_worker(inbox: SharedInbox) {
    let id = accept(&*inbox, delivery("t", "confirmed", "10")).await;
    let slow = claim_one(&*inbox, 0).await;
    let held = inbox.replay(id, at(29)).await;
    assert_eq!(
        held.map_err(|error| error.kind()),
        Err(StoreErrorKind::Held)
    );
    // The lease is over.
    inbox.replay(id, at(30)).await.expect("nobody holds it");
    has_lost(&*inbox, &slow).await;
    let claim = claim_one(&*inbox, 30).await;
    has_lost(&*inbox, &slow).await;
    inbox.complete(&claim, None, at(31)).await.expect("claimed");
    inbox.replay(id, at(32)).await.expect("it is there");
    let claim = claim_one(&*inbox, 32).await;
    let put_back = inbox.retry(&claim, at(1000), &reason()).await;
    put_back.expect("claimed");
    // It waits, and no worker holds it.
    inbox.replay(id, at(33)).await.expect("it is there");
    claim_one(&*inbox, 33).await;
}

pub(super) async fn what_is_not_there_is_not_found(inbox: SharedInbox) {
    assert!(claim_all(&*inbox, 0).await.is_empty());
    accept(&*inbox, delivery("t", "confirmed", "10")).await;
    for number in [i64::MIN, -1, 0, 1_000_000, i64::MAX] {
        let id = EntryId::new(number);
        assert_eq!(inbox.show(id).await.expect("it can be looked for"), None);
        let kind = inbox.replay(id, at(0)).await.map_err(|error| error.kind());
        assert_eq!(kind, Err(StoreErrorKind::NotFound));
    }
    assert!(inbox.claim(at(1), LEASE, 0).await.expect("none").is_empty());
}
