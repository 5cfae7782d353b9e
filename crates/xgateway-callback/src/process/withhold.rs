//! What the API confirms and yet no handler is told.

use xgateway_store::{Claim, EffectKey, StoreError};

use super::Processor;
use super::end::{is_over, was_unanswered};
use super::group::{Outcomes, Step};
use super::round::Outcome;
use crate::confirm::{ConfirmedBankAccount, ConfirmedCallback, ConfirmedKyc};

/// How often the API is asked in all about news that it does not show. Those are the waits of about a minute.
const LOOKS_MAX: u32 = 7;

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

    /// Without transactions that were confirmed once, which is recorded, and are no more, of which no handler would be
    /// told either: each status has its effect once, and this one has had it. A person must take the money back.
    async fn without_reversals<'a>(
        &self,
        confirmed: Vec<Confirmed<'a>>,
        outcomes: &mut Outcomes,
    ) -> Result<Vec<Confirmed<'a>>, StoreError> {
        let effects: Vec<Option<[EffectKey; 2]>> = confirmed
            .iter()
            .map(|(_, callback)| Some([callback.higher_effect()?, callback.effect()?]))
            .collect();
        let asked: Vec<EffectKey> = effects.iter().flatten().flatten().cloned().collect();
        if asked.is_empty() {
            return Ok(confirmed);
        }
        let are_done = self.inbox.are_done(&asked).await?;
        let mut are_done = are_done.chunks(2);
        let mut left = Vec::with_capacity(confirmed.len());
        for ((step, callback), effect) in confirmed.into_iter().zip(effects) {
            match effect.and_then(|_| are_done.next()) {
                Some([true, true]) => {
                    let why = "the transaction was confirmed and is so no more";
                    outcomes.note(&step, self.bury(step.claim, &why).await)?;
                    continue;
                }
                Some([true, false]) => {
                    let entry = step.claim.entry().id.get();
                    tracing::warn!(
                        entry,
                        "a transaction that was confirmed is so no more; the handler is told"
                    );
                }
                _ => {}
            }
            left.push((step, callback));
        }
        Ok(left)
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
