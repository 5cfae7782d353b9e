//! Time, and what it changes alone.

use jiff::{SignedDuration, Timestamp};

use super::World;
use crate::event::{EventKind, InvoiceState, TransactionState, Why};

impl World {
    /// Moves the clock forward. Whatever falls due on the way happens at its own time: invoices expire, slow banks
    /// answer, blockchains confirm.
    ///
    /// The clock never goes back: a negative duration does nothing.
    pub fn advance(&mut self, by: SignedDuration) {
        let target = self
            .state
            .now
            .saturating_add(by)
            .unwrap_or(if by.is_negative() {
                Timestamp::MIN
            } else {
                Timestamp::MAX
            });
        loop {
            let invoice = self.state.first_due(target);
            let deposit = self.state.channels.first_due(target);
            if let Some((at, id, status)) = deposit
                && invoice.is_none_or(|(due, _)| at <= due)
            {
                self.set_clock(at);
                self.change_deposit(id, status);
                continue;
            }
            let Some((at, invoice)) = invoice else {
                break;
            };
            self.set_clock(at);
            match self.state.invoice(invoice).status {
                InvoiceState::Active => {
                    self.change_invoice(invoice, InvoiceState::Canceled, Why::Expired);
                }
                InvoiceState::Processing => self.bank_answers(invoice),
                InvoiceState::Completed | InvoiceState::Canceled => {
                    unreachable!("what has ended is not due")
                }
            }
        }
        self.set_clock(target);
    }

    fn bank_answers(&mut self, invoice: uuid::Uuid) {
        let last = self.state.invoice(invoice).transactions.last().copied();
        let (id, amount) = last
            .and_then(|id| self.state.transaction(id))
            .map(|transaction| (transaction.id, transaction.now().amount))
            .expect("an invoice is processing because its transaction is");
        self.change_transaction(id, invoice, TransactionState::Confirmed, amount, Why::Paid);
    }

    fn set_clock(&mut self, to: Timestamp) {
        if to > self.state.now {
            self.record(EventKind::ClockAdvanced { to });
        }
    }
}
