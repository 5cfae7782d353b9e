//! Closing what only a person can judge.

use jiff::Timestamp;
use tracing::warn;
use xgateway_store::{Attempt, IntentState, Outcome};

use super::look::{Seen, is_outage, kept};
use super::others::About;
use super::{JournalledCards, JournalledError};
use crate::card::machine::Turn;
use crate::card::{Contradiction, Progress, Resolution, Resolved, State};

impl JournalledCards {
    /// Ends an open attempt whose standing is a [contradiction](Progress::Contradiction), by the word of a person who has
    /// compared the gateway with the books: no look ends it, and every resume tells it again.
    ///
    /// The gateway is asked once more first, and must be heard, unless it is just that the
    /// [order cannot be read](Contradiction::Unreadable). What it proves is never overruled: if the attempt
    /// contradicts itself no more, nothing is written. From then on its standing is [`Progress::Resolved`], whatever the
    /// gateway repeats. An attempt that is resolved as not charged counts as declined, so that the order may be tried again;
    /// should the gateway prove a charge that the person did not know of, it is open again, and to be credited.
    ///
    /// Of two attempts that were both paid, resolve the one whose payment was given back as not charged. The other is then
    /// handed out, to be credited; or it is resolved, too, if the customer has got what was paid. One attempt that was
    /// [paid twice](Contradiction::SecondTransaction) is resolved as charged, once the customer has got one payment and the
    /// other was given back.
    ///
    /// # Errors
    ///
    /// [`JournalledError::NothingToResolve`] if it has ended or does not contradict itself,
    /// [`JournalledError::NotHeard`] if the gateway does not answer, [`JournalledError::PaidTwice`] if one attempt that was paid
    /// twice is said not to be charged.
    pub async fn resolve(
        &self,
        attempt: &Attempt,
        resolution: Resolution,
        now: Timestamp,
    ) -> Result<(), JournalledError> {
        let seen = self.look_at(attempt, None, now).await?;
        let is_unreadable = matches!(
            seen.progress,
            Progress::Contradiction(Contradiction::Unreadable)
        );
        if seen.unread().is_some() && !is_unreadable {
            return Err(seen.not_heard());
        }
        let seen = self.weigh(seen, About::Itself, now).await?;
        let is_contradiction = matches!(seen.progress, Progress::Contradiction(_));
        if !(is_contradiction && seen.is_left_open()) {
            let state = self
                .intent(attempt)
                .await?
                .map_or(seen.known, |it| it.state);
            let attempt = attempt.clone();
            return Err(JournalledError::NothingToResolve { attempt, state });
        }
        must_be_possible(&seen, &resolution)?;
        warn!(%attempt, outcome = resolution.outcome().as_str(), "a person has ended a card deposit");
        let outcome = match resolution.outcome() {
            Resolved::Charged => Outcome::Charged,
            Resolved::NotCharged => Outcome::Declined,
        };
        let snapshot = seen.flow.machine().clone().resolved(resolution).to_json();
        let progress = kept(&snapshot).map_err(JournalledError::Journal)?;
        let end = self
            .journal
            .finish(seen.sighting(), outcome, Some(&progress), now);
        end.await.map_err(JournalledError::Journal)?;
        // Somebody else may have ended it alike meanwhile: then it is not this person's word that counts.
        match self.intent(attempt).await? {
            Some(intent) if intent.progress.as_ref() != Some(&progress) => {
                Err(JournalledError::NothingToResolve {
                    attempt: attempt.clone(),
                    state: intent.state,
                })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The same for an attempt that a person has ended by mistake: the later word counts, and both are kept.
    ///
    /// Returns whether the later word counts: if the gateway proves by now that nothing was charged, that counts instead. What is
    /// paid is not handed out by this: whether its customer has got it, the word says.
    ///
    /// # Errors
    ///
    /// [`JournalledError::NothingToResolve`] if no person has ended it, or the gateway has said something new since; others as
    /// of [`resolve`](Self::resolve). If it fails between the two words, the attempt is open, and told as a contradiction.
    pub async fn resolve_again(
        &self,
        attempt: &Attempt,
        resolution: Resolution,
        now: Timestamp,
    ) -> Result<bool, JournalledError> {
        let seen = self.look_at(attempt, None, now).await?;
        let (Some(earlier), IntentState::Finished(ended)) = (&seen.resolution, seen.known) else {
            let (attempt, state) = (attempt.clone(), seen.known);
            return Err(JournalledError::NothingToResolve { attempt, state });
        };
        if seen.unread().is_some_and(is_outage) {
            return Err(seen.not_heard());
        }
        must_be_possible(&seen, &resolution)?;
        warn!(%attempt, outcome = earlier.outcome().as_str(), "a person takes back how a card deposit ended");
        let resolution = resolution.instead_of(earlier.clone());
        let mut machine = seen.flow.machine().clone();
        if matches!(machine.state(), State::Deposited { .. }) && machine.turn() == Turn::Paid {
            // Until the new word is written nobody may credit it: the former one may have been that the customer has got it.
            machine = machine.credited(true).turned(Turn::Restored);
        }
        let progress = kept(&machine.to_json()).map_err(JournalledError::Journal)?;
        let reopened = self.journal.reopen(seen.sighting(), ended, &progress).await;
        reopened.map_err(JournalledError::Journal)?;
        match self.resolve(attempt, resolution, now).await {
            Ok(()) => Ok(true),
            Err(JournalledError::NothingToResolve { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// Whether a person may say so. What was paid twice would be charged once more if it counted as not charged.
fn must_be_possible(seen: &Seen, resolution: &Resolution) -> Result<(), JournalledError> {
    let twice = State::Contradiction(Contradiction::SecondTransaction);
    if *seen.flow.machine().state() == twice && resolution.outcome() == Resolved::NotCharged {
        let attempt = seen.attempt.clone();
        return Err(JournalledError::PaidTwice { attempt });
    }
    Ok(())
}
