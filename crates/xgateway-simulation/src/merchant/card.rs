//! Card deposits: journalled, resumed until they are over, and tried again.

use std::sync::Arc;

use serde_json::json;
use xgateway::api::deposit::CardDeposit;
use xgateway::callback::Clock as _;
use xgateway::core::id::OrderId;
use xgateway::flows::card::{
    Contradiction, JournalledError, Progress, SettledTransaction, Standing,
};
use xgateway::store::{Intent, IntentState, Outcome};
use xgateway_sandbox::{EXAMPLE_ACCOUNT_ID, SandboxCard};

use super::Shop;
use super::disk::{Change, Credit};
use super::planted::Bug;
use crate::canary;
use crate::plan::{OrderPlan, ThreeDs};
use crate::sim::{Event, Millis};

/// Between two rounds of resuming.
const RESUME: Millis = 120_000;

impl Shop {
    /// A customer has filled in the form.
    pub(crate) async fn checkout(self: Arc<Self>, order: usize) {
        let plan = &self.plan.orders[order];
        let deposit = self.deposit(plan, plan.card);
        let outcome = self.cards.deposit(deposit, self.clock.now()).await;
        self.take_in(order, outcome).await;
    }

    /// A customer whose card was not taken, or declined, tries another one.
    pub(crate) async fn again(self: Arc<Self>, order: usize) {
        let plan = &self.plan.orders[order];
        let (Some(card), Some(last)) = (plan.second_card, self.last_attempt(plan).await) else {
            return;
        };
        if self.bug == Some(Bug::TriesAtOnce) {
            return self.try_at_once(plan, card).await;
        }
        let deposit = self.deposit(plan, card);
        let now = self.clock.now();
        let outcome = match last.state {
            IntentState::Finished(Outcome::Declined) => {
                self.cards.retry(deposit, &last.attempt, now).await
            }
            IntentState::Finished(Outcome::NotTaken) if last.attempt.number().get() == 1 => {
                self.cards.deposit(deposit, now).await
            }
            IntentState::Open | IntentState::Finished(_) => {
                self.cards.look(&last.attempt, now).await
            }
        };
        self.take_in(order, outcome).await;
    }

    /// The customer's browser has come back.
    pub(crate) async fn customer_returned(self: Arc<Self>, order: usize) {
        if let Some(last) = self.last_attempt(&self.plan.orders[order]).await {
            let outcome = self.cards.look(&last.attempt, self.clock.now()).await;
            self.take_in(order, outcome).await;
        }
    }

    /// Finishes what was left open, again and again.
    pub(crate) async fn resume(self: Arc<Self>) {
        loop {
            if self.is_first {
                self.replay_what_took_too_long().await;
            }
            match self.cards.resume_all(self.clock.now()).await {
                Ok(resumed) => {
                    for resumed in resumed {
                        let order = self.order_of(resumed.attempt.order());
                        let is_twice = resumed.outcome.as_ref().is_ok_and(is_paid_twice);
                        if self.is_first && is_twice {
                            self.give_back(&resumed.attempt).await;
                        }
                        self.take_in(order, resumed.outcome).await;
                    }
                }
                Err(error) => self
                    .sim
                    .tell("merchant", || format!("cannot resume: {error}")),
            }
            self.sim.pause(RESUME).await;
        }
    }

    /// Acts on how an attempt at an order stands.
    async fn take_in(&self, order: usize, outcome: Result<Standing, JournalledError>) {
        let standing = match outcome {
            Ok(standing) => standing,
            // It is not written down, and yet what the gateway said.
            Err(JournalledError::NotKept { standing, .. }) => *standing,
            // The customer may be sent on; whether anybody is credited depends on the other attempts.
            Err(JournalledError::NotFollowed {
                standing: Some(standing),
                ..
            }) if standing.progress.is_open() => *standing,
            Err(error) => {
                self.sim.tell("merchant", || error.to_string());
                return;
            }
        };
        canary::note_debug(&standing);
        self.sim.tell("merchant", || {
            format!("{}: {}", standing.attempt, words(&standing.progress))
        });
        if let Progress::Deposited(settled) = &standing.progress {
            self.keep(change(Some(settled))).await;
            self.credited(settled).await;
        } else if let Progress::ThreeDsRequired { url } = &standing.progress {
            let is_first = standing.attempt.number().get() == 1;
            self.customer_gets(order, is_first, url.as_str());
        } else if !standing.progress.is_open() {
            self.customer_tries_again(order);
        }
    }

    /// Says that a customer was credited. If that fails, the next round of resuming does.
    pub(super) async fn credited(&self, settled: &SettledTransaction) {
        if let Err(error) = self.cards.credited(settled, self.clock.now()).await {
            self.sim.tell("merchant", || error.to_string());
        }
    }

    pub(super) fn order_of(&self, id: &OrderId) -> usize {
        let orders = &self.plan.orders;
        let order = orders.iter().position(|order| order.id == id.as_str());
        order.expect("only orders of the plan are journalled")
    }

    async fn last_attempt(&self, plan: &OrderPlan) -> Option<Intent> {
        let id = OrderId::parse(&plan.id).expect("the plan's ids are ids");
        let attempts = self.cards.attempts(&id).await.ok()?;
        attempts.into_iter().next_back()
    }

    fn customer_gets(&self, order: usize, is_first: bool, url: &str) {
        let plan = &self.plan.orders[order];
        let button = match plan.customer_does {
            ThreeDs::Approve => "approve",
            // The second time it is meant seriously.
            _ if !is_first => "approve",
            ThreeDs::Decline => "decline",
            ThreeDs::Leave => "leave",
            ThreeDs::Nothing => return,
        };
        let path = url.strip_prefix("http://sandbox.invalid").unwrap_or(url);
        let path = path.to_owned();
        let event = Event::ThreeDs {
            order,
            path,
            button,
        };
        self.sim.with(|state| state.after(plan.after, event));
    }

    fn customer_tries_again(&self, order: usize) {
        self.sim.with(|state| {
            let is_new = !state.tried_again.contains(&order);
            if state.plan.orders[order].second_card.is_some() && is_new {
                state.tried_again.push(order);
                state.after(20_000, Event::Again(order));
            }
        });
    }

    pub(super) fn deposit(&self, order: &OrderPlan, card: &str) -> CardDeposit {
        let card = SandboxCard::named(card).expect("the plan names cards that there are");
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

fn is_paid_twice(standing: &Standing) -> bool {
    let twice = Contradiction::OtherAttempt;
    matches!(standing.progress, Progress::Contradiction(it) if it == twice)
}

/// The credit that a settled deposit brings.
pub(super) fn change(settled: Option<&SettledTransaction>) -> Change {
    let credit = settled.map(|settled| Credit {
        transaction: settled.transaction_id().as_str().to_owned(),
        customer: settled.customer_id().to_owned(),
        amount: settled.amount().value(),
        currency: settled.amount().currency().as_str().to_owned(),
    });
    Change {
        saver: None,
        credit,
    }
}

fn words(progress: &Progress) -> &'static str {
    match progress {
        Progress::Deposited(_) => "deposited",
        Progress::ThreeDsRequired { .. } => "3DS required",
        Progress::InProgress(_) => "in progress",
        Progress::Refused(_) => "refused",
        Progress::Unknown { .. } => "unknown",
        Progress::Failed { .. } => "failed",
        Progress::NotCharged { .. } => "not charged",
        Progress::Contradiction(_) => "a contradiction",
        Progress::Resolved(_) => "resolved",
        _ => "something new",
    }
}
