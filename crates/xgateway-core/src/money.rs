//! Exact amounts, JSON numbers and currencies. Nothing here is ever a float.

mod amount;
mod decimal_text;
mod json_number;

pub use amount::{Amount, AmountError};
pub use decimal_text::{DecimalText, DecimalTextError};
pub use json_number::{JsonNumber, JsonNumberError};

pub use crate::generated::currency::Currency;
