use xgateway_client::Error;

use super::{Contradiction, OrdersError, SettledDeposit};

/// What came of a hint or a look.
#[derive(Debug)]
#[non_exhaustive]
#[must_use = "it may say that a customer is to be credited"]
pub enum Progress {
    /// Confirmed: credit the customer, once for this transaction id, and then [say so](super::DepositFlow::credited).
    Credit(SettledDeposit),
    /// It was credited before, and stands as it did.
    AlreadyCredited,
    /// The gateway waits for the blockchain. Another callback will come; look again after a while.
    Pending,
    /// It failed. A later hint may still change that.
    Failed,
    /// It is another customer's, or no deposit. Hand the hint to whom it concerns.
    NotOurs,
    /// It, or its invoice, names an order of the merchant's own, this one: hand the hint to the flow of that order, which credits it.
    OfOrder(Box<str>),
    /// It, or its invoice, names this order, and whether that is one of the merchant's own could not be found out: nobody is credited, and
    /// nothing is known of it. Keep the hint and try again.
    Unsure {
        /// The order, as the gateway names it.
        order_id: Box<str>,
        /// Why.
        source: OrdersError,
    },
    /// The gateway has no such transaction: the hint was forged, or comes from another environment.
    NotFound,
    /// It could not be read, or not its invoice, of which it must be known whose order it is. Keep the hint and try again: answer the callback so that it comes once more.
    Unread(Error),
    /// The gateway's word does not fit what it said before: nobody is credited, and a person must look.
    Contradiction(Contradiction),
}

impl Progress {
    /// Why the last look told nothing, if the gateway was not heard.
    pub fn unread(&self) -> Option<&Error> {
        if let Self::Unread(error) = self {
            Some(error)
        } else {
            None
        }
    }
}

/// Why there is no address to show.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AddressFailure {
    /// The gateway gave none.
    #[error("the gateway gave no address")]
    Client(#[source] Error),
    /// It gave another one than before: show neither, and have a person look.
    #[error("the address cannot be trusted")]
    Contradiction(#[source] Contradiction),
}
