//! Suites that show whether an adapter keeps its promises.
//!
//! An adapter of [`Transport`](xgateway_transport::Transport) compiles long
//! before it is right, and a wrong one charges cards twice. Here each of its
//! duties is a test that anyone can run against their own:
//!
//! ```
//! # mod adapter {
//! use xgateway_transport_hyper::HyperTransport;
//!
//! xgateway_conformance::transport_suite!(|| HyperTransport::new().unwrap());
//! # }
//! ```
//!
//! That line in a file under `tests/` becomes one `#[test]` per duty. Each
//! starts a server on loopback, which does as a script says, down to the byte,
//! and records what really arrives.
//!
//! - [`transport`] has the duties of transports that open sockets.
//! - [`in_process`] has those of transports that do not, such as test doubles.
//! - [`delivery_document`] writes down what adapters say about requests that
//!   failed.
//!
//! The suites do not check what an adapter logs, that it refuses certificates
//! of the wrong people, or HTTP/2.

mod delivery_document;
mod duty;
pub mod in_process;
mod macros;
mod server;
mod situation;
pub mod transport;
mod violation;

pub use crate::delivery_document::delivery_document;
pub use crate::duty::Duty;
pub use crate::violation::Violation;

/// For the macros alone.
#[doc(hidden)]
pub mod private {
    pub use crate::duty::run;
}

#[cfg(doctest)]
#[doc = include_str!("../../../docs/guides/custom-transport.md")]
struct Guide;
