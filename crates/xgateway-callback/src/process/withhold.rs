//! What the API confirms and yet no handler is told.

use xgateway_api::types::TransactionStatus;
use xgateway_store::{Claim, EffectKey, StoreError};

use super::Processor;
use super::end::{is_over, was_unanswered};
use super::group::{Outcomes, Step};
use super::round::Outcome;
use crate::confirm::{
    ConfirmedBankAccount, ConfirmedCallback, ConfirmedKyc, effect_key, reversal_key,
};

/// How often the API is asked in all about news that it does not show. Those are the waits of about a minute.
const LOOKS_MAX: u32 = 7;

const CONFIRMED_NO_MORE: &str = "the transaction was confirmed and is so no more";

const CONFIRMED_AGAIN: &str = "the transaction was confirmed, then no more, and is confirmed once more: \
    see whether the customer has the money";

/// A callback, and what the API says of it.
pub(super) type Confirmed<'a> = (Step<'a>, ConfirmedCallback);

impl Processor {
    /// Those that may be handed on, in their order. The others are put back or given up.
    pub(super) async fn to_be_applied<'a>(
        &self,
        confirmed: Vec<Confirmed<'a>>,
        outcomes: &mut Outcomes,
    ) -> Result<Vec<Confirmed<'a>>, StoreError> {
        let mut left = Vec::with_capacity(confirmed.len());
        for (step, callback) in confirmed {
            if is_over(step.claim, self.clock.now()) {
                // Another may be at it already. It is lost, and nobody's trouble.
            } else if is_for_nobody(&callback) {
                let why =
                    "money has arrived, and the gateway's API does not say for which customer";
                outcomes.note(&step, self.bury(step.claim, &why).await)?;
            } else if Self::is_other_news(&step, &callback) {
                match self.wait_for_news(step.claim).await {
                    Ok(None) => left.push((step, callback)),
                    Ok(Some(outcome)) => outcomes.note(&step, Ok(outcome))?,
                    Err(error) => outcomes.note(&step, Err(error))?,
                }
            } else {
                left.push((step, callback));
            }
        }
        self.without_reversals(left, outcomes).await
    }

    /// Whether this is news of an identity check or a bank account, and the API says something else.
    fn is_other_news(step: &Step<'_>, callback: &ConfirmedCallback) -> bool {
        match callback {
            ConfirmedCallback::Kyc(kyc) => is_other_status(step.callback.claim(), kyc),
            ConfirmedCallback::BankAccount(account) => {
                is_other_account(step.callback.claim(), account)
            }
            ConfirmedCallback::Transaction(_) => false,
        }
    }

    /// Puts back what the API does not show, or not yet. It may come late there; but it may also be old by now, or forged,
    /// and after some looks what the API says is taken over: then this is `None`.
    async fn wait_for_news(&self, claim: &Claim) -> Result<Option<Outcome>, StoreError> {
        let why = "the gateway's API does not show this news, or not yet";
        if was_unanswered(claim) {
            // Those were no looks, and just after it was away it may show old things for a while.
            let wait = self.settings.backoff.first;
            return self.put_back_with(claim, wait, &why, 1).await.map(Some);
        }
        let is_looked_at = claim.entry().attempts < LOOKS_MAX;
        match self.wait(claim).filter(|_| is_looked_at) {
            Some(wait) => self.put_back(claim, wait, &why).await.map(Some),
            None => Ok(None),
        }
    }

    /// Without transactions of which a person must hear, and no handler can: what was confirmed once, which is recorded, and
    /// is so no more, of which a handler has been told already; and what is confirmed again after that, since whether the
    /// customer still has the money nobody but a person knows. Each status has its effect once, and these have had it.
    async fn without_reversals<'a>(
        &self,
        confirmed: Vec<Confirmed<'a>>,
        outcomes: &mut Outcomes,
    ) -> Result<Vec<Confirmed<'a>>, StoreError> {
        let turns: Vec<_> = confirmed.iter().map(|(_, it)| Turn::of(it)).collect();
        let asked: Vec<EffectKey> = turns.iter().flatten().flat_map(Turn::asked).collect();
        if asked.is_empty() {
            return Ok(confirmed);
        }
        let mut are_done = self.inbox.are_done(&asked).await?.into_iter();
        let mut is_next_done = || are_done.next().unwrap_or(false);
        let mut left = Vec::with_capacity(confirmed.len());
        for ((step, mut callback), turn) in confirmed.into_iter().zip(turns) {
            let why = match turn {
                None => None,
                Some(Turn::Confirmed { .. }) => is_next_done().then_some(CONFIRMED_AGAIN),
                Some(Turn::Other { reversal, .. }) => {
                    let (was_confirmed, is_told) = (is_next_done(), is_next_done());
                    if was_confirmed {
                        // Before anything else: however this entry ends, who confirms it again must know.
                        let noted = self.note_reversal(step.claim, &reversal, is_told).await;
                        if let Err(error) = noted {
                            outcomes.note(&step, Err(error))?;
                            continue;
                        }
                    }
                    if was_confirmed && let ConfirmedCallback::Transaction(it) = &mut callback {
                        it.mark_reversal();
                    }
                    (was_confirmed && is_told).then_some(CONFIRMED_NO_MORE)
                }
            };
            match why {
                Some(why) => outcomes.note(&step, self.bury(step.claim, &why).await)?,
                None => left.push((step, callback)),
            }
        }
        Ok(left)
    }

    async fn note_reversal(
        &self,
        claim: &Claim,
        reversal: &EffectKey,
        is_told: bool,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        self.inbox.record(claim, reversal, now).await?;
        if !is_told {
            let entry = claim.entry().id.get();
            tracing::warn!(
                entry,
                "a transaction that was confirmed is so no more; the handler is told"
            );
        }
        Ok(())
    }
}

/// What must be known of a transaction before a handler is told what the API says of it.
enum Turn {
    /// It is confirmed. Was it so before, and then no more?
    Confirmed { reversal: EffectKey },
    /// It is not. Was it confirmed before, and was a handler told of what it is now?
    Other {
        confirmed: EffectKey,
        told: EffectKey,
        reversal: EffectKey,
    },
}

impl Turn {
    fn of(callback: &ConfirmedCallback) -> Option<Self> {
        let ConfirmedCallback::Transaction(transaction) = callback else {
            return None;
        };
        let id = &transaction.data().id;
        let reversal = reversal_key(id)?;
        if *transaction.status() == TransactionStatus::Confirmed {
            return Some(Self::Confirmed { reversal });
        }
        Some(Self::Other {
            confirmed: effect_key(id, &TransactionStatus::Confirmed)?,
            told: callback.effect()?,
            reversal,
        })
    }

    fn asked(&self) -> Vec<EffectKey> {
        match self {
            Self::Confirmed { reversal } => vec![reversal.clone()],
            Self::Other {
                confirmed, told, ..
            } => vec![confirmed.clone(), told.clone()],
        }
    }
}

fn is_for_nobody(callback: &ConfirmedCallback) -> bool {
    match callback {
        ConfirmedCallback::Transaction(transaction) => transaction.is_settled_for_nobody(),
        ConfirmedCallback::BankAccount(_) | ConfirmedCallback::Kyc(_) => false,
    }
}

fn is_other_status(claim: Option<&str>, kyc: &ConfirmedKyc) -> bool {
    let claim = claim.map(xgateway_api::types::KycStatus::from);
    claim.is_some_and(|claim| claim.is_known() && claim != *kyc.status())
}

fn is_other_account(claim: Option<&str>, confirmed: &ConfirmedBankAccount) -> bool {
    let claim = claim.map(xgateway_api::types::CustomerBankAccountStatus::from);
    claim.is_some_and(|claim| {
        claim.is_known() && confirmed.accounts().iter().all(|it| it.status != claim)
    })
}
