//! Every attempt at an order ends, as the gateway says.

use xgateway::api::types::TransactionStatus;
use xgateway::core::id::OrderId;
use xgateway::store::{Attempt, Intent, IntentState, Journal as _, Outcome};

use super::{Check, Kept, Promise, broken};
use crate::history::now_or_never;
use crate::kinds::End;

impl Check<'_> {
    /// Every attempt has ended, and as the gateway says.
    pub(super) fn orders(&mut self) -> Kept {
        for index in 0..self.state.plan.orders.len() {
            let plan = &self.state.plan.orders[index];
            if plan.at.is_none() {
                continue;
            }
            let id = plan.id.clone();
            let first = OrderId::parse(&id)
                .ok()
                .and_then(|id| Attempt::first(id).ok());
            let mut next = first;
            let mut is_begun = false;
            while let Some(attempt) = next {
                let intent = now_or_never(self.disk.journal.intent(&attempt));
                let Some(intent) = intent.and_then(Result::ok).flatten() else {
                    break;
                };
                is_begun = true;
                self.attempt(&intent)?;
                next = attempt.next().ok();
            }
            if !is_begun {
                if self.invoices_of(&id).next().is_some() {
                    let how = format!("{id} was sent and not journalled");
                    return broken(Promise::OrdersEnd, how);
                }
                self.state.coverage.end(End::CardNeverBegun);
            }
        }
        Ok(())
    }

    fn attempt(&mut self, intent: &Intent) -> Kept {
        let attempt = &intent.attempt;
        let id = attempt.gateway_order_id().as_str();
        let transactions = self
            .invoices_of(id)
            .flat_map(|invoice| invoice.transactions.as_deref().unwrap_or_default());
        let is_paid = transactions
            .into_iter()
            .any(|it| it.status == TransactionStatus::Confirmed);
        let is_first = attempt.number().get() == 1;
        let end = match intent.state {
            IntentState::Finished(Outcome::Charged) if is_paid && !is_first => {
                End::CardChargedAtLaterAttempt
            }
            IntentState::Finished(Outcome::Charged) if is_paid && intent.round.get() > 1 => {
                End::CardChargedInLaterRound
            }
            IntentState::Finished(Outcome::Charged) if is_paid => End::CardCharged,
            IntentState::Finished(Outcome::Declined) if !is_paid => End::CardDeclined,
            IntentState::Finished(Outcome::Declined) if self.is_given_back(id) => {
                End::CardGivenBack
            }
            IntentState::Finished(Outcome::NotTaken) if !is_paid => End::CardNotTaken,
            IntentState::Open | IntentState::Finished(_) => {
                let how = format!(
                    "{id} is paid at the gateway: {is_paid}; here it is {}",
                    intent.state
                );
                return broken(Promise::OrdersEnd, how);
            }
        };
        self.state.coverage.end(end);
        Ok(())
    }
}
