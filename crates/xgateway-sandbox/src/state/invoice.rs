//! Invoices by card, with their orders and transactions.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Due, Few, OLDEST_LOOKED_AT, Slot, State, parse_id};
use crate::event::{
    BodyDigest, Event, InvoiceFacts, InvoiceState, MerchantText, OrderAnswer, PageToken, Strategy,
    ThreeDsAct, TransactionState,
};

/// How long a slow bank takes.
pub(crate) const SLOW_BANK: SignedDuration = SignedDuration::from_secs(60);

/// How many orders are remembered of which there is no invoice. Beyond that the oldest is forgotten, so that a repetition
/// is a new order: no money has moved for it.
const FAILED_MAX: usize = 50_000;

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Invoice {
    pub(crate) facts: Arc<InvoiceFacts>,
    pub(crate) status: InvoiceState,
    /// The last thing that was done on its 3DS page.
    pub(crate) act: Option<ThreeDsAct>,
    /// Its transactions, the oldest first.
    pub(crate) transactions: Few<Uuid>,
    due: Option<Slot>,
    opened: u64,
}

#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct Order {
    /// Its invoices, the oldest first: more than one only if the gateway forgot the key in between.
    pub(crate) invoices: Few<Uuid>,
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
    versions: Few<Version>,
    /// How many callbacks have told of it.
    #[serde(default)]
    pub(super) callbacks: u32,
}

/// How a transaction stands, or stood when a callback was made.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Version {
    pub(crate) status: TransactionState,
    pub(crate) amount: Decimal,
    pub(crate) at: Timestamp,
}

impl State {
    pub(crate) fn invoice(&self, id: Uuid) -> &Invoice {
        self.invoices
            .get(&id)
            .expect("ids inside a world name invoices that were opened")
    }

    pub(crate) fn invoice_by_id(&self, text: &str) -> Option<&Invoice> {
        self.find(parse_id(text)?)
    }

    /// The invoice of this id, or the newest of this order id.
    pub(crate) fn find_invoice(&self, text: &str) -> Option<&Invoice> {
        if let Some(invoice) = self.invoice_by_id(text) {
            return Some(invoice);
        }
        let newest = self.orders.get(text)?.invoices.last()?;
        self.find(*newest)
    }

    pub(crate) fn invoice_of_page(&self, token: PageToken) -> Option<&Invoice> {
        self.find(*self.pages.get(&token)?)
    }

    pub(crate) fn find(&self, id: Uuid) -> Option<&Invoice> {
        self.invoices.get(&id).map(|invoice| &**invoice)
    }

    pub(crate) fn invoice_count(&self) -> usize {
        self.invoices.len()
    }

    /// The oldest invoice that has ended, unless there are many before it that have not.
    pub(crate) fn oldest_ended(&self) -> Option<&Invoice> {
        let mut oldest = self.opened.values().take(OLDEST_LOOKED_AT);
        oldest.find_map(|id| {
            let invoice = self.find(*id)?;
            let has_ended = matches!(
                invoice.status,
                InvoiceState::Completed | InvoiceState::Canceled
            );
            has_ended.then_some(invoice)
        })
    }

    pub(crate) fn invoices(&self) -> impl Iterator<Item = &Invoice> {
        self.invoices.values().map(|invoice| &**invoice)
    }

    pub(crate) fn transaction(&self, id: Uuid) -> Option<&Transaction> {
        self.transactions.get(&id).map(|payment| &**payment)
    }

    pub(crate) fn order(&self, order_id: &str) -> Option<&Order> {
        self.orders.get(order_id).map(|order| &**order)
    }

    /// A number that no earlier invoice of this order had, even if nothing is known of it any more: how many there were,
    /// as long as none was forgotten.
    pub(crate) fn next_ordinal(&self, order_id: &str) -> u64 {
        let known = self.orders.get(order_id);
        let known = known.map_or(0, |order| order.invoices.len());
        known as u64 + self.forgotten
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

    pub(super) fn open(&mut self, event: &Event, facts: &Arc<InvoiceFacts>) {
        let due = Slot::new(facts.expires_at, event.sequence);
        self.schedule.add(due, Due::InvoiceExpires(facts.id));
        self.active.entry(&facts.customer_id).push(facts.id);
        match &facts.order_id {
            Some(order_id) => self.orders.entry(order_id).invoices.push(facts.id),
            None => self.without_order += 1,
        }
        if let Some(page) = &facts.page {
            self.pages.insert(page.token, facts.id);
        }
        let invoice = Invoice {
            facts: Arc::clone(facts),
            status: InvoiceState::Active,
            act: None,
            transactions: Few::default(),
            due: Some(due),
            opened: event.sequence,
        };
        self.opened.insert(event.sequence, facts.id);
        self.invoices.insert(facts.id, Box::new(invoice));
    }

    pub(super) fn answer_order(&mut self, event: u64, order_id: &MerchantText, key: OrderKey) {
        let order = self.orders.entry(order_id);
        let had_failed = order.has_failed();
        order.key = Some(key);
        if order.has_failed() && !had_failed {
            self.failed.insert(event, order_id.clone());
        }
        if self.failed.len() > FAILED_MAX
            && let Some(oldest) = self.failed.first().map(|(event, _)| *event)
            && let Some(order_id) = self.failed.remove(&oldest)
            && self.order(order_id.as_str()).is_some_and(Order::has_failed)
        {
            self.orders.remove(&order_id);
        }
    }

    pub(super) fn forget(&mut self, id: Uuid, account: &MerchantText, net: Decimal) {
        let Some(invoice) = self.invoices.remove(&id) else {
            return;
        };
        self.opened.remove(&invoice.opened);
        if let Some(page) = &invoice.facts.page {
            self.pages.remove(&page.token);
        }
        for transaction in &invoice.transactions {
            self.transactions.remove(transaction);
        }
        if let Some(order_id) = &invoice.facts.order_id
            && let Some(order) = self.orders.get_mut(order_id)
        {
            order.invoices.remove(&id);
            order.key = order.key.filter(|key| key.answer.invoice() != Some(id));
            if order.invoices.is_empty() {
                self.orders.remove(order_id);
            }
        }
        *self.carried.entry(account) += net;
        self.forgotten += 1;
    }

    pub(super) fn change_transaction(&mut self, id: Uuid, invoice: Uuid, version: Version) {
        if let Some(transaction) = self.transactions.get_mut(&id) {
            transaction.versions.push(version);
            return;
        }
        self.invoice_mut(invoice).transactions.push(id);
        let transaction = Transaction {
            id,
            invoice,
            created_at: version.at,
            versions: Few::One(version),
            callbacks: 0,
        };
        self.transactions.insert(id, Box::new(transaction));
    }

    pub(super) fn change_invoice(&mut self, event: &Event, id: Uuid, status: InvoiceState) {
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
            active.remove(&id);
            if active.is_empty() {
                self.active.remove(&customer_id);
            }
        }
    }

    pub(super) fn invoice_mut(&mut self, id: Uuid) -> &mut Invoice {
        self.invoices
            .get_mut(&id)
            .expect("events name invoices that were opened")
    }
}

impl Order {
    /// Whether it is remembered for the sake of a failure alone.
    fn has_failed(&self) -> bool {
        let is_failure = |key: OrderKey| key.answer.invoice().is_none();
        self.invoices.is_empty() && self.key.is_some_and(is_failure)
    }
}

impl Transaction {
    /// Of which moment its rate is: an invoice at a fixed rate has that of its activation (protocol §8 and §9).
    pub(crate) fn rate_at(&self, facts: &InvoiceFacts) -> Timestamp {
        match facts.strategy {
            Strategy::Fixed => facts.created_at,
            Strategy::Floating => self.created_at,
        }
    }

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::EventKind;

    fn answered(state: &mut State, number: u64, order_id: &str, answer: OrderAnswer) {
        let kind = EventKind::OrderAnswered {
            order_id: order_id.into(),
            digest: BodyDigest([0; 32]),
            answer,
        };
        state.apply(&Event {
            sequence: number,
            at: Timestamp::UNIX_EPOCH,
            kind,
        });
    }

    #[test]
    fn orders_without_an_invoice_are_not_remembered_for_ever() {
        let mut state = State::new(Timestamp::UNIX_EPOCH);
        answered(&mut state, 1, "oldest", OrderAnswer::Failed(None));
        answered(&mut state, 2, "paid later", OrderAnswer::Failed(None));
        answered(
            &mut state,
            3,
            "paid later",
            OrderAnswer::Created(Uuid::nil()),
        );
        for number in 0..FAILED_MAX as u64 {
            let order_id = format!("order-{number}");
            for repetition in 0..2 {
                let event = 4 + 2 * number + repetition;
                answered(&mut state, event, &order_id, OrderAnswer::Failed(None));
            }
        }
        assert!(state.order("oldest").is_none());
        assert!(state.order("paid later").is_some());
        assert!(state.order("order-0").is_some());
        assert_eq!(state.orders.len(), FAILED_MAX + 1);
        assert_eq!(state.failed.len(), FAILED_MAX);
    }
}
