use std::fmt;

use xgateway_api::types::{PublicInvoice, TransactionData, TransactionStatus, TransactionType};
use xgateway_client::Answered;
use xgateway_core::id::{InvoiceId, OrderId, TransactionId};
use xgateway_core::money::{Amount, Currency, LongDecimal};

use super::Order;

/// A transaction of which the gateway itself said that it is confirmed, and which is what was ordered.
///
/// The only thing on which a customer may be credited. There is no way to make one but from an answer that a
/// [`Client`](xgateway_client::Client) got: not from a callback, not from a snapshot. It may be handed out more than
/// once, so keep the [`transaction_id`](Self::transaction_id) under a unique key when you credit.
#[derive(Clone, Eq, PartialEq)]
#[must_use = "this is money: credit the customer"]
pub struct SettledTransaction {
    transaction_id: TransactionId,
    invoice_id: InvoiceId,
    order: Order,
}

/// In what the gateway's word does not fit the order.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Contradiction {
    /// Another order, or none.
    #[error("the gateway's answer is about another order")]
    Order,
    /// Another invoice.
    #[error("the transaction belongs to another invoice")]
    Invoice,
    /// No deposit.
    #[error("the transaction is no deposit")]
    Kind,
    /// Another customer.
    #[error("the gateway names another customer")]
    Customer,
    /// Another amount.
    #[error("the gateway names another amount")]
    Amount,
    /// Another currency.
    #[error("the gateway names another currency")]
    Currency,
    /// Paid twice.
    #[error("the order was paid a second time")]
    SecondTransaction,
    /// What was confirmed is confirmed no more.
    #[error("the transaction was confirmed and is confirmed no more")]
    Reversed,
    /// What was confirmed, credited, and then confirmed no more, is confirmed again.
    #[error("the transaction was confirmed no more after its credit, and is confirmed again")]
    Restored,
    /// Two attempts at the order were paid, or one was while another is under way.
    #[error("another attempt at the order was paid, or may still be")]
    OtherAttempt,
    /// The gateway took the order, and says a day later that there is no such invoice.
    #[error("the gateway took the order and knows nothing of it any more: ask its support")]
    Gone,
    /// The request got lost, and the gateway says a day later that there is no such order; but the order id has a form that
    /// proxies change in a path, so it may have been asked about another one.
    #[error(
        "the gateway knows no such order, which proves nothing with this order id: ask its support"
    )]
    NoProof,
    /// The gateway, or something before it, has refused for a day to say how the order stands, or says it in a way that this
    /// version cannot read.
    #[error("the gateway does not say how the order stands: ask its support")]
    Unreadable,
    /// A day after it was begun, the invoice is one that was paid, and the gateway shows no payment that is confirmed.
    #[error("the invoice counts as paid, and the gateway shows no payment: ask its support")]
    Unshown,
}

/// What a transaction says about an order.
#[derive(Debug)]
pub(super) enum Word {
    Confirmed(SettledTransaction),
    Failed(TransactionId),
    Pending,
}

impl SettledTransaction {
    /// The gateway's name for the transaction: the key under which a customer is credited once.
    pub fn transaction_id(&self) -> &TransactionId {
        &self.transaction_id
    }

    /// The gateway's name for the invoice.
    pub fn invoice_id(&self) -> &InvoiceId {
        &self.invoice_id
    }

    /// The merchant's name for the order.
    pub fn order_id(&self) -> &OrderId {
        self.order.order_id()
    }

    /// The merchant's name for the customer to be credited.
    pub fn customer_id(&self) -> &str {
        self.order.customer_id()
    }

    /// The amount to be credited.
    pub fn amount(&self) -> &Amount {
        self.order.amount()
    }

    pub(super) fn order(&self) -> &Order {
        &self.order
    }

    /// What the gateway's answer says about `order`.
    pub(super) fn judge(
        order: &Order,
        invoice_id: &InvoiceId,
        answer: &Answered<TransactionData>,
    ) -> Result<Word, Contradiction> {
        let transaction = answer.data();
        // An empty one is none, as for deposits to an address.
        let told_order = transaction.order_id.as_deref();
        let told_order = told_order.filter(|id| !id.is_empty());
        if told_order.is_some_and(|told| told != order.order_id().as_str()) {
            return Err(Contradiction::Order);
        }
        match transaction.invoice_id.as_deref() {
            Some(told) if told == invoice_id.as_str() => {}
            None if told_order.is_some() => {}
            Some(_) | None => return Err(Contradiction::Invoice),
        }
        let transaction_id =
            TransactionId::parse(&transaction.id).map_err(|_| Contradiction::Invoice)?;
        if transaction.status == TransactionStatus::Failed {
            return Ok(Word::Failed(transaction_id));
        }
        if transaction.status != TransactionStatus::Confirmed {
            return Ok(Word::Pending);
        }
        if transaction.kind != TransactionType::Deposit {
            return Err(Contradiction::Kind);
        }
        if transaction.customer_id.as_deref() != Some(order.customer_id()) {
            return Err(Contradiction::Customer);
        }
        check_amount(order.amount(), transaction)?;
        Ok(Word::Confirmed(Self {
            transaction_id,
            invoice_id: invoice_id.clone(),
            order: order.clone(),
        }))
    }
}

/// Whether a transaction has paid what was ordered.
///
/// Nobody has documented in which currency the gateway tells the payment of an invoice (protocol §13, C6): in that of the
/// order, or in that which moved. In the latter case it must say itself that this is what moved, that it was for an invoice
/// of what was ordered. In either case what moved must be [worth that](is_worth); in that of the order only if it is told,
/// since the amount may then be what was asked for rather than what came.
fn check_amount(ordered: &Amount, transaction: &TransactionData) -> Result<(), Contradiction> {
    let is_amount = transaction.amount.value() == ordered.value();
    if is_amount && transaction.currency == *ordered.currency() {
        let moved = transaction.info.as_ref().and_then(|info| {
            let base = info.invoice_base_currency.as_ref();
            let is_comparable = base.is_none_or(|base| base == ordered.currency());
            info.transaction_amount_base_currency
                .as_ref()
                .filter(|_| is_comparable)
        });
        return if moved.is_none() || is_worth(ordered, moved) {
            Ok(())
        } else {
            Err(Contradiction::Amount)
        };
    }
    let is_paid = transaction.info.as_ref().is_some_and(|info| {
        let number = |told: &Option<LongDecimal>| told.as_ref().and_then(LongDecimal::value);
        info.transaction_currency.as_ref() == Some(&transaction.currency)
            && number(&info.transaction_amount) == Some(transaction.amount.value())
            && info.invoice_base_currency.as_ref() == Some(ordered.currency())
            && number(&info.invoice_base_amount) == Some(ordered.value())
            && is_worth(ordered, info.transaction_amount_base_currency.as_ref())
    });
    if is_paid {
        Ok(())
    } else if is_amount {
        Err(Contradiction::Currency)
    } else {
        Err(Contradiction::Amount)
    }
}

/// Whether what moved, in the currency of the order, is what was ordered but for a hundredth.
///
/// The gateway converts back at a rate of its own: in its example 199.984 moved for an invoice of 200.
fn is_worth(ordered: &Amount, moved: Option<&LongDecimal>) -> bool {
    let ordered = ordered.value();
    let off = moved
        .and_then(LongDecimal::value)
        .and_then(|moved| moved.checked_sub(ordered));
    off.and_then(|off| off.abs().checked_mul(100.into()))
        .is_some_and(|hundredfold| hundredfold <= ordered)
}

impl Contradiction {
    /// Every contradiction.
    pub const ALL: &'static [Self] = &[
        Self::Order,
        Self::Invoice,
        Self::Kind,
        Self::Customer,
        Self::Amount,
        Self::Currency,
        Self::SecondTransaction,
        Self::Reversed,
        Self::Restored,
        Self::Gone,
        Self::NoProof,
        Self::Unreadable,
        Self::Unshown,
        Self::OtherAttempt,
    ];

    /// Whether an invoice is that of `order`.
    pub(super) fn check(order: &Order, invoice: &PublicInvoice) -> Result<(), Self> {
        // The gateway looks by invoice id or order id, so it must say which order it found.
        if invoice.order_id.as_deref() != Some(order.order_id().as_str()) {
            return Err(Self::Order);
        }
        let differs = |told: Option<&str>, own: &str| told.is_some_and(|told| told != own);
        if invoice
            .kind
            .as_ref()
            .is_some_and(|kind| *kind != TransactionType::Deposit)
        {
            return Err(Self::Kind);
        }
        if differs(invoice.customer_id.as_deref(), order.customer_id()) {
            return Err(Self::Customer);
        }
        if invoice.amount.value() != order.amount().value() {
            return Err(Self::Amount);
        }
        let currency = order.amount().currency().as_str();
        if differs(
            invoice.base_currency.as_ref().map(Currency::as_str),
            currency,
        ) {
            return Err(Self::Currency);
        }
        Ok(())
    }
}

/// Without the customer, whose id may be an e-mail address.
impl fmt::Debug for SettledTransaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SettledTransaction")
            .field("transaction_id", &self.transaction_id)
            .field("invoice_id", &self.invoice_id)
            .field("order", &self.order)
            .finish()
    }
}
