// Generated from crates/xgateway-api/openapi/xgateway.yaml by `cargo xtask codegen`. Do not edit.

//! Limits of the OpenAPI document that leaf types hold to.

/// The fewest digits of `cardNumber`.
pub(crate) const CARD_NUMBER_DIGITS_MIN: usize = 12;

/// The most digits of `cardNumber`.
pub(crate) const CARD_NUMBER_DIGITS_MAX: usize = 23;
