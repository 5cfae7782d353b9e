//! Exact amounts, JSON numbers and currencies. Nothing here is ever a float.

mod amount;
mod decimal_text;
mod json_number;
mod long_decimal;
mod rate;

pub use amount::{Amount, AmountError};
pub use decimal_text::{DecimalText, DecimalTextError};
pub use json_number::{JsonNumber, JsonNumberError};
pub use long_decimal::{LongDecimal, LongDecimalError};
pub use rate::{ConversionError, Rate, RateError, Rounding};

pub use crate::generated::currency::{Currency, CurrencyKind, Network};
