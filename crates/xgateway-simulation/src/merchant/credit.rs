//! From a confirmed callback to a credit, in one commit.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use xgateway::api::types::TransactionData;
use xgateway::callback::{Apply, ApplyError, ConfirmedCallback, HandlerError, NoAnswer};
use xgateway::client::Error;
use xgateway::core::id::TransactionId;
use xgateway::flows::card::{
    CallbackHint, Contradiction, JournalledError, Progress as CardProgress, SettledTransaction,
    Standing,
};
use xgateway::flows::deposit::Progress as DepositProgress;
use xgateway::store::{Attempt, Claim, Completed, SharedInbox, StoreError, StoreErrorKind};

use super::disk::Change;
use super::planted::Bug;
use super::{Shop, card, channel};
use crate::canary;
use crate::kinds::{Fault, Point};

/// Hands a callback to the flow that it concerns, and commits what comes of it with the end of the callback.
pub(super) struct ThroughFlows(pub(super) Arc<Shop>);

#[async_trait]
impl Apply for ThroughFlows {
    async fn apply(
        &self,
        claim: &Claim,
        callback: &ConfirmedCallback,
        now: Timestamp,
    ) -> Result<Completed, ApplyError> {
        let applied = self.0.apply(claim, callback, now).await;
        let is_about_money = matches!(callback, ConfirmedCallback::Transaction(_));
        match applied {
            Err(error) if is_about_money && self.0.bug == Some(Bug::GivesUpEarly) => {
                Err(HandlerError::Never(error.to_string()).into())
            }
            applied => applied,
        }
    }

    fn inbox(&self) -> SharedInbox {
        Arc::clone(&self.0.inbox)
    }
}

impl Shop {
    async fn apply(
        &self,
        claim: &Claim,
        callback: &ConfirmedCallback,
        now: Timestamp,
    ) -> Result<Completed, ApplyError> {
        if let ConfirmedCallback::Kyc(kyc) = callback {
            self.ring(kyc.customer_id());
        }
        if let ConfirmedCallback::BankAccount(account) = callback {
            self.ring(account.customer_id());
        }
        let ConfirmedCallback::Transaction(transaction) = callback else {
            return Ok(self.inbox.complete(claim, None, now).await?);
        };
        if self.bug == Some(Bug::TrustsStatus) {
            let done = self.credit_what_the_callback_says(claim, transaction, now);
            return done.await;
        }
        let data = transaction.data();
        let never = |error: &dyn std::fmt::Display| HandlerError::Never(error.to_string());
        let id = TransactionId::parse(&data.id).map_err(|error| never(&error))?;
        let hint = CallbackHint::new(id);
        if let Some(attempt) = self.attempt_paid_by(data).await? {
            let settled = self.card_hint(&attempt, &hint, now).await?;
            let change = card::change(settled.as_ref());
            let completed = self.credit(claim, callback, change, now).await?;
            if let Some(settled) = &settled {
                self.credited(settled).await;
            }
            return Ok(completed);
        }
        let savers = &self.plan.savers;
        let saver = savers
            .iter()
            .position(|it| data.customer_id.as_deref() == Some(&it.id));
        let saver = saver.ok_or_else(|| never(&"nobody's transaction"))?;
        let _guard = self.lock(saver).await;
        let change = self.saver_hint(saver, &hint).await?;
        self.credit(claim, callback, change, now).await
    }

    /// Commits a credit with the end of its callback.
    async fn credit(
        &self,
        claim: &Claim,
        callback: &ConfirmedCallback,
        change: Change,
        now: Timestamp,
    ) -> Result<Completed, ApplyError> {
        if self.bug == Some(Bug::CreditsOutside) {
            return self.credit_outside(claim, callback, change, now).await;
        }
        let Some(effect) = callback.effect() else {
            return Err(HandlerError::Never("no effect has a name".to_owned()).into());
        };
        if self.bug == Some(Bug::RunsEffectsTwice) {
            return self.credit_again(claim, &effect, &change, now).await;
        }
        let (sim, inbox) = (&self.sim, &self.disk.inbox);
        sim.store_point(Point::BeforeCredit, Fault::StoreFailsBefore)
            .await?;
        sim.dawdle().await;
        let ran = inbox.apply(claim, &effect, now, || {
            self.disk.run(&effect);
            self.commit(&change);
        })?;
        sim.store_point(Point::AfterCredit, Fault::StoreFailsAfter)
            .await?;
        sim.dawdle().await;
        Ok(match ran {
            Some(()) => Completed::First,
            None => Completed::Repeated,
        })
    }

    /// Asks the journal and, of what names no order, the gateway.
    pub(super) async fn attempt_paid_by(
        &self,
        transaction: &TransactionData,
    ) -> Result<Option<Attempt>, ApplyError> {
        match self.cards.attempt_paid_by(transaction).await {
            Ok(attempt) => Ok(attempt),
            Err(JournalledError::Journal(source)) => Err(source.into()),
            Err(error) => Err(HandlerError::from(NoAnswer::new(&error.to_string())).into()),
        }
    }

    /// Asks the card flow, which asks the gateway.
    pub(super) async fn card_hint(
        &self,
        attempt: &Attempt,
        hint: &CallbackHint,
        now: Timestamp,
    ) -> Result<Option<SettledTransaction>, ApplyError> {
        let progress = match self.cards.callback_hint(attempt, hint, now).await {
            Ok(Standing { progress, .. }) => progress,
            // An attempt that was declined is over in the journal: nobody would look at it again.
            Err(JournalledError::NotKept { source, .. } | JournalledError::Journal(source)) => {
                return Err(source.into());
            }
            // Nor is this an answer: the other attempts at the order could not be read.
            Err(error @ JournalledError::NotFollowed { .. }) => {
                return Err(HandlerError::from(NoAnswer::new(&error.to_string())).into());
            }
            Err(error) => return Err(HandlerError::Again(error.to_string()).into()),
        };
        canary::note_debug(&progress);
        if let CardProgress::InProgress(open) = &progress {
            return Err(unread(open.unread()).into());
        }
        if let CardProgress::Unknown { ticket } = &progress {
            return Err(unread(ticket.error()).into());
        }
        if let Some(error) = progress.unread() {
            // What is over stays so without a look; but the callback may tell that it has turned.
            return Err(unread(Some(error)).into());
        }
        if let CardProgress::Contradiction(Contradiction::OtherAttempt) = &progress {
            // It is open in the journal, and told by every resume until a person has resolved it.
            return Ok(None);
        }
        if let CardProgress::Contradiction(contradiction) = &progress {
            return Err(HandlerError::Never(contradiction.to_string()).into());
        }
        let mut settled = None;
        if let CardProgress::Deposited(deposited) = progress {
            settled = Some(deposited);
        }
        Ok(settled)
    }

    /// Asks the flow of a customer's deposits, which asks the gateway.
    pub(super) async fn saver_hint(
        &self,
        saver: usize,
        hint: &CallbackHint,
    ) -> Result<Change, ApplyError> {
        let mut flow = self.deposits(saver);
        let progress = flow.callback_hint(hint).await;
        canary::note_debug(&progress);
        if let DepositProgress::Unread(error) = &progress {
            return Err(unread(Some(error)).into());
        }
        if let DepositProgress::Unsure { .. } = &progress {
            // The journal has answered a moment ago, and is away by now.
            return Err(StoreError::from(StoreErrorKind::Unavailable).into());
        }
        if let DepositProgress::OfOrder(_) = &progress {
            // It said otherwise a moment ago.
            return Err(unread(None).into());
        }
        let mut credit = None;
        if let DepositProgress::Credit(settled) = progress {
            credit = Some(channel::credit(&settled));
            // The flow is read anew for the next hint, so what it stores here it also stands by.
            let kept = flow.credited(&settled);
            kept.map_err(|error| HandlerError::Never(error.to_string()))?;
        }
        if self.bug == Some(Bug::StoresOldSnapshots) && credit.is_none() {
            return Ok(self.how_it_began(saver));
        }
        Ok(channel::change(saver, &flow, credit))
    }
}

/// Without an answer of the gateway's the callback waits for as long as it takes; else the gateway says less than the
/// callback, and that not for ever.
fn unread(error: Option<&Error>) -> HandlerError {
    match error {
        Some(error) => NoAnswer::new(&error.to_string()).into(),
        None => HandlerError::Again("the gateway does not say so yet".to_owned()),
    }
}
