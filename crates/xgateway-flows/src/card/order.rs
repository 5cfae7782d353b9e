use std::fmt;

use xgateway_api::deposit::CardDeposit;
use xgateway_core::id::OrderId;
use xgateway_core::money::Amount;

/// What was ordered: all that a flow remembers of a deposit, and all that a settled one is held against.
#[derive(Clone, Eq, PartialEq)]
pub struct Order {
    id: OrderId,
    customer_id: Box<str>,
    amount: Amount,
}

impl Order {
    pub(super) fn new(id: OrderId, customer_id: &str, amount: Amount) -> Self {
        Self {
            id,
            customer_id: customer_id.into(),
            amount,
        }
    }

    /// The merchant's name for it.
    pub fn order_id(&self) -> &OrderId {
        &self.id
    }

    /// The merchant's name for the customer who is to be credited.
    pub fn customer_id(&self) -> &str {
        &self.customer_id
    }

    /// The amount to be paid.
    pub fn amount(&self) -> &Amount {
        &self.amount
    }
}

impl From<&CardDeposit> for Order {
    fn from(deposit: &CardDeposit) -> Self {
        let id = deposit.order_id().clone();
        Self::new(id, deposit.customer_id(), deposit.amount().clone())
    }
}

/// Without the customer, whose id may be an e-mail address.
impl fmt::Debug for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Order")
            .field("id", &self.id)
            .field("amount", &self.amount)
            .finish_non_exhaustive()
    }
}
