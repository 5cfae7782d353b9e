//! Time, and what it changes alone.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::World;
use crate::config::ClockMode;
use crate::event::{EventKind, InvoiceState, TransactionState, Why};
use crate::state::Due;

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
        while let Some((at, due)) = self.state.schedule.first(target) {
            self.set_clock(at);
            match due {
                Due::InvoiceExpires(invoice) => {
                    self.change_invoice(invoice, InvoiceState::Canceled, Why::Expired);
                }
                Due::BankAnswers(invoice) => self.bank_answers(invoice),
                Due::ChainSpeaks(deposit, status) => self.change_deposit(deposit, status),
                Due::Customer(customer, step) => self.customer_step(customer, step),
            }
        }
        self.set_clock(target);
    }

    /// The same up to a time, for a clock that follows another one: what changes is an event, that time passes is none.
    pub fn follow(&mut self, to: Timestamp) {
        if let Some((at, _)) = self.state.schedule.first(to) {
            self.advance(at.duration_since(self.state.now));
            self.advance(to.duration_since(self.state.now));
        }
        self.state.now = self.state.now.max(to);
    }

    /// When time alone will change something next: a bank or a blockchain answers, a callback is due again.
    ///
    /// What waits for a person does not count: an invoice that may expire.
    pub fn next_due(&self) -> Option<Timestamp> {
        let scheduled = self.state.schedule.first_without_a_person();
        let callback = self
            .config
            .callback_url
            .as_ref()
            .and_then(|_| self.next_callback_at());
        scheduled.into_iter().chain(callback).min()
    }

    /// Changes how the clock moves from now on.
    pub fn set_clock_mode(&mut self, mode: ClockMode) {
        Arc::make_mut(&mut self.config).clock = mode;
    }

    /// Moves the clock to [`next_due`](Self::next_due), and says whether there was something.
    pub fn advance_to_next_due(&mut self) -> bool {
        let Some(at) = self.next_due() else {
            return false;
        };
        self.advance(at.duration_since(self.state.now));
        true
    }

    /// The same, whether or not callbacks are due already.
    pub(crate) fn advance_past_callbacks(&mut self) {
        let due = self.next_due().filter(|at| *at > self.state.now);
        let at = due.or_else(|| self.state.schedule.first_without_a_person());
        if let Some(at) = at {
            self.advance(at.duration_since(self.state.now));
        }
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
