//! Deposits to lasting addresses.

use std::sync::Arc;

use xgateway::core::id::CustomerId;
use xgateway::core::money::Currency;
use xgateway::flows::deposit::{DepositFlow, SettledDeposit};

use super::Shop;
use super::disk::{Change, Credit};
use super::planted::Bug;
use crate::sim::Event;

impl Shop {
    /// A customer wants an address. It is asked for until it is there, and the customer told.
    pub(crate) async fn address(self: Arc<Self>, saver: usize) {
        let currency = Currency::from(self.plan.savers[saver].currency);
        loop {
            let guard = self.lock(saver).await;
            let mut flow = self.deposits(saver);
            if let Some(address) = flow.machine().address(&currency) {
                // The process that has stored it may have ended before anybody was told.
                self.customer_pays(saver, address);
                return;
            }
            match flow.address(&currency).await {
                Ok(address) => {
                    self.keep(change(saver, &flow, None)).await;
                    drop(guard);
                    self.customer_pays(saver, address.as_str());
                    if self.bug == Some(Bug::AsksForEver) {
                        self.ask_for_ever(saver).await;
                    }
                    return;
                }
                Err(error) => {
                    self.sim
                        .tell("merchant", || format!("has no address: {error}"));
                }
            }
            drop(guard);
            self.sim.pause(10_000).await;
        }
    }

    /// The deposits of a customer, as they were stored.
    pub(super) fn deposits(&self, saver: usize) -> DepositFlow {
        let client = self.client.clone();
        if let Some(snapshot) = self.disk.saver(saver) {
            return DepositFlow::resume(client, &snapshot, self.cards.clone())
                .expect("the disk gives back what was stored");
        }
        let id = CustomerId::parse(&self.plan.savers[saver].id);
        DepositFlow::new(
            client,
            id.expect("the plan's ids are ids"),
            self.cards.clone(),
        )
    }

    /// Whoever is told an address pays to it, whether or not the merchant's process lives.
    fn customer_pays(&self, saver: usize, address: &str) {
        let is_known = self.sim.with(|state| {
            let is_known = state.addressed.contains(&saver);
            state.addressed.push(saver);
            is_known
        });
        if is_known {
            return;
        }
        for (payment, plan) in self.plan.payments.iter().enumerate() {
            if plan.saver == saver {
                let address = address.to_owned();
                let event = Event::Payment { payment, address };
                self.sim.with(|state| state.after(plan.after, event));
            }
        }
    }
}

pub(super) fn change(saver: usize, flow: &DepositFlow, credit: Option<Credit>) -> Change {
    Change {
        saver: Some((saver, flow.snapshot())),
        credit,
    }
}

pub(super) fn credit(settled: &SettledDeposit) -> Credit {
    Credit {
        transaction: settled.transaction_id().as_str().to_owned(),
        customer: settled.customer_id().as_str().to_owned(),
        amount: settled.amount().value(),
        currency: settled.amount().currency().as_str().to_owned(),
    }
}
