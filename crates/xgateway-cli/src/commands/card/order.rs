//! The order that the command line names.

use std::fmt::Display;

use xgateway::core::id::OrderId;
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

fn named(text: &str, hint: &str) -> Result<Attempt, Failure> {
    let usage =
        |error: &dyn Display| Failure::usage(format!("there is no such order id: {error}"), hint);
    let id = OrderId::parse(text).map_err(|error| usage(&error))?;
    Attempt::of_gateway_order(&id).map_err(|error| usage(&error))
}
