//! Events as JSON.

use serde::ser::{Serialize, SerializeMap, Serializer};
use uuid::Uuid;

use super::request::RequestId;
use super::{
    CallbackOutcome, DepositFacts, Event, EventKind, InvoiceFacts, MerchantText, OrderAnswer,
};
use crate::wire::Moment;

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("sequence", &self.sequence)?;
        map.serialize_entry("at", &Moment(self.at))?;
        map.serialize_entry("type", self.name())?;
        match &self.kind {
            EventKind::ClockAdvanced { to } => map.serialize_entry("to", &Moment(*to))?,
            EventKind::InvoiceOpened(facts) => invoice_opened(&mut map, facts)?,
            EventKind::OrderAnswered {
                order_id, answer, ..
            } => {
                order_answered(&mut map, order_id, answer)?;
            }
            EventKind::PartnerFailed {
                order_id, invoice, ..
            } => partner_failed(&mut map, order_id.as_ref(), *invoice)?,
            EventKind::ThreeDs { invoice, .. } | EventKind::InvoiceForgotten { invoice, .. } => {
                map.serialize_entry("invoiceId", &invoice.to_string())?;
            }
            EventKind::TransactionChanged {
                transaction,
                invoice,
                status,
                amount,
            } => {
                map.serialize_entry("transactionId", &transaction.to_string())?;
                map.serialize_entry("invoiceId", &invoice.to_string())?;
                map.serialize_entry("status", status.as_str())?;
                map.serialize_entry("amount", &amount.normalize().to_string())?;
            }
            EventKind::InvoiceChanged {
                invoice,
                status,
                why,
            } => {
                map.serialize_entry("invoiceId", &invoice.to_string())?;
                map.serialize_entry("status", status.as_str())?;
                map.serialize_entry("why", why.as_str())?;
            }
            EventKind::AddressMade(facts) => {
                map.serialize_entry("customerId", &facts.customer_id.shown())?;
                map.serialize_entry("currency", facts.currency.as_str())?;
                map.serialize_entry("address", &*facts.address)?;
            }
            EventKind::DepositSeen(facts) => deposit_seen(&mut map, facts)?,
            EventKind::WithdrawalRequested(facts) => withdrawal_requested(&mut map, facts)?,
            EventKind::PaymentForgotten { transaction, .. } => {
                map.serialize_entry("transactionId", &transaction.to_string())?;
            }
            EventKind::DepositChanged {
                transaction,
                status,
            }
            | EventKind::WithdrawalChanged {
                transaction,
                status,
            } => {
                map.serialize_entry("transactionId", &transaction.to_string())?;
                map.serialize_entry("status", status.as_str())?;
            }
            EventKind::CustomerChanged(facts) => facts.show(&mut map)?,
            EventKind::CallbackQueued {
                number,
                transaction,
                invoice,
            } => {
                map.serialize_entry("callback", number)?;
                map.serialize_entry("transactionId", &transaction.to_string())?;
                map.serialize_entry("invoiceId", &invoice.map(|id| id.to_string()))?;
            }
            EventKind::CallbackAttempted { number, outcome } => {
                map.serialize_entry("callback", number)?;
                let status = match outcome {
                    CallbackOutcome::Answered(status) => Some(status),
                    CallbackOutcome::Failed => None,
                };
                map.serialize_entry("status", &status)?;
            }
            EventKind::CallbackDropped { number } | EventKind::CallbackResent { number } => {
                map.serialize_entry("callback", number)?;
            }
            EventKind::KeyRotated { key } => map.serialize_entry("key", key)?,
            EventKind::FaultAdded { rule } => map.serialize_entry("rule", &rule.shown())?,
            EventKind::FaultsRemoved { rule } => map.serialize_entry("fault", rule)?,
            EventKind::FaultDrawn {
                rule,
                operation,
                subject,
                occurrence,
                ..
            } => {
                let operation = operation.as_ref().map(MerchantText::as_str);
                fault_drawn(&mut map, (*rule, *occurrence), operation, subject)?;
            }
            EventKind::RequestAnswered(facts) => {
                map.serialize_entry("requestId", &RequestId(self.sequence))?;
                facts.show(&mut map)?;
            }
        }
        map.end()
    }
}

fn partner_failed<M: SerializeMap>(
    map: &mut M,
    order_id: Option<&MerchantText>,
    invoice: Option<Uuid>,
) -> Result<(), M::Error> {
    map.serialize_entry("orderId", &order_id.map(MerchantText::shown))?;
    map.serialize_entry("invoiceId", &invoice.map(|id| id.to_string()))
}

fn invoice_opened<M: SerializeMap>(map: &mut M, facts: &InvoiceFacts) -> Result<(), M::Error> {
    map.serialize_entry("invoiceId", &facts.id.to_string())?;
    let order_id = facts.order_id.as_ref().map(MerchantText::shown);
    map.serialize_entry("orderId", &order_id)?;
    map.serialize_entry("customerId", &facts.customer_id.shown())?;
    map.serialize_entry("accountId", &facts.account_id.shown())?;
    map.serialize_entry("amount", &facts.amount.to_string())?;
    map.serialize_entry("currency", facts.currency.as_str())?;
    map.serialize_entry("strategy", facts.strategy.as_str())?;
    map.serialize_entry("expiresAt", &Moment(facts.expires_at))?;
    map.serialize_entry("threeDs", &facts.page.is_some())?;
    map.serialize_entry("card", &facts.card.name)?;
    let token = u64::from_be_bytes(facts.card.token);
    map.serialize_entry("cardToken", &format_args!("{token:016x}"))?;
    map.serialize_entry("cardLastFour", &*facts.card.last_four)
}

fn fault_drawn<M: SerializeMap>(
    map: &mut M,
    (rule, occurrence): (u32, u32),
    operation: Option<&str>,
    subject: &MerchantText,
) -> Result<(), M::Error> {
    map.serialize_entry("fault", &rule)?;
    map.serialize_entry("operation", &operation)?;
    map.serialize_entry("subject", &subject.shown())?;
    map.serialize_entry("occurrence", &occurrence)
}

fn order_answered<M: SerializeMap>(
    map: &mut M,
    order_id: &MerchantText,
    answer: &OrderAnswer,
) -> Result<(), M::Error> {
    map.serialize_entry("orderId", &order_id.shown())?;
    let (status, invoice) = match answer {
        OrderAnswer::Created(invoice) => (201, Some(invoice)),
        OrderAnswer::Failed(invoice) => (500, invoice.as_ref()),
        OrderAnswer::Refused(_) => (400, None),
    };
    map.serialize_entry("status", &status)?;
    map.serialize_entry("invoiceId", &invoice.map(Uuid::to_string))
}

fn deposit_seen<M: SerializeMap>(map: &mut M, facts: &DepositFacts) -> Result<(), M::Error> {
    map.serialize_entry("transactionId", &facts.id.to_string())?;
    map.serialize_entry("customerId", &facts.customer_id.shown())?;
    map.serialize_entry("address", facts.address.as_str())?;
    map.serialize_entry("amount", &facts.amount.to_string())?;
    map.serialize_entry("currency", facts.currency.as_str())?;
    map.serialize_entry("transactionHash", &facts.chain_hash.shown())
}

fn withdrawal_requested<M: SerializeMap>(
    map: &mut M,
    facts: &DepositFacts,
) -> Result<(), M::Error> {
    map.serialize_entry("transactionId", &facts.id.to_string())?;
    map.serialize_entry("customerId", &facts.customer_id.shown())?;
    let order_id = facts.order_id.as_ref().map(MerchantText::shown);
    map.serialize_entry("orderId", &order_id)?;
    map.serialize_entry("amount", &facts.amount.to_string())?;
    map.serialize_entry("currency", facts.currency.as_str())
}
