//! When the client tries again: the decision as a table, the loop around it, and what it does to a gateway.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

#[path = "../client/fixture.rs"]
mod fixture;

mod asleep;
mod course;
mod keys;
mod scripted;
mod storm;
mod table;

use xgateway_client::retry::StopReason;
use xgateway_client::{Effect, Error};

#[track_caller]
fn check(error: &Error, count: u32, reason: StopReason, effect: Effect) {
    assert_eq!(error.attempts().count(), count, "{error:?}");
    assert_eq!(error.attempts().stopped(), Some(reason), "{error:?}");
    assert_eq!(error.effect(), effect, "{error:?}");
}
