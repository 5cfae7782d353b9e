//! Duties: what is accepted, once.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use tokio::task::JoinSet;

use super::values::{
    LEASE, at, claim_all, claim_one, credit, delivery, delivery_at, reason, reopening,
};
use crate::error::StoreErrorKind;
use crate::inbox::{
    Accepted, Completed, ContentDigest, Counts, Entry, EntryState, EventKey, Inbox, Kind,
    ListQuery, NewEntry, PAYLOAD_BYTES_MAX, SharedInbox,
};

async fn accept(inbox: &dyn Inbox, entry: NewEntry) -> Accepted {
    inbox.accept(entry).await.expect("it can be stored")
}

async fn all(inbox: &dyn Inbox) -> Vec<Entry> {
    let query = ListQuery::default().with_limit(1000);
    inbox.list(query).await.expect("entries can be listed")
}

pub(super) async fn what_is_accepted_comes_back_byte_for_byte(inbox: SharedInbox) {
    let payloads: [Vec<u8>; 4] = [
        Vec::new(),
        br#"{"amount":"10.50"}"#.to_vec(),
        vec![0, 255, 10, 13, 0],
        vec![b'x'; PAYLOAD_BYTES_MAX],
    ];
    for (kind, payload) in Kind::ALL.into_iter().cycle().zip(payloads) {
        let subject = format!("Zoë 😀 '\"\\ {}", payload.len());
        let key = EventKey::new(kind, &subject, "status %_").expect("a key");
        let digest = ContentDigest::of(&["10", "EUR"]);
        let new = NewEntry::new(key, digest, payload, at(-7)).expect("at most the limit");
        let Accepted::New(id) = accept(&*inbox, new.clone()).await else {
            panic!("it is new");
        };
        let entry = inbox
            .show(id)
            .await
            .expect("it can be shown")
            .expect("kept");
        assert_eq!(entry.id, id);
        assert_eq!(entry.key, *new.key());
        assert_eq!(entry.digest, new.digest());
        assert_eq!(entry.payload, *new.payload());
        assert_eq!(entry.received_at, at(-7));
        assert_eq!(entry.contradicts, None);
        assert_eq!(entry.state, EntryState::Open);
        assert_eq!(entry.due_at, at(-7));
        assert_eq!(entry.attempts, 0);
        assert_eq!(entry.reason, None);
    }
}

pub(super) async fn one_event_delivered_by_64_tasks_is_one_entry(inbox: SharedInbox) {
    let mut tasks = JoinSet::new();
    for _ in 0..64 {
        let inbox = inbox.clone();
        tasks.spawn(async move {
            let mut answers = Vec::new();
            for _ in 0..4 {
                answers.push(accept(&*inbox, delivery("t", "confirmed", "10")).await);
            }
            answers
        });
    }
    let answers = tasks.join_all().await.concat();
    assert_eq!(answers.iter().filter(|answer| answer.is_new()).count(), 1);
    let ids: BTreeSet<_> = answers.iter().map(|answer| answer.id()).collect();
    assert_eq!(ids.len(), 1, "all are told of the same entry");
    assert_eq!(all(&*inbox).await.len(), 1);
}

pub(super) async fn different_events_delivered_by_64_tasks_are_all_kept(inbox: SharedInbox) {
    let mut tasks = JoinSet::new();
    for task in 0..64 {
        let inbox = inbox.clone();
        tasks.spawn(async move {
            let mut ids = Vec::new();
            for number in 0..4 {
                let subject = format!("t{}", task * 4 + number);
                let answer = accept(&*inbox, delivery(&subject, "confirmed", "10")).await;
                assert!(matches!(answer, Accepted::New(_)));
                ids.push((answer.id(), subject));
            }
            ids
        });
    }
    let ids = tasks.join_all().await.concat();
    assert_eq!(all(&*inbox).await.len(), 256);
    for (id, subject) in ids {
        let entry = inbox
            .show(id)
            .await
            .expect("it can be shown")
            .expect("kept");
        assert_eq!(
            entry.key.subject(),
            subject,
            "each is told of its own entry"
        );
    }
}

pub(super) async fn statuses_of_one_subject_are_events_of_their_own_in_any_order(
    inbox: SharedInbox,
) {
    for status in ["confirmed", "failed", "processing", "confirmed", "failed"] {
        accept(&*inbox, delivery("t", status, "10")).await;
    }
    let entries = all(&*inbox).await;
    let statuses: Vec<_> = entries.iter().map(|entry| entry.key.status()).collect();
    assert_eq!(statuses, ["confirmed", "failed", "processing"]);
    assert!(entries.iter().all(|entry| entry.contradicts.is_none()));
}

pub(super) async fn a_contradiction_is_kept_beside_and_flagged(inbox: SharedInbox) {
    let first = accept(&*inbox, delivery("t", "confirmed", "10")).await.id();
    let claim = claim_one(&*inbox, 1).await;
    let credit = credit("t");
    inbox
        .complete(&claim, Some(&credit), at(1))
        .await
        .expect("claimed");

    let answer = accept(&*inbox, delivery("t", "confirmed", "11")).await;
    let Accepted::Contradiction { id, first: told } = answer else {
        panic!("it contradicts the first: {answer:?}");
    };
    assert_eq!(told, first);
    let again = accept(&*inbox, delivery("t", "confirmed", "11")).await;
    assert_eq!(again, Accepted::Duplicate(id));
    let third = accept(&*inbox, delivery("t", "confirmed", "12")).await;
    assert!(matches!(third, Accepted::Contradiction { first: told, .. } if told == first));
    let original = accept(&*inbox, delivery("t", "confirmed", "10")).await;
    assert_eq!(original, Accepted::Duplicate(first));

    let entry = inbox
        .show(id)
        .await
        .expect("it can be shown")
        .expect("kept");
    assert_eq!(entry.contradicts, Some(first));
    assert_eq!(entry.key.status(), "confirmed");
    assert!(entry.payload.as_bytes().ends_with(br#""amount":"11"}"#));
    for other in [id, third.id()] {
        let claim = claim_one(&*inbox, 1).await;
        assert_eq!(claim.entry().id, other, "both are looked into");
        inbox.complete(&claim, None, at(1)).await.expect("claimed");
    }
}

pub(super) async fn contradictions_at_the_same_time_are_all_kept(inbox: SharedInbox) {
    let mut tasks = JoinSet::new();
    for task in 0..64 {
        let inbox = inbox.clone();
        let amount = (task % 4).to_string();
        tasks.spawn(async move { accept(&*inbox, delivery("t", "confirmed", &amount)).await });
    }
    let answers = tasks.join_all().await;
    let new = answers
        .iter()
        .filter(|answer| matches!(answer, Accepted::New(_)));
    assert_eq!(new.count(), 1);
    let entries = all(&*inbox).await;
    let digests: BTreeSet<_> = entries
        .iter()
        .map(|entry| *entry.digest.as_bytes())
        .collect();
    assert_eq!((entries.len(), digests.len()), (4, 4));
    let flagged = entries.iter().filter(|entry| entry.contradicts.is_some());
    assert_eq!(flagged.count(), 3);
}

pub(super) async fn a_repeat_that_may_be_news_opens_the_entry_again(inbox: SharedInbox) {
    let repeat = |seconds| reopening(delivery_at(seconds, "customer", "KYC_PENDING", ""));
    let id = accept(&*inbox, repeat(0)).await.id();
    let claim = claim_one(&*inbox, 1).await;
    // While it is being worked on: the worker keeps it, but what it has read may be old.
    assert_eq!(accept(&*inbox, repeat(2)).await, Accepted::Duplicate(id));
    assert!(claim_all(&*inbox, 3).await.is_empty(), "it is held");
    let ended = inbox.complete(&claim, None, at(3)).await;
    assert_eq!(ended.expect("it is the worker's"), Completed::First);
    let ended = inbox.complete(&claim, None, at(3)).await;
    assert_eq!(ended.expect_err("over").kind(), StoreErrorKind::LeaseLost);

    let claim = claim_one(&*inbox, 4).await;
    assert_eq!(claim.entry().attempts, 1);
    inbox.complete(&claim, None, at(4)).await.expect("claimed");
    assert!(claim_all(&*inbox, 5).await.is_empty());

    // After it is done, and after it is given up.
    assert_eq!(accept(&*inbox, repeat(6)).await, Accepted::Duplicate(id));
    assert!(
        claim_all(&*inbox, 5).await.is_empty(),
        "due when it arrived"
    );
    let claim = claim_one(&*inbox, 6).await;
    inbox.dead(&claim, &reason(), at(7)).await.expect("claimed");
    accept(&*inbox, repeat(8)).await;
    assert_eq!(claim_one(&*inbox, 8).await.entry().reason, None);
    assert_eq!(all(&*inbox).await.len(), 1);
}

/// Else the true callback could be lost to a worker that read before it came.
pub(super) async fn what_comes_again_meanwhile_is_neither_put_back_nor_given_up(
    inbox: SharedInbox,
) {
    let repeat = |seconds| reopening(delivery_at(seconds, "t", "confirmed", "10"));
    let id = accept(&*inbox, repeat(0)).await.id();
    let claim = claim_one(&*inbox, 0).await;
    for seconds in [1, 2, 3] {
        accept(&*inbox, repeat(seconds)).await;
    }
    let reason = reason();
    // However its worker lets go of it, it is due a little later, and when the lease would have been over at the latest.
    let (mut claim, mut now) = (claim, 0);
    for (way, (until, due)) in [(4, 5), (20, 21), (100, 30)].into_iter().enumerate() {
        let ended = match way {
            0 => inbox.dead(&claim, &reason, at(now + until)).await,
            1 => inbox.retry(&claim, at(now + until), &reason).await,
            _ => {
                inbox
                    .retry_with_attempts(&claim, at(now + until), &reason, 5)
                    .await
            }
        };
        assert_eq!(ended.expect_err("again").kind(), StoreErrorKind::LeaseLost);
        now += due;
        assert!(claim_all(&*inbox, now - 1).await.is_empty(), "it waits");
        claim = claim_one(&*inbox, now).await;
        assert_eq!((claim.entry().id, claim.entry().attempts), (id, 1));
        if way < 2 {
            accept(&*inbox, repeat(now + 1)).await;
        }
    }
    let (lost, next) = (
        crate::Claim::new(claim.entry().clone(), claim.fence() - 2),
        claim,
    );
    let ended = inbox.complete(&lost, None, at(now + 1)).await;
    assert_eq!(ended.expect_err("lost").kind(), StoreErrorKind::LeaseLost);
    // What waits is due soon, and what is done again afterwards is done.
    inbox.retry(&next, at(500), &reason).await.expect("claimed");
    accept(&*inbox, repeat(now + 10)).await;
    let claim = claim_one(&*inbox, now + 11).await;
    inbox
        .complete(&claim, None, at(now + 11))
        .await
        .expect("claimed");
    assert!(claim_all(&*inbox, 100_000).await.is_empty());
}

/// Whoever has one callback of somebody can repeat it as often as they like.
pub(super) async fn what_comes_again_and_again_keeps_no_other_from_its_turn(inbox: SharedInbox) {
    let repeat = |seconds| reopening(delivery_at(seconds, "t", "forged", "10"));
    accept(&*inbox, repeat(0)).await;
    let claim = claim_one(&*inbox, 0).await;
    let news = accept(&*inbox, delivery_at(1, "t", "failed", "10"))
        .await
        .id();
    accept(&*inbox, repeat(2)).await;
    let ended = inbox.retry(&claim, at(9), &reason()).await;
    assert_eq!(ended.expect_err("again").kind(), StoreErrorKind::LeaseLost);
    // It is due again soon, and still behind what waits for longer.
    accept(&*inbox, repeat(3)).await;
    let claim = claim_one(&*inbox, 3).await;
    assert_eq!(claim.entry().id, news);
}

/// Whoever has one callback of somebody sets by it neither how often the gateway is asked, nor how long news wait.
pub(super) async fn what_comes_again_and_again_is_looked_into_once_a_second(inbox: SharedInbox) {
    let millis = |millis| Timestamp::UNIX_EPOCH + Duration::from_millis(millis);
    let repeat = |now| {
        let key = EventKey::new(Kind::Kyc, "joe", "FULL_USER").expect("a key");
        let digest = ContentDigest::of(&[]);
        reopening(NewEntry::new(key, digest, &b"{}"[..], millis(now)).expect("small"))
    };
    let id = accept(&*inbox, repeat(0)).await.id();
    let mut looks = Vec::new();
    // It comes every 50 ms, and every look takes 20. The ways in which a look ends come in turn.
    for now in (0..10_000).step_by(50) {
        assert_eq!(accept(&*inbox, repeat(now)).await.id(), id);
        let claims = inbox.claim(millis(now), LEASE, 1).await.expect("claimable");
        let Some(claim) = claims.first() else {
            continue;
        };
        let comes_meanwhile = looks.len() % 2 == 0;
        if comes_meanwhile {
            accept(&*inbox, repeat(now + 10)).await;
        }
        let (end, reason) = (millis(now + 20), reason());
        let ended = match looks.len() % 6 {
            0 | 1 => inbox.complete(claim, None, end).await.map(|_| ()),
            2 | 3 => inbox.dead(claim, &reason, end).await,
            _ => inbox.retry(claim, end, &reason).await,
        };
        let is_lost = ended.is_err_and(|error| error.kind() == StoreErrorKind::LeaseLost);
        assert_eq!(is_lost, comes_meanwhile && looks.len() % 6 != 0);
        looks.push(now);
    }
    let waits: Vec<_> = looks.windows(2).map(|two| two[1] - two[0]).collect();
    // Put back until at once, it was due already when it came again.
    let is_bounded = |(look, wait): (usize, &u64)| look % 6 == 5 || (1000..=1100).contains(wait);
    assert!(waits.iter().enumerate().all(is_bounded), "{waits:?}");
    assert!((8..=12).contains(&looks.len()), "{looks:?}");
}

pub(super) async fn an_inbox_is_of_one_environment(inbox: SharedInbox) {
    for _ in 0..2 {
        inbox.belongs_to("https://a").await.expect("the first");
    }
    let error = inbox.belongs_to("https://b").await.expect_err("another");
    assert_eq!(error.kind(), StoreErrorKind::OtherEnvironment);
    inbox.belongs_to("https://a").await.expect("as before");
}

pub(super) async fn of_environments_that_ask_at_once_it_is_of_one(inbox: SharedInbox) {
    let mut tasks = JoinSet::new();
    for number in 0..64 {
        let inbox = inbox.clone();
        let environment = if number % 2 == 0 {
            "https://a"
        } else {
            "https://b"
        };
        tasks.spawn(async move { (environment, inbox.belongs_to(environment).await) });
    }
    let answers = tasks.join_all().await;
    let owners = answers.iter().filter(|(_, answer)| answer.is_ok());
    let owners: Vec<_> = owners.map(|(environment, _)| *environment).collect();
    assert_eq!(owners.len(), 32);
    assert!(owners.iter().all(|owner| *owner == owners[0]));
    for (environment, answer) in answers {
        if environment != owners[0] {
            let error = answer.expect_err("it is another one's");
            assert_eq!(error.kind(), StoreErrorKind::OtherEnvironment);
        }
    }
}

pub(super) async fn a_repeat_that_is_no_news_changes_nothing(inbox: SharedInbox) {
    accept(&*inbox, delivery("t", "confirmed", "10")).await;
    let claim = claim_one(&*inbox, 1).await;
    accept(&*inbox, delivery_at(2, "t", "confirmed", "10")).await;
    inbox.complete(&claim, None, at(3)).await.expect("claimed");
    let before = all(&*inbox).await;
    // Years later.
    accept(&*inbox, delivery_at(100_000_000, "t", "confirmed", "10")).await;
    assert_eq!(all(&*inbox).await, before);
    assert!(claim_all(&*inbox, 100_000_000).await.is_empty());
}

pub(super) async fn entries_are_listed_by_state_and_page(inbox: SharedInbox) {
    for subject in ["a", "b", "c", "d", "e", "f"] {
        accept(&*inbox, delivery(subject, "confirmed", "10")).await;
    }
    let claims = claim_all(&*inbox, 1).await;
    inbox
        .complete(&claims[0], None, at(2))
        .await
        .expect("claimed");
    inbox
        .complete(&claims[3], None, at(2))
        .await
        .expect("claimed");
    inbox
        .dead(&claims[1], &reason(), at(2))
        .await
        .expect("claimed");
    let subjects = async |state, after, limit| {
        let query = ListQuery {
            state,
            after,
            limit,
        };
        let entries = inbox.list(query).await.expect("entries can be listed");
        entries
            .iter()
            .map(|entry| entry.key.subject().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(subjects(None, None, 4).await, ["a", "b", "c", "d"]);
    let fourth = claims[3].entry().id;
    assert_eq!(subjects(None, Some(fourth), 4).await, ["e", "f"]);
    assert_eq!(subjects(Some(EntryState::Done), None, 9).await, ["a", "d"]);
    assert_eq!(subjects(Some(EntryState::Dead), None, 9).await, ["b"]);
    let open = Some(EntryState::Open);
    assert_eq!(subjects(open, Some(fourth), 1).await, ["e"]);
    assert!(subjects(None, None, 0).await.is_empty());
    let counts = inbox.counts().await.expect("entries can be counted");
    let want = Counts {
        open: 3,
        done: 2,
        dead: 1,
    };
    assert_eq!(counts, want);
}
