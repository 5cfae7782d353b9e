use std::collections::BTreeSet;

use serde_json::Value;
use xgateway_sandbox::World;

/// The sandbox's event log, read as an accountant would: independent of what the client believes.
pub(super) struct Ledger(Vec<Value>);

impl Ledger {
    pub(super) fn of(world: &World) -> Self {
        let events = world.events().iter();
        Self(
            events
                .map(|event| serde_json::to_value(event).expect("events always serialise"))
                .collect(),
        )
    }

    /// How many payments were confirmed.
    pub(super) fn charges(&self) -> usize {
        self.confirmed(|_| true)
    }

    /// How many payments of one order were confirmed, over all of its invoices.
    pub(super) fn charges_of(&self, order_id: &str) -> usize {
        let invoices: BTreeSet<_> = self
            .of_type("invoice_opened")
            .filter(|event| event["orderId"] == order_id)
            .map(|event| event["invoiceId"].to_string())
            .collect();
        self.confirmed(|event| invoices.contains(&event["invoiceId"].to_string()))
    }

    /// The newest invoice of an order.
    pub(super) fn invoice_of(&self, order_id: &str) -> Option<String> {
        let event = self
            .of_type("invoice_opened")
            .filter(|event| event["orderId"] == order_id)
            .last()?;
        event["invoiceId"].as_str().map(str::to_owned)
    }

    fn confirmed(&self, counts: impl Fn(&Value) -> bool) -> usize {
        let transactions: BTreeSet<_> = self
            .of_type("transaction_changed")
            .filter(|event| event["status"] == "confirmed" && counts(event))
            .map(|event| event["transactionId"].to_string())
            .collect();
        transactions.len()
    }

    fn of_type(&self, name: &str) -> impl Iterator<Item = &Value> {
        self.0.iter().filter(move |event| event["type"] == name)
    }
}
