//! Entries whose processing does not come to an end: their leases ran out, one after the other.
//!
//! Whoever processes such an entry may be killed by it, again and again, and the others of its batch with it, to which
//! the same happens although they did nothing. So they are processed behind the rest, each alone, and in an order that
//! changes with each attempt: those that stand before the one that kills come to their end, which is half of them as a
//! rule. It is soon the last, and is given up.

use xgateway_store::Claim;

use super::Processor;
use super::end::{jitter, was_unanswered};

/// How often an entry is processed alone before it is given up. Half of those beside it are rid of it each time.
const TIMES_ALONE_MAX: u32 = 20;

impl Processor {
    /// Those to be processed as usual, in their order, and those to be processed alone, in an order of this attempt.
    pub(super) fn by_their_ends(&self, claims: Vec<Claim>) -> (Vec<Claim>, Vec<Claim>) {
        // What is put back has had fewer attempts.
        let is_unended =
            |claim: &Claim| claim.entry().attempts > self.settings.backoff.attempts_max;
        if !claims.iter().any(is_unended) {
            return (claims, Vec::new());
        }
        let (mut unended, usual): (Vec<_>, Vec<_>) = claims.into_iter().partition(is_unended);
        unended.sort_by_key(jitter);
        (usual, unended)
    }

    /// Why an entry is given up without another attempt.
    pub(super) fn is_hopeless(&self, claim: &Claim) -> Option<String> {
        let attempts = claim.entry().attempts;
        let most = self.settings.backoff.attempts_max;
        // Earlier versions counted what the API did not answer, without a bound.
        (attempts > most.saturating_add(TIMES_ALONE_MAX) && !was_unanswered(claim)).then(|| {
            let times = attempts - 1;
            format!("its processing was begun {times} times and did not come to an end")
        })
    }
}
