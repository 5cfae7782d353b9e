//! What only a person does: to give money back, to look through the back office, and to have a callback processed once more.

use std::sync::Arc;

use bytes::Bytes;
use xgateway::api::types::{TransactionData, TransactionStatus};
use xgateway::callback::{ApplyError, Clock as _, HandlerError};
use xgateway::core::id::TransactionId;
use xgateway::flows::card::{CallbackHint, Resolution, Resolved};
use xgateway::store::{Attempt, Intent, IntentState, Outcome};

use super::{Shop, card};
use crate::kinds::Fault;

impl Shop {
    /// A person has compared gateway and books. If both attempts were paid, the payment of the first is given back, or that
    /// of the second if the customer was credited for the first.
    pub(super) async fn give_back(&self, attempt: &Attempt) {
        let first = Attempt::first(attempt.order().clone()).expect("orders of the plan are orders");
        let is_paid = |attempt: &Attempt| {
            let id = attempt.gateway_order_id().as_str();
            let invoice = self.sim.with(|state| state.gateway.world.invoice(id));
            let transactions = invoice.and_then(|invoice| invoice.transactions);
            let mut transactions = transactions.unwrap_or_default().into_iter();
            transactions.any(|it| it.status == TransactionStatus::Confirmed)
        };
        let Ok(second) = first.next() else { return };
        if !(is_paid(&second) && is_paid(&first)) {
            return;
        }
        let Ok(attempts) = self.cards.attempts(first.order()).await else {
            return;
        };
        let is_credited = |it: &Intent| {
            it.attempt == first && it.state == IntentState::Finished(Outcome::Charged)
        };
        let given_back = if attempts.iter().any(is_credited) {
            second
        } else {
            first
        };
        let now = self.clock.now();
        let resolution = Resolution::new(Resolved::NotCharged, "jo", "given back", now);
        let resolution = resolution.expect("a name and a note");
        if let Err(error) = self.cards.resolve(&given_back, resolution, now).await {
            self.sim.tell("merchant", || error.to_string());
        }
    }

    /// A person has found in the back office what a callback told that was given up. Its id is a hint as good as any: the
    /// flow asks the gateway, and the transaction's id keeps the ledger from what a late copy brings.
    pub(super) async fn read_missed(self: Arc<Self>, number: u64, body: Bytes) {
        while let Err(error) = self.take_up(&body).await {
            self.sim.tell("person", || error.to_string());
            self.sim.pause(60_000).await;
        }
        self.disk.make_up_for(number);
    }

    async fn take_up(&self, body: &Bytes) -> Result<(), ApplyError> {
        let told: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
        let customer = told["customerId"].as_str().unwrap_or_default();
        if self.plan.newcomers.iter().any(|it| it.id == customer) {
            // Of KYC or of an account: the customer's flow looks itself.
            self.ring(customer);
            return Ok(());
        }
        let never = |error: &dyn std::fmt::Display| HandlerError::Never(error.to_string());
        let data: TransactionData = serde_json::from_value(told).map_err(|error| never(&error))?;
        let id = TransactionId::parse(&data.id).map_err(|error| never(&error))?;
        let hint = CallbackHint::new(id);
        let now = self.clock.now();
        if let Some(attempt) = self.attempt_paid_by(&data).await? {
            let settled = self.card_hint(&attempt, &hint, now).await?;
            self.keep(card::change(settled.as_ref())).await;
            if let Some(settled) = &settled {
                self.credited(settled).await;
            }
            return Ok(());
        }
        let mut savers = self.plan.savers.iter();
        if let Some(saver) = savers.position(|it| data.customer_id.as_deref() == Some(&it.id)) {
            let _guard = self.lock(saver).await;
            let change = self.saver_hint(saver, &hint).await?;
            self.keep(change).await;
        }
        Ok(())
    }

    /// A person has looked at what took too long too often, and found nothing wrong with it.
    pub(super) async fn replay_what_took_too_long(&self) {
        for id in self.disk.took_too_long() {
            let replayed = self.inbox.replay(id, self.clock.now()).await;
            if replayed.is_ok() {
                self.sim
                    .with(|state| state.fault(Fault::Replayed, "person"));
            }
        }
    }
}
