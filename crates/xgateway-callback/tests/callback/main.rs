//! What the receiver promises, from the outside.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests may panic like tests"
)]

mod ambiguity;
mod authentic;
mod canary;
mod confirm;
mod explain;
mod fixture;
mod group;
mod history;
mod http;
mod limits;
mod mutation;
mod process;
mod receive;
mod shop;
mod silence;
mod withheld;
