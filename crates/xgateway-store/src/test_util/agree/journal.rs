//! Histories of a journal.

use proptest::collection::vec;
use proptest::prelude::{Strategy, prop_oneof};
use proptest::sample::select;

use super::super::values::{at, attempt, intent};
use crate::error::StoreError;
use crate::journal::{
    Attempt, Intent, IntentState, Journal as _, Outcome, Progress, Round, SharedJournal, Sighting,
};
use crate::memory::MemoryJournal;

/// Steps that callers take, one after the other.
#[derive(Clone, Debug)]
pub struct JournalHistory(Vec<Step>);

#[derive(Clone, Debug)]
struct Step {
    order: &'static str,
    seconds: i64,
    doing: Doing,
}

#[derive(Clone, Debug)]
enum Doing {
    Begin { amount: &'static str },
    Note { sight: Sight },
    Finish { sight: Sight, outcome: Outcome },
    Reopen { sight: Sight, ended: Outcome },
}

/// What was seen before: the round, and whether nobody has noted anything since.
#[derive(Clone, Copy, Debug)]
struct Sight {
    round: u32,
    is_fresh: bool,
}

const ORDERS: [&str; 4] = ["a", "a#2", "a#3", "b"];

impl JournalHistory {
    pub(super) fn any() -> impl Strategy<Value = Self> {
        let begin = select(&["25", "52"][..]).prop_map(|amount| Doing::Begin { amount });
        let sight = || {
            let parts = (1..4_u32, proptest::bool::weighted(0.8));
            parts.prop_map(|(round, is_fresh)| Sight { round, is_fresh })
        };
        let finish = (sight(), select(&Outcome::ALL[..]))
            .prop_map(|(sight, outcome)| Doing::Finish { sight, outcome });
        let reopen = (sight(), select(&Outcome::ALL[..]))
            .prop_map(|(sight, ended)| Doing::Reopen { sight, ended });
        let doing = prop_oneof![
            3 => begin,
            1 => sight().prop_map(|sight| Doing::Note { sight }),
            2 => finish,
            1 => reopen,
        ];
        let step =
            (select(&ORDERS[..]), 0..5_i64, doing).prop_map(|(order, seconds, doing)| Step {
                order,
                seconds,
                doing,
            });
        vec(step, 0..60).prop_map(Self)
    }

    /// Takes the steps in this journal, which must be empty, and in one in memory.
    ///
    /// # Panics
    ///
    /// If they differ, or if an attempt that was charged is no longer, and nobody has opened it again.
    pub async fn check(self, journal: SharedJournal) {
        let model = MemoryJournal::new();
        let mut now = 0;
        for step in self.0 {
            now += step.seconds;
            let attempt = attempt(step.order);
            let before = model.intent(&attempt).await.expect("memory");
            let is_reopening = matches!(step.doing, Doing::Reopen { .. });
            match step.doing {
                Doing::Begin { amount } => {
                    let new = intent(step.order, amount);
                    let want = model.begin(&new, at(now)).await.expect("memory");
                    let got = journal.begin(&new, at(now)).await.expect("it is written");
                    assert_eq!(want, got);
                }
                Doing::Note { sight } => {
                    let (seen, progress) = (sight.of(before.as_ref()), note(now));
                    let sighting = sight.sighting(&attempt, seen.as_ref());
                    let want = model.note(sighting, &progress).await;
                    let got = journal.note(sighting, &progress).await;
                    assert_eq!(kinds(&want), kinds(&got));
                }
                Doing::Finish { sight, outcome } => {
                    let seen = sight.of(before.as_ref());
                    let sighting = sight.sighting(&attempt, seen.as_ref());
                    let want = model.finish(sighting, outcome, None, at(now)).await;
                    let got = journal.finish(sighting, outcome, None, at(now)).await;
                    assert_eq!(kinds(&want), kinds(&got));
                }
                Doing::Reopen { sight, ended } => {
                    let (seen, progress) = (sight.of(before.as_ref()), note(now));
                    let sighting = sight.sighting(&attempt, seen.as_ref());
                    let want = model.reopen(sighting, ended, &progress).await;
                    let got = journal.reopen(sighting, ended, &progress).await;
                    assert_eq!(kinds(&want), kinds(&got));
                }
            }
            for order in ORDERS {
                let attempt = super::super::values::attempt(order);
                let want = model.intent(&attempt).await.expect("memory");
                let got = journal.intent(&attempt).await.expect("it can be read");
                assert_eq!(want, got);
            }
            let want = model
                .open_intents(at(now - 3), None, 9)
                .await
                .expect("memory");
            let got = journal.open_intents(at(now - 3), None, 9).await;
            assert_eq!(want, got.expect("they can be listed"));
            if !is_reopening && before.is_some_and(|before| is_charged(&before)) {
                let after = journal.intent(&attempt).await.expect("it can be read");
                assert!(after.is_some_and(|after| is_charged(&after)));
            }
        }
    }
}

impl Sight {
    /// The progress that was seen, given what there is now.
    fn of(self, now: Option<&Intent>) -> Option<Progress> {
        match now {
            Some(now) if self.is_fresh => now.progress.clone(),
            Some(_) | None => Some(note(-1)),
        }
    }

    fn sighting<'a>(self, attempt: &'a Attempt, progress: Option<&'a Progress>) -> Sighting<'a> {
        Sighting {
            attempt,
            round: Round::new(self.round),
            progress,
        }
    }
}

fn note(now: i64) -> Progress {
    Progress::new(format!("at {now}")).expect("short")
}

fn is_charged(intent: &Intent) -> bool {
    intent.state == IntentState::Finished(Outcome::Charged)
}

fn kinds(result: &Result<(), StoreError>) -> Option<crate::StoreErrorKind> {
    result.as_ref().err().map(StoreError::kind)
}
