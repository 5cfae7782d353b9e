//! A client for the XGateway API that says who is at fault and whether money may have moved.
//!
//! A [`Client`] knows the environment, the key and how long to wait. It checks a call against the gateway's rules, sends
//! it over any [`Transport`](xgateway_transport::Transport), and decodes the answer. It follows no redirect.
//!
//! It tries again where that cannot do harm: reads, and a write with an order id of which nothing can have been
//! processed. **After a doubt nothing that may move money is sent again by itself**: see [`retry`].
//!
//! Every [`Error`] names its fault, says through [`Error::effect`] whether the gateway may have acted, and gives
//! [`advice`](Error::advice). Its `Debug` and `Display` show neither what was sent nor what the gateway wrote.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`error`] | what can go wrong, by fault |
//! | [`retry`] | when a call is tried again, and when not |
//! | [`document`] | files of documents, checked before they are sent and read while they are |
//!
//! ```
//! use http::StatusCode;
//! use xgateway_api::environment::Environment;
//! use xgateway_client::{Client, Error};
//! use xgateway_core::id::OrderId;
//! use xgateway_core::secret::ApiKey;
//! use xgateway_transport::test_util::{ExpectedRequest, ScriptedTransport};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
//! let gateway = ScriptedTransport::new([
//!     ExpectedRequest::get("/api/v2/invoices/order-1").answers(
//!         StatusCode::NOT_FOUND,
//!         r#"{"errors":[{"code":"not_found","message":"Invoice not found."}],"success":false}"#,
//!     ),
//! ]);
//! let key = ApiKey::parse("5f0c6a9e-0d6b-4a63-9a0e-5f2a7d3f1c11")?;
//! let client = Client::new(Environment::Demo, key, gateway);
//!
//! match client.invoice_by_order(&OrderId::parse("order-1")?).await {
//!     Ok(answer) => assert_eq!(answer.data().order_id.as_deref(), Some("order-1")),
//!     Err(Error::Refused(refused)) => assert!(refused.is_not_found()),
//!     Err(error) => return Err(error.into()),
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answered;
mod attempts;
mod builder;
mod client;
mod counters;
mod deadline;
pub mod document;
mod effect;
pub mod error;
mod hidden;
pub mod retry;
mod send;
mod wall_clock;

pub use answered::Answered;
pub use attempts::{Attempts, FailedAttempt};
pub use builder::{AddressOperation, ClientBuilder};
pub use client::Client;
pub use counters::Counters;
pub use deadline::Deadline;
pub use effect::Effect;
pub use error::{Error, ErrorKind};
