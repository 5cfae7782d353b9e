//! A customer's deposits: every order of events, and the driver over a scripted gateway and over the sandbox.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests may panic like tests"
)]

mod driver;
mod exhaustive;
mod fixture;
#[path = "../card/gateway.rs"]
mod gateway;
mod sandbox;
