//! A lean transport for the XGateway client, directly on [`hyper`].
//!
//! [`HyperTransport`] opens connections, keeps them, and performs each exchange
//! once, over HTTP/1.1 or HTTP/2, with TLS by rustls. It knows no gateway: no
//! keys, no JSON, no retries. It has no redirects, cookies, compression or
//! proxies to switch off, because it has none.
//!
//! ```no_run
//! use xgateway_transport::{Body, Transport};
//! use xgateway_transport_hyper::HyperTransport;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let transport = HyperTransport::new()?;
//! let request = http::Request::get("http://127.0.0.1:4010/v2/invoices/42").body(Body::empty())?;
//! let answer = transport.send(request).await?;
//! println!("{}", answer.status());
//! # Ok(())
//! # }
//! ```
//!
//! It runs inside a tokio runtime with I/O and time enabled. The TLS provider
//! is the default of the process, if one is installed, or aws-lc-rs.
//!
//! # Was it sent?
//!
//! | what happened | error |
//! |---|---|
//! | a URL, method or header that cannot be sent as it is | `not_sent(InvalidRequest)` |
//! | name lookup, connection or TLS handshake failed or took too long | `not_sent(Connect)` |
//! | the connection was gone and hyper gave the request back unwritten | `not_sent(Io)`, if it was a new connection |
//! | a request was handed to a connection and is not known to be unwritten | `unknown(..)` |
//!
//! hyper gives a request back only if it never began to write it. A kept
//! connection that does so was closed while nobody used it, and the request
//! goes to another one: the gateway sees it once. Everything else after the
//! handover is `Unknown`, also where HTTP/2 would let one hope (a refused
//! stream, a shutdown that names the last stream): that is the word of the
//! other side and no proof.
//!
//! # Secrets in memory
//!
//! The bytes of a body are written from where they are, so a buffer that wipes
//! itself does so when the exchange is over. Two copies cannot be helped: TLS
//! encrypts into buffers of its own, and HTTP/2 copies bodies below 256 bytes
//! behind their frame header.

mod builder;
mod connect;
mod exchange;
mod failure;
mod http1;
mod pool;
mod prepare;
mod stream;
mod transport;
mod trust;

pub use crate::builder::{BuildError, HyperTransportBuilder};
pub use crate::transport::HyperTransport;
