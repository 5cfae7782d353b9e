//! How a claim ends: applied, put back, or given up.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use xgateway_core::backoff;
use xgateway_store::{Backoff, Claim, Completed, EntryState, Reason, StoreError};

use super::Processor;
use super::apply::{ApplyError, HandlerError};
use super::panics::Panicked;
use super::round::Outcome;
use crate::confirm::{NO_ANSWER, NoAnswer, Unconfirmed};

impl Processor {
    /// Ends the claim of a callback that the API did not confirm.
    pub(super) async fn unconfirmed(
        &self,
        claim: &Claim,
        why: Unconfirmed,
    ) -> Result<Outcome, StoreError> {
        match why {
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
        panicked: &Panicked,
    ) -> Result<Outcome, StoreError> {
        let why = format!("the gateway's API was not asked: {panicked}");
        self.put_back_or_bury(claim, &why).await
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
            Err(ApplyError::Handler(HandlerError::NoAnswer(error))) => {
                self.wait_for_answer(claim, &error).await
            }
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
        if let Some(wait) = self.wait(claim) {
            return self.put_back(claim, wait, error).await;
        }
        // The attempt is given back: more than there are have only those whose processing does not come to an end.
        let Backoff {
            most, attempts_max, ..
        } = self.settings.backoff;
        let attempts = attempts_max.saturating_sub(1);
        let outcome = self.put_back_with(claim, most, error, attempts).await?;
        let (entry, reason) = (claim.entry().id.get(), Reason::new(&error.to_string()));
        tracing::warn!(entry, %reason, "callback without an answer for long; it is asked about again and again");
        Ok(outcome)
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

    async fn put_back(
        &self,
        claim: &Claim,
        wait: Duration,
        why: &(dyn fmt::Display + Sync),
    ) -> Result<Outcome, StoreError> {
        let reason = Reason::new(&why.to_string());
        self.inbox.retry(claim, self.later(wait), &reason).await?;
        Ok(Outcome::PutBack)
    }

    async fn put_back_with(
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

    fn wait(&self, claim: &Claim) -> Option<Duration> {
        let attempts = claim.entry().attempts;
        self.settings.backoff.wait(attempts, jitter(claim))
    }
}

/// Whether it was the API's silence for which an entry was put back last.
pub(super) fn was_unanswered(claim: &Claim) -> bool {
    let last = claim.entry().reason.as_ref();
    last.is_some_and(|last| last.as_str().starts_with(NO_ANSWER))
}

/// A number that differs from entry to entry and from attempt to attempt, which is all that jitter needs.
pub(super) fn jitter(claim: &Claim) -> u32 {
    let (entry, attempt) = (claim.entry().id.get(), claim.entry().attempts);
    let both = entry.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(attempt);
    backoff::spread(both)
}
