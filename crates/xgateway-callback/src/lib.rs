//! A receiver of XGateway callbacks whose effects happen once.
//!
//! The gateway's hash proves less than it seems to: it covers neither the status of a transaction nor the IBAN of an
//! account nor the result of an identity check, and it can be seen once and sent again for ever (protocol §4). So a
//! callback goes through stages, and each is a type that offers only what is known by then:
//!
//! | stage | type | known |
//! | --- | --- | --- |
//! | received | [`RawCallback`] | that it is not too large |
//! | authentic | [`AuthenticCallback`] | transaction id, customer, amount, currency: [`Proven`] |
//! | stored | [`Receipt`](xgateway_store::Receipt) | that it survives a crash: the gateway is answered |
//! | confirmed | [`ConfirmedCallback`] | what the API says of it now |
//! | applied | [`Completed`](xgateway_store::Completed) | that its effect has happened, once |
//!
//! [`Receiver`] takes a callback from HTTP to the inbox, [`Processor`] from the inbox to its effect. They need not run
//! in one process. [`explain`] finds out why a hash does not match; [`sign`] makes callbacks for tests.
//!
//! This crate has no HTTP client and does not know the SDK's: implement [`Confirm`] over yours.
//!
//! | feature | adds |
//! | --- | --- |
//! | `tower` | the receiver as a `tower::Service`, for hyper and what builds on it |
//! | `axum` | the receiver as a router |
//! | `tokio` | `SystemClock`, the clock of the machine |
//!
//! The guide `docs/guides/callbacks.md` shows it all at work. The first two stages:
//!
//! ```
//! use xgateway_callback::{CallbackError, KeyRing, RawCallback, sign};
//! use xgateway_core::secret::SecretKey;
//!
//! let key = SecretKey::parse("test_secret_key")?;
//! let body = sign(br#"{"id":"1","customerId":"joe","amount":"10","currency":"USD","status":"failed"}"#, &key)?;
//! let ring = KeyRing::new(key);
//! assert_eq!(RawCallback::new(&body)?.authenticate(&ring)?.customer_id(), Some("joe"));
//!
//! let body = String::from_utf8(body)?;
//! let more = body.replace(r#""amount":"10""#, r#""amount":"1000""#);
//! let refused = RawCallback::new(more.as_bytes())?.authenticate(&ring);
//! assert_eq!(refused.unwrap_err(), CallbackError::NotAuthentic);
//!
//! // Not covered by the hash, and therefore not to be had before the API was asked.
//! let forged = body.replace("failed", "confirmed");
//! assert!(RawCallback::new(forged.as_bytes())?.authenticate(&ring).is_ok());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod accept;
mod authentic;
mod clock;
mod confirm;
mod error;
mod explain;
mod members;
mod process;
mod raw;
mod receive;
mod ring;
mod sign;

pub use crate::authentic::{AuthenticCallback, Proven};
pub use crate::clock::Clock;
#[cfg(feature = "tokio")]
pub use crate::clock::SystemClock;
pub use crate::confirm::{
    Confirm, ConfirmedBankAccount, ConfirmedCallback, ConfirmedKyc, ConfirmedTransaction, NoAnswer,
    NoAnswerCause, SettledDeposit, Unconfirmed, effect_key,
};
pub use crate::error::{CallbackError, JsonType};
pub use crate::explain::{Explanation, Mistake, explain};
pub use crate::process::{
    Apply, ApplyError, AtLeastOnce, Book, ExactlyOnce, Handler, HandlerError, Processor,
    ProcessorSettings, Round,
};
pub use crate::raw::{BODY_BYTES_MAX, DEPTH_MAX, KEYS_MAX, RawCallback};
pub use crate::receive::{Answer, Receiver, unrecognized_status};
#[cfg(feature = "tower")]
pub use crate::receive::{ReceiverBody, ReceiverFuture};
pub use crate::ring::{KEYS_OF_RING_MAX, KeyLabel, KeyRing, KeyRingError};
pub use crate::sign::{hash_of, sign};

/// The examples of the guide are tests.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guides/callbacks.md")]
mod guide {}
