//! Asking the gateway about an attempt, and writing down what it said.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tracing::{debug, warn};
use xgateway_client::Error;
use xgateway_store::{
    Attempt, Intent, IntentState, Outcome, Progress as Kept, Round, StoreError, StoreErrorKind,
};

use super::verdict::{self, Entry};
use super::{JournalledCards, JournalledError, Standing, is_card_deposit};
use crate::card::{CallbackHint, CardDepositFlow, Contradiction, Progress, State};

/// How often a look is taken anew because somebody else wrote meanwhile.
const LOOKS_MAX: usize = 4;

/// How long the gateway may say that it has nothing of an order that it has taken, before a person must look. It documents
/// no delay; longer than a night, so that an outage is over by then.
const GONE: Duration = Duration::from_hours(24);

/// What was seen of an attempt, and what the journal knew before.
pub(super) struct Seen {
    pub(super) attempt: Attempt,
    round: Round,
    known: IntentState,
    kept: Option<Kept>,
    flow: CardDepositFlow,
    progress: Progress,
}

impl Seen {
    /// What was seen of an attempt that was just begun.
    pub(super) fn new(
        attempt: Attempt,
        round: Round,
        flow: CardDepositFlow,
        progress: Progress,
    ) -> Self {
        Self {
            attempt,
            round,
            known: IntentState::Open,
            kept: None,
            flow,
            progress,
        }
    }

    /// How the attempt stands, the journal's knowledge and the gateway's word together.
    fn state(&self) -> IntentState {
        match (self.known, verdict::proven(self.flow.state())) {
            (IntentState::Finished(Outcome::Charged), _) | (_, Some(Outcome::Charged)) => {
                IntentState::Finished(Outcome::Charged)
            }
            (IntentState::Open, Some(outcome)) => IntentState::Finished(outcome),
            (known, _) => known,
        }
    }

    fn is_charged(&self) -> bool {
        self.state() == IntentState::Finished(Outcome::Charged)
    }

    /// Whether the gateway says that there is nothing, of what it has confirmed.
    fn is_gone(&self) -> bool {
        matches!(&self.progress, Progress::InProgress(state)
            if state.error().is_some_and(Error::is_not_found))
    }

    fn standing(self) -> Standing {
        Standing {
            attempt: self.attempt,
            order: self.flow.order().clone(),
            progress: self.progress,
        }
    }
}

impl JournalledCards {
    /// Asks the gateway about an attempt and writes down what it said.
    pub(super) async fn follow(
        &self,
        attempt: &Attempt,
        hint: Option<&CallbackHint>,
        now: Timestamp,
    ) -> Result<Standing, JournalledError> {
        let mut looks = 1;
        loop {
            let intent = self.intent(attempt).await?;
            let intent = intent.ok_or_else(|| JournalledError::NeverBegun {
                attempt: attempt.clone(),
            })?;
            let seen = self.see(intent, hint, now).await?;
            match self.write(seen, true, now).await {
                // Somebody else has looked, too, and knows more than this look was taken with.
                Err(JournalledError::NotKept { source, .. })
                    if is_outpaced(&source) && looks < LOOKS_MAX =>
                {
                    looks += 1;
                }
                result => return result,
            }
        }
    }

    /// The earlier attempt that was paid after it had been declined, if there is one.
    pub(super) async fn paid_after_all(
        &self,
        next: &Attempt,
        now: Timestamp,
    ) -> Result<Option<Standing>, JournalledError> {
        for attempt in next.earlier() {
            if let Some(intent) = self.intent(&attempt).await? {
                let seen = self.see(intent, None, now).await?;
                if seen.is_charged() {
                    return self.write(seen, true, now).await.map(Some);
                }
            }
        }
        Ok(None)
    }

    pub(super) async fn intent(
        &self,
        attempt: &Attempt,
    ) -> Result<Option<Intent>, JournalledError> {
        let intent = self.journal.intent(attempt).await;
        intent.map_err(JournalledError::Journal)
    }

    /// Asks the gateway about an attempt.
    async fn see(
        &self,
        intent: Intent,
        hint: Option<&CallbackHint>,
        now: Timestamp,
    ) -> Result<Seen, JournalledError> {
        let none = |source| JournalledError::NoCardDeposit {
            attempt: intent.attempt.clone(),
            source,
        };
        let kept = intent
            .progress
            .as_ref()
            .filter(|_| is_card_deposit(&intent));
        let snapshot = kept.ok_or_else(|| none(None))?;
        let mut flow = CardDepositFlow::resume(self.client.clone(), snapshot.as_str())
            .map_err(|error| none(Some(error)))?;
        let may_be_given_up = intent.state != IntentState::Finished(Outcome::Charged)
            && matches!(flow.state(), State::Unknown { .. })
            && is_older_than(self.grace, intent.begun_at, now);
        let progress = match hint {
            Some(hint) => flow.callback_hint(hint).await,
            None if may_be_given_up => flow.grace_elapsed().await,
            None => flow.read().await,
        };
        let mut seen = Seen {
            attempt: intent.attempt,
            round: intent.round,
            known: intent.state,
            kept: intent.progress,
            flow,
            progress,
        };
        // Neither proves that nothing was charged. The attempt stays as it is, and is looked at again.
        if seen.is_gone() && seen.is_charged() {
            seen.progress = Progress::Contradiction(Contradiction::Reversed);
        } else if seen.is_gone() && is_older_than(GONE, intent.begun_at, now) {
            seen.progress = Progress::Contradiction(Contradiction::Gone);
        }
        Ok(seen)
    }

    /// Writes down what was seen, and says how the attempt stands. If `others_matter`, the other attempts at the order
    /// are looked up: money must not move twice for one order.
    pub(super) async fn write(
        &self,
        seen: Seen,
        others_matter: bool,
        now: Timestamp,
    ) -> Result<Standing, JournalledError> {
        match self.keep(&seen, now).await {
            Ok(()) => {}
            Err(source) => {
                let standing = Box::new(seen.standing());
                return Err(JournalledError::NotKept { standing, source });
            }
        }
        if !others_matter {
            return Ok(seen.standing());
        }
        let mut states = vec![seen.state()];
        let mut charged = Vec::new();
        for intent in self.others(&seen.attempt).await? {
            // What was declined may have been paid since, which matters most when this one was paid.
            let is_declined = intent.state == IntentState::Finished(Outcome::Declined);
            if !(is_declined && seen.is_charged()) {
                states.push(intent.state);
                continue;
            }
            let other = self.see(intent, None, now).await?;
            states.push(other.state());
            if other.is_charged() {
                charged.push(other);
            }
        }
        if !verdict::may_charge_twice(states) {
            return Ok(seen.standing());
        }
        warn!(order = %seen.attempt.order(), "a person must look: an order may be charged twice");
        // Nobody will be asked to credit these, so they end here; and nobody must overlook them.
        let mut seen = seen;
        if seen.is_charged() {
            self.end_as_charged(&seen, now).await?;
        }
        for other in charged {
            self.end_as_charged(&other, now).await?;
        }
        seen.progress = Progress::Contradiction(Contradiction::OtherAttempt);
        Ok(seen.standing())
    }

    async fn keep(&self, seen: &Seen, now: Timestamp) -> Result<(), StoreError> {
        let progress = kept(&seen.flow.snapshot())?;
        let (attempt, round) = (&seen.attempt, seen.round);
        match verdict::entry(seen.known, seen.flow.state()) {
            Entry::Nothing => Ok(()),
            Entry::Note if seen.kept.as_ref() == Some(&progress) => Ok(()),
            Entry::Note => self.journal.note(attempt, round, &progress).await,
            Entry::End(outcome) => {
                debug!(%attempt, %outcome, "card deposit ended");
                let progress = Some(&progress);
                let journal = &self.journal;
                journal.finish(attempt, round, outcome, progress, now).await
            }
        }
    }

    async fn end_as_charged(&self, seen: &Seen, now: Timestamp) -> Result<(), JournalledError> {
        self.charged(&seen.attempt, seen.round, &seen.flow.snapshot(), now)
            .await
    }

    /// Writes down that an attempt was charged.
    pub(super) async fn charged(
        &self,
        attempt: &Attempt,
        round: Round,
        snapshot: &str,
        now: Timestamp,
    ) -> Result<(), JournalledError> {
        let progress = kept(snapshot).map_err(JournalledError::Journal)?;
        let (outcome, progress) = (Outcome::Charged, Some(&progress));
        let end = self.journal.finish(attempt, round, outcome, progress, now);
        end.await.map_err(JournalledError::Journal)
    }

    /// What the journal knows of the other attempts at an order.
    async fn others(&self, attempt: &Attempt) -> Result<Vec<Intent>, JournalledError> {
        let mut others = Vec::new();
        for other in attempt.earlier() {
            others.extend(self.intent(&other).await?);
        }
        let mut later = attempt.next();
        while let Ok(other) = later {
            let Some(intent) = self.intent(&other).await? else {
                break;
            };
            others.push(intent);
            later = other.next();
        }
        Ok(others)
    }
}

fn is_older_than(age: Duration, begun_at: Timestamp, now: Timestamp) -> bool {
    SignedDuration::try_from(age)
        .ok()
        .and_then(|age| begun_at.checked_add(age).ok())
        .is_some_and(|over| over <= now)
}

/// A snapshot as the journal keeps it. Too long it is only with a customer id that no policy of ours admits.
pub(super) fn kept(snapshot: &str) -> Result<Kept, StoreError> {
    Kept::new(snapshot)
        .map_err(|error| StoreError::with_cause(StoreErrorKind::Configuration, error.to_string()))
}

fn is_outpaced(error: &StoreError) -> bool {
    error.kind() == StoreErrorKind::OutcomeConflict
}
