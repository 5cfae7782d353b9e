//! Card deposits: the flow, its snapshots, and looks until it is over.

use std::sync::Arc;

use serde_json::json;
use xgateway::api::deposit::CardDeposit;
use xgateway::flows::card::{CardDepositFlow, Progress, SettledTransaction, State};
use xgateway_sandbox::{EXAMPLE_ACCOUNT_ID, SandboxCard};

use super::Shop;
use super::disk::{Change, Credit, FlowId};
use super::planted::Bug;
use crate::canary;
use crate::plan::{OrderPlan, ThreeDs};
use crate::sim::{Event, Millis};

/// How long after a start the merchant still thinks that a lost request may arrive.
const GRACE: Millis = 60 * 60 * 1_000;

/// Between two looks: longer and longer, up to the last one.
const PAUSES: [Millis; 6] = [5_000, 15_000, 45_000, 120_000, 300_000, 600_000];

impl Shop {
    /// A customer has filled in the form.
    pub(crate) async fn checkout(self: Arc<Self>, order: usize) {
        let id = FlowId::Order(order);
        let guard = self.lock(id).await;
        if self.disk.flow(id).is_none() {
            let deposit = self.deposit(&self.plan.orders[order]);
            let mut flow = CardDepositFlow::new(self.client.clone(), deposit);
            // Before the first byte is sent.
            self.keep(change(id, &flow, None)).await;
            let progress = flow.start().await;
            self.take_in(order, &flow, progress).await;
        }
        drop(guard);
        if self.bug != Some(Bug::ForgetsTickets) {
            self.follow(order).await;
        }
    }

    /// Looks at an order until it is over.
    pub(crate) async fn follow(&self, order: usize) {
        let since = self.sim.with(|state| state.now);
        for look in 0.. {
            self.sim.pause(PAUSES[PAUSES.len().min(look + 1) - 1]).await;
            let waited = self.sim.with(|state| state.now) - since;
            if self.look(order, waited >= GRACE).await {
                return;
            }
        }
    }

    /// The customer's browser has come back.
    pub(crate) async fn customer_returned(self: Arc<Self>, order: usize) {
        let _guard = self.lock(FlowId::Order(order)).await;
        if let Some(mut flow) = self.resumed(order) {
            let progress = flow.customer_returned().await;
            self.take_in(order, &flow, progress).await;
        }
    }

    /// The flow of an order as it was stored.
    pub(super) fn resumed(&self, order: usize) -> Option<CardDepositFlow> {
        let snapshot = self.disk.flow(FlowId::Order(order))?;
        let flow = CardDepositFlow::resume(self.client.clone(), &snapshot);
        Some(flow.expect("the disk gives back what was stored"))
    }

    async fn look(&self, order: usize, grace_elapsed: bool) -> bool {
        let _guard = self.lock(FlowId::Order(order)).await;
        let Some(mut flow) = self.resumed(order) else {
            return true;
        };
        if is_over(&flow) {
            return true;
        }
        let is_lost = matches!(flow.state(), State::Unknown { .. });
        let progress = if is_lost && grace_elapsed {
            flow.grace_elapsed().await
        } else {
            flow.read().await
        };
        self.take_in(order, &flow, progress).await;
        is_over(&flow)
    }

    async fn take_in(&self, order: usize, flow: &CardDepositFlow, progress: Progress) {
        canary::note_debug(&progress);
        self.sim.tell("merchant", || {
            format!("{}: {}", flow.order().order_id(), flow.state())
        });
        if let Progress::ThreeDsRequired { url } = &progress {
            self.customer_gets(order, url.as_str());
        }
        let mut credited = None;
        if let Progress::Deposited(settled) = &progress {
            credited = Some(credit(settled));
        }
        self.keep(change(FlowId::Order(order), flow, credited))
            .await;
    }

    fn customer_gets(&self, order: usize, url: &str) {
        let OrderPlan {
            customer_does,
            after,
            ..
        } = self.plan.orders[order];
        if customer_does == ThreeDs::Nothing {
            return;
        }
        let path = url
            .strip_prefix("http://sandbox.invalid")
            .unwrap_or(url)
            .to_owned();
        self.sim
            .with(|state| state.after(after, Event::ThreeDs { order, path }));
    }

    pub(super) fn deposit(&self, order: &OrderPlan) -> CardDeposit {
        let card = SandboxCard::named(order.card).expect("the plan names cards that there are");
        let amount = format!("{}.{:02}", order.cents / 100, order.cents % 100);
        let amount: serde_json::Number = amount.parse().expect("it is a number");
        let body = json!({
            "amount": amount,
            "accountId": EXAMPLE_ACCOUNT_ID,
            "baseCurrency": "EUR",
            "customerId": order.customer,
            "customerDateOfBirth": canary::BIRTH,
            "customerEmail": canary::EMAIL,
            "customerFirstName": canary::FIRST_NAME,
            "customerLastName": canary::LAST_NAME,
            "customerPhone": canary::PHONE,
            "userIp": canary::IP,
            "billingAddress": {
                "addressLine1": canary::STREET,
                "city": canary::CITY,
                "countryCode": "CZ",
                "postalCode": canary::POSTAL_CODE,
                "state": canary::STATE,
            },
            "card": {
                "cardNumber": card.number,
                "cardholderName": canary::CARDHOLDER,
                "expiryMonth": "12",
                "expiryYear": "2031",
                "cardSecurityCode": canary::SECURITY_CODE,
            },
            "orderId": order.id,
            "redirectUrl": "https://shop.example/back",
        });
        CardDeposit::from_json(body.to_string().as_bytes(), &self.policy)
            .expect("the plan's orders pass rules and policy")
    }
}

/// What is stored of a flow, with what it credits.
pub(super) fn change(id: FlowId, flow: &CardDepositFlow, credit: Option<Credit>) -> Change {
    Change {
        flow: id,
        snapshot: flow.snapshot(),
        credit,
    }
}

pub(super) fn credit(settled: &SettledTransaction) -> Credit {
    Credit {
        transaction: settled.transaction_id().as_str().to_owned(),
        customer: settled.customer_id().to_owned(),
        amount: settled.amount().value(),
        currency: settled.amount().currency().as_str().to_owned(),
    }
}

fn is_over(flow: &CardDepositFlow) -> bool {
    match flow.state() {
        State::Sending | State::Unknown { .. } | State::InProgress => false,
        State::Deposited { .. }
        | State::Failed { .. }
        | State::Refused
        | State::NotCharged
        | State::Contradiction(_) => true,
    }
}
