//! Duties: what people do about entries.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::task::JoinSet;

use super::values::{
    LEASE, at, claim_all, claim_one, credit, delivery, delivery_at, reason, reopening,
};
use crate::error::StoreErrorKind;
use crate::inbox::{
    Accepted, Claim, Completed, Entry, EntryId, EntryState, Inbox, ListQuery, NewEntry, Reason,
    SharedInbox,
};

async fn accept(inbox: &dyn Inbox, entry: NewEntry) -> EntryId {
    inbox.accept(entry).await.expect("it can be stored").id()
}

async fn show(inbox: &dyn Inbox, id: EntryId) -> Entry {
    let shown = inbox.show(id).await.expect("it can be shown");
    shown.expect("it is there")
}

/// An entry that is given up.
async fn dead(inbox: &dyn Inbox, subject: &str) -> EntryId {
    let id = accept(inbox, delivery(subject, "confirmed", "10")).await;
    let claim = claim_one(inbox, 1).await;
    inbox.dead(&claim, &reason(), at(2)).await.expect("claimed");
    id
}

/// An entry that is done at this second, with its effect.
async fn done(inbox: &dyn Inbox, subject: &str, seconds: i64) -> EntryId {
    let id = accept(inbox, delivery(subject, "confirmed", "10")).await;
    let claim = claim_one(inbox, 1).await;
    let done = inbox
        .complete(&claim, Some(&credit(subject)), at(seconds))
        .await;
    done.expect("claimed");
    id
}

/// Prunes part by part, to the end. How many are gone.
async fn prune(inbox: &dyn Inbox, before: i64, limit: usize) -> u64 {
    let (mut after, mut count) = (None, 0);
    loop {
        let pruned = inbox.prune(at(before), after, limit).await;
        let pruned = pruned.expect("it can be pruned");
        assert!(pruned.count <= limit as u64);
        count += pruned.count;
        if pruned.last.is_none() {
            return count;
        }
        assert!(pruned.last > after, "it goes on");
        after = pruned.last;
    }
}

async fn ids(inbox: &dyn Inbox) -> Vec<EntryId> {
    let all = ListQuery::default().with_limit(1000);
    let entries = inbox.list(all).await.expect("entries can be listed");
    entries.iter().map(|entry| entry.id).collect()
}

pub(super) async fn only_the_dead_are_replayed_together(inbox: SharedInbox) {
    let first = dead(&*inbox, "a").await;
    done(&*inbox, "b", 2).await;
    let second = dead(&*inbox, "c").await;
    let third = dead(&*inbox, "d").await;
    // It comes again before its page is replayed, and a worker has it.
    let again = delivery_at(3, "d", "confirmed", "10");
    accept(&*inbox, reopening(again)).await;
    let claim = claim_one(&*inbox, 3).await;
    assert_eq!(claim.entry().id, third);

    let replayed = inbox.replay_dead(None, 1, at(4)).await;
    assert_eq!(replayed.expect("replayed"), [first]);
    let replayed = inbox.replay_dead(Some(first), 9, at(4)).await;
    assert_eq!(replayed.expect("replayed"), [second]);
    let replayed = inbox.replay_dead(None, 9, at(4)).await;
    assert!(replayed.expect("replayed").is_empty());
    let complete = inbox.complete(&claim, None, at(5));
    complete.await.expect("it is this worker's still");
    let claims = claim_all(&*inbox, 4).await;
    let claimed: Vec<_> = claims
        .iter()
        .map(|claim| (claim.entry().id, claim.entry().attempts))
        .collect();
    assert_eq!(claimed, [(first, 1), (second, 1)]);
}

pub(super) async fn what_is_discarded_is_dead_no_more(inbox: SharedInbox) {
    let by_hand = Reason::new("credited by hand, case 4711");
    let id = dead(&*inbox, "t").await;
    let discard = inbox.discard(id, None, &by_hand, at(3)).await;
    discard.expect("it is dead");
    let entry = show(&*inbox, id).await;
    assert_eq!((entry.state, entry.due_at), (EntryState::Done, at(3)));
    assert_eq!(entry.reason.as_ref(), Some(&by_hand));
    assert!(entry.is_discarded());
    let dead_letters = ListQuery::default().with_state(EntryState::Dead);
    let dead_letters = inbox.list(dead_letters).await.expect("they can be listed");
    assert!(dead_letters.is_empty());
    assert!(claim_all(&*inbox, 1000).await.is_empty());

    let open = accept(&*inbox, delivery("u", "confirmed", "10")).await;
    for (id, want) in [
        (id, StoreErrorKind::NotDead),
        (open, StoreErrorKind::NotDead),
        (EntryId::new(1_000_000), StoreErrorKind::NotFound),
    ] {
        let effect = credit("never");
        let discarded = inbox.discard(id, Some(&effect), &by_hand, at(4)).await;
        assert_eq!(discarded.map_err(|error| error.kind()), Err(want));
        let is_done = inbox.is_done(&effect).await;
        assert!(!is_done.expect("effects can be looked up"));
    }
    // It may have been forged, and this the true one.
    let again = delivery_at(5, "t", "confirmed", "10");
    assert_eq!(accept(&*inbox, reopening(again)).await, id);
    let claims = claim_all(&*inbox, 5).await;
    assert_eq!(claims[0].entry().id, id);
    assert_eq!(claims[0].entry().reason, None);
}

pub(super) async fn an_effect_that_a_person_has_caused_does_not_happen_by_itself(
    inbox: SharedInbox,
) {
    let by_hand = Reason::new("credited by hand");
    let id = dead(&*inbox, "t").await;
    let credit = credit("t");
    let discard = inbox.discard(id, Some(&credit), &by_hand, at(3)).await;
    discard.expect("it is dead");
    assert!(inbox.is_done(&credit).await.expect("it can be looked up"));
    let again = delivery_at(5, "t", "confirmed", "10");
    accept(&*inbox, reopening(again)).await;
    let claim = claim_one(&*inbox, 5).await;
    let completed = inbox.complete(&claim, Some(&credit), at(6)).await;
    assert_eq!(completed.expect("claimed"), Completed::Repeated);
    let entry = show(&*inbox, id).await;
    assert!(!entry.is_discarded());
}

pub(super) async fn what_ended_long_ago_is_pruned_in_parts(inbox: SharedInbox) {
    let mut old = Vec::new();
    for number in 0..7 {
        old.push(done(&*inbox, &format!("old-{number}"), 10 + number).await);
    }
    let given_up = dead(&*inbox, "dead").await;
    let discarded = dead(&*inbox, "discarded").await;
    let discard = inbox.discard(discarded, None, &reason(), at(10)).await;
    discard.expect("it is dead");
    let recent = done(&*inbox, "recent", 100).await;
    let open = accept(&*inbox, delivery("open", "confirmed", "10")).await;
    // To the second of the last one that is to stay.
    assert_eq!(prune(&*inbox, 16, 3).await, 7);
    let left = ids(&*inbox).await;
    assert_eq!(left, [old[6], given_up, recent, open]);
    assert_eq!(prune(&*inbox, 16, 3).await, 0);
    assert_eq!(prune(&*inbox, 1000, 1000).await, 2);
    assert_eq!(ids(&*inbox).await, [given_up, open]);
}

pub(super) async fn an_effect_is_not_repeated_after_a_prune(inbox: SharedInbox) {
    let first = done(&*inbox, "t", 2).await;
    let newest = accept(&*inbox, delivery("u", "confirmed", "10")).await;
    assert_eq!(prune(&*inbox, 1000, 10).await, 1);
    assert_eq!(inbox.show(first).await.expect("it can be looked for"), None);
    // Years later the gateway tells of it again.
    let again = delivery_at(100_000_000, "t", "confirmed", "10");
    let accepted = inbox.accept(again).await.expect("it can be stored");
    assert!(matches!(accepted, Accepted::New(id) if id > newest));
    let claims = claim_all(&*inbox, 100_000_000).await;
    let claim = claims
        .iter()
        .find(|claim| claim.entry().id == accepted.id());
    let claim = claim.expect("it is looked into");
    let is_done = inbox.is_done(&credit("t")).await;
    assert!(is_done.expect("effects can be looked up"));
    let completed = inbox
        .complete(claim, Some(&credit("t")), at(100_000_001))
        .await;
    assert_eq!(completed.expect("claimed"), Completed::Repeated);
}

/// Else a person's `replay 5`, or a worker that is very late, would mean another entry.
pub(super) async fn no_number_is_given_out_twice(inbox: SharedInbox) {
    let mut before = EntryId::new(0);
    for number in 0..3 {
        let id = done(&*inbox, &format!("t-{number}"), 2).await;
        assert!(id > before);
        before = id;
        prune(&*inbox, 1000, 10).await;
    }
}

/// A person compares the two.
pub(super) async fn what_a_dead_letter_contradicts_is_not_pruned(inbox: SharedInbox) {
    let first = done(&*inbox, "t", 2).await;
    let other = accept(&*inbox, delivery("t", "confirmed", "11")).await;
    let claim = claim_one(&*inbox, 3).await;
    inbox.dead(&claim, &reason(), at(3)).await.expect("claimed");
    let newest = accept(&*inbox, delivery("u", "confirmed", "10")).await;
    assert_eq!(prune(&*inbox, 1000, 10).await, 0);
    assert_eq!(ids(&*inbox).await, [first, other, newest]);
    let discard = inbox.discard(other, None, &reason(), at(4)).await;
    discard.expect("it is dead");
    assert_eq!(prune(&*inbox, 1000, 10).await, 2);
}

/// Eight callbacks, of which the entries were ended and given up before, come again while others prune, discard, replay and
/// process. Whoever looks at what to clear up, and clears up later, loses one.
pub(super) async fn what_comes_while_others_clear_up_is_looked_into(inbox: SharedInbox) {
    for round in 0..20 {
        let turn = Arc::new(Turn {
            inbox: inbox.clone(),
            seconds: 100 * round,
            has_come: Default::default(),
            is_claimed: Default::default(),
        });
        let mut tasks = JoinSet::new();
        for first in 0..3 {
            let turn = turn.clone();
            tasks.spawn(async move { turn.clear_up(first).await });
        }
        for number in 0..SUBJECTS {
            let turn = turn.clone();
            tasks.spawn(async move { turn.come(number).await });
        }
        let worker = turn.clone();
        let worker = tokio::spawn(async move {
            let mut held = Vec::new();
            for _ in 0..5 {
                held.extend(worker.take(2).await);
            }
            held
        });
        while let Some(done) = tasks.join_next().await {
            done.expect("nobody is in another's way");
        }
        // Nobody has taken from the worker what it holds.
        turn.complete(&worker.await.expect("claimed"), 21).await;
        loop {
            // What came again while it was held, or just after its end, is due a pause later.
            let claims = turn.take(30).await;
            if claims.is_empty() {
                break;
            }
            turn.end(&claims).await;
        }
        for (number, is_claimed) in turn.is_claimed.iter().enumerate() {
            let is_claimed = is_claimed.load(Ordering::SeqCst);
            assert!(
                is_claimed,
                "{number} was answered and is lost in round {round}"
            );
        }
    }
}

const SUBJECTS: usize = 8;

/// As the gateway and a worker do, who come again.
macro_rules! patiently {
    ($call:expr) => {{
        let mut times = 0;
        loop {
            match $call.await {
                Ok(it) => break it,
                Err(error) => assert!(error.is_transient() && times < 100, "{error:?}"),
            }
            times += 1;
        }
    }};
}

/// Everybody at once.
struct Turn {
    inbox: SharedInbox,
    seconds: i64,
    has_come: [AtomicBool; SUBJECTS],
    is_claimed: [AtomicBool; SUBJECTS],
}

impl Turn {
    async fn come(&self, number: usize) {
        let again = delivery_at(self.seconds, &number.to_string(), "confirmed", "10");
        self.has_come[number].store(true, Ordering::SeqCst);
        patiently!(self.inbox.accept(reopening(again.clone())));
    }

    /// Beginning with one or another, since what comes meanwhile is not given up any more for long.
    async fn clear_up(&self, first: usize) {
        let now = at(self.seconds + 2);
        let (inbox, reason) = (&self.inbox, reason());
        for step in 0..3 {
            match (first + step) % 3 {
                0 => drop(patiently!(inbox.replay_dead(None, 2, now))),
                1 => {
                    let dead = ListQuery::default().with_state(EntryState::Dead);
                    for entry in patiently!(inbox.list(dead)) {
                        // It may be dead no more, or gone.
                        let _ = inbox.discard(entry.id, None, &reason, now).await;
                    }
                }
                _ => {
                    let all = at(i64::from(i32::MAX));
                    patiently!(inbox.prune(all, None, 100));
                }
            }
        }
    }

    async fn take(&self, seconds: i64) -> Vec<Claim> {
        let now = at(self.seconds + seconds);
        let claims = patiently!(self.inbox.claim(now, LEASE, 100));
        for claim in &claims {
            let number = number(claim);
            let has_come = self.has_come[number].load(Ordering::SeqCst);
            self.is_claimed[number].fetch_or(has_come, Ordering::SeqCst);
        }
        claims
    }

    async fn complete(&self, claims: &[Claim], seconds: i64) {
        for claim in claims {
            let now = at(self.seconds + seconds);
            patiently!(self.inbox.complete(claim, None, now));
        }
    }

    /// Completes some and gives others up, for the next turn.
    async fn end(&self, claims: &[Claim]) {
        let (even, odd): (Vec<_>, Vec<_>) = claims
            .iter()
            .cloned()
            .partition(|claim| number(claim).is_multiple_of(2));
        self.complete(&odd, 31).await;
        for claim in &even {
            patiently!(self.inbox.dead(claim, &reason(), at(self.seconds + 31)));
        }
    }
}

fn number(claim: &Claim) -> usize {
    claim.entry().key.subject().parse().expect("a number")
}
