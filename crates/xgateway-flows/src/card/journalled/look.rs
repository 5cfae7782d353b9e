//! Asking the gateway about an attempt, and writing down what it said.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tracing::debug;
use xgateway_api::operations::CREATE_CARD_DEPOSIT;
use xgateway_api::path::is_sure_segment;
use xgateway_client::{Deadline, Error};
use xgateway_core::id::TransactionId;
use xgateway_store::{
    Attempt, Intent, IntentState, Outcome, Progress as Kept, Round, Sighting, StoreError,
    StoreErrorKind,
};

use super::verdict::{self, Entry};
use super::{JournalledCards, JournalledError, Standing, is_card_deposit};
use crate::card::machine::Turn;
use crate::card::{
    CallbackHint, CardDepositFlow, Contradiction, Machine, Progress, Resolution, Resolved,
    SettledTransaction, State,
};

/// How often a look is taken anew because somebody else wrote meanwhile.
pub(super) const LOOKS_MAX: usize = 4;

/// How long the gateway may say that it has nothing of an order that it has taken, before a person must look. It documents
/// no delay; longer than a night, so that an outage is over by then.
const GONE: Duration = Duration::from_hours(24);

/// What was seen of an attempt, and what the journal knew before.
pub(super) struct Seen {
    pub(super) attempt: Attempt,
    pub(super) round: Round,
    pub(super) known: IntentState,
    kept: Option<Kept>,
    pub(super) flow: CardDepositFlow,
    pub(super) progress: Progress,
    /// Why the gateway was not heard, where the progress does not say so.
    unread: Option<Error>,
    /// What a person has ended it with, if the gateway has said nothing new since.
    pub(super) resolution: Option<Resolution>,
    /// Whether it is what the sender itself was answered: nobody knows better how that went.
    is_answer: bool,
}

impl Seen {
    /// What was seen of an attempt that was just begun.
    pub(super) fn new(
        attempt: Attempt,
        round: Round,
        kept: Option<Kept>,
        flow: CardDepositFlow,
        progress: Progress,
    ) -> Self {
        Self {
            attempt,
            round,
            known: IntentState::Open,
            kept,
            flow,
            progress,
            unread: None,
            resolution: None,
            is_answer: true,
        }
    }

    /// What the look was taken with.
    pub(super) fn sighting(&self) -> Sighting<'_> {
        Sighting::new(&self.attempt, self.round, self.kept.as_ref())
    }

    /// How the attempt stands, the journal's knowledge and the gateway's word together.
    pub(super) fn state(&self) -> IntentState {
        if self.resolution.is_some() {
            return self.known;
        }
        match (self.known, verdict::proven(self.flow.machine().state())) {
            (IntentState::Finished(Outcome::Charged), _) | (_, Some(Outcome::Charged)) => {
                IntentState::Finished(Outcome::Charged)
            }
            (IntentState::Open, Some(outcome)) => IntentState::Finished(outcome),
            (known, _) => known,
        }
    }

    pub(super) fn is_charged(&self) -> bool {
        self.state() == IntentState::Finished(Outcome::Charged)
    }

    /// What is to be written into the journal.
    fn entry(&self) -> Entry {
        if self.resolution.is_some() {
            return Entry::Nothing;
        }
        let is_heard = self.unread().is_none();
        verdict::entry(self.known, self.flow.machine().into(), is_heard)
    }

    /// Whether nothing was sent, since the gateway did not say whether it has the order already.
    pub(super) fn was_asked_in_vain(&self) -> bool {
        matches!(&self.progress, Progress::NotCharged { error: Some(error) }
            if error.operation().name != CREATE_CARD_DEPOSIT.name)
    }

    /// Whether the attempt is open in the journal once that is written: somebody has still to act on it.
    pub(super) fn is_left_open(&self) -> bool {
        match self.entry() {
            Entry::Nothing => self.known == IntentState::Open,
            Entry::Note | Entry::Reopen(_) => true,
            Entry::End(_) => false,
        }
    }

    /// Why the gateway was not heard, if it was not. That it has nothing is an answer.
    pub(super) fn unread(&self) -> Option<&Error> {
        let error = self.progress.unread().or(self.unread.as_ref());
        error.filter(|error| !error.is_not_found())
    }

    /// The same, to be handed on.
    pub(super) fn into_unread(self) -> Option<Error> {
        let error = self.progress.into_unread().or(self.unread);
        error.filter(|error| !error.is_not_found())
    }

    /// That nothing more is done without the gateway's word.
    pub(super) fn not_heard(self) -> JournalledError {
        JournalledError::NotHeard {
            source: self.progress.into_unread().or(self.unread),
            attempt: self.attempt,
        }
    }

    /// Whether the gateway says that there is nothing, of what it has declined itself: it repeats no decline with that.
    pub(super) fn is_forgotten(&self) -> bool {
        let error = self.progress.unread().or(self.unread.as_ref());
        self.resolution.is_none() && error.is_some_and(Error::is_not_found)
    }

    /// Whether the gateway says that there is nothing, of what it has confirmed.
    fn is_gone(&self) -> bool {
        matches!(&self.progress, Progress::InProgress(state)
            if state.unread().is_some_and(Error::is_not_found))
    }

    /// Whether the gateway says that there is nothing, of what may have got lost, and that proves nothing: see
    /// [`is_sure_segment`].
    fn is_beyond_proof(&self) -> bool {
        let is_sure = is_sure_segment(self.flow.machine().order().order_id().as_str());
        !is_sure
            && matches!(&self.progress, Progress::Unknown { ticket }
                if ticket.error().is_some_and(Error::is_not_found))
    }

    /// Whether the gateway was heard, and shows no payment of an invoice that it calls paid.
    fn is_unshown(&self) -> bool {
        matches!(&self.progress, Progress::InProgress(state)
            if state.is_completed && state.unread().is_none())
    }

    /// Whether it was not sent once more since its order id has a form of which "there is nothing" proves nothing.
    pub(super) fn is_not_to_be_asked_about(&self) -> bool {
        let is_sure = is_sure_segment(self.flow.machine().order().order_id().as_str());
        !is_sure
            && matches!(&self.progress, Progress::NotCharged { error: Some(error) }
                if error.is_not_found())
    }

    /// Whether it is open and cannot be read, which waiting does not change.
    fn is_unreadable(&self) -> bool {
        let error = self.progress.unread();
        self.known == IntentState::Open
            && error.is_some_and(|error| !error.is_not_found() && !is_outage(error))
    }

    pub(super) fn standing(self) -> Standing {
        Standing {
            attempt: self.attempt,
            order: self.flow.machine().order().clone(),
            progress: self.progress,
        }
    }
}

impl JournalledCards {
    /// Writes down that the customer was credited with what the attempt is open for, and leaves it open.
    pub(super) async fn note_credit(
        &self,
        settled: &SettledTransaction,
        intent: &Intent,
        known: &Machine,
    ) -> Result<(), JournalledError> {
        let is_known = known.is_credited()
            || !matches!(known.state(), State::Deposited { transaction_id }
                if transaction_id == settled.transaction_id());
        if is_known {
            return Ok(());
        }
        let progress = kept(&known.clone().credited(true).to_json());
        let progress = progress.map_err(JournalledError::Journal)?;
        let noted = self.journal.note(intent.sighting(), &progress).await;
        noted.map_err(JournalledError::Journal)
    }

    /// Asks the gateway about an attempt and writes down what it said.
    pub(super) async fn look_at(
        &self,
        attempt: &Attempt,
        hint: Option<&CallbackHint>,
        now: Timestamp,
    ) -> Result<Seen, JournalledError> {
        let mut looks = 1;
        loop {
            let intent = self.begun_intent(attempt).await?;
            let seen = self.see(intent, hint, now).await?;
            match self.keep(seen, now).await {
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

    /// The intent of an attempt that must have been begun.
    pub(super) async fn begun_intent(&self, attempt: &Attempt) -> Result<Intent, JournalledError> {
        let intent = self.intent(attempt).await?;
        intent.ok_or_else(|| JournalledError::NeverBegun {
            attempt: attempt.clone(),
        })
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
        let mut flow = self.recall(&intent)?;
        let may_be_given_up = intent.state != IntentState::Finished(Outcome::Charged)
            && matches!(flow.machine().state(), State::Unknown { .. })
            && self.is_known_to_be_from_here(&intent)
            && is_older_than(self.grace(), intent.begun_at, now);
        let before = flow.machine().clone();
        let progress = match hint {
            Some(hint) => flow.callback_hint(hint).await,
            None if may_be_given_up => flow.grace_elapsed().await,
            None => flow.look().await,
        };
        let unread = flow.take_unread();
        if !self.is_known_to_be_from_here(&intent)
            && intent.state != IntentState::Finished(Outcome::NotTaken)
            && knows_nothing(&progress, unread.as_ref())
        {
            let attempt = intent.attempt;
            return Err(JournalledError::UnknownDestination { attempt });
        }
        let mut seen = Seen {
            attempt: intent.attempt,
            round: intent.round,
            known: intent.state,
            kept: intent.progress,
            unread,
            resolution: still_true(intent.state, &before, flow.machine()),
            flow,
            progress,
            is_answer: false,
        };
        if let Some(resolution) = &seen.resolution {
            if !seen.unread().is_some_and(is_outage) {
                seen.progress = Progress::Resolved(resolution.clone());
            }
            return Ok(seen);
        }
        // Neither proves that nothing was charged. The attempt stays as it is, and is looked at again.
        if seen.is_gone() && seen.is_charged() {
            seen.progress = Progress::Contradiction(Contradiction::Reversed);
        } else if seen.is_gone() && is_older_than(GONE, intent.begun_at, now) {
            seen.progress = Progress::Contradiction(Contradiction::Gone);
        } else if seen.is_beyond_proof() && is_older_than(GONE, intent.begun_at, now) {
            seen.progress = Progress::Contradiction(Contradiction::NoProof);
        } else if seen.is_unshown() && is_older_than(GONE, intent.begun_at, now) {
            seen.progress = Progress::Contradiction(Contradiction::Unshown);
        } else if seen.is_unreadable() && is_older_than(GONE, intent.begun_at, now) {
            // Why stays known: what was not read ends nothing by itself.
            let progress = Progress::Contradiction(Contradiction::Unreadable);
            seen.unread = std::mem::replace(&mut seen.progress, progress).into_unread();
        }
        Ok(seen)
    }

    /// The flow of an attempt, as the journal knows it. What was sent elsewhere is refused, before anybody is asked.
    pub(super) fn recall(&self, intent: &Intent) -> Result<CardDepositFlow, JournalledError> {
        self.must_be_from_here(intent)?;
        let none = |source| JournalledError::NoCardDeposit {
            attempt: intent.attempt.clone(),
            source,
        };
        let kept = intent.progress.as_ref().filter(|_| is_card_deposit(intent));
        let snapshot = kept.ok_or_else(|| none(None))?;
        let flow = CardDepositFlow::resume(self.client.clone(), snapshot.as_str());
        // Each look judges the grace by its own clock and settings.
        flow.map(|flow| flow.journalled().within_grace())
            .map_err(|error| none(Some(error)))
    }

    /// For how long after its beginning a request may still arrive: never less than its sender may take.
    fn grace(&self) -> Duration {
        self.grace.max(self.call_limit())
    }

    /// When a request is given up by its sender whose call has just begun: its time is that of the intent.
    pub(super) fn sent_until(&self) -> Deadline {
        self.client.deadline(self.call_limit())
    }

    /// How long after its beginning a request is given up by its sender.
    fn call_limit(&self) -> Duration {
        self.call_time
            .max(self.client.timeout(&CREATE_CARD_DEPOSIT))
    }

    /// Writes down what the sender was answered. If somebody has looked meanwhile, and knows more, the gateway is asked once
    /// more.
    pub(super) async fn keep_answer(
        &self,
        seen: Seen,
        now: Timestamp,
    ) -> Result<Seen, JournalledError> {
        let (attempt, is_over) = (
            seen.attempt.clone(),
            verdict::proven(seen.flow.machine().state()).is_some(),
        );
        match self.keep(seen, now).await {
            Err(JournalledError::NotKept { source, .. }) if is_over && is_outpaced(&source) => {
                let seen = self.look_at(&attempt, None, now).await;
                seen.map_err(|error| error.after_sending(attempt))
            }
            kept => kept,
        }
    }

    /// Writes down what was seen.
    pub(super) async fn keep(
        &self,
        mut seen: Seen,
        now: Timestamp,
    ) -> Result<Seen, JournalledError> {
        match self.write(&seen, now).await {
            Ok(progress) => {
                if seen.entry() != Entry::Nothing {
                    seen.kept = Some(progress);
                }
                Ok(seen)
            }
            Err(source) => Err(JournalledError::NotKept {
                standing: Box::new(seen.standing()),
                source,
            }),
        }
    }

    /// Returns what is kept of it from now on.
    async fn write(&self, seen: &Seen, now: Timestamp) -> Result<Kept, StoreError> {
        let progress = kept(&seen.flow.snapshot())?;
        let written = match self.write_over(seen.sighting(), seen, &progress, now).await {
            Err(error) if is_outpaced(&error) && seen.is_answer => {
                // Somebody has looked while the answer was on its way, and the answer is news to them.
                let intent = self.journal.intent(&seen.attempt).await?;
                let is_open = |it: &Intent| it.state == IntentState::Open && it.round == seen.round;
                match intent.filter(is_open) {
                    Some(intent) if is_unheard(&intent) => {
                        self.write_over(intent.sighting(), seen, &progress, now)
                            .await
                    }
                    // They have seen the order at the gateway, and know more than that it was taken.
                    Some(_) if verdict::proven(seen.flow.machine().state()).is_none() => Ok(()),
                    Some(_) | None => Err(error),
                }
            }
            result => result,
        };
        written.map(|()| progress)
    }

    /// Writes what was seen over what it was seen with.
    async fn write_over(
        &self,
        sighting: Sighting<'_>,
        seen: &Seen,
        progress: &Kept,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let attempt = sighting.attempt;
        match seen.entry() {
            Entry::Nothing => Ok(()),
            Entry::Note if sighting.progress == Some(progress) => Ok(()),
            Entry::Note => self.journal.note(sighting, progress).await,
            Entry::End(outcome) => {
                debug!(%attempt, %outcome, "card deposit ended");
                let end = self.journal.finish(sighting, outcome, Some(progress), now);
                end.await
            }
            Entry::Reopen(ended) => {
                debug!(%attempt, %ended, "card deposit has not ended so");
                self.journal.reopen(sighting, ended, progress).await
            }
        }
    }
}

/// What a person has ended an attempt with, if the gateway has said nothing since that the person did not know.
fn still_true(known: IntentState, before: &Machine, now: &Machine) -> Option<Resolution> {
    let resolution = now.resolution()?;
    let ended = match resolution.outcome() {
        Resolved::Charged => Outcome::Charged,
        Resolved::NotCharged => Outcome::Declined,
    };
    let is_true = known == IntentState::Finished(ended)
        && !verdict::is_news(ended, before.into(), now.into());
    is_true.then(|| resolution.clone())
}

/// Whether the gateway says that it has nothing of an order.
fn knows_nothing(progress: &Progress, unread: Option<&Error>) -> bool {
    let error = progress.unread().or(unread);
    matches!(progress, Progress::NotCharged { .. }) || error.is_some_and(Error::is_not_found)
}

/// Whether nobody can be asked just now, rather than not about this order.
pub(super) fn is_outage(error: &Error) -> bool {
    let is_about_the_order = matches!(
        error,
        Error::Validation(_) | Error::Refused(_) | Error::Undecodable(_)
    );
    !is_about_the_order
}

/// Whether nobody has yet heard of it from the gateway.
fn is_unheard(intent: &Intent) -> bool {
    machine(intent)
        .is_some_and(|machine| matches!(machine.state(), State::Sending | State::Unknown { .. }))
}

/// Whether it is open because of more than that this transaction has paid for it.
pub(super) fn is_about_more_than(paid: &TransactionId, intent: &Intent, known: &Machine) -> bool {
    let is_more = match known.state() {
        State::Contradiction(_) => true,
        State::Deposited { transaction_id } => transaction_id != paid || known.turn() != Turn::Paid,
        State::Sending
        | State::Unknown { .. }
        | State::InProgress
        | State::Failed { .. }
        | State::Refused
        | State::NotCharged => false,
    };
    is_more && intent.state == IntentState::Open
}

fn machine(intent: &Intent) -> Option<Machine> {
    let kept = intent.progress.as_ref()?;
    Machine::from_json(kept.as_str()).ok()
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

pub(super) fn is_outpaced(error: &StoreError) -> bool {
    error.kind() == StoreErrorKind::OutcomeConflict
}
