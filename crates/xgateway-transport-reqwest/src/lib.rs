//! A transport for the XGateway client on [`reqwest`].
//!
//! [`ReqwestTransport`] opens connections, keeps them, and performs each
//! exchange once. It knows no gateway: no keys, no JSON, no retries, and no
//! deadline beyond the time to connect.
//!
//! ```no_run
//! use xgateway_transport::{Body, Transport};
//! use xgateway_transport_reqwest::ReqwestTransport;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let transport = ReqwestTransport::new()?;
//! let request = http::Request::get("http://127.0.0.1:4010/v2/invoices/42").body(Body::empty())?;
//! let answer = transport.send(request).await?;
//! println!("{}", answer.status());
//! # Ok(())
//! # }
//! ```
//!
//! It runs inside a tokio runtime with I/O and time enabled. The TLS provider
//! is the default of the process, if one is installed, or aws-lc-rs.

mod builder;
mod failure;
mod transport;

pub use crate::builder::{BuildError, ReqwestTransportBuilder};
pub use crate::transport::ReqwestTransport;
