use std::fmt;

use async_trait::async_trait;

use crate::card::JournalledCards;

/// Knows which orders are the merchant's own. A payment of one of those is for the flow of that order to credit.
///
/// The gateway names an order also in payments to an address (its example of one has `"orderId": "demo_order_id"`), so
/// that an order is named says nothing. What this does not know is credited to the customer whom the gateway names:
/// answer for every journal that there is, and with an error as long as one of them cannot be asked.
#[async_trait]
pub trait Orders: fmt::Debug + Send + Sync {
    /// Whether the merchant has ever sent, or has begun to send, an order with the id that the gateway names.
    ///
    /// # Errors
    ///
    /// [`OrdersError`] if that cannot be found out now. Nobody is credited then.
    async fn is_own(&self, order_id: &str) -> Result<bool, OrdersError>;

    /// Whether there may be any at all. If so, and a transaction names an invoice and no order, the gateway is asked whose
    /// invoice it is.
    fn may_have_any(&self) -> bool {
        true
    }
}

/// The orders of a merchant who has none: whatever order the gateway names, the payment is one to an address.
///
/// Who takes cards, too, gives a flow the [`JournalledCards`] instead.
#[derive(Clone, Copy, Debug)]
pub struct NoOrders;

/// Why nobody knows whether an order is one of the merchant's own.
#[derive(Debug, thiserror::Error)]
#[error("it cannot be found out whose order was paid")]
pub struct OrdersError(#[source] Box<dyn std::error::Error + Send + Sync>);

/// Whose order it is that a transaction names, or else its invoice, as far as the merchant knows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NamedOrder {
    /// None is named, or one that the merchant has never sent: the payment is one to an address.
    Unknown,
    /// One of the merchant's own, which its own flow credits.
    Own,
}

#[async_trait]
impl Orders for NoOrders {
    async fn is_own(&self, _: &str) -> Result<bool, OrdersError> {
        Ok(false)
    }

    fn may_have_any(&self) -> bool {
        false
    }
}

/// Every attempt that stands in the journal, which holds it before the gateway hears of it.
#[async_trait]
impl Orders for JournalledCards {
    async fn is_own(&self, order_id: &str) -> Result<bool, OrdersError> {
        let known = self.attempt_at(order_id).await;
        Ok(known.map_err(OrdersError::new)?.is_some())
    }
}

impl OrdersError {
    /// Says why.
    pub fn new(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(why.into())
    }
}
