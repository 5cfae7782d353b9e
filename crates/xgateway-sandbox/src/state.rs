//! What a world knows. It changes through [`State::apply`] only, so that it follows from the events.

mod channels;

pub(crate) use channels::{Channels, Deposit};

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::event::{
    BodyDigest, CallbackOutcome, Event, EventKind, InvoiceFacts, InvoiceState, MerchantText,
    OrderAnswer, PageToken, Strategy, ThreeDsAct, TransactionState,
};

/// How long a slow bank takes.
pub(crate) const SLOW_BANK: SignedDuration = SignedDuration::from_secs(60);

#[derive(Debug, Default, PartialEq)]
pub(crate) struct State {
    pub(crate) now: Timestamp,
    invoices: HashMap<Uuid, Invoice>,
    orders: HashMap<MerchantText, Order>,
    pages: HashMap<PageToken, Uuid>,
    transactions: HashMap<Uuid, Transaction>,
    /// The active invoices of each customer.
    active: HashMap<MerchantText, Vec<Uuid>>,
    /// What time alone will change. The number keeps things that fall due together in their order.
    due: BTreeMap<(Timestamp, u64), Uuid>,
    pub(crate) channels: Channels,
    pub(crate) callbacks: Vec<Callback>,
    /// How many invoices have no order id.
    pub(crate) without_order: u64,
}

#[derive(Debug)]
pub(crate) struct Invoice {
    pub(crate) facts: Arc<InvoiceFacts>,
    pub(crate) status: InvoiceState,
    /// The last thing that was done on its 3DS page.
    pub(crate) act: Option<ThreeDsAct>,
    /// Its transactions, the oldest first.
    pub(crate) transactions: Vec<Uuid>,
    due: Option<(Timestamp, u64)>,
}

#[derive(Debug, Default, PartialEq)]
pub(crate) struct Order {
    /// Its invoices, the oldest first: more than one only if the gateway forgot the key in between.
    pub(crate) invoices: Vec<Uuid>,
    pub(crate) key: Option<OrderKey>,
}

/// What is remembered of the request that used an order id.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct OrderKey {
    pub(crate) digest: BodyDigest,
    pub(crate) answer: OrderAnswer,
    pub(crate) at: Timestamp,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Transaction {
    pub(crate) id: Uuid,
    pub(crate) invoice: Uuid,
    pub(crate) created_at: Timestamp,
    /// How it stood, the newest last; never empty.
    versions: Vec<Version>,
}

/// How a transaction stands, or stood when a callback was made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Version {
    pub(crate) status: TransactionState,
    pub(crate) amount: Decimal,
    pub(crate) at: Timestamp,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Callback {
    pub(crate) transaction: Uuid,
    pub(crate) version: Version,
    pub(crate) attempts: Vec<CallbackOutcome>,
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

    /// The callback of this number, counted from 1.
    pub(crate) fn callback(&self, number: u64) -> Option<&Callback> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        self.callbacks.get(index)
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

    /// The first thing that time will change, until `limit`.
    pub(crate) fn first_due(&self, limit: Timestamp) -> Option<(Timestamp, Uuid)> {
        let ((at, _), invoice) = self.due.first_key_value()?;
        (*at <= limit).then_some((*at, *invoice))
    }

    pub(crate) fn apply(&mut self, event: &Event) {
        match &event.kind {
            EventKind::ClockAdvanced { to } => self.now = *to,
            EventKind::InvoiceOpened(facts) => self.open(event, facts),
            EventKind::OrderAnswered {
                order_id,
                digest,
                answer,
            } => {
                self.orders.entry(order_id.clone()).or_default().key = Some(OrderKey {
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
            EventKind::DepositSeen(facts) => self.channels.see(event, facts),
            EventKind::DepositChanged {
                transaction,
                status,
            } => self.channels.change(event.at, *transaction, *status),
            EventKind::CallbackQueued { transaction, .. } => {
                let version = match self.channels.deposit(*transaction) {
                    Some(deposit) => deposit.now(),
                    None => self.transactions[transaction].now(),
                };
                self.callbacks.push(Callback {
                    transaction: *transaction,
                    version,
                    attempts: Vec::new(),
                });
            }
            EventKind::CallbackAttempted { number, outcome } => {
                let callback = usize::try_from(*number)
                    .ok()
                    .and_then(|number| self.callbacks.get_mut(number.checked_sub(1)?));
                if let Some(callback) = callback {
                    callback.attempts.push(*outcome);
                }
            }
            EventKind::PartnerFailed { .. } => {}
        }
    }

    fn open(&mut self, event: &Event, facts: &Arc<InvoiceFacts>) {
        let due = (facts.expires_at, event.sequence);
        self.due.insert(due, facts.id);
        self.active
            .entry(facts.customer_id.clone())
            .or_default()
            .push(facts.id);
        match &facts.order_id {
            Some(order_id) => self
                .orders
                .entry(order_id.clone())
                .or_default()
                .invoices
                .push(facts.id),
            None => self.without_order += 1,
        }
        if let Some(page) = &facts.page {
            self.pages.insert(page.token, facts.id);
        }
        let invoice = Invoice {
            facts: Arc::clone(facts),
            status: InvoiceState::Active,
            act: None,
            transactions: Vec::new(),
            due: Some(due),
        };
        self.invoices.insert(facts.id, invoice);
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
        self.transactions.insert(id, transaction);
    }

    fn change_invoice(&mut self, event: &Event, id: Uuid, status: InvoiceState) {
        let due = (status == InvoiceState::Processing).then(|| {
            (
                event.at.saturating_add(SLOW_BANK).unwrap_or(Timestamp::MAX),
                event.sequence,
            )
        });
        let invoice = self.invoice_mut(id);
        invoice.status = status;
        let customer_id = invoice.facts.customer_id.clone();
        if let Some(old) = std::mem::replace(&mut invoice.due, due) {
            self.due.remove(&old);
        }
        if let Some(due) = due {
            self.due.insert(due, id);
        }
        if let Some(active) = self.active.get_mut(&customer_id) {
            active.retain(|other| *other != id);
            if active.is_empty() {
                self.active.remove(&customer_id);
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
