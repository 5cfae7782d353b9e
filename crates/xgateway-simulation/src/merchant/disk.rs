//! What survives.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rust_decimal::Decimal;
use xgateway::flows::{card, deposit};
use xgateway::store::MemoryInbox;

/// Which flow.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum FlowId {
    /// The card flow of an order of the plan.
    Order(usize),
    /// The deposits of a customer of the plan who has an address.
    Saver(usize),
}

/// A customer gets money.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Credit {
    pub(crate) transaction: String,
    pub(crate) customer: String,
    pub(crate) amount: Decimal,
    pub(crate) currency: String,
}

/// What one commit writes.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) flow: FlowId,
    pub(crate) snapshot: String,
    pub(crate) credit: Option<Credit>,
}

/// The merchant's database.
#[derive(Default)]
pub(crate) struct Disk {
    pub(crate) inbox: Arc<MemoryInbox>,
    books: Mutex<Books>,
}

#[derive(Default)]
struct Books {
    flows: BTreeMap<FlowId, String>,
    wanted: Vec<usize>,
    ledger: Vec<Credit>,
    /// Everything that was ever stored of a flow.
    stored: String,
    regressions: Vec<String>,
}

impl Disk {
    /// Writes a change. Returns the credit if the customer got it now: the transaction's id is a unique key.
    pub(crate) fn commit(&self, change: &Change) -> Option<Credit> {
        let mut books = self.books();
        books.store(change.flow, &change.snapshot);
        let credit = change.credit.clone()?;
        let is_new = books
            .ledger
            .iter()
            .all(|it| it.transaction != credit.transaction);
        is_new.then(|| {
            books.ledger.push(credit.clone());
            credit
        })
    }

    /// Writes a credit and nothing else, without the unique key: only a bug does that.
    pub(crate) fn credit_blindly(&self, credit: Credit) {
        self.books().ledger.push(credit);
    }

    /// How far a flow has come.
    pub(crate) fn flow(&self, flow: FlowId) -> Option<String> {
        self.books().flows.get(&flow).cloned()
    }

    /// That a customer wants an address.
    pub(crate) fn want(&self, saver: usize) {
        self.books().wanted.push(saver);
    }

    pub(crate) fn wanted(&self) -> Vec<usize> {
        self.books().wanted.clone()
    }

    pub(crate) fn ledger(&self) -> Vec<Credit> {
        self.books().ledger.clone()
    }

    pub(crate) fn regressions(&self) -> Vec<String> {
        self.books().regressions.clone()
    }

    /// Looks at everything that was ever stored of a flow.
    pub(crate) fn with_stored<T>(&self, look: impl FnOnce(&str) -> T) -> T {
        look(&self.books().stored)
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Books {
    fn store(&mut self, flow: FlowId, snapshot: &str) {
        self.stored.push_str(snapshot);
        self.stored.push('\n');
        if let Some(before) = self.flows.insert(flow, snapshot.to_owned())
            && before != snapshot
            && !may_follow(flow, &before, snapshot)
        {
            self.regressions
                .push(format!("{flow:?} went from {before} to {snapshot}"));
        }
    }
}

/// Whether what is for good in the first is in the second, too.
fn may_follow(flow: FlowId, before: &str, after: &str) -> bool {
    match flow {
        FlowId::Order(_) => {
            let state = |text| card::Machine::from_json(text).map(|it| it.state().clone());
            match (state(before), state(after)) {
                (Ok(before @ card::State::Deposited { .. }), Ok(after)) => before == after,
                (Ok(card::State::Contradiction(_)), Ok(after)) => {
                    matches!(after, card::State::Contradiction(_))
                }
                (Ok(before), Ok(after)) => before == after || after != card::State::Sending,
                _ => false,
            }
        }
        FlowId::Saver(_) => {
            let machine = deposit::Machine::from_json;
            match (machine(before), machine(after)) {
                (Ok(before), Ok(after)) => {
                    before
                        .credits()
                        .all(|credit| after.credits().any(|it| it == credit))
                        && before
                            .addresses()
                            .all(|it| after.addresses().any(|other| other == it))
                }
                _ => false,
            }
        }
    }
}

impl fmt::Display for Credit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id: String = self.transaction.chars().take(8).collect();
        let Self {
            amount,
            currency,
            customer,
            ..
        } = self;
        write!(f, "{amount} {currency} to {customer} for transaction {id}")
    }
}
