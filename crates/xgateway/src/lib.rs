//! XGateway for Rust: take money through the XGateway payment gateway without losing or doubling any.
//!
//! This crate re-exports the parts; each can be used alone.
//!
//! | here | crate | what it is |
//! | --- | --- | --- |
//! | [`core`] | `xgateway-core` | values, rule engine, issues, secrets, callback hash; no I/O |
//! | [`api`] | `xgateway-api` | requests, answers, operations, policy; no I/O |
//! | [`transport`] | `xgateway-transport` | the one trait between the client and an HTTP stack |
//! | [`client`] | `xgateway-client` | sends calls, and says who is at fault when one fails |
//! | `flows` (feature `flows`) | `xgateway-flows` | card deposits, deposits to lasting addresses, onboarding |
//! | `callback` (feature `receiver`) | `xgateway-callback` | a receiver of callbacks whose effects happen once |
//! | `store` (feature `flows`, `receiver`, `sqlite` or `postgres`) | `xgateway-store` | durable journal and inbox: memory, SQLite, PostgreSQL |
//! | `ConfirmThrough` (feature `receiver`) | here | confirms callbacks through the client |
//! | `HyperTransport` (feature `hyper`) | `xgateway-transport-hyper` | a lean transport, directly on hyper |
//! | `ReqwestTransport` (feature `reqwest`) | `xgateway-transport-reqwest` | a transport on reqwest |
//!
//! # Features
//!
//! `flows` and `reqwest` are on by default. `sqlite` and `postgres` add the databases in which journal and inbox outlive a
//! process, `receiver` what takes callbacks, `axum` its router; `callback` adds the hash of callbacks alone, `agreement` that
//! of an agreement, `qr` deposit addresses as QR codes, `hyper` the transport without reqwest, `tower` the bridge to its services, `test-util`
//! mocks of the transport. Features only add items.
//!
//! The versions of jiff and http that signatures mention are re-exported: [`jiff`], [`http`]; that of sqlx is `store::sqlx`.

#[cfg(feature = "receiver")]
mod confirm;

pub use xgateway_api as api;
#[cfg(feature = "receiver")]
pub use xgateway_callback as callback;
pub use xgateway_client as client;
pub use xgateway_core as core;
pub use xgateway_core::jiff;
#[cfg(feature = "flows")]
pub use xgateway_flows as flows;
#[cfg(any(
    feature = "flows",
    feature = "receiver",
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

#[cfg(feature = "receiver")]
pub use crate::confirm::ConfirmThrough;
