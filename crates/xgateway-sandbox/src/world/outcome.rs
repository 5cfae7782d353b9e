//! How a payment ends: a transaction, its invoice and its callback change together.

use rust_decimal::Decimal;
use uuid::Uuid;

use super::World;
use crate::event::{EventKind, InvoiceState, TransactionState, Why};
use crate::random::Purpose;

impl World {
    /// A new transaction over the invoice's own amount.
    pub(super) fn settle(&mut self, invoice: Uuid, status: TransactionState, why: Why) {
        let amount = self.state.invoice(invoice).facts.amount;
        self.settle_with(invoice, status, amount, why);
    }

    /// A new transaction over `amount`, with all that follows from it.
    pub(super) fn settle_with(
        &mut self,
        invoice: Uuid,
        status: TransactionState,
        amount: Decimal,
        why: Why,
    ) {
        let ordinal = self.state.invoice(invoice).transactions.len() as u64;
        let id = self
            .random
            .uuid(Purpose::Transaction, invoice.as_bytes(), ordinal);
        self.change_transaction(id, invoice, status, amount, why);
    }

    /// A transaction that takes a status, new or not, with all that follows from it.
    pub(super) fn change_transaction(
        &mut self,
        transaction: Uuid,
        invoice: Uuid,
        status: TransactionState,
        amount: Decimal,
        why: Why,
    ) {
        self.record(EventKind::TransactionChanged {
            transaction,
            invoice,
            status,
            amount,
        });
        let (invoice_status, is_final) = match status {
            TransactionState::Pending | TransactionState::Processing => {
                (InvoiceState::Processing, false)
            }
            TransactionState::Confirmed => (InvoiceState::Completed, true),
            TransactionState::Failed => (InvoiceState::Canceled, true),
        };
        self.change_invoice(invoice, invoice_status, why);
        // Callbacks tell final states only, unless somebody has asked for more (protocol §4).
        if is_final {
            self.queue_callback(transaction, Some(invoice));
        } else {
            self.tell_processing(transaction, Some(invoice));
        }
    }

    pub(super) fn change_invoice(&mut self, invoice: Uuid, status: InvoiceState, why: Why) {
        self.record(EventKind::InvoiceChanged {
            invoice,
            status,
            why,
        });
    }
}
