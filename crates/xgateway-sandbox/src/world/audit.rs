//! What an accountant would ask.

use rust_decimal::Decimal;

use super::World;
use crate::event::TransactionState;
use crate::state::{Deposit, Direction, Transaction, parse_id};

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

    /// What a payment to an address or an account brought, if it is confirmed.
    pub fn paid(&self, transaction_id: &str) -> Vec<Decimal> {
        let deposit = parse_id(transaction_id).and_then(|id| self.state.channels.deposit(id));
        deposit
            .filter(|deposit| deposit.direction == Direction::In)
            .map(Deposit::now)
            .filter(|version| version.status == TransactionState::Confirmed)
            .map(|version| version.amount.normalize())
            .into_iter()
            .collect()
    }

    /// The 3DS page of the newest invoice of an order, if it has one.
    pub fn three_ds_url(&self, order_id: &str) -> Option<String> {
        let page = self.state.find_invoice(order_id)?.facts.page.as_ref()?;
        let token = page.token.0.simple();
        Some(format!("{}/3ds/{token}", self.public_url))
    }
}
