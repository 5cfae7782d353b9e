//! What an invoice says of the order: which of its transactions must be asked for what was paid.

use xgateway_api::types::{InvoiceStatus, InvoiceTransaction, PublicInvoice, TransactionStatus};
use xgateway_core::id::{InvoiceId, TransactionId};

use super::Machine;
use crate::card::{Action, Contradiction, State};

impl Machine {
    pub(super) fn on_invoice(&mut self, invoice: &PublicInvoice) -> Vec<Action> {
        if self.is_for_good() {
            return Vec::new();
        }
        let listed = invoice.transactions.as_deref().unwrap_or_default();
        if let State::Deposited { transaction_id } = &self.state {
            return read_again(transaction_id, listed);
        }
        // The list is short on facts: the transactions themselves must say what was paid.
        let checked = self
            .check(invoice)
            .and_then(|id| Ok((id, ids(listed, is_confirmed)?)));
        let confirmed = match checked {
            Ok((id, confirmed)) => {
                self.invoice_id = Some(id);
                confirmed
            }
            Err(contradiction) => return self.contradict(contradiction),
        };
        let all_failed = listed.iter().all(has_failed);
        self.is_disputed = listed.len() > 1 && !all_failed;
        match listed.first() {
            None => self.on_nothing_listed(&invoice.status),
            // All that are confirmed count.
            Some(_) if !confirmed.is_empty() => {
                self.go_on();
                read(confirmed)
            }
            // The newest stands first.
            Some(newest) if all_failed => self.on_all_failed(newest, &invoice.status),
            Some(_) => self.on_some_under_way(listed),
        }
    }

    /// Whether an invoice is that of the order, and the one that was read before. Returns its id.
    fn check(&self, invoice: &PublicInvoice) -> Result<InvoiceId, Contradiction> {
        Contradiction::check(&self.order, invoice)?;
        let id = InvoiceId::parse(&invoice.id).map_err(|_| Contradiction::Invoice)?;
        match &self.invoice_id {
            Some(known) if *known != id => Err(Contradiction::Invoice),
            Some(_) | None => Ok(id),
        }
    }

    fn on_nothing_listed(&mut self, status: &InvoiceStatus) -> Vec<Action> {
        if let State::Contradiction(_) = self.state {
            return Vec::new();
        }
        self.state = if *status == InvoiceStatus::Canceled {
            State::Failed {
                transaction_id: None,
            }
        } else {
            State::InProgress
        };
        Vec::new()
    }

    /// None is confirmed, and not all have failed.
    fn on_some_under_way(&mut self, listed: &[InvoiceTransaction]) -> Vec<Action> {
        self.go_on();
        match ids(listed, is_unclear) {
            Ok(unclear) => read(unclear),
            Err(contradiction) => self.contradict(contradiction),
        }
    }

    fn on_all_failed(
        &mut self,
        newest: &InvoiceTransaction,
        status: &InvoiceStatus,
    ) -> Vec<Action> {
        let Ok(id) = TransactionId::parse(&newest.id) else {
            return self.contradict(Contradiction::Invoice);
        };
        // A completed invoice is one that was paid, whatever its list says yet.
        if *status != InvoiceStatus::Canceled {
            self.go_on();
            return Vec::new();
        }
        let failed = State::Failed {
            transaction_id: Some(id.clone()),
        };
        if self.state == failed {
            return Vec::new();
        }
        self.go_on();
        read([id])
    }
}

/// What was paid is asked for again, and with it whatever else is confirmed: a second payment.
fn read_again(paid: &TransactionId, listed: &[InvoiceTransaction]) -> Vec<Action> {
    let confirmed = listed.iter().filter(|it| is_confirmed(it));
    let others = confirmed.filter_map(|it| TransactionId::parse(&it.id).ok());
    let others = others.filter(|id| id != paid);
    read(std::iter::once(paid.clone()).chain(others))
}

fn read(ids: impl IntoIterator<Item = TransactionId>) -> Vec<Action> {
    ids.into_iter().map(Action::ReadTransaction).collect()
}

/// The ids of the transactions of which `is_one` is true.
fn ids(
    listed: &[InvoiceTransaction],
    is_one: fn(&InvoiceTransaction) -> bool,
) -> Result<Vec<TransactionId>, Contradiction> {
    let ids = listed.iter().filter(|it| is_one(it));
    let ids = ids.map(|it| TransactionId::parse(&it.id));
    ids.collect::<Result<_, _>>()
        .map_err(|_| Contradiction::Invoice)
}

fn is_confirmed(transaction: &InvoiceTransaction) -> bool {
    transaction.status == TransactionStatus::Confirmed
}

fn has_failed(transaction: &InvoiceTransaction) -> bool {
    transaction.status == TransactionStatus::Failed
}

/// What a status means that nobody has documented, only the transaction itself can say.
fn is_unclear(transaction: &InvoiceTransaction) -> bool {
    let waits = [TransactionStatus::Pending, TransactionStatus::Processing];
    !has_failed(transaction) && !waits.contains(&transaction.status)
}
