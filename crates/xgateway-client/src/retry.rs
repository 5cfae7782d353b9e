//! When a call is tried again, and when not.
//!
//! | what came of an attempt | a read | a write with its order id | any other write |
//! | --- | --- | --- | --- |
//! | it was not sent | again | again | stop |
//! | 429 | again | again | stop |
//! | 408, 500, 502, 503, 504 | again | **stop**, unless the key's life is assumed | stop |
//! | no whole answer | again | **stop**, unless the key's life is assumed | stop |
//! | a success, a refusal, what cannot be read | stop | stop | stop |
//!
//! So after a doubt nothing that may move money is sent again by default: read the invoice by its order id. Whoever
//! knows how long the gateway remembers an order id can [say so](RetryPolicy::assume_key_life).
//!
//! "Again" holds as long as all of these allow it: the [policy's](RetryPolicy) number of attempts, the time of the
//! call, and a [`RetryBudget`] which all clones of a client share, so that a gateway in trouble gets few more calls and
//! not thrice as many. The waits are drawn evenly between nothing and a bound that doubles ("full jitter"), on top of
//! what the gateway asks for in `retry-after`.
//!
//! [`RetryPolicy::decide`] is pure: clock, draw and budget are arguments.

mod budget;
mod decide;
mod first_sent;
mod jitter;
mod outcome;
mod policy;

pub use budget::RetryBudget;
pub use decide::{Attempt, Decision, KeyUse, StopReason};
pub(crate) use first_sent::FirstSent;
pub(crate) use jitter::Jitter;
pub use outcome::Outcome;
pub use policy::RetryPolicy;
