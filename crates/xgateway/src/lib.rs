//! XGateway for Rust: take money through the XGateway payment gateway without losing or doubling any.
//!
//! ```
//! # use std::sync::Arc;
//! # use jiff::{Timestamp, civil::date};
//! # use xgateway::api::{deposit::CardDeposit, environment::Environment, policy::CardPolicy};
//! # use xgateway::client::Client;
//! # use xgateway::flows::card::{JournalledCards, Progress, SettledTransaction};
//! # use xgateway::store::{FingerprintKey, MemoryJournal};
//! # use xgateway_sandbox::{Config, Sandbox};
//! # fn credit(settled: &SettledTransaction) { assert_eq!(settled.customer_id(), "customer-1"); }
//! # fn redirect(url: xgateway::flows::card::ThreeDsUrl) {}
//! # fn try_again() {}
//! # fn show_status(progress: Progress) {}
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let form = br#"{"amount": 25.00, "baseCurrency": "EUR", "orderId": "order-1",
//! #   "accountId": "a67ec03c-0253-4c14-9961-28985186f90c", "customerId": "customer-1",
//! #   "customerDateOfBirth": "2000-02-10", "customerEmail": "john.doe@example.com",
//! #   "customerFirstName": "John", "customerLastName": "Doe", "customerPhone": "49 15123456789",
//! #   "userIp": "217.138.202.40",
//! #   "billingAddress": {"addressLine1": "Main Street 1", "city": "Prague", "countryCode": "CZ",
//! #                      "postalCode": "15000", "state": "Praha"},
//! #   "card": {"cardNumber": "4000 0000 0001 1017", "cardholderName": "John Doe",
//! #            "expiryMonth": "12", "expiryYear": "2028", "cardSecurityCode": "444"}}"#;
//! # let config = Config::new(1);
//! # let api_key = config.api_key.clone();
//! # let sandbox = Sandbox::new(config);
//! # let environment = Environment::sandbox(&sandbox.base_url())?;
//! # let (today, now) = (date(2026, 11, 21), Timestamp::UNIX_EPOCH);
//! # let key = FingerprintKey::new(&[7; 32])?;
//! # let transport = sandbox.transport();
//! let client = Client::new(environment, api_key, transport); // `Environment::Demo`, `ReqwestTransport::new()?`
//! let policy = CardPolicy::new(client.environment(), today);
//! let deposit = CardDeposit::from_json(form, &policy)?; // every issue at once
//!
//! let journal = Arc::new(MemoryJournal::new()); // `SqliteStore` and `PostgresStore` outlive a process
//! let cards = JournalledCards::new(client, journal, key);
//! let standing = cards.deposit(deposit, now).await?; // its intent is durable before the first byte is sent
//! match standing.progress {
//!     Progress::Deposited(settled) => {
//!         credit(&settled); // only the gateway's own answer makes one
//!         cards.credited(&settled, now).await?;
//!     }
//!     Progress::ThreeDsRequired { url } => redirect(url), // later: `cards.look`, `cards.callback_hint`
//!     Progress::Failed { .. } => try_again(),             // `cards.retry`, after a proven decline
//!     Progress::Unknown { .. } => {}                      // the answer was lost: `cards.resume_all` finds out
//!     other => show_status(other),
//! }
//! # assert!(cards.resume_all(now + jiff::SignedDuration::from_mins(1)).await?.is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! It does not decide what is credited, and keeps no books: that is the merchant's, once under each transaction's id.
//!
//! # Parts
//!
//! This crate re-exports them; each can be used alone.
//!
//! | here | crate | what it is |
//! | --- | --- | --- |
//! | [`core`] | `xgateway-core` | values, rule engine, issues, secrets, callback hash; no I/O |
//! | [`api`] | `xgateway-api` | requests, answers, operations, policy; no I/O |
//! | [`transport`] | `xgateway-transport` | the one trait between the client and an HTTP stack |
//! | [`client`] | `xgateway-client` | sends calls, and says who is at fault when one fails |
//! | `flows` (feature `flows`) | `xgateway-flows` | card deposits, deposits to lasting addresses, onboarding |
//! | `callback` (feature `callback`) | `xgateway-callback` | a receiver of callbacks whose effects happen once |
//! | `store` (feature `flows`, `callback`, `sqlite` or `postgres`) | `xgateway-store` | durable journal and inbox: memory, SQLite, PostgreSQL |
//! | `ConfirmThrough` (feature `callback`) | here | confirms callbacks through the client |
//! | `HyperTransport` (feature `hyper`) | `xgateway-transport-hyper` | a lean transport, directly on hyper |
//! | `ReqwestTransport` (feature `reqwest`) | `xgateway-transport-reqwest` | a transport on reqwest |
//!
//! # Features
//!
//! `flows` and `reqwest` are on by default. `sqlite` and `postgres` add the databases in which journal and inbox outlive a
//! process, `callback` the receiver of callbacks, `axum` its router; `callback-hash` adds the hash of callbacks alone,
//! `agreement` that of an agreement, `qr` deposit addresses as QR codes, `hyper` the transport without reqwest, `tower`
//! services of tower as transports and the receiver as one, `test-util` mocks of the transport. Features only add items.
//!
//! The versions of jiff and http that signatures mention are re-exported: [`jiff`], [`http`]; that of sqlx is `store::sqlx`.

#[cfg(feature = "callback")]
mod confirm;

pub use xgateway_api as api;
#[cfg(feature = "callback")]
pub use xgateway_callback as callback;
pub use xgateway_client as client;
pub use xgateway_core as core;
pub use xgateway_core::jiff;
#[cfg(feature = "flows")]
pub use xgateway_flows as flows;
#[cfg(any(
    feature = "flows",
    feature = "callback",
    feature = "sqlite",
    feature = "postgres"
))]
pub use xgateway_store as store;
pub use xgateway_transport as transport;
pub use xgateway_transport::http;
#[cfg(feature = "hyper")]
pub use xgateway_transport_hyper::HyperTransport;
#[cfg(feature = "reqwest")]
pub use xgateway_transport_reqwest::ReqwestTransport;

#[cfg(feature = "callback")]
pub use crate::confirm::{ConfirmThrough, no_answer};
