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
//! - [`http2`] has what HTTP/2 adds to them.
//! - [`in_process`] has those of transports that do not, such as test doubles.
//! - [`delivery_document`] writes down what adapters say about requests that
//!   failed.
//!
//! The suites of transports do not check what an adapter logs, or that it refuses certificates
//! of the wrong people.
//!
//! A store of your own for callbacks and intents has its suites behind the
//! feature `store`: see `store`, `inbox_suite!`, `effect_suite!` and
//! `journal_suite!`.

mod delivery_document;
mod duty;
pub mod http2;
pub mod in_process;
mod macros;
mod server;
mod situation;
#[cfg(feature = "store")]
pub mod store;
#[cfg(feature = "store")]
mod store_macros;
pub mod transport;
mod violation;

pub use crate::delivery_document::delivery_document;
pub use crate::duty::Duty;
pub use crate::violation::Violation;

/// For the macros alone.
#[doc(hidden)]
pub mod private {
    pub use crate::duty::run;
    #[cfg(feature = "store")]
    pub use xgateway_store::{__effect_duties, __inbox_duties, __journal_duties};
}

#[cfg(doctest)]
#[doc = include_str!("../../../docs/guides/custom-transport.md")]
struct Guide;

#[cfg(all(doctest, feature = "store"))]
#[doc = include_str!("../../../docs/guides/custom-store.md")]
struct StoreGuide;
