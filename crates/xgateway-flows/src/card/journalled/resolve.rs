//! Closing what only a person can judge.

use jiff::Timestamp;
use tracing::warn;
use xgateway_store::{Attempt, IntentState, Outcome};

use super::look::kept;
use super::{JournalledCards, JournalledError};
use crate::card::{Progress, Resolution, Resolved};

impl JournalledCards {
    /// Ends an open attempt whose standing is a [contradiction](Progress::Contradiction), by the word of a person who has
    /// compared the gateway with the books: no look can end it, and every resume tells it again.
    ///
    /// The gateway is asked once more first. What it proves is never overruled: if the attempt contradicts itself no
    /// more, nothing is written. An attempt that is resolved as not charged counts as declined, so that the order may be
    /// tried again; should the gateway prove a charge later, that is written, and the customer is to be credited.
    ///
    /// Of two attempts that were both paid, both have ended as charged; there is nothing to resolve, but money to be
    /// given back.
    ///
    /// # Errors
    ///
    /// [`JournalledError::NothingToResolve`] if it has ended or does not contradict itself.
    pub async fn resolve(
        &self,
        attempt: &Attempt,
        resolution: Resolution,
        now: Timestamp,
    ) -> Result<(), JournalledError> {
        let standing = self.look(attempt, now).await?;
        let intent = self.intent(attempt).await?;
        let intent = intent.ok_or_else(|| JournalledError::NeverBegun {
            attempt: attempt.clone(),
        })?;
        let is_contradiction = matches!(standing.progress, Progress::Contradiction(_));
        let snapshot = intent
            .progress
            .as_ref()
            .filter(|_| is_contradiction && intent.state == IntentState::Open);
        let Some(snapshot) = snapshot else {
            return Err(JournalledError::NothingToResolve {
                attempt: attempt.clone(),
                state: intent.state,
            });
        };
        warn!(%attempt, outcome = resolution.outcome().as_str(), "a person has ended a card deposit");
        let outcome = match resolution.outcome() {
            Resolved::Charged => Outcome::Charged,
            Resolved::NotCharged => Outcome::Declined,
        };
        let snapshot = Self::with_resolution(attempt, snapshot.as_str(), resolution)?;
        let progress = kept(&snapshot).map_err(JournalledError::Journal)?;
        let (round, progress) = (intent.round, Some(&progress));
        let end = self.journal.finish(attempt, round, outcome, progress, now);
        end.await.map_err(JournalledError::Journal)
    }

    fn with_resolution(
        attempt: &Attempt,
        snapshot: &str,
        resolution: Resolution,
    ) -> Result<String, JournalledError> {
        let machine = crate::card::Machine::from_json(snapshot);
        let machine = machine.map_err(|error| JournalledError::NoCardDeposit {
            attempt: attempt.clone(),
            source: Some(error),
        })?;
        Ok(machine.resolved(resolution).to_json())
    }
}
