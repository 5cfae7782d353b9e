//! Duties: effects that happen once.

use tokio::task::JoinSet;

use super::values::{at, claim_all, claim_one, credit, delivery};
use crate::error::StoreErrorKind;
use crate::inbox::{Completed, Inbox, NewEntry, SharedInbox};

async fn accept(inbox: &dyn Inbox, entry: NewEntry) {
    inbox.accept(entry).await.expect("it can be stored");
}

async fn is_done(inbox: &dyn Inbox, subject: &str) -> bool {
    inbox
        .is_done(&credit(subject))
        .await
        .expect("effects can be looked up")
}

pub(super) async fn an_effect_is_recorded_once_whatever_events_come(inbox: SharedInbox) {
    // Confirmed, failed, confirmed with other content: three entries about one transaction.
    accept(&*inbox, delivery("t", "confirmed", "10")).await;
    accept(&*inbox, delivery("t", "failed", "10")).await;
    accept(&*inbox, delivery("t", "confirmed", "11")).await;
    assert!(!is_done(&*inbox, "t").await);
    let mut completed = Vec::new();
    for _ in 0..3 {
        let claim = claim_one(&*inbox, 1).await;
        let done = inbox.complete(&claim, Some(&credit("t")), at(1)).await;
        completed.push(done.expect("claimed"));
        assert!(is_done(&*inbox, "t").await);
    }
    let want = [Completed::First, Completed::Repeated, Completed::Repeated];
    assert_eq!(completed, want);
    assert!(!is_done(&*inbox, "u").await);
    assert!(claim_all(&*inbox, 1000).await.is_empty(), "all are done");
}

pub(super) async fn a_replay_does_not_repeat_the_effect(inbox: SharedInbox) {
    accept(&*inbox, delivery("t", "confirmed", "10")).await;
    let claim = claim_one(&*inbox, 1).await;
    let first = inbox.complete(&claim, Some(&credit("t")), at(1)).await;
    assert_eq!(first.expect("claimed"), Completed::First);
    inbox.replay(claim.entry().id, at(2)).await.expect("there");
    assert!(is_done(&*inbox, "t").await, "a replay forgets nothing");
    let claim = claim_one(&*inbox, 2).await;
    let second = inbox.complete(&claim, Some(&credit("t")), at(2)).await;
    assert_eq!(second.expect("claimed"), Completed::Repeated);
}

pub(super) async fn workers_at_the_same_time_record_one_effect(inbox: SharedInbox) {
    for number in 0..32 {
        accept(&*inbox, delivery(&number.to_string(), "confirmed", "10")).await;
    }
    let mut workers = JoinSet::new();
    for claim in claim_all(&*inbox, 1).await {
        let inbox = inbox.clone();
        workers.spawn(async move {
            let done = inbox.complete(&claim, Some(&credit("t")), at(1)).await;
            done.expect("claimed")
        });
    }
    let completed = workers.join_all().await;
    assert_eq!(completed.len(), 32);
    let first = completed
        .iter()
        .filter(|completed| **completed == Completed::First);
    assert_eq!(first.count(), 1);
}

pub(super) async fn an_entry_without_effect_records_none(inbox: SharedInbox) {
    accept(&*inbox, delivery("t", "failed", "10")).await;
    let claim = claim_one(&*inbox, 1).await;
    let completed = inbox.complete(&claim, None, at(1)).await;
    assert_eq!(completed.expect("claimed"), Completed::First);
    assert!(!is_done(&*inbox, "t").await);
}

pub(super) async fn what_is_recorded_beside_an_entry_outlasts_its_claim(inbox: SharedInbox) {
    accept(&*inbox, delivery("t", "failed", "10")).await;
    let claim = claim_one(&*inbox, 1).await;
    let seen = credit("seen");
    for _ in 0..2 {
        let recorded = inbox.record(&claim, &seen, at(1)).await;
        recorded.expect("claimed");
    }
    assert!(is_done(&*inbox, "seen").await);
    // The entry is its worker's still, and its own effect another.
    let completed = inbox.complete(&claim, Some(&credit("t")), at(1)).await;
    assert_eq!(completed.expect("claimed"), Completed::First);
    let lost = inbox.record(&claim, &credit("late"), at(1)).await;
    let lost = lost.map_err(|error| error.kind());
    assert_eq!(lost, Err(StoreErrorKind::LeaseLost));
    // Although it is recorded.
    let lost = inbox.record(&claim, &seen, at(1)).await;
    assert_eq!(
        lost.map_err(|error| error.kind()),
        Err(StoreErrorKind::LeaseLost)
    );
    assert!(!is_done(&*inbox, "late").await);
    // Whoever has it next does not need to know.
    inbox.replay(claim.entry().id, at(2)).await.expect("there");
    let claim = claim_one(&*inbox, 2).await;
    let completed = inbox.complete(&claim, Some(&seen), at(2)).await;
    assert_eq!(completed.expect("claimed"), Completed::Repeated);
}

pub(super) async fn many_effects_are_looked_up_at_once(inbox: SharedInbox) {
    let keys: Vec<_> = (0..100).map(|number| credit(&number.to_string())).collect();
    let are_done = inbox.are_done(&[]).await.expect("effects can be looked up");
    assert!(are_done.is_empty());
    for number in [0, 7, 99] {
        accept(&*inbox, delivery(&number.to_string(), "confirmed", "10")).await;
        let claim = claim_one(&*inbox, 1).await;
        let done = inbox.complete(&claim, Some(&keys[number]), at(1)).await;
        assert_eq!(done.expect("claimed"), Completed::First);
    }
    // In the order in which they are asked for, also one that is asked for twice.
    let asked = [99, 1, 0, 98, 7, 0].map(|number: usize| keys[number].clone());
    let are_done = inbox.are_done(&asked).await;
    let want = [true, false, true, false, true, true];
    assert_eq!(are_done.expect("effects can be looked up"), want);
    let all = inbox
        .are_done(&keys)
        .await
        .expect("effects can be looked up");
    let done: Vec<_> = (0..100).filter(|&number| all[number]).collect();
    assert_eq!((all.len(), done), (100, vec![0, 7, 99]));
}
