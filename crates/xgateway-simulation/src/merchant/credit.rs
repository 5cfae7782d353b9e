//! From a confirmed callback to a credit, in one commit.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use xgateway::callback::{Apply, ApplyError, ConfirmedCallback, HandlerError, NoAnswer};
use xgateway::client::Error;
use xgateway::core::id::TransactionId;
use xgateway::flows::card::{CallbackHint, Progress as CardProgress};
use xgateway::flows::deposit::Progress as DepositProgress;
use xgateway::store::{Claim, Completed};

use super::disk::{Change, FlowId};
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
        let shop = &*self.0;
        let ConfirmedCallback::Transaction(transaction) = callback else {
            return Ok(shop.inbox.complete(claim, None, now).await?);
        };
        let data = transaction.data();
        if shop.bug == Some(Bug::TrustsStatus) {
            return shop
                .credit_what_the_callback_says(claim, transaction, now)
                .await;
        }
        let flow = shop.flow_of(data.order_id.as_deref(), &data.customer_id);
        let flow = flow.ok_or_else(|| HandlerError::Never("nobody's transaction".to_owned()))?;
        let id = TransactionId::parse(&data.id)
            .map_err(|error| HandlerError::Never(error.to_string()))?;
        let _guard = shop.lock(flow).await;
        let mut change = shop.hint(flow, &CallbackHint::new(id)).await?;
        if shop.bug == Some(Bug::StoresOldSnapshots) {
            shop.bring_back(&mut change);
        }
        if shop.bug == Some(Bug::CreditsOutside) {
            return shop.credit_outside(claim, callback, change, now).await;
        }
        let Some(effect) = callback.effect() else {
            return Err(HandlerError::Never("no effect has a name".to_owned()).into());
        };
        let sim = &shop.sim;
        sim.store_point(Point::BeforeCredit, Fault::StoreFailsBefore)
            .await?;
        let ran = shop
            .disk
            .inbox
            .apply(claim, &effect, now, || shop.commit(&change))?;
        sim.store_point(Point::AfterCredit, Fault::StoreFailsAfter)
            .await?;
        Ok(match ran {
            Some(()) => Completed::First,
            None => Completed::Repeated,
        })
    }
}

impl Shop {
    /// Asks the flow, which asks the gateway.
    async fn hint(&self, flow: FlowId, hint: &CallbackHint) -> Result<Change, HandlerError> {
        match flow {
            FlowId::Order(order) => {
                // Without a snapshot nothing was ever sent.
                let resumed = self.resumed(order);
                let mut flow = resumed.ok_or_else(|| unread(None))?;
                let progress = flow.callback_hint(hint).await;
                canary::note_debug(&progress);
                if let CardProgress::InProgress(open) = &progress {
                    return Err(unread(open.error()));
                }
                if let CardProgress::Unknown { ticket } = &progress {
                    return Err(unread(ticket.error()));
                }
                let mut credit = None;
                if let CardProgress::Deposited(settled) = progress {
                    credit = Some(card::credit(&settled));
                }
                Ok(card::change(FlowId::Order(order), &flow, credit))
            }
            FlowId::Saver(saver) => {
                let mut flow = self.deposits(saver);
                let progress = flow.callback_hint(hint).await;
                canary::note_debug(&progress);
                if let DepositProgress::Unread(error) = &progress {
                    return Err(unread(Some(error)));
                }
                let mut credit = None;
                if let DepositProgress::Credit(settled) = progress {
                    credit = Some(channel::credit(&settled));
                }
                Ok(channel::change(FlowId::Saver(saver), &flow, credit))
            }
        }
    }

    pub(super) fn flow_of(&self, order: Option<&str>, customer: &str) -> Option<FlowId> {
        let plan = &self.plan;
        if let Some(order) = order {
            let order = plan.orders.iter().position(|it| it.id == order)?;
            return Some(FlowId::Order(order));
        }
        let saver = plan.savers.iter().position(|it| it.id == customer)?;
        Some(FlowId::Saver(saver))
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
