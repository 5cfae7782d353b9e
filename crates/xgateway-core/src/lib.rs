//! Domain values, rule engine, issues, secrets and the callback hash of XGateway.
//!
//! This crate computes; it does nothing else. It has no I/O, no clock, no randomness, no logging, no environment and
//! nothing asynchronous. What depends on a date takes the date as an argument.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`money`] | exact amounts, JSON numbers, currencies and rates |
//! | [`card`] | card numbers, security codes, expiry |
//! | [`bank`] | IBAN and BIC, account number and sort code |
//! | [`id`] | order, customer, account, invoice and transaction ids |
//! | [`secret`] | texts that cannot be printed, API key and secret key |
//! | [`rules`] | the rule tables and the engine that checks a document against them |
//! | [`issue`] | what the engine, or the gateway, finds wrong, in the gateway's own shape |
//! | [`text`] | the format checks: e-mail, URL, IP address, UUID, date, country code |
//! | `agreement` (feature `agreement`) | the hash of an agreement that a customer has accepted |
//! | `document` (feature `document`) | documents that prove who a customer is, and what a file must be |
//! | `callback` (feature `callback`) | the hash of callbacks |
//!
//! ```
//! use xgateway_core::card::CardNumber;
//! use xgateway_core::money::{Amount, Currency};
//!
//! let amount = Amount::parse("25.00", Currency::Eur)?;
//! let number = CardNumber::parse("4000 0000 0000 0002")?;
//! assert_eq!(amount.to_string(), "25.00 EUR");
//! assert_eq!(format!("{number:?}"), "CardNumber(**)");
//! assert_eq!(number.last_four(), "0002");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(feature = "agreement")]
pub mod agreement;
// For crates of this workspace.
#[doc(hidden)]
pub mod backoff;
pub mod bank;
#[cfg(feature = "callback")]
pub mod callback;
pub mod card;
#[cfg(feature = "document")]
pub mod document;
mod generated;
pub mod id;
pub mod issue;
pub mod money;
pub mod open_enum;
pub mod rules;
pub mod secret;
pub mod text;

/// The version of jiff whose dates and times our functions take.
pub use jiff;
/// The version of `rust_decimal` whose numbers our amounts give.
pub use rust_decimal;
