//! What an accountant would ask.

use rust_decimal::Decimal;

use super::World;
use crate::event::TransactionState;
use crate::state::Transaction;

impl World {
    /// What was paid for an order, each time: the confirmed transactions of all of its invoices. More than one is more
    /// than any customer owes.
    pub fn charges(&self, order_id: &str) -> Vec<Decimal> {
        let Some(order) = self.state.order(order_id) else {
            return Vec::new();
        };
        let invoices = order.invoices.iter().map(|id| self.state.invoice(*id));
        invoices
            .flat_map(|invoice| &invoice.transactions)
            .filter_map(|id| self.state.transaction(*id))
            .map(Transaction::now)
            .filter(|version| version.status == TransactionState::Confirmed)
            .map(|version| version.amount.normalize())
            .collect()
    }

    /// The 3DS page of the newest invoice of an order, if it has one.
    pub fn three_ds_url(&self, order_id: &str) -> Option<String> {
        let page = self.state.find_invoice(order_id)?.facts.page.as_ref()?;
        let token = page.token.0.simple();
        Some(format!("{}/3ds/{token}", self.public_url))
    }
}
