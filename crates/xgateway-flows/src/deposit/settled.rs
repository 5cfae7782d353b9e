use std::fmt;

use xgateway_api::types::{TransactionData, TransactionStatus, TransactionType};
use xgateway_client::Answered;
use xgateway_core::id::{CustomerId, TransactionId};
use xgateway_core::money::Amount;

use super::NamedOrder;

/// A payment to a customer's address of which the gateway itself said that it is confirmed.
///
/// The only thing on which a customer may be credited. There is no way to make one but from an answer that a
/// [`Client`](xgateway_client::Client) got: not from a callback, not from a snapshot.
#[derive(Clone, Eq, PartialEq)]
#[must_use = "this is money: credit the customer"]
pub struct SettledDeposit {
    transaction_id: TransactionId,
    customer_id: CustomerId,
    amount: Amount,
    transaction_hash: Option<Box<str>>,
}

/// In what the gateway's word does not fit.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Contradiction {
    /// The customer's address in a currency is another one all at once.
    #[error("the gateway names another address than before")]
    Address,
    /// The answer is about another transaction than was asked for.
    #[error("the answer is about another transaction")]
    Transaction,
    /// Money has arrived, and the gateway does not say whose it is.
    #[error("the gateway names no customer")]
    NoCustomer,
    /// The amount cannot be one: zero, or negative.
    #[error("the gateway names an amount that cannot be one")]
    NoAmount,
    /// What was credited has another amount or currency now.
    #[error("the credited transaction has another amount now")]
    Amount,
    /// What was credited belongs to another customer, to an order of the merchant's own, or is no deposit now.
    #[error("the credited transaction is another one's now")]
    Owner,
    /// What was confirmed is confirmed no more, or there is no such transaction any more.
    #[error("the credited transaction is confirmed no more")]
    Reversed,
    /// What was credited was confirmed no more, which was [reported](Self::Reversed), and is confirmed again. Whether the
    /// customer still has the money only a person knows, who [says so](super::DepositFlow::seen_to).
    #[error("the credited transaction was confirmed no more, and is confirmed again")]
    Restored,
}

/// What a transaction says about a customer's deposits.
#[derive(Debug)]
pub(super) enum Word {
    Confirmed(SettledDeposit),
    Failed,
    Pending,
    /// Another customer's, no deposit, or the payment of an order of the merchant's own.
    NotOurs,
}

impl SettledDeposit {
    /// The gateway's name for the transaction: the key under which a customer is credited once.
    pub fn transaction_id(&self) -> &TransactionId {
        &self.transaction_id
    }

    /// The merchant's name for the customer to be credited.
    pub fn customer_id(&self) -> &CustomerId {
        &self.customer_id
    }

    /// The amount to be credited.
    pub fn amount(&self) -> &Amount {
        &self.amount
    }

    /// The transaction's hash on its blockchain.
    pub fn transaction_hash(&self) -> Option<&str> {
        self.transaction_hash.as_deref()
    }

    /// What the gateway's answer to a question for `asked` says about `customer`.
    pub(super) fn judge(
        customer: &CustomerId,
        asked: &TransactionId,
        answer: &Answered<TransactionData>,
        order: NamedOrder,
    ) -> Result<Word, Contradiction> {
        let transaction = answer.data();
        if transaction.id != asked.as_str() {
            return Err(Contradiction::Transaction);
        }
        let told = transaction.customer_id.as_deref();
        let told = told.filter(|id| !id.is_empty());
        if told.is_some_and(|told| told != customer.as_str())
            || transaction.kind != TransactionType::Deposit
            // What pays an order is credited by the flow of that order. That one is named does not say so.
            || order == NamedOrder::Own
        {
            return Ok(Word::NotOurs);
        }
        if transaction.status == TransactionStatus::Failed {
            return Ok(Word::Failed);
        }
        if transaction.status != TransactionStatus::Confirmed {
            return Ok(Word::Pending);
        }
        if told.is_none() {
            return Err(Contradiction::NoCustomer);
        }
        let amount = Amount::told(&transaction.amount, transaction.currency.clone())
            .map_err(|_| Contradiction::NoAmount)?;
        Ok(Word::Confirmed(Self {
            transaction_id: asked.clone(),
            customer_id: customer.clone(),
            amount,
            transaction_hash: transaction.transaction_hash.as_deref().map(Into::into),
        }))
    }
}

/// Without the customer, whose id may be an e-mail address.
impl fmt::Debug for SettledDeposit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SettledDeposit")
            .field("transaction_id", &self.transaction_id)
            .field("amount", &self.amount)
            .finish_non_exhaustive()
    }
}
