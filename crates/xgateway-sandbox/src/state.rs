//! What a world knows. It changes through [`State::apply`] only, so that it follows from the events.

mod callbacks;
mod channels;
mod faults;
mod kyc;
mod map;
mod schedule;

pub(crate) use callbacks::{Callback, Callbacks, Told};
pub(crate) use channels::{Channels, Deposit, Direction};
pub(crate) use faults::{ActiveFaults, ActiveRule};
pub(crate) use kyc::{Account, Applicant, BACK, Customer, Customers, account_key};
pub(crate) use map::{Map, Sorted, entry, pairs};
pub(crate) use schedule::{Due, Schedule, Slot};

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::event::{
    BodyDigest, CustomerChange, Event, EventKind, InvoiceFacts, InvoiceState, MerchantText,
    OrderAnswer, PageToken, Strategy, ThreeDsAct, TransactionState,
};

/// How long a slow bank takes.
pub(crate) const SLOW_BANK: SignedDuration = SignedDuration::from_secs(60);

/// How many of the oldest invoices are looked at for one that has ended.
const OLDEST_LOOKED_AT: usize = 64;

/// A clone takes constant time and shares what does not change after it.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct State {
    pub(crate) now: Timestamp,
    #[serde(with = "pairs")]
    invoices: Map<Uuid, Invoice>,
    #[serde(with = "pairs")]
    orders: Map<MerchantText, Order>,
    /// The invoices in the order in which they were opened, by the number of that event.
    #[serde(with = "pairs")]
    opened: Sorted<u64, Uuid>,
    /// What is no longer kept has left on each account.
    #[serde(with = "pairs")]
    carried: Map<MerchantText, Decimal>,
    #[serde(with = "pairs")]
    pages: Map<PageToken, Uuid>,
    #[serde(with = "pairs")]
    transactions: Map<Uuid, Transaction>,
    /// The active invoices of each customer.
    #[serde(with = "pairs")]
    active: Map<MerchantText, Vec<Uuid>>,
    pub(crate) schedule: Schedule,
    pub(crate) channels: Channels,
    pub(crate) callbacks: Callbacks,
    pub(crate) customers: Customers,
    pub(crate) faults: ActiveFaults,
    /// Which key callbacks have: the how many-th one, from 0.
    pub(crate) key: u32,
    /// How many invoices have no order id.
    pub(crate) without_order: u64,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Invoice {
    pub(crate) facts: Arc<InvoiceFacts>,
    pub(crate) status: InvoiceState,
    /// The last thing that was done on its 3DS page.
    pub(crate) act: Option<ThreeDsAct>,
    /// Its transactions, the oldest first.
    pub(crate) transactions: Vec<Uuid>,
    due: Option<Slot>,
    opened: u64,
}

#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct Order {
    /// Its invoices, the oldest first: more than one only if the gateway forgot the key in between.
    pub(crate) invoices: Vec<Uuid>,
    pub(crate) key: Option<OrderKey>,
}

/// What is remembered of the request that used an order id.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct OrderKey {
    pub(crate) digest: BodyDigest,
    pub(crate) answer: OrderAnswer,
    pub(crate) at: Timestamp,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Transaction {
    pub(crate) id: Uuid,
    pub(crate) invoice: Uuid,
    pub(crate) created_at: Timestamp,
    /// How it stood, the newest last; never empty.
    versions: Vec<Version>,
}

/// How a transaction stands, or stood when a callback was made.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Version {
    pub(crate) status: TransactionState,
    pub(crate) amount: Decimal,
    pub(crate) at: Timestamp,
}

impl State {
    pub(crate) fn new(now: Timestamp) -> Self {
        Self {
            now,
            ..Self::default()
        }
    }

    pub(crate) fn invoice(&self, id: Uuid) -> &Invoice {
        self.invoices
            .get(&id)
            .expect("ids inside a world name invoices that were opened")
    }

    pub(crate) fn invoice_by_id(&self, text: &str) -> Option<&Invoice> {
        self.invoices.get(&parse_id(text)?)
    }

    /// The invoice of this id, or the newest of this order id.
    pub(crate) fn find_invoice(&self, text: &str) -> Option<&Invoice> {
        if let Some(invoice) = self.invoice_by_id(text) {
            return Some(invoice);
        }
        let newest = self.orders.get(text)?.invoices.last()?;
        self.invoices.get(newest)
    }

    pub(crate) fn invoice_of_page(&self, token: PageToken) -> Option<&Invoice> {
        self.invoices.get(self.pages.get(&token)?)
    }

    pub(crate) fn find(&self, id: Uuid) -> Option<&Invoice> {
        self.invoices.get(&id)
    }

    pub(crate) fn invoice_count(&self) -> usize {
        self.invoices.size()
    }

    /// The oldest invoice that has ended, unless there are many before it that have not.
    pub(crate) fn oldest_ended(&self) -> Option<&Invoice> {
        let mut oldest = self.opened.values().take(OLDEST_LOOKED_AT);
        oldest.find_map(|id| {
            let invoice = self.invoices.get(id)?;
            let has_ended = matches!(
                invoice.status,
                InvoiceState::Completed | InvoiceState::Canceled
            );
            has_ended.then_some(invoice)
        })
    }

    /// What is on an account from what is no longer kept.
    pub(crate) fn carried(&self, account: &str) -> Decimal {
        self.carried.get(account).copied().unwrap_or_default()
    }

    pub(crate) fn invoices(&self) -> impl Iterator<Item = &Invoice> {
        self.invoices.values()
    }

    pub(crate) fn transaction(&self, id: Uuid) -> Option<&Transaction> {
        self.transactions.get(&id)
    }

    pub(crate) fn order(&self, order_id: &str) -> Option<&Order> {
        self.orders.get(order_id)
    }

    /// The active invoices of a customer with this strategy, the oldest first.
    pub(crate) fn active(
        &self,
        customer_id: &str,
        strategy: Strategy,
    ) -> impl Iterator<Item = Uuid> {
        self.active
            .get(customer_id)
            .into_iter()
            .flatten()
            .copied()
            .filter(move |id| self.invoice(*id).facts.strategy == strategy)
    }

    pub(crate) fn apply(&mut self, event: &Event) {
        // A clock that follows ours moves without an event as long as nothing happens.
        self.now = self.now.max(event.at);
        match &event.kind {
            EventKind::ClockAdvanced { to } => self.now = *to,
            EventKind::InvoiceOpened(facts) => self.open(event, facts),
            EventKind::OrderAnswered {
                order_id,
                digest,
                answer,
            } => {
                entry(&mut self.orders, order_id).key = Some(OrderKey {
                    digest: *digest,
                    answer: *answer,
                    at: event.at,
                });
            }
            EventKind::ThreeDs { invoice, act } => self.invoice_mut(*invoice).act = Some(*act),
            EventKind::TransactionChanged {
                transaction,
                invoice,
                status,
                amount,
            } => {
                let version = Version {
                    status: *status,
                    amount: *amount,
                    at: event.at,
                };
                self.change_transaction(*transaction, *invoice, version);
            }
            EventKind::InvoiceChanged {
                invoice, status, ..
            } => self.change_invoice(event, *invoice, *status),
            EventKind::AddressMade(facts) => self.channels.make_address(facts),
            EventKind::DepositSeen(facts) => {
                self.channels
                    .see(event, facts, Direction::In, &mut self.schedule);
            }
            EventKind::WithdrawalRequested(facts) => {
                self.channels
                    .see(event, facts, Direction::Out, &mut self.schedule);
            }
            EventKind::DepositChanged {
                transaction,
                status,
            }
            | EventKind::WithdrawalChanged {
                transaction,
                status,
            } => self
                .channels
                .change(event.at, *transaction, *status, &mut self.schedule),
            EventKind::CallbackQueued { transaction, .. } => {
                if let Some(version) = self.version(*transaction) {
                    let told = Told::Transaction(version);
                    self.callbacks.queue(*transaction, told, self.key, event.at);
                }
            }
            EventKind::CallbackAttempted { number, outcome } => {
                self.callbacks.attempt(*number, *outcome, event.at);
            }
            EventKind::CustomerChanged(facts) => {
                self.customers.change(event, facts, &mut self.schedule);
                if let CustomerChange::CallbackQueued { news, .. } = &facts.change {
                    let told = Told::Customer(facts.customer_id.clone(), news.clone());
                    self.callbacks
                        .queue(facts.customer, told, self.key, event.at);
                }
            }
            EventKind::InvoiceForgotten {
                invoice,
                account,
                net,
            } => self.forget(*invoice, account, *net),
            EventKind::PaymentForgotten {
                transaction,
                account,
                net,
            } => {
                self.channels.forget(*transaction);
                *entry(&mut self.carried, account) += *net;
            }
            EventKind::CallbackDropped { number } => self.callbacks.drop(*number),
            EventKind::CallbackResent { number } => self.callbacks.resend(*number),
            EventKind::KeyRotated { key } => self.key = *key,
            EventKind::FaultAdded { rule } => self.faults.add(rule, event.at),
            EventKind::FaultsRemoved { rule } => self.faults.remove(*rule),
            EventKind::FaultDrawn {
                rule,
                operation,
                subject,
                ..
            } => self.faults.draw(*rule, operation.clone(), subject.clone()),
            EventKind::PartnerFailed { .. } | EventKind::RequestAnswered(_) => {}
        }
    }

    /// How a payment stands, whether by card or to an address.
    fn version(&self, transaction: Uuid) -> Option<Version> {
        match self.channels.deposit(transaction) {
            Some(deposit) => Some(deposit.now()),
            None => self.transactions.get(&transaction).map(Transaction::now),
        }
    }

    fn open(&mut self, event: &Event, facts: &Arc<InvoiceFacts>) {
        let due = Slot::new(facts.expires_at, event.sequence);
        self.schedule.add(due, Due::InvoiceExpires(facts.id));
        entry(&mut self.active, &facts.customer_id).push(facts.id);
        match &facts.order_id {
            Some(order_id) => entry(&mut self.orders, order_id).invoices.push(facts.id),
            None => self.without_order += 1,
        }
        if let Some(page) = &facts.page {
            self.pages.insert_mut(page.token, facts.id);
        }
        let invoice = Invoice {
            facts: Arc::clone(facts),
            status: InvoiceState::Active,
            act: None,
            transactions: Vec::new(),
            due: Some(due),
            opened: event.sequence,
        };
        self.opened.insert_mut(event.sequence, facts.id);
        self.invoices.insert_mut(facts.id, invoice);
    }

    fn forget(&mut self, id: Uuid, account: &MerchantText, net: Decimal) {
        let Some(invoice) = self.invoices.get(&id).cloned() else {
            return;
        };
        self.invoices.remove_mut(&id);
        self.opened.remove_mut(&invoice.opened);
        if let Some(page) = &invoice.facts.page {
            self.pages.remove_mut(&page.token);
        }
        for transaction in &invoice.transactions {
            self.transactions.remove_mut(transaction);
        }
        if let Some(order_id) = &invoice.facts.order_id
            && let Some(order) = self.orders.get_mut(order_id)
        {
            order.invoices.retain(|other| *other != id);
            if order.invoices.is_empty() {
                self.orders.remove_mut(order_id);
            }
        }
        *entry(&mut self.carried, account) += net;
    }

    fn change_transaction(&mut self, id: Uuid, invoice: Uuid, version: Version) {
        if let Some(transaction) = self.transactions.get_mut(&id) {
            transaction.versions.push(version);
            return;
        }
        self.invoice_mut(invoice).transactions.push(id);
        let transaction = Transaction {
            id,
            invoice,
            created_at: version.at,
            versions: vec![version],
        };
        self.transactions.insert_mut(id, transaction);
    }

    fn change_invoice(&mut self, event: &Event, id: Uuid, status: InvoiceState) {
        let due = (status == InvoiceState::Processing).then(|| {
            let at = event.at.saturating_add(SLOW_BANK).unwrap_or(Timestamp::MAX);
            Slot::new(at, event.sequence)
        });
        let invoice = self.invoice_mut(id);
        invoice.status = status;
        let customer_id = invoice.facts.customer_id.clone();
        if let Some(old) = std::mem::replace(&mut invoice.due, due) {
            self.schedule.remove(old);
        }
        if let Some(due) = due {
            self.schedule.add(due, Due::BankAnswers(id));
        }
        if let Some(active) = self.active.get_mut(&customer_id) {
            active.retain(|other| *other != id);
            if active.is_empty() {
                self.active.remove_mut(&customer_id);
            }
        }
    }

    fn invoice_mut(&mut self, id: Uuid) -> &mut Invoice {
        self.invoices
            .get_mut(&id)
            .expect("events name invoices that were opened")
    }
}

impl Transaction {
    /// How it stands now.
    pub(crate) fn now(&self) -> Version {
        *self
            .versions
            .last()
            .expect("a transaction is made with its first version")
    }
}

/// Facts never change, so that the id stands for them.
impl PartialEq for Invoice {
    fn eq(&self, other: &Self) -> bool {
        (self.facts.id, self.status, self.act, self.due)
            == (other.facts.id, other.status, other.act, other.due)
            && self.transactions == other.transactions
    }
}

/// An id as the gateway writes it. The parser alone would also read it in braces.
pub(crate) fn parse_id(text: &str) -> Option<Uuid> {
    xgateway_core::text::is_uuid(text)
        .then(|| Uuid::try_parse(text).ok())
        .flatten()
}
