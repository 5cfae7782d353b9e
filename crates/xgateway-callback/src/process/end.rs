//! How a claim ends: applied, put back, or given up.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use xgateway_core::backoff;
use xgateway_store::{Claim, Completed, EntryState, Reason, StoreError};

use super::Processor;
use super::apply::{ApplyError, HandlerError};
use super::caught::Unfinished;
use super::round::Outcome;
use crate::confirm::{NoAnswer, NoAnswerCause, Unconfirmed};

/// How long is waited at most for an API that is away: when it is back, nobody waits for long. As many questions as there
/// are workers are under way at a time.
const AWAY_MOST: Duration = Duration::from_mins(2);

impl Processor {
    /// Ends the claim of a callback that the API did not confirm.
    pub(super) async fn unconfirmed(
        &self,
        claim: &Claim,
        why: Unconfirmed,
    ) -> Result<Outcome, StoreError> {
        match why {
            Unconfirmed::NoAnswer(error) if error.cause() == NoAnswerCause::Refused => {
                self.refused(claim, &error).await
            }
            Unconfirmed::NoAnswer(error) => self.wait_for_answer(claim, &error).await,
            Unconfirmed::NotYet => self.put_back_or_bury(claim, &why).await,
            Unconfirmed::Contradiction { .. } | Unconfirmed::Unrecognized => {
                self.bury(claim, &why).await
            }
        }
    }

    /// Ends the claim of a callback about which the API could not even be asked.
    pub(super) async fn unasked(
        &self,
        claim: &Claim,
        unfinished: Unfinished,
    ) -> Result<Outcome, StoreError> {
        match unfinished {
            Unfinished::Panicked => {
                let why = format!("the gateway's API was not asked: {unfinished}");
                self.put_back_or_bury(claim, &why).await
            }
            // An API that is away may well keep whoever asks waiting.
            Unfinished::TookTooLong => {
                let error = NoAnswer::new(&unfinished.to_string());
                self.wait_for_answer(claim, &error).await
            }
        }
    }

    /// What came of a callback that was handed on to be applied; its claim is ended unless that has been done.
    pub(super) async fn applied(
        &self,
        claim: &Claim,
        result: Result<Completed, ApplyError>,
    ) -> Result<Outcome, StoreError> {
        match result {
            Ok(Completed::First) => Ok(Outcome::Applied),
            Ok(Completed::Repeated) => Ok(Outcome::Repeated),
            Err(ApplyError::Store(error)) => Err(error),
            Err(ApplyError::Handler(error @ HandlerError::Again(_))) => {
                self.put_back_or_bury(claim, &error).await
            }
            Err(ApplyError::Handler(HandlerError::NoAnswer(error))) => match error.cause() {
                NoAnswerCause::Refused => self.refused(claim, &error).await,
                NoAnswerCause::Away | NoAnswerCause::LockedOut => {
                    self.wait_for_answer(claim, &error).await
                }
            },
            Err(ApplyError::Handler(error @ HandlerError::Never(_))) => {
                self.bury(claim, &error).await
            }
        }
    }

    /// Not the callback's fault, so it is not given up.
    async fn wait_for_answer(
        &self,
        claim: &Claim,
        error: &NoAnswer,
    ) -> Result<Outcome, StoreError> {
        let is_locked_out = error.cause() == NoAnswerCause::LockedOut;
        if is_locked_out {
            self.tell_silence(claim, error);
        }
        if let Some(wait) = self.wait(claim) {
            return self.put_back(claim, wait.min(AWAY_MOST), error).await;
        }
        let wait = self.settings.backoff.most.min(AWAY_MOST);
        let outcome = self.put_back_for_good(claim, wait, error).await?;
        if !is_locked_out {
            self.tell_silence(claim, error);
        }
        Ok(outcome)
    }

    /// The callback is to blame if the API answers questions of its kind and refuses this one again and again. If it
    /// answers none, nobody knows.
    async fn refused(&self, claim: &Claim, error: &NoAnswer) -> Result<Outcome, StoreError> {
        let most = self.settings.backoff.most;
        if let Some(wait) = self.wait(claim) {
            return self.put_back(claim, wait, error).await;
        }
        match last_cause(claim) {
            // It was the API's silence that used the attempts up.
            Some(NoAnswerCause::Away | NoAnswerCause::LockedOut) => {
                let wait = self.settings.backoff.first;
                self.put_back_with(claim, wait, error, 0).await
            }
            Some(NoAnswerCause::Refused) if self.are_others_answered(claim) => {
                self.bury(claim, error).await
            }
            Some(NoAnswerCause::Refused) | None => {
                let outcome = self.put_back_for_good(claim, most, error).await?;
                self.tell_silence(claim, error);
                Ok(outcome)
            }
        }
    }

    /// Whether the API has answered a question of this kind since it was asked this one before, which is as long ago as
    /// is waited at most.
    fn are_others_answered(&self, claim: &Claim) -> bool {
        let (kind, now) = (claim.entry().key.kind(), self.clock.now());
        let most = self.settings.backoff.most;
        self.answers.were_heard_within(most, kind, now)
    }

    /// Puts back an entry whose attempts are used up. One is given back: more than there are have only those whose
    /// processing does not come to an end.
    async fn put_back_for_good(
        &self,
        claim: &Claim,
        wait: Duration,
        error: &NoAnswer,
    ) -> Result<Outcome, StoreError> {
        let attempts = self.settings.backoff.attempts_max.saturating_sub(1);
        self.put_back_with(claim, wait, error, attempts).await
    }

    /// Once in a while, whatever number of callbacks it concerns.
    fn tell_silence(&self, claim: &Claim, error: &NoAnswer) {
        if !self.answers.are_to_be_told(error.cause(), self.clock.now()) {
            return;
        }
        let (entry, reason) = (claim.entry().id.get(), Reason::new(&error.to_string()));
        if error.cause() == NoAnswerCause::LockedOut {
            tracing::error!(entry, %reason, "the API does not let us in: callbacks wait until somebody mends it");
        } else {
            tracing::warn!(entry, %reason, "callback without an answer for long; it is asked about again and again");
        }
    }

    /// Puts back what was not applied since the store is away, which is not the callback's fault.
    pub(super) async fn give_back(
        &self,
        claim: &Claim,
        error: &StoreError,
    ) -> Result<Outcome, StoreError> {
        let wait = self.wait(claim).unwrap_or(self.settings.backoff.most);
        let attempts = claim.entry().attempts.saturating_sub(1);
        let why = format!("the store did not take what came of it: {error}");
        self.put_back_with(claim, wait, &why, attempts).await
    }

    async fn put_back_or_bury(
        &self,
        claim: &Claim,
        why: &(dyn fmt::Display + Sync),
    ) -> Result<Outcome, StoreError> {
        if let Some(wait) = self.wait(claim) {
            return self.put_back(claim, wait, why).await;
        }
        if !was_unanswered(claim) {
            return self.bury(claim, why).await;
        }
        // It was the API that used the attempts up, and now that it answers they begin anew.
        let wait = self.settings.backoff.first;
        self.put_back_with(claim, wait, why, 0).await
    }

    pub(super) async fn put_back(
        &self,
        claim: &Claim,
        wait: Duration,
        why: &(dyn fmt::Display + Sync),
    ) -> Result<Outcome, StoreError> {
        let reason = Reason::new(&why.to_string());
        self.inbox.retry(claim, self.later(wait), &reason).await?;
        Ok(Outcome::PutBack)
    }

    pub(super) async fn put_back_with(
        &self,
        claim: &Claim,
        wait: Duration,
        why: &(dyn fmt::Display + Sync),
        attempts: u32,
    ) -> Result<Outcome, StoreError> {
        let (at, reason) = (self.later(wait), Reason::new(&why.to_string()));
        self.inbox
            .retry_with_attempts(claim, at, &reason, attempts)
            .await?;
        Ok(Outcome::PutBack)
    }

    fn later(&self, wait: Duration) -> Timestamp {
        let now = self.clock.now();
        // A wait past the end of time is no wait that anybody sets.
        now.checked_add(wait).unwrap_or(now)
    }

    pub(super) async fn bury(
        &self,
        claim: &Claim,
        why: &(dyn fmt::Display + Sync),
    ) -> Result<Outcome, StoreError> {
        let reason = Reason::new(&why.to_string());
        self.inbox.dead(claim, &reason, self.clock.now()).await?;
        let entry = claim.entry().id.get();
        let state = EntryState::Dead.as_str();
        tracing::warn!(entry, state, %reason, "callback given up; a person must look");
        Ok(Outcome::Dead)
    }

    pub(super) fn wait(&self, claim: &Claim) -> Option<Duration> {
        let attempts = claim.entry().attempts;
        self.settings.backoff.wait(attempts, jitter(claim))
    }
}

/// Whether it was the API's silence for which an entry was put back last.
pub(super) fn was_unanswered(claim: &Claim) -> bool {
    last_cause(claim).is_some()
}

/// Why the API did not answer, if it was for this that an entry was put back last.
fn last_cause(claim: &Claim) -> Option<NoAnswerCause> {
    let last = claim.entry().reason.as_ref()?;
    NoAnswerCause::of_reason(last.as_str())
}

/// Whether somebody else may hold what was claimed by now.
pub(super) fn is_over(claim: &Claim, now: Timestamp) -> bool {
    now >= claim.entry().due_at
}

/// A number that differs from entry to entry and from attempt to attempt, which is all that jitter needs.
pub(super) fn jitter(claim: &Claim) -> u32 {
    let (entry, attempt) = (claim.entry().id.get(), claim.entry().attempts);
    let both = entry.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(attempt);
    backoff::spread(both)
}
