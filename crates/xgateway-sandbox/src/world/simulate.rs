//! `POST /v2/transaction/simulate`: Demo's way to finish an invoice (protocol §11.4).

use bytes::Bytes;
use http::{Response, StatusCode};
use rust_decimal::Decimal;
use xgateway_api::json;
use xgateway_api::types::{SimulateTransactionRequest, SimulatedStatus};
use xgateway_core::money::Amount;

use super::World;
use crate::answer::{Refusal, success};
use crate::config::Mode;
use crate::event::{InvoiceState, TransactionState, Why};
use crate::money;
use crate::state::Invoice;

impl World {
    pub(super) fn simulate(&mut self, body: &[u8]) -> Result<Response<Bytes>, Refusal> {
        if self.config.mode != Mode::Demo {
            return Err(Refusal::NothingSimulated);
        }
        let request = json::read::<SimulateTransactionRequest>(body).map_err(Refusal::from)?;
        self.is_about(&*request.invoice_id);
        let wanted = if request.status == SimulatedStatus::Confirmed {
            TransactionState::Confirmed
        } else {
            TransactionState::Failed
        };
        let Some(invoice) = self.state.invoice_by_id(&request.invoice_id) else {
            self.simulate_withdrawal(&request, wanted)?;
            return Ok(simulated());
        };
        let id = invoice.facts.id;
        let last = invoice.transactions.last().copied();
        match (invoice.status, wanted, last) {
            (InvoiceState::Active, _, _)
            | (InvoiceState::Canceled, TransactionState::Confirmed, None) => {
                let amount = amount_of(&request, invoice)?;
                self.settle_with(id, wanted, amount, Why::Simulated);
            }
            // Confirmed from failed: the transaction stays, and its amount is what arrived after all.
            (InvoiceState::Canceled, TransactionState::Confirmed, Some(transaction)) => {
                let amount = amount_of(&request, invoice)?;
                self.change_transaction(transaction, id, wanted, amount, Why::Simulated);
            }
            (InvoiceState::Completed, TransactionState::Confirmed, Some(transaction))
            | (InvoiceState::Canceled, TransactionState::Failed, Some(transaction)) => {
                self.queue_callback(transaction, Some(id));
            }
            (InvoiceState::Processing | InvoiceState::Completed | InvoiceState::Canceled, _, _) => {
                return Err(Refusal::NotSimulable);
            }
        }
        Ok(simulated())
    }
}

fn simulated() -> Response<Bytes> {
    success(StatusCode::OK, &"Transaction has been simulated.")
}

fn amount_of(request: &SimulateTransactionRequest, invoice: &Invoice) -> Result<Decimal, Refusal> {
    Amount::parse(&request.amount, invoice.facts.currency.clone())
        .ok()
        .map(|amount| amount.value())
        .filter(|amount| *amount <= money::AMOUNT_MAX)
        .ok_or(Refusal::AmountNotSimulable)
}
