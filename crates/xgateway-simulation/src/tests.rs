//! The promises over many histories, and that the simulation would notice if one broke.

use crate::batch;
use crate::canary;
use crate::history::{self, History};
use crate::invariants::Promise;
use crate::merchant::Bug;
use crate::shrink;
use crate::tape::{Choices, Tape};

const HISTORIES: u64 = 20_000;

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn story(history: &History) -> String {
    history.story.join("\n")
}

/// Also a test of the simulation itself: whatever can go wrong did go wrong, at every place, and every end was reached.
#[test]
fn every_promise_holds_in_twenty_thousand_histories() {
    canary::listen();
    let batch = batch::run(0..HISTORIES, None, None, threads(), |_| {});
    if let Some((seed, history)) = batch.broken {
        let broken = history.broken.expect("that is why it was kept");
        let short = shrink::shrink(history.tape, broken.promise, None);
        panic!(
            "seed {seed}: {broken}\n{}\nreplay: cargo xtask simulate --seed {seed}",
            story(&short)
        );
    }
    assert_eq!(batch.histories, HISTORIES);
    let never: Vec<_> = batch
        .coverage
        .rows()
        .into_iter()
        .filter(|(_, _, count)| *count == 0)
        .collect();
    assert!(never.is_empty(), "never happened: {never:?}");
}

/// The tape of nothing is the history in which nothing happens.
#[test]
fn a_silent_tape_is_a_calm_history() {
    canary::listen();
    let history = history::run(Tape::recorded(Choices::default()), None, true);
    assert_eq!(history.broken, None);
    assert_eq!(
        history
            .coverage
            .rows()
            .into_iter()
            .filter(|(_, _, count)| *count > 0)
            .count(),
        0
    );
    assert_eq!(story(&history), "     0.000 s  merchant  starts");
}

#[test]
fn a_seed_gives_one_history() {
    canary::listen();
    for seed in 0..40 {
        let first = history::run(Tape::of_seed(seed), None, true);
        let again = history::run(Tape::of_seed(seed), None, true);
        let recorded = history::run(Tape::recorded(first.tape.clone()), None, true);
        assert!(!first.story.is_empty());
        assert_eq!(story(&first), story(&again), "{seed}");
        assert_eq!(story(&first), story(&recorded), "{seed}");
        assert_eq!(first.tape, recorded.tape, "{seed}");
    }
}

/// Plants a bug, and finds it, shortens it and replays it.
#[track_caller]
fn check(bug: Bug, promise: Promise, lines_max: usize) {
    canary::listen();
    let batch = batch::run(0..HISTORIES, Some(bug), Some(promise), threads(), |_| {});
    let (seed, found) = batch.broken.expect("the bug is found");
    let broken = found.broken.expect("that is why it was kept");
    assert_eq!(broken.promise, promise, "{broken}");

    let replayed = history::run(Tape::of_seed(seed), Some(bug), true);
    assert_eq!(replayed.broken.as_ref(), Some(&broken));
    assert_eq!(replayed.tape, found.tape);

    let short = shrink::shrink(found.tape, promise, Some(bug));
    let lines = short.story.len();
    assert!(
        lines <= lines_max,
        "{lines} of {} lines:\n{}",
        replayed.story.len(),
        story(&short)
    );
    let told = history::run(Tape::recorded(short.tape.clone()), Some(bug), true);
    assert_eq!(
        told.broken.as_ref().map(|broken| broken.promise),
        Some(promise)
    );
    assert_eq!(story(&told), story(&short));

    // Without the bug the same story ends well.
    let sound = history::run(Tape::recorded(short.tape), None, true);
    assert_eq!(sound.broken, None, "{}", story(&sound));
}

#[test]
fn a_retry_without_key_is_found() {
    check(Bug::RetriesWithoutKey, Promise::ChargedOnce, 45);
}

#[test]
fn an_acknowledgement_before_the_commit_is_found() {
    // All receipts draw from one track, so the callbacks before the one that is lost stay in its story.
    check(Bug::AcknowledgesEarly, Promise::EveryDepositCredited, 80);
}

#[test]
fn trust_in_a_callbacks_status_is_found() {
    check(Bug::TrustsStatus, Promise::CreditedOnlyWhatIsConfirmed, 45);
}

#[test]
fn a_credit_outside_the_transaction_is_found() {
    // All that a worker does draws from one track, so the callbacks before the one that is credited twice stay in its story.
    check(Bug::CreditsOutside, Promise::CreditedOnce, 130);
}

#[test]
fn a_ticket_that_nobody_resolves_is_found() {
    check(Bug::ForgetsTickets, Promise::OrdersEnd, 45);
}

#[test]
fn a_snapshot_that_goes_back_is_found() {
    check(Bug::StoresOldSnapshots, Promise::NoRegression, 45);
}

/// An onboarding takes many requests, so its story is longer.
#[test]
fn an_account_that_is_asked_for_again_is_found() {
    check(Bug::AsksAgain, Promise::AskedOnce, 80);
}

#[test]
fn an_account_that_only_a_callback_tells_is_found() {
    check(Bug::TrustsAccount, Promise::AccountsAreTrue, 130);
}

#[test]
fn a_body_in_the_log_is_found() {
    check(Bug::LogsBodies, Promise::NothingSecretKept, 45);
}

#[test]
fn an_effect_that_runs_for_each_repetition_is_found() {
    check(Bug::RunsEffectsTwice, Promise::EffectsOnce, 130);
}

#[test]
fn a_card_that_is_tried_before_the_last_is_declined_is_found() {
    check(Bug::TriesAtOnce, Promise::TriedAfterDecline, 80);
}

#[test]
fn a_callback_that_is_given_up_early_is_found() {
    check(Bug::GivesUpEarly, Promise::NoneGivenUp, 130);
}

#[test]
fn an_address_that_a_restart_forgets_is_found() {
    check(Bug::ForgetsAddresses, Promise::DepositsEnd, 80);
}

#[test]
fn an_onboarding_that_a_restart_forgets_is_found() {
    check(Bug::ForgetsNewcomers, Promise::OnboardingsEnd, 80);
}

#[test]
fn a_worker_that_ends_is_found() {
    check(Bug::StopsWorkers, Promise::WorkersLast, 130);
}

#[test]
fn what_never_rests_is_found() {
    check(Bug::AsksForEver, Promise::Ends, 45);
}

#[test]
fn a_panic_is_found() {
    check(Bug::UnwrapsAnswers, Promise::NoPanic, 45);
}
