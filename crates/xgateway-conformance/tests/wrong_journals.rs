//! Journals that each break a duty, and are found out: wrappers that pass everything on, but for their mistake.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use xgateway_conformance::store::JOURNAL_DUTIES;
use xgateway_store::{
    Attempt, Begun, Intent, IntentState, Journal, MemoryJournal, NewIntent, Outcome, Progress,
    Round, Sighting, StoreError, StoreErrorKind,
};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Mistake {
    None,
    /// It looks whether anybody has begun, and answers a moment later.
    BeginsInTwoSteps,
    TakesOtherBodies,
    BeginsBesideEarlierAttempts,
    SendsElsewhere,
    LosesProgress,
    /// An order id that callers are refused, such as a counter's, is refused when it is read, too.
    ReadsAsCallersWrite,
    /// It writes over what was written since somebody looked.
    NotesWhateverWasSeen,
    FinishesWhateverWasSeen,
    ReopensWhateverWasSeen,
    ChangesOutcomes,
    RefusesLateCharges,
    FindsWhatNeverBegan,
    ListsNewestFirst,
    ListsEndsOldestFirst,
}

#[derive(Debug)]
struct Wrong {
    journal: MemoryJournal,
    mistake: Mistake,
}

impl Wrong {
    fn makes(&self, mistake: Mistake) -> bool {
        self.mistake == mistake
    }

    /// What stands in the journal, a moment before it is written over.
    async fn now(&self, attempt: &Attempt) -> Option<Intent> {
        let now = self.journal.intent(attempt).await.unwrap();
        tokio::task::yield_now().await;
        now
    }

    fn can_be_read(&self, intent: &Intent) -> bool {
        let order = intent.attempt.order().as_str();
        let is_counted = order.bytes().all(|byte| byte.is_ascii_digit());
        !(is_counted && self.makes(Mistake::ReadsAsCallersWrite))
    }
}

#[async_trait]
impl Journal for Wrong {
    async fn begin(&self, intent: &NewIntent<'_>, now: Timestamp) -> Result<Begun, StoreError> {
        let known = self.now(&intent.attempt).await;
        if self.makes(Mistake::LosesProgress) {
            let mut without = intent.clone();
            without.progress = None;
            return self.journal.begin(&without, now).await;
        }
        let begun = self.journal.begin(intent, now).await?;
        Ok(match (begun, known) {
            (Begun::Resumed(_), None) if self.makes(Mistake::BeginsInTwoSteps) => {
                Begun::New(Round::FIRST)
            }
            (Begun::Conflict { .. }, Some(known)) if self.makes(Mistake::TakesOtherBodies) => {
                Begun::Resumed(known)
            }
            (Begun::TooEarly { .. }, _) if self.makes(Mistake::BeginsBesideEarlierAttempts) => {
                Begun::New(Round::FIRST)
            }
            (Begun::Elsewhere { .. }, Some(known)) if self.makes(Mistake::SendsElsewhere) => {
                Begun::Resumed(known)
            }
            (begun, _) => begun,
        })
    }

    async fn note(&self, sighting: Sighting<'_>, progress: &Progress) -> Result<(), StoreError> {
        let now = self.now(sighting.attempt).await;
        match &now {
            None if self.makes(Mistake::FindsWhatNeverBegan) => Ok(()),
            Some(now) if self.makes(Mistake::NotesWhateverWasSeen) => {
                // Whoever else writes in this moment is written over as well.
                while let Some(now) = self.now(&now.attempt).await {
                    let noted = self.journal.note(now.sighting(), progress).await;
                    if noted.is_ok() || now.state != IntentState::Open {
                        return noted;
                    }
                }
                Ok(())
            }
            _ => self.journal.note(sighting, progress).await,
        }
    }

    async fn finish(
        &self,
        sighting: Sighting<'_>,
        outcome: Outcome,
        progress: Option<&Progress>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let now = self.now(sighting.attempt).await;
        let has_ended = now
            .as_ref()
            .is_some_and(|now| now.state != IntentState::Open);
        if has_ended && outcome == Outcome::Charged && self.makes(Mistake::RefusesLateCharges) {
            return Err(StoreErrorKind::OutcomeConflict.into());
        }
        let seen = now.as_ref().map(Intent::sighting);
        let seen = seen.filter(|_| self.makes(Mistake::FinishesWhateverWasSeen));
        let seen = seen.unwrap_or(sighting);
        let finished = self.journal.finish(seen, outcome, progress, at).await;
        if has_ended && self.makes(Mistake::ChangesOutcomes) {
            return Ok(());
        }
        finished
    }

    async fn reopen(
        &self,
        sighting: Sighting<'_>,
        ended: Outcome,
        progress: &Progress,
    ) -> Result<(), StoreError> {
        let now = self.now(sighting.attempt).await;
        let seen = now.as_ref().map(Intent::sighting);
        let seen = seen.filter(|_| self.makes(Mistake::ReopensWhateverWasSeen));
        let seen = seen.unwrap_or(sighting);
        self.journal.reopen(seen, ended, progress).await
    }

    async fn intent(&self, attempt: &Attempt) -> Result<Option<Intent>, StoreError> {
        let intent = self.journal.intent(attempt).await?;
        if intent.as_ref().is_some_and(|it| !self.can_be_read(it)) {
            return Err(StoreErrorKind::Corrupt.into());
        }
        Ok(intent)
    }

    async fn open_intents(
        &self,
        begun_until: Timestamp,
        after: Option<&Intent>,
        limit: usize,
    ) -> Result<Vec<Intent>, StoreError> {
        let open = self.journal.open_intents(begun_until, after, limit).await;
        let mut open = open?;
        open.retain(|intent| self.can_be_read(intent));
        if self.makes(Mistake::ListsNewestFirst) {
            open.reverse();
        }
        Ok(open)
    }

    async fn ended_intents(
        &self,
        since: Timestamp,
        limit: usize,
    ) -> Result<Vec<Intent>, StoreError> {
        let mut ended = self.journal.ended_intents(since, limit).await?;
        if self.makes(Mistake::ListsEndsOldestFirst) {
            ended.reverse();
        }
        Ok(ended)
    }

    async fn unreadable(&self, limit: usize) -> Result<Vec<String>, StoreError> {
        self.journal.unreadable(limit).await
    }
}

/// Whether a journal with this mistake breaks a duty.
async fn breaks(mistake: Mistake, name: &str) -> bool {
    let duty = JOURNAL_DUTIES.iter().find(|duty| duty.name() == name);
    let duty = duty.unwrap();
    let journal = MemoryJournal::new();
    let journal = Arc::new(Wrong { journal, mistake });
    // In a task, since a duty panics.
    let checked = tokio::spawn(async move { duty.check(journal).await });
    checked.await.is_err()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_a_mistake_all_is_well() {
    for duty in JOURNAL_DUTIES {
        assert!(!breaks(Mistake::None, duty.name()).await, "{duty:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_mistake_is_found_out() {
    for (mistake, duty) in [
        (Mistake::BeginsInTwoSteps, "one_of_64_tasks_begins"),
        (
            Mistake::TakesOtherBodies,
            "another_body_is_refused_naming_the_fields",
        ),
        (Mistake::TakesOtherBodies, "another_operation_is_refused"),
        (
            Mistake::BeginsBesideEarlierAttempts,
            "an_attempt_follows_only_a_proven_decline",
        ),
        (
            Mistake::BeginsBesideEarlierAttempts,
            "no_attempt_follows_one_that_was_paid_after_its_decline",
        ),
        (
            Mistake::SendsElsewhere,
            "what_was_sent_elsewhere_is_refused",
        ),
        (
            Mistake::LosesProgress,
            "progress_comes_with_the_beginning_and_the_end",
        ),
        (
            Mistake::ReadsAsCallersWrite,
            "every_order_is_read_back_as_it_was_begun",
        ),
        (
            Mistake::NotesWhateverWasSeen,
            "one_of_16_looks_at_once_is_written",
        ),
        (
            Mistake::FinishesWhateverWasSeen,
            "a_slow_look_writes_nothing_over_a_newer_one",
        ),
        (
            Mistake::FinishesWhateverWasSeen,
            "an_earlier_round_does_not_end_a_later_one",
        ),
        (
            Mistake::ReopensWhateverWasSeen,
            "what_a_person_has_ended_since_is_not_opened_again",
        ),
        (
            Mistake::ReopensWhateverWasSeen,
            "only_the_end_that_was_seen_is_opened_again",
        ),
        (Mistake::ChangesOutcomes, "an_outcome_stays"),
        (Mistake::RefusesLateCharges, "a_charge_is_never_refused"),
        (
            Mistake::FindsWhatNeverBegan,
            "what_was_never_begun_is_not_found",
        ),
        (Mistake::ListsNewestFirst, "open_intents_come_oldest_first"),
        (
            Mistake::ListsEndsOldestFirst,
            "ended_intents_come_newest_first",
        ),
    ] {
        let is_found_out = breaks(mistake, duty).await;
        assert!(is_found_out, "{mistake:?} is not found out by {duty}");
    }
}
