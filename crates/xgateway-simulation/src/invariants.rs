//! What must be true when a history is over.

mod charged;
mod credited;
mod deposits;
mod letters;
mod onboardings;
mod orders;
mod secrets;

use std::fmt;

use xgateway::api::types::{PublicInvoice, TransactionData, TransactionStatus};
use xgateway::core::id::OrderId;
use xgateway::flows::card::Resolution;
use xgateway::store::{Attempt, Journal as _};

use crate::history::now_or_never;
use crate::merchant::{Credit, Disk};
use crate::sim::{Sim, State};

/// Something that the product promises.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Promise {
    ChargedOnce,
    EveryDepositCredited,
    CreditedOnce,
    CreditedOnlyWhatIsConfirmed,
    EffectsOnce,
    TriedAfterDecline,
    AskedOnce,
    AccountsAreTrue,
    NoRegression,
    OrdersEnd,
    DepositsEnd,
    OnboardingsEnd,
    NoneGivenUp,
    NothingSecretKept,
    NoPanic,
    WorkersLast,
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
            .and_then(|()| check.callbacks())
            .and_then(|()| check.credits())
            .and_then(|()| check.effects())
            .and_then(|()| check.attempts())
            .and_then(|()| check.asked())
            .and_then(|()| check.regressions())
            .and_then(|()| check.workers())
            .and_then(|()| check.orders())
            .and_then(|()| check.savers())
            .and_then(|()| check.newcomers())
            .and_then(|()| finished(is_finished))
            .and_then(|()| check.secrets())
            .err()
    })
}

type Kept = Result<(), Broken>;

impl Check<'_> {
    /// No effect ran twice, whatever the ledger would have made of it.
    fn effects(&self) -> Kept {
        match self.disk.doubled() {
            Some(how) => broken(Promise::EffectsOnce, how),
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
            Some(how) => broken(Promise::WorkersLast, how.clone()),
            None => Ok(()),
        }
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
            Self::EffectsOnce => "no effect of a callback runs twice",
            Self::TriedAfterDecline => "no card is tried before the last is known to be declined",
            Self::AskedOnce => "no account, applicant or verification is asked for twice",
            Self::AccountsAreTrue => "customers are told the gateway's account, and no other",
            Self::NoRegression => "what is for good stays",
            Self::OrdersEnd => "every order ends, as the gateway says",
            Self::DepositsEnd => "every deposit to an address ends, as the gateway says",
            Self::OnboardingsEnd => "every onboarding ends, as the gateway says",
            Self::NoneGivenUp => "no callback is given up but what was forged",
            Self::NothingSecretKept => "nothing secret is kept or printed",
            Self::NoPanic => "nothing panics",
            Self::WorkersLast => "no worker ends",
            Self::Ends => "everything comes to rest",
        })
    }
}
