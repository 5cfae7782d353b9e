//! The order that the command line names.
//!
//! Also one that was begun before the rules for order ids became stricter, or by a program that vouches for its ids: whatever
//! the journal may hold can be named here.

use std::fmt::Display;

use xgateway::core::id::{OrderId, TransactionId};
use xgateway::store::Attempt;

use crate::failure::Failure;

/// The order, if only by one of its attempts.
pub(super) fn order(text: &str) -> Result<OrderId, Failure> {
    let attempt = named(text, "give the id of the order as your request had it")?;
    Ok(attempt.order().clone())
}

/// One of its attempts.
pub(super) fn attempt(text: &str) -> Result<Attempt, Failure> {
    named(text, "give the id as `xgateway card status` shows it")
}

/// A transaction of it.
pub(super) fn transaction_id(text: &str) -> Result<TransactionId, Failure> {
    TransactionId::parse(text)
        .map_err(|error| Failure::usage(error.to_string(), "give the transaction's id"))
}

/// The order, and none of what no journal holds under any version. That nothing was named at all is a slip of whoever asks.
pub(super) fn if_any(text: &str) -> Result<Option<OrderId>, Failure> {
    if text.is_empty() {
        return order(text).map(Some);
    }
    Ok(order(text).ok())
}

fn named(text: &str, hint: &str) -> Result<Attempt, Failure> {
    let usage =
        |error: &dyn Display| Failure::usage(format!("there is no such order id: {error}"), hint);
    let id = OrderId::vouched(text).map_err(|error| usage(&error))?;
    Attempt::of_gateway_order(&id).map_err(|error| usage(&error))
}
