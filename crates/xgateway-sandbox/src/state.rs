//! What a world knows. It changes through [`State::apply`] only, so that it follows from the events.

mod callbacks;
mod channels;
mod faults;
mod few;
mod invoice;
mod kyc;
mod map;
mod pairs;
mod schedule;
mod sorted;

pub(crate) use callbacks::{Callback, Callbacks, Told};
pub(crate) use channels::{Channels, Deposit, Direction};
pub(crate) use faults::{ActiveFaults, ActiveRule};
pub(crate) use few::Few;
use invoice::OrderKey;
pub(crate) use invoice::{Invoice, Order, SLOW_BANK, Transaction, Version};
pub(crate) use kyc::{Account, Applicant, BACK, Customer, Customers, account_key};
pub(crate) use map::Map;
pub(crate) use schedule::{Due, Schedule, Slot};
pub(crate) use sorted::{Key, Sorted};

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::event::{CustomerChange, Event, EventKind, MerchantText, PageToken};

/// How many of the oldest invoices are looked at for one that has ended.
const OLDEST_LOOKED_AT: usize = 64;

/// A clone takes constant time and shares what does not change after it.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct State {
    pub(crate) now: Timestamp,
    // In memory of their own: the next one takes that of the one that was forgotten, while it is at hand.
    invoices: Map<Uuid, Box<Invoice>>,
    orders: Map<MerchantText, Box<Order>>,
    /// Orders at which the bank failed before there was an invoice, by the number of the event that says so.
    #[serde(default)]
    failed: Sorted<u64, MerchantText>,
    /// The invoices in the order in which they were opened, by the number of that event.
    opened: Sorted<u64, Uuid>,
    /// How many invoices are no longer kept.
    #[serde(default)]
    forgotten: u64,
    /// What is no longer kept has left on each account.
    carried: Map<MerchantText, Decimal>,
    pages: Map<PageToken, Uuid>,
    transactions: Map<Uuid, Box<Transaction>>,
    /// The active invoices of each customer.
    active: Map<MerchantText, Few<Uuid>>,
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

impl State {
    pub(crate) fn new(now: Timestamp) -> Self {
        Self {
            now,
            ..Self::default()
        }
    }

    /// What is on an account from what is no longer kept.
    pub(crate) fn carried(&self, account: &str) -> Decimal {
        self.carried.get(account).copied().unwrap_or_default()
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
                let key = OrderKey {
                    digest: *digest,
                    answer: *answer,
                    at: event.at,
                };
                self.answer_order(event.sequence, order_id, key);
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
                if let Some((version, earlier)) = self.version_to_tell(*transaction) {
                    let (told, made) = (Told::Transaction(version), (self.key, event.at));
                    self.callbacks.queue(*transaction, told, earlier, made);
                }
            }
            EventKind::CallbackAttempted { number, outcome } => {
                self.callbacks.attempt(*number, *outcome, event.at);
            }
            EventKind::CustomerChanged(facts) => {
                self.customers.change(event, facts, &mut self.schedule);
                if let CustomerChange::CallbackQueued { news, .. } = &facts.change {
                    let told = Told::Customer(facts.customer_id.clone(), news.clone());
                    let made = (self.key, event.at);
                    self.callbacks.queue(facts.customer, told, None, made);
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
                *self.carried.entry(account) += *net;
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

    /// How a payment stands, whether by card or to an address, for one more callback about it; and how many there were, if
    /// it counts them.
    fn version_to_tell(&mut self, transaction: Uuid) -> Option<(Version, Option<u32>)> {
        if let Some(payment) = self.transactions.get_mut(&transaction) {
            let earlier = payment.callbacks;
            payment.callbacks += 1;
            return Some((payment.now(), Some(earlier)));
        }
        let payment = self.channels.deposit(transaction)?;
        Some((payment.now(), None))
    }
}

/// An id as the gateway writes it. The parser alone would also read it in braces.
pub(crate) fn parse_id(text: &str) -> Option<Uuid> {
    xgateway_core::text::is_uuid(text)
        .then(|| Uuid::try_parse(text).ok())
        .flatten()
}
