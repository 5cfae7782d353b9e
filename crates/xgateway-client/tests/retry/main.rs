//! When the client tries again: the decision as a table, the loop around it, and what it does to a gateway.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

#[path = "../client/fixture.rs"]
mod fixture;

mod course;
mod keys;
mod scripted;
mod storm;
mod table;
