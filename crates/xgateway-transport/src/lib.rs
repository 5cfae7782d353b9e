//! The seam between the client and the network.
//!
//! A [`Transport`] performs one HTTP exchange. The client that calls it knows
//! the gateway's protocol and nothing of sockets; the transport knows sockets
//! and nothing of the protocol. Swap the transport to use another HTTP stack,
//! or to test without one.
//!
//! What sets this trait apart from a general HTTP trait is [`Delivery`]: every
//! failure says whether the gateway may have seen the request. Money depends
//! on that answer, so an adapter may be pessimistic about it, never optimistic.
//!
//! This crate has no HTTP stack of its own and does no I/O.
//!
//! - To write an adapter, read the duties in [`Transport`].
//! - To share one transport between clients, wrap it in [`SharedTransport`].
//! - To make a transport of a `tower::Service`, or a service of a transport, enable the feature `tower`.
#![cfg_attr(
    feature = "test-util",
    doc = "- To test without a network, pick a test double from [`test_util`]."
)]
#![cfg_attr(
    not(feature = "test-util"),
    doc = "- To test without a network, enable the feature `test-util`."
)]

mod body;
mod error;
mod shared;
mod transport;

#[cfg(feature = "test-util")]
pub mod test_util;
#[cfg(feature = "tower")]
pub mod tower;

/// The version of http whose requests and responses a transport has to do with.
pub use http;

pub use crate::body::{Body, BodyError, Wanted};
pub use crate::error::{Delivery, TransportError, TransportErrorKind};
pub use crate::shared::SharedTransport;
pub use crate::transport::Transport;
