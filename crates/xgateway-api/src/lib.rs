//! Wire types, rule tables and operations of the XGateway API, generated from its OpenAPI document.
//!
//! Everything here is sans-I/O: a request is built and an answer decoded without a connection, so that any HTTP stack,
//! a test or another language's binding can sit between the two.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`types`] | requests and answers, field by field |
//! | [`operations`] | method, path, authentication, idempotency and answers of each operation |
//! | [`rules`] | the rule tables that a request's body is checked against |
//! | [`sources`] | where each fact of the OpenAPI document comes from |
//! | [`call`] | [`Call`](call::Call): an operation together with what it needs |
//! | [`answer`] | an answer decoded, or the gateway's refusal |
//! | [`deposit`] | [`CardDeposit`](deposit::CardDeposit): a request that passed rules and policy |
//! | [`environment`] | where the gateway is |
//! | [`multipart`] | what stands around the file of a form |
//! | [`path`](mod@path) | paths of operations, and other ones where nobody documented them |
//! | [`query`] | the query of a URL, as rules look at it |
//! | [`address`] | addresses to which customers pay; behind `qr` as QR codes |
//! | [`balance`] | what is on the merchant's accounts |
//! | [`policy`] | what we refuse although the gateway might not |
//! | [`json`] | JSON text to a checked request |
//!
//! ```
//! use xgateway_api::json::{self, ReadError};
//! use xgateway_api::types::Gateway8Request;
//!
//! let text = br#"{"amount": 9.005}"#;
//! let Err(ReadError::Invalid(issues)) = json::read::<Gateway8Request>(text) else {
//!     panic!("too little, and far from complete");
//! };
//! let first = issues.iter().next().expect("there is at least one");
//! assert_eq!(first.to_string(), "amount: Number must be greater than or equal to 10");
//! ```

pub mod address;
pub mod answer;
pub mod balance;
pub mod call;
pub mod deposit;
pub mod environment;
mod generated;
pub mod json;
mod kyc;
pub mod multipart;
pub mod operation;
pub mod path;
pub mod policy;
pub mod query;
mod rate_currency;
#[cfg(feature = "proptest")]
pub mod strategies;

// For crates of this workspace.
#[doc(hidden)]
pub use generated::open_fields::OPEN_FIELDS;
pub use generated::{environments, operations, rules, sources, types};

/// The OpenAPI document that everything here follows from.
pub const OPENAPI: &str = include_str!("../openapi/xgateway.yaml");

/// The same as JSON, without its `servers`: whoever serves it names himself.
pub const OPENAPI_JSON: &str = include_str!("generated/openapi.json");
