//! Closing what only a person can judge.

use jiff::Timestamp;
use tracing::warn;
use xgateway_store::{Attempt, Outcome};

use super::look::kept;
use super::others::About;
use super::{JournalledCards, JournalledError};
use crate::card::{Contradiction, Progress, Resolution, Resolved};

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
    /// handed out, to be credited; or it is resolved, too, if the customer has got what was paid.
    ///
    /// # Errors
    ///
    /// [`JournalledError::NothingToResolve`] if it has ended or does not contradict itself,
    /// [`JournalledError::NotHeard`] if the gateway does not answer.
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
}
