//! Entries whose processing does not come to an end: it takes too long, or their leases ran out, one after the other.
//!
//! Whoever processes such an entry may be killed by it, again and again, and the others of its batch with it, to which
//! the same happens although they did nothing. So they are processed behind the rest, each alone, and in an order that
//! changes with each attempt: those that stand before the one that kills come to their end, which is half of them as a
//! rule. It is soon the last, and is given up.

use std::time::Duration;

use xgateway_store::{Claim, StoreError};

use super::Processor;
use super::end::{jitter, was_unanswered};
use super::group::Outcomes;
use super::round::Outcome;
use super::withhold::Confirmed;

/// How often an entry is processed alone before it is given up. Half of those beside it are rid of it each time.
const TIMES_ALONE_MAX: u32 = 20;

/// Why entries are put back of which one took too long. Stores keep it, and the next attempt is told by it.
const TOGETHER_TOO_LONG: &str = "it took too long together with others; it is tried alone";

/// The same of an entry that was alone.
const ALONE_TOO_LONG: &str = "the handler failed: it took too long";

impl Processor {
    /// Those to be processed as usual, in their order, and those to be processed alone, in an order of this attempt.
    pub(super) fn by_their_ends(&self, claims: Vec<Claim>) -> (Vec<Claim>, Vec<Claim>) {
        // What is put back has had fewer attempts.
        let is_unended = |claim: &Claim| {
            claim.entry().attempts > self.settings.backoff.attempts_max || took_too_long(claim)
        };
        if !claims.iter().any(is_unended) {
            return (claims, Vec::new());
        }
        let (mut unended, usual): (Vec<_>, Vec<_>) = claims.into_iter().partition(is_unended);
        unended.sort_by_key(jitter);
        (usual, unended)
    }

    /// Puts entries back that took too long together: nobody knows which of them it was, so they are tried alone, and it
    /// was no attempt at any of them. What was written about them is undone.
    pub(super) async fn single_out(
        &self,
        confirmed: &[Confirmed<'_>],
        outcomes: &mut Outcomes,
    ) -> Result<(), StoreError> {
        let count = confirmed.len();
        tracing::warn!(
            count,
            "callbacks took too long together; each is tried alone"
        );
        for (step, _) in confirmed {
            let wait = self.wait(step.claim).unwrap_or(self.settings.backoff.first);
            let attempts = step.claim.entry().attempts.saturating_sub(1);
            let put_back = self.put_back_with(step.claim, wait, &TOGETHER_TOO_LONG, attempts);
            outcomes.note(step, put_back.await)?;
        }
        Ok(())
    }

    /// Why an entry is given up without another attempt.
    pub(super) fn is_hopeless(&self, claim: &Claim) -> Option<String> {
        let attempts = claim.entry().attempts;
        let most = self.settings.backoff.attempts_max;
        (attempts > most.saturating_add(TIMES_ALONE_MAX)).then(|| {
            let times = attempts - 1;
            format!("its processing was begun {times} times and did not come to an end")
        })
    }

    /// Whether the attempts of an entry that is hopeless say nothing: earlier versions counted what the API did not
    /// answer, without a bound. They begin anew, once, and nothing else is done about it this time: it may be what kills
    /// its process.
    pub(super) async fn begin_anew(&self, claim: &Claim) -> Result<Option<Outcome>, StoreError> {
        if !was_unanswered(claim) {
            return Ok(None);
        }
        let why = "the gateway's API is asked anew";
        let begun = self.put_back_with(claim, Duration::ZERO, &why, 0).await?;
        Ok(Some(begun))
    }
}

fn took_too_long(claim: &Claim) -> bool {
    let last = claim
        .entry()
        .reason
        .as_ref()
        .map(xgateway_store::Reason::as_str);
    matches!(last, Some(TOGETHER_TOO_LONG | ALONE_TOO_LONG))
}

#[cfg(test)]
mod tests {
    use super::super::apply::HandlerError;
    use super::super::caught::Unfinished;
    use super::ALONE_TOO_LONG;

    /// Stores hold it, and it decides about the next attempt.
    #[test]
    fn what_took_too_long_is_known_by_its_reason() {
        let error = HandlerError::from(Unfinished::TookTooLong);
        assert_eq!(error.to_string(), ALONE_TOO_LONG);
    }
}
