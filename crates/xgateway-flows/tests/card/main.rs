//! The card flow: every order of events, and the driver over a scripted gateway and over the sandbox.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests may panic like tests"
)]

mod body;
mod driver;
mod exhaustive;
mod fixture;
mod gateway;
mod judgement;
mod sandbox;
