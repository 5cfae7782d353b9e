//! What must be true when a history is over.

use std::fmt::{self, Write as _};

use rust_decimal::Decimal;
use xgateway::api::types::{PublicInvoice, TransactionData, TransactionStatus};
use xgateway::core::id::OrderId;
use xgateway::flows::card::Resolution;
use xgateway::flows::deposit::Machine;
use xgateway::flows::onboarding::{Machine as Onboarding, State as OnboardingState};
use xgateway::store::{
    Attempt, EntryState, Inbox as _, Intent, IntentState, Journal as _, ListQuery, Outcome,
};

use crate::canary;
use crate::history::now_or_never;
use crate::kinds::End;
use crate::merchant::{Credit, Disk};
use crate::plan::{Fate, OrderPlan};
use crate::sim::{Sim, State};

/// Something that the product promises.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Promise {
    ChargedOnce,
    EveryDepositCredited,
    CreditedOnce,
    CreditedOnlyWhatIsConfirmed,
    AskedOnce,
    AccountsAreTrue,
    NoRegression,
    EverythingResolved,
    NothingSecretKept,
    NoPanic,
    Ends,
}

/// A promise that was not kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Broken {
    pub(crate) promise: Promise,
    pub(crate) how: String,
}

/// The truth, and what the merchant made of it.
struct Check<'a> {
    state: &'a mut State,
    disk: &'a Disk,
    invoices: Vec<PublicInvoice>,
    ledger: Vec<Credit>,
}

/// The first promise that was not kept.
pub(crate) fn check(sim: &Sim, disk: &Disk, is_finished: bool) -> Option<Broken> {
    sim.with(|state| {
        let mut check = Check {
            invoices: invoices(state),
            ledger: disk.ledger(),
            state,
            disk,
        };
        check
            .charges()
            .and_then(|()| check.credits())
            .and_then(|()| check.effects())
            .and_then(|()| check.asked())
            .and_then(|()| check.regressions())
            .and_then(|()| check.workers())
            .and_then(|()| check.orders())
            .and_then(|()| check.savers())
            .and_then(|()| check.newcomers())
            .and_then(|()| check.callbacks())
            .and_then(|()| finished(is_finished))
            .and_then(|()| check.secrets())
            .err()
    })
}

type Kept = Result<(), Broken>;

impl Check<'_> {
    /// No order is charged twice, under whatever order id.
    fn charges(&self) -> Kept {
        for order in &self.state.plan.orders {
            let amount = Decimal::new(order.cents.into(), 2);
            // The amount tells orders apart, also where a request lost its order id.
            let charges = self
                .invoices
                .iter()
                .filter(|invoice| invoice.amount.value() == amount)
                .flat_map(|invoice| invoice.transactions.as_deref().unwrap_or_default())
                .filter(|transaction| transaction.status == TransactionStatus::Confirmed)
                .count();
            // What the bank itself confirms after it has declined nobody can prevent: then a person must have given back the
            // payment of one attempt.
            let given_back = self.given_back(order);
            if given_back > 1 {
                let how = format!("{} was given back {given_back} times", order.id);
                return broken(Promise::EveryDepositCredited, how);
            }
            let charges = charges - given_back;
            if charges > 1 {
                return broken(
                    Promise::ChargedOnce,
                    format!("{} was charged {charges} times", order.id),
                );
            }
        }
        Ok(())
    }

    /// What is confirmed is credited, once and to its customer; nothing else is.
    fn credits(&self) -> Kept {
        for truth in self.confirmed() {
            let order = truth.order_id.as_deref();
            if order.is_some_and(|order| self.is_given_back(order)) {
                if self.ledger.iter().any(|it| it.transaction == truth.id) {
                    let how = format!("given back and credited: {}", truth.id);
                    return broken(Promise::CreditedOnce, how);
                }
                continue;
            }
            let mut credits = self.ledger.iter().filter(|it| it.transaction == truth.id);
            let Some(credit) = credits.next() else {
                let how = format!(
                    "{} {} of {} were paid and never credited",
                    truth.amount,
                    truth.currency.as_str(),
                    truth.customer_id.as_deref().unwrap_or_default()
                );
                return broken(Promise::EveryDepositCredited, how);
            };
            if credits.next().is_some() {
                return broken(Promise::CreditedOnce, format!("twice: {credit}"));
            }
            // A payment of an order is credited in the order's currency, whichever one it is told in.
            let of_order = self.invoices.iter().find(|invoice| {
                let transactions = invoice.transactions.as_deref().unwrap_or_default();
                transactions.iter().any(|it| it.id == truth.id)
            });
            let (amount, currency) = match of_order {
                Some(invoice) => (
                    invoice.amount.value(),
                    invoice.base_currency.as_ref().unwrap_or(&truth.currency),
                ),
                None => (truth.amount.value(), &truth.currency),
            };
            let is_right = Some(&credit.customer) == truth.customer_id.as_ref()
                && credit.amount == amount
                && credit.currency == currency.as_str();
            if !is_right {
                return broken(
                    Promise::CreditedOnlyWhatIsConfirmed,
                    format!("wrong: {credit}"),
                );
            }
        }
        for credit in &self.ledger {
            let truth = self.state.gateway.world.transaction(&credit.transaction);
            let is_confirmed = truth.is_some_and(|it| it.status == TransactionStatus::Confirmed);
            if !is_confirmed {
                let how = format!("not confirmed: {credit}");
                return broken(Promise::CreditedOnlyWhatIsConfirmed, how);
            }
        }
        Ok(())
    }

    /// No effect ran twice, whatever the ledger would have made of it.
    fn effects(&self) -> Kept {
        match self.disk.doubled() {
            Some(how) => broken(Promise::CreditedOnce, how),
            None => Ok(()),
        }
    }

    /// No account, applicant or verification is asked for again where it was.
    fn asked(&self) -> Kept {
        let mut asked = self.state.asked.clone();
        asked.sort_unstable();
        match asked.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => broken(Promise::AskedOnce, pair[0].clone()),
            None => Ok(()),
        }
    }

    fn regressions(&self) -> Kept {
        match self.disk.regressions().into_iter().next() {
            Some(how) => broken(Promise::NoRegression, how),
            None => Ok(()),
        }
    }

    /// No worker has ended.
    fn workers(&self) -> Kept {
        match self.state.violations.first() {
            Some(how) => broken(Promise::Ends, how.clone()),
            None => Ok(()),
        }
    }

    /// Every attempt has ended, and as the gateway says.
    fn orders(&mut self) -> Kept {
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
                    return broken(Promise::EverythingResolved, how);
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
                return broken(Promise::EverythingResolved, how);
            }
        };
        self.state.coverage.end(end);
        Ok(())
    }

    fn savers(&mut self) -> Kept {
        for index in 0..self.state.plan.savers.len() {
            let snapshot = self.disk.saver(index);
            let machine = snapshot.and_then(|it| Machine::from_json(&it).ok());
            let Some(machine) = machine else {
                let how = format!("saver {index} never got an address");
                return broken(Promise::EverythingResolved, how);
            };
            if !machine.look().is_empty() {
                let how = format!("saver {index} waits for ever");
                return broken(Promise::EverythingResolved, how);
            }
        }
        for (id, outcome) in self.state.paid.clone() {
            let truth = self.state.gateway.world.transaction(&id);
            let is_confirmed = truth.is_some_and(|it| it.status == TransactionStatus::Confirmed);
            let end = match (is_confirmed, outcome) {
                (false, _) => End::ChannelFailed,
                (true, "failed_then_confirmed") => End::ChannelTurned,
                (true, _) => End::ChannelCredited,
            };
            self.state.coverage.end(end);
        }
        Ok(())
    }

    /// Every onboarding has ended as the gateway says, or waits for what the customer will not do.
    fn newcomers(&mut self) -> Kept {
        for index in 0..self.state.plan.newcomers.len() {
            let plan = self.state.plan.newcomers[index].clone();
            if plan.at.is_none() {
                continue;
            }
            let snapshot = self.disk.onboarding(index);
            let machine = snapshot.and_then(|it| Onboarding::from_json(&it).ok());
            let believed = machine.map(|it| it.state());
            let gateway = &mut self.state.gateway;
            let status = gateway.kyc(&plan.id);
            let account = gateway.account(&plan.id);
            let told = self.disk.accounts(index);
            if told.iter().any(|told| Some(told) != account.as_ref()) {
                let how = format!("{} was told to pay to somebody else's account", plan.id);
                return broken(Promise::AccountsAreTrue, how);
            }
            let end = match (believed, status.as_deref()) {
                (Some(OnboardingState::Onboarded), Some("FULL_USER")) if !told.is_empty() => {
                    if self.disk.is_corrected(index) {
                        End::OnboardedAfterCorrection
                    } else {
                        End::Onboarded
                    }
                }
                (Some(OnboardingState::Failed), Some("SOFT_KYC_FAILED"))
                    if plan.corrects_after.is_none() =>
                {
                    End::OnboardingWaits
                }
                (Some(OnboardingState::Rejected), Some("HARD_KYC_FAILED")) => {
                    if plan.fate == Fate::Reversed {
                        End::OnboardingReversed
                    } else {
                        End::OnboardingRejected
                    }
                }
                _ => {
                    let how = format!("{} is {status:?}; here it is {believed:?}", plan.id);
                    return broken(Promise::EverythingResolved, how);
                }
            };
            self.state.coverage.end(end);
        }
        Ok(())
    }

    /// No callback is given up but what was forged.
    fn callbacks(&mut self) -> Kept {
        let query = ListQuery::default().with_state(EntryState::Dead);
        let dead = now_or_never(self.disk.inbox.list(query));
        let dead = dead.and_then(Result::ok).unwrap_or_default();
        for _ in &dead {
            self.state.coverage.end(End::CallbackDead);
        }
        let forged = &self.state.forged;
        let mut genuine = dead
            .iter()
            .filter(|entry| forged.iter().all(|body| body != entry.payload.as_bytes()));
        if let Some(entry) = genuine.next() {
            let how = format!("a genuine callback was given up: {:?}", entry.reason);
            return broken(Promise::EverythingResolved, how);
        }
        Ok(())
    }

    /// No card number, security code, key or personal datum is anywhere but in requests.
    fn secrets(&self) -> Kept {
        let found = |place: &str, secret: Option<&'static str>| match secret {
            Some(secret) => broken(Promise::NothingSecretKept, format!("{secret} in {place}")),
            None => Ok(()),
        };
        found("a snapshot", self.disk.with_stored(canary::secret_in))?;
        found("a log line", canary::with_printed(canary::secret_in))?;
        let events = self.state.gateway.world.events().iter();
        let mut json = Vec::new();
        for event in events.filter(|event| event.name() != "clock_advanced") {
            // Memory takes everything.
            let _ = serde_json::to_writer(&mut json, event);
        }
        let json = String::from_utf8_lossy(&json);
        found("the gateway's events", canary::secret_in(&json))?;
        let mut stored = String::new();
        let entries = now_or_never(self.disk.inbox.list(ListQuery::default()));
        for entry in entries.and_then(Result::ok).unwrap_or_default() {
            let payload = String::from_utf8_lossy(entry.payload.as_bytes());
            // Of a body the inbox keeps every byte, also of one that tells of an account.
            stored.push_str(&payload.replace(canary::IBAN, ""));
            let _ = write!(stored, "{entry:?}");
        }
        found("a stored callback", canary::secret_in(&stored))
    }

    /// How many payments of an order a person has given back.
    fn given_back(&self, order: &OrderPlan) -> usize {
        let ids = self.invoices.iter().filter_map(|it| it.order_id.as_deref());
        let is_of_order =
            |id: &&str| attempt_of(id).is_some_and(|it| it.order().as_str() == order.id);
        ids.filter(is_of_order)
            .filter(|id| self.is_given_back(id))
            .count()
    }

    /// Whether the bank has confirmed what it had declined of this attempt's order, and a person has given this attempt's payment
    /// back.
    fn is_given_back(&self, gateway_order: &str) -> bool {
        let turned = self.state.turned.iter();
        let mut turns = turned
            .map(|order| &self.state.plan.orders[*order])
            .filter(|plan| plan.second_card.is_some());
        let attempt = attempt_of(gateway_order);
        let is_turned = |it: &Attempt| turns.any(|plan| plan.id == it.order().as_str());
        let Some(attempt) = attempt.filter(is_turned) else {
            return false;
        };
        let intent = now_or_never(self.disk.journal.intent(&attempt));
        let intent = intent.and_then(Result::ok).flatten();
        intent.is_some_and(|intent| Resolution::of(&intent).is_some())
    }

    fn invoices_of(&self, order: &str) -> impl Iterator<Item = &PublicInvoice> {
        let invoices = self.invoices.iter();
        invoices.filter(move |invoice| invoice.order_id.as_deref() == Some(order))
    }

    /// Everything that the gateway has confirmed.
    fn confirmed(&self) -> Vec<TransactionData> {
        let world = &self.state.gateway.world;
        let of_invoices = self.invoices.iter().flat_map(|invoice| {
            let transactions = invoice.transactions.as_deref().unwrap_or_default();
            transactions
                .iter()
                .map(|transaction| transaction.id.clone())
        });
        of_invoices
            .chain(self.state.paid.iter().map(|(id, _)| id.clone()))
            .filter_map(|id| world.transaction(&id))
            .filter(|it| it.status == TransactionStatus::Confirmed)
            .collect()
    }
}

fn attempt_of(gateway_order: &str) -> Option<Attempt> {
    let id = OrderId::parse(gateway_order).ok()?;
    Attempt::of_gateway_order(&id).ok()
}

/// Every invoice that the gateway ever made, the oldest first.
fn invoices(state: &State) -> Vec<PublicInvoice> {
    let world = &state.gateway.world;
    world
        .events()
        .iter()
        .filter(|event| event.name() == "invoice_opened")
        .filter_map(|event| world.invoice(&event.invoice_id()?))
        .collect()
}

/// Said only where nothing says better what has not ended.
fn finished(is_finished: bool) -> Kept {
    if is_finished {
        Ok(())
    } else {
        broken(Promise::Ends, "it never comes to rest".to_owned())
    }
}

fn broken(promise: Promise, how: String) -> Kept {
    Err(Broken { promise, how })
}

impl Broken {
    pub(crate) fn new(promise: Promise, how: &str) -> Self {
        Self {
            promise,
            how: how.to_owned(),
        }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { promise, how } = self;
        write!(f, "{promise}: {how}")
    }
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ChargedOnce => "no order is charged twice",
            Self::EveryDepositCredited => "every confirmed deposit is credited",
            Self::CreditedOnce => "no deposit is credited twice",
            Self::CreditedOnlyWhatIsConfirmed => {
                "only what is confirmed is credited, to its customer"
            }
            Self::AskedOnce => "no account, applicant or verification is asked for twice",
            Self::AccountsAreTrue => "customers are told the gateway's account, and no other",
            Self::NoRegression => "what is for good stays",
            Self::EverythingResolved => "everything ends, as the gateway says",
            Self::NothingSecretKept => "nothing secret is kept or printed",
            Self::NoPanic => "nothing panics",
            Self::Ends => "everything comes to rest",
        })
    }
}
