//! Duties: what was about to be done.

use tokio::task::JoinSet;
use xgateway_core::id::OrderId;

use super::values::{at, attempt, destination, intent, intent_at, intent_of};
use crate::error::{StoreError, StoreErrorKind};
use crate::journal::{
    Attempt, Begun, Intent, IntentState, Journal, NewIntent, Outcome, Progress, Round,
    SharedJournal, Sighting,
};

async fn begin(journal: &dyn Journal, new: &NewIntent<'_>) -> Begun {
    journal.begin(new, at(0)).await.expect("it can be written")
}

/// Begins what must be new.
async fn begin_new(journal: &dyn Journal, order: &str, amount: &str) -> Round {
    match begin(journal, &intent(order, amount)).await {
        Begun::New(round) => round,
        other @ (Begun::Resumed(_)
        | Begun::Conflict { .. }
        | Begun::Elsewhere { .. }
        | Begun::TooEarly { .. }) => {
            panic!("it is new: {other:?}")
        }
    }
}

async fn finish(journal: &dyn Journal, order: &str, outcome: Outcome) -> Result<(), StoreError> {
    let seen = kept(journal, order).await;
    journal.finish(seen.sighting(), outcome, None, at(1)).await
}

async fn note(journal: &dyn Journal, seen: &Intent, text: &str) -> Result<(), StoreError> {
    let progress = Progress::new(text).expect("short");
    journal.note(seen.sighting(), &progress).await
}

async fn kept(journal: &dyn Journal, order: &str) -> Intent {
    let intent = journal.intent(&attempt(order)).await;
    intent.expect("it can be read").expect("it was begun")
}

#[track_caller]
fn is_conflict(result: Result<(), StoreError>) {
    let kind = result.map_err(|error| error.kind());
    assert_eq!(kind, Err(StoreErrorKind::OutcomeConflict));
}

pub(super) async fn one_of_64_tasks_begins(journal: SharedJournal) {
    let mut tasks = JoinSet::new();
    for _ in 0..64 {
        let journal = journal.clone();
        tasks.spawn(async move { begin(&*journal, &intent("order", "25")).await });
    }
    let begun = tasks.join_all().await;
    let new = begun
        .iter()
        .filter(|begun| matches!(begun, Begun::New(Round::FIRST)));
    let resumed = begun.iter().filter(
        |begun| matches!(begun, Begun::Resumed(intent) if intent.state == IntentState::Open),
    );
    assert_eq!((new.count(), resumed.count()), (1, 63));
}

pub(super) async fn the_same_body_resumes(journal: SharedJournal) {
    assert_eq!(
        journal.intent(&attempt("order")).await.expect("readable"),
        None
    );
    begin_new(&*journal, "order", "25").await;
    let Begun::Resumed(resumed) = begin(&*journal, &intent("order", "25")).await else {
        panic!("it was begun");
    };
    assert_eq!(resumed.attempt, attempt("order"));
    assert_eq!(resumed.operation, "gateway8");
    assert_eq!(resumed.begun_at, at(0));
    assert_eq!(resumed.state, IntentState::Open);
    assert_eq!(resumed.finished_at, None);
    assert_eq!(resumed.progress, None);
    for outcome in [Outcome::Charged, Outcome::Declined] {
        let order = outcome.as_str();
        begin_new(&*journal, order, "25").await;
        finish(&*journal, order, outcome).await.expect("open");
        let Begun::Resumed(resumed) = begin(&*journal, &intent(order, "25")).await else {
            panic!("it was begun");
        };
        assert_eq!(resumed.state, IntentState::Finished(outcome));
        assert_eq!(resumed.finished_at, Some(at(1)));
    }
}

pub(super) async fn another_body_is_refused_naming_the_fields(journal: SharedJournal) {
    begin_new(&*journal, "order", "25").await;
    for state in [None, Some(Outcome::Declined), Some(Outcome::Charged)] {
        if let Some(outcome) = state {
            finish(&*journal, "order", outcome).await.expect("allowed");
        }
        let begun = begin(&*journal, &intent("order", "52")).await;
        let state = state.map_or(IntentState::Open, IntentState::Finished);
        let fields = vec!["amount".to_owned()];
        assert_eq!(begun, Begun::Conflict { fields, state });
    }
    begin_new(&*journal, "other", "52").await;
}

pub(super) async fn another_operation_is_refused(journal: SharedJournal) {
    begin_new(&*journal, "order", "25").await;
    let Begun::Conflict { fields, .. } = begin(&*journal, &intent_of("other", "order", "25")).await
    else {
        panic!("the operation differs");
    };
    assert_eq!(fields, ["operation"]);
}

pub(super) async fn what_was_not_taken_is_begun_again_by_one(journal: SharedJournal) {
    begin_new(&*journal, "order", "25").await;
    let seen = kept(&*journal, "order").await;
    note(&*journal, &seen, "{}").await.expect("open");
    finish(&*journal, "order", Outcome::NotTaken)
        .await
        .expect("open");
    let mut tasks = JoinSet::new();
    for _ in 0..16 {
        let journal = journal.clone();
        // Another body is fine: the gateway has seen none.
        tasks.spawn(async move { journal.begin(&intent("order", "52"), at(9)).await });
    }
    let begun = tasks.join_all().await;
    let new = begun
        .iter()
        .filter(|begun| matches!(begun, Ok(Begun::New(round)) if *round == Round::new(2)));
    assert_eq!(new.count(), 1);
    let intent = kept(&*journal, "order").await;
    assert_eq!((intent.round, intent.begun_at), (Round::new(2), at(9)));
    assert_eq!(intent.state, IntentState::Open);
    assert_eq!((intent.finished_at, intent.progress), (None, None));
}

pub(super) async fn an_attempt_follows_only_a_proven_decline(journal: SharedJournal) {
    let too_early = |previous| Begun::TooEarly { previous };
    let second = intent("order#2", "25");
    assert_eq!(begin(&*journal, &second).await, too_early(None));
    begin_new(&*journal, "order", "25").await;
    let open = Some(IntentState::Open);
    assert_eq!(begin(&*journal, &second).await, too_early(open));
    finish(&*journal, "order", Outcome::NotTaken)
        .await
        .expect("open");
    let not_taken = Some(IntentState::Finished(Outcome::NotTaken));
    assert_eq!(begin(&*journal, &second).await, too_early(not_taken));
    begin_new(&*journal, "order", "25").await;
    finish(&*journal, "order", Outcome::Declined)
        .await
        .expect("open");
    assert_eq!(
        begin(&*journal, &intent("order#3", "25")).await,
        too_early(None)
    );
    begin_new(&*journal, "order#2", "25").await;
    assert_eq!(kept(&*journal, "order#2").await.attempt.number().get(), 2);
    finish(&*journal, "order#2", Outcome::Charged)
        .await
        .expect("open");
    let charged = Some(IntentState::Finished(Outcome::Charged));
    assert_eq!(
        begin(&*journal, &intent("order#3", "25")).await,
        too_early(charged)
    );
}

pub(super) async fn no_attempt_follows_one_that_was_paid_after_its_decline(journal: SharedJournal) {
    for order in ["order", "order#2"] {
        begin_new(&*journal, order, "25").await;
        let declined = finish(&*journal, order, Outcome::Declined).await;
        declined.expect("open");
    }
    begin_new(&*journal, "order#3", "25").await;
    let not_taken = finish(&*journal, "order#3", Outcome::NotTaken).await;
    not_taken.expect("open");
    // The first one, not the one directly before.
    let paid = finish(&*journal, "order", Outcome::Charged).await;
    paid.expect("the truth");
    let previous = Some(IntentState::Finished(Outcome::Charged));
    // Neither an attempt that can be begun again nor a new one.
    for order in ["order#3", "order#4"] {
        let begun = begin(&*journal, &intent(order, "25")).await;
        assert!(
            matches!(begun, Begun::TooEarly { .. }),
            "{order}: {begun:?}"
        );
    }
    let third = begin(&*journal, &intent("order#3", "25")).await;
    assert_eq!(third, Begun::TooEarly { previous });
}

pub(super) async fn what_was_sent_is_no_beginning_whatever_became_of_earlier_ones(
    journal: SharedJournal,
) {
    begin_new(&*journal, "order", "25").await;
    let declined = finish(&*journal, "order", Outcome::Declined).await;
    declined.expect("open");
    begin_new(&*journal, "order#2", "25").await;
    let seen = kept(&*journal, "order").await;
    let paid = Progress::new("paid after all").expect("short");
    let reopened = journal.reopen(seen.sighting(), Outcome::Declined, &paid);
    reopened.await.expect("it has ended so");
    // Of what may be under way nobody must say that it was not sent.
    let begun = begin(&*journal, &intent("order#2", "25")).await;
    assert!(matches!(begun, Begun::Resumed(_)), "{begun:?}");
    let begun = begin(&*journal, &intent("order#2", "52")).await;
    assert!(matches!(begun, Begun::Conflict { .. }), "{begun:?}");
}

pub(super) async fn an_outcome_stays(journal: SharedJournal) {
    for first in Outcome::ALL {
        let order = first.as_str();
        begin_new(&*journal, order, "25").await;
        finish(&*journal, order, first).await.expect("open");
        finish(&*journal, order, first).await.expect("known");
        for second in [Outcome::Declined, Outcome::NotTaken] {
            if second != first {
                is_conflict(finish(&*journal, order, second).await);
            }
        }
        assert_eq!(
            kept(&*journal, order).await.state,
            IntentState::Finished(first)
        );
    }
}

pub(super) async fn a_charge_is_never_refused(journal: SharedJournal) {
    for first in [Outcome::Declined, Outcome::NotTaken] {
        let order = first.as_str();
        begin_new(&*journal, order, "25").await;
        finish(&*journal, order, first).await.expect("open");
        finish(&*journal, order, Outcome::Charged)
            .await
            .expect("the truth");
        let state = kept(&*journal, order).await.state;
        assert_eq!(state, IntentState::Finished(Outcome::Charged));
    }
    // Not even when it belongs to an earlier round.
    for is_over in [false, true] {
        let order = if is_over { "over" } else { "open" };
        begin_new(&*journal, order, "25").await;
        let early = kept(&*journal, order).await;
        finish(&*journal, order, Outcome::NotTaken)
            .await
            .expect("open");
        begin_new(&*journal, order, "25").await;
        let charge = |seen: Intent| {
            let journal = journal.clone();
            async move {
                let end = journal.finish(seen.sighting(), Outcome::Charged, None, at(2));
                end.await
            }
        };
        if is_over {
            finish(&*journal, order, Outcome::NotTaken)
                .await
                .expect("open");
            charge(early).await.expect("the truth");
        } else {
            // What is open may have come to more since.
            is_conflict(charge(early).await);
            let now = kept(&*journal, order).await;
            charge(now).await.expect("the truth");
        }
        let state = kept(&*journal, order).await.state;
        assert_eq!(state, IntentState::Finished(Outcome::Charged));
    }
}

pub(super) async fn an_earlier_round_does_not_end_a_later_one(journal: SharedJournal) {
    begin_new(&*journal, "order", "25").await;
    let early = kept(&*journal, "order").await;
    finish(&*journal, "order", Outcome::NotTaken)
        .await
        .expect("open");
    let late = begin_new(&*journal, "order", "25").await;
    assert_eq!(late, early.round.next());
    for outcome in [Outcome::Declined, Outcome::NotTaken] {
        let finished = journal.finish(early.sighting(), outcome, None, at(2));
        is_conflict(finished.await);
    }
    is_conflict(note(&*journal, &early, "old").await);
    assert_eq!(kept(&*journal, "order").await.state, IntentState::Open);
}

pub(super) async fn what_has_ended_is_opened_again(journal: SharedJournal) {
    let progress = Progress::new("paid after all").expect("short");
    for outcome in Outcome::ALL {
        let order = outcome.as_str();
        let round = begin_new(&*journal, order, "25").await;
        finish(&*journal, order, outcome).await.expect("open");
        let attempt = attempt(order);
        let ended = kept(&*journal, order).await;
        let reopened = journal.reopen(ended.sighting(), outcome, &progress);
        reopened.await.expect("it has ended so");
        let row = kept(&*journal, order).await;
        assert_eq!((row.state, row.round), (IntentState::Open, round));
        assert_eq!((row.begun_at, row.finished_at), (at(0), None));
        assert_eq!(row.progress, Some(progress.clone()));
        // Whoever resumes is told of it, nobody begins it or another attempt, and it ends like any other.
        let open = journal.open_intents(at(0), None, 9).await;
        let open = open.expect("they can be listed");
        assert!(open.iter().any(|open| open.attempt == attempt));
        let begun = begin(&*journal, &intent(order, "25")).await;
        assert!(matches!(begun, Begun::Resumed(_)), "{begun:?}");
        let next = begin(&*journal, &intent(&format!("{order}#2"), "25")).await;
        let previous = Some(IntentState::Open);
        assert_eq!(next, Begun::TooEarly { previous });
        finish(&*journal, order, Outcome::Charged)
            .await
            .expect("open");
    }
}

pub(super) async fn only_the_end_that_was_seen_is_opened_again(journal: SharedJournal) {
    let progress = Progress::new("stale").expect("short");
    let reopen = async |round, ended| {
        let attempt = attempt("order");
        let now = journal.intent(&attempt).await.expect("it can be read");
        let seen = Sighting {
            attempt: &attempt,
            round,
            progress: now.as_ref().and_then(|now| now.progress.as_ref()),
        };
        journal.reopen(seen, ended, &progress).await
    };
    let never = reopen(Round::FIRST, Outcome::Declined).await;
    let kind = never.map_err(|error| error.kind());
    assert_eq!(kind, Err(StoreErrorKind::NotFound));
    let first = begin_new(&*journal, "order", "25").await;
    is_conflict(reopen(first, Outcome::NotTaken).await);
    finish(&*journal, "order", Outcome::NotTaken)
        .await
        .expect("open");
    for other in [Outcome::Charged, Outcome::Declined] {
        is_conflict(reopen(first, other).await);
    }
    let second = begin_new(&*journal, "order", "25").await;
    finish(&*journal, "order", Outcome::NotTaken)
        .await
        .expect("open");
    is_conflict(reopen(first, Outcome::NotTaken).await);
    let state = kept(&*journal, "order").await.state;
    assert_eq!(state, IntentState::Finished(Outcome::NotTaken));
    reopen(second, Outcome::NotTaken).await.expect("its end");
    // And once.
    is_conflict(reopen(second, Outcome::NotTaken).await);
}

pub(super) async fn what_a_person_has_ended_since_is_not_opened_again(journal: SharedJournal) {
    let end = async |text| {
        let (seen, progress) = (
            kept(&*journal, "order").await,
            Progress::new(text).expect("short"),
        );
        let end = journal.finish(seen.sighting(), Outcome::Declined, Some(&progress), at(1));
        end.await.expect("open");
        kept(&*journal, "order").await
    };
    let paid = Progress::new("paid").expect("short");
    begin_new(&*journal, "order", "25").await;
    let early = end("declined").await;
    let reopened = journal.reopen(early.sighting(), Outcome::Declined, &paid);
    reopened.await.expect("as seen");
    let resolved = end("given back, says a person").await;
    let late = journal.reopen(early.sighting(), Outcome::Declined, &paid);
    is_conflict(late.await);
    assert_eq!(kept(&*journal, "order").await, resolved);
}

pub(super) async fn progress_is_kept_until_the_end(journal: SharedJournal) {
    begin_new(&*journal, "order", "25").await;
    for text in ["", "{\"step\":1}", "😀 '\"\\ \n"] {
        let seen = kept(&*journal, "order").await;
        note(&*journal, &seen, text).await.expect("as seen");
        let progress = Progress::new(text).expect("short");
        assert_eq!(kept(&*journal, "order").await.progress, Some(progress));
    }
    let seen = kept(&*journal, "order").await;
    finish(&*journal, "order", Outcome::Declined)
        .await
        .expect("open");
    is_conflict(note(&*journal, &seen, "late").await);
    assert!(kept(&*journal, "order").await.progress.is_some());
}

pub(super) async fn a_slow_look_writes_nothing_over_a_newer_one(journal: SharedJournal) {
    for before in [None, Some("sending")] {
        let order = before.unwrap_or("nothing");
        let mut new = intent(order, "25");
        new.progress = before.map(|text| Progress::new(text).expect("short"));
        begin(&*journal, &new).await;
        let seen = kept(&*journal, order).await;
        note(&*journal, &seen, "taken").await.expect("as seen");
        // Whoever began to look before that knows less.
        is_conflict(note(&*journal, &seen, "unknown").await);
        for outcome in Outcome::ALL {
            let finished = journal.finish(seen.sighting(), outcome, None, at(1)).await;
            is_conflict(finished);
        }
        let now = kept(&*journal, order).await;
        assert_eq!(now.state, IntentState::Open);
        assert_eq!(now.progress, Some(Progress::new("taken").expect("short")));
    }
}

pub(super) async fn one_of_16_looks_at_once_is_written(journal: SharedJournal) {
    begin_new(&*journal, "order", "25").await;
    let seen = kept(&*journal, "order").await;
    let mut tasks = JoinSet::new();
    for number in 0..16 {
        let (journal, seen) = (journal.clone(), seen.clone());
        tasks.spawn(async move { note(&*journal, &seen, &number.to_string()).await });
    }
    let noted = tasks.join_all().await;
    assert_eq!(noted.iter().filter(|result| result.is_ok()).count(), 1);
}

pub(super) async fn what_was_sent_elsewhere_is_refused(journal: SharedJournal) {
    let here = intent("order", "25").destination;
    begin_new(&*journal, "order", "25").await;
    assert_eq!(
        kept(&*journal, "order").await.destination.as_ref(),
        Some(&here)
    );
    let other_gateway = destination("https://b.example.com/api", "api-key");
    let other_account = destination(here.environment(), "other-key");
    let elsewhere = Begun::Elsewhere {
        attempt: attempt("order"),
        destination: here.clone(),
    };
    for outcome in [None, Some(Outcome::Declined)] {
        if let Some(outcome) = outcome {
            finish(&*journal, "order", outcome).await.expect("open");
        }
        let next = outcome.map_or("order", |_| "order#2");
        for (destination, same_account, is_refused) in [
            (&other_gateway, false, true),
            (&other_gateway, true, true),
            (&other_account, false, true),
            (&other_account, true, false),
        ] {
            for order in ["order", next] {
                let mut new = intent(order, "25");
                new.destination = destination.clone();
                new.same_account = same_account;
                let begun = begin(&*journal, &new).await;
                assert_eq!(begun == elsewhere, is_refused, "{new:?}: {begun:?}");
            }
        }
    }
}

pub(super) async fn what_was_not_taken_may_be_sent_elsewhere(journal: SharedJournal) {
    begin_new(&*journal, "order", "25").await;
    finish(&*journal, "order", Outcome::NotTaken)
        .await
        .expect("open");
    let mut new = intent("order", "25");
    new.destination = destination("https://b.example.com/api", "other-key");
    assert_eq!(begin(&*journal, &new).await, Begun::New(Round::new(2)));
    let there = kept(&*journal, "order").await.destination;
    assert_eq!(there, Some(new.destination));
}

/// An attempt and the one before it, in a race between the gateway that confirms the one and a customer who tries again.
pub(super) async fn no_attempt_begins_beside_one_that_is_charged(journal: SharedJournal) {
    for number in 0..32 {
        let order = format!("order-{number}");
        begin_new(&*journal, &order, "25").await;
        finish(&*journal, &order, Outcome::Declined)
            .await
            .expect("open");
        let (first, further) = (kept(&*journal, &order).await, format!("{order}#2"));
        let charging = {
            let journal = journal.clone();
            tokio::spawn(async move {
                let charged = journal.finish(first.sighting(), Outcome::Charged, None, at(1));
                charged.await.expect("the truth");
                // Whoever knows of the charge before this finds the further attempt, or it never begins.
                journal
                    .intent(&attempt(&further))
                    .await
                    .expect("readable")
                    .is_some()
            })
        };
        let begun = begin(&*journal, &intent(&format!("{order}#2"), "25")).await;
        let was_there = charging.await.expect("no panic");
        assert!(
            was_there || !matches!(begun, Begun::New(_)),
            "{order}: begun after its first attempt was known to be charged"
        );
    }
}

pub(super) async fn progress_comes_with_the_beginning_and_the_end(journal: SharedJournal) {
    let progress = |text: &str| Some(Progress::new(text).expect("short"));
    let mut new = intent("order", "25");
    new.progress = progress("sending");
    assert_eq!(begin(&*journal, &new).await, Begun::New(Round::FIRST));
    assert_eq!(kept(&*journal, "order").await.progress, progress("sending"));
    let end = |outcome, text: &'static str| {
        let journal = journal.clone();
        async move {
            let text = progress(text);
            let seen = kept(&*journal, "order").await;
            let finished = journal
                .finish(seen.sighting(), outcome, text.as_ref(), at(1))
                .await;
            finished.expect("allowed");
        }
    };
    end(Outcome::NotTaken, "not taken").await;
    assert_eq!(
        kept(&*journal, "order").await.progress,
        progress("not taken")
    );
    // What is known already is not written again, and with it nothing else.
    end(Outcome::NotTaken, "once more").await;
    assert_eq!(
        kept(&*journal, "order").await.progress,
        progress("not taken")
    );
    end(Outcome::Charged, "charged").await;
    assert_eq!(kept(&*journal, "order").await.progress, progress("charged"));
}

pub(super) async fn open_intents_come_oldest_first(journal: SharedJournal) {
    for (order, seconds) in [("a", 3), ("b", 1), ("c", 2), ("d", 1), ("e", 4)] {
        let begun = journal.begin(&intent(order, "25"), at(seconds)).await;
        assert!(matches!(begun, Ok(Begun::New(_))));
    }
    finish(&*journal, "c", Outcome::Charged)
        .await
        .expect("open");
    let open = async |seconds, limit| {
        let intents = journal.open_intents(at(seconds), None, limit).await;
        let intents = intents.expect("they can be listed");
        intents
            .iter()
            .map(|intent| intent.attempt.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(open(3, 9).await, ["b", "d", "a"]);
    assert_eq!(open(9, 2).await, ["b", "d"]);
    assert!(open(0, 9).await.is_empty());
}

pub(super) async fn open_intents_come_page_by_page(journal: SharedJournal) {
    // Attempts of one order lie between others, and many are begun at the same time.
    let orders = ["a", "a b", "a-b", "a2", "b", "c", "B"];
    for order in orders {
        begin_new(&*journal, order, "25").await;
    }
    finish(&*journal, "a", Outcome::Declined)
        .await
        .expect("open");
    begin_new(&*journal, "a#2", "25").await;
    for limit in 1..9 {
        let mut seen = Vec::new();
        let mut last = None;
        loop {
            let page = journal.open_intents(at(0), last.as_ref(), limit).await;
            let page = page.expect("they can be listed");
            assert!(page.len() <= limit);
            seen.extend(page.iter().map(|intent| intent.attempt.to_string()));
            match page.into_iter().next_back() {
                Some(intent) => last = Some(intent),
                None => break,
            }
        }
        assert_eq!(seen, ["B", "a b", "a#2", "a-b", "a2", "b", "c"]);
    }
}

pub(super) async fn ended_intents_come_newest_first(journal: SharedJournal) {
    let outcomes = Outcome::ALL.into_iter().cycle();
    for ((order, seconds), outcome) in [("a", 3), ("b", 1), ("c", 2), ("d", 1)]
        .into_iter()
        .zip(outcomes)
    {
        begin_new(&*journal, order, "25").await;
        let intent = kept(&*journal, order).await;
        let finished = journal.finish(intent.sighting(), outcome, None, at(seconds));
        finished.await.expect("open");
    }
    begin_new(&*journal, "open", "25").await;
    begin_new(&*journal, "again", "25").await;
    finish(&*journal, "again", Outcome::Declined)
        .await
        .expect("open");
    let seen = kept(&*journal, "again").await;
    let progress = Progress::new("paid after all").expect("short");
    let reopened = journal.reopen(seen.sighting(), Outcome::Declined, &progress);
    reopened.await.expect("as seen");
    let ended = async |seconds, limit| {
        let intents = journal.ended_intents(at(seconds), limit).await;
        let intents = intents.expect("they can be listed");
        intents
            .iter()
            .map(|intent| intent.attempt.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(ended(0, 9).await, ["a", "c", "d", "b"]);
    assert_eq!(ended(2, 9).await, ["a", "c"]);
    assert_eq!(ended(0, 1).await, ["a"]);
    assert!(ended(4, 9).await.is_empty());
}

pub(super) async fn what_was_never_begun_is_not_found(journal: SharedJournal) {
    let nobody = attempt("nobody");
    assert_eq!(journal.intent(&nobody).await.expect("readable"), None);
    let sighting = Sighting {
        attempt: &nobody,
        round: Round::FIRST,
        progress: None,
    };
    let finished = journal
        .finish(sighting, Outcome::Charged, None, at(1))
        .await;
    let progress = Progress::new("").expect("short");
    let noted = journal.note(sighting, &progress).await;
    for result in [finished, noted] {
        let kind = result.map_err(|error| error.kind());
        assert_eq!(kind, Err(StoreErrorKind::NotFound));
    }
}

/// Of those that the journal takes `OrderId::parse` refuses some, and a store that reads them back with that hides them: an
/// order that nobody resumes.
pub(super) async fn every_order_is_read_back_as_it_was_begun(journal: SharedJournal) {
    let vouched = |text: &str| {
        let order = OrderId::vouched(text).expect("an id");
        Attempt::first(order).expect("an attempt")
    };
    let counted = vouched("176722560000012345");
    let next = counted.next().expect("there is room for a number");
    let third = next.next().expect("there is room for a number");
    let long = vouched(&"\u{df}".repeat(255));
    let written = vouched("Order 1/\u{e4}\u{1f980} 'x' \"y\" \\ %_ ann@example.com");
    for attempt in [counted, next, third, long, written] {
        let new = intent_at("gateway8", attempt.clone(), "25");
        assert_eq!(begin(&*journal, &new).await, Begun::New(Round::FIRST));
        let Begun::Resumed(resumed) = begin(&*journal, &new).await else {
            panic!("it was begun");
        };
        let read = journal.intent(&attempt).await.expect("it can be read");
        assert_eq!(read.as_ref(), Some(&resumed));
        assert_eq!(resumed.attempt, attempt);
        assert_eq!(resumed.destination.as_ref(), Some(&new.destination));
        let open = journal.open_intents(at(0), None, 9).await;
        let open = open.expect("they can be read");
        assert_eq!(open, std::slice::from_ref(&resumed));
        let progress = Progress::new("{\"text\":\"\u{e4}\u{1f980}' \\\\\"}").expect("short");
        let noted = journal.note(resumed.sighting(), &progress).await;
        noted.expect("it is open");
        let seen = journal.intent(&attempt).await.expect("it can be read");
        let seen = seen.expect("it was begun");
        assert_eq!(seen.progress, Some(progress));
        let finished = journal.finish(seen.sighting(), Outcome::Declined, None, at(1));
        finished.await.expect("it is open");
        let ended = journal.ended_intents(at(1), 9).await;
        let ended = ended.expect("they can be read");
        assert!(ended.iter().any(|intent| intent.attempt == attempt));
        let open = journal.open_intents(at(0), None, 9).await;
        assert_eq!(open.expect("they can be read"), []);
    }
    assert!(
        journal
            .unreadable(9)
            .await
            .expect("they can be read")
            .is_empty()
    );
}
