//! The client over test doubles: what it sends, what it makes of each answer, and how long it waits.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

mod banking;
mod channels;
mod errors;
mod fixture;
mod once;
mod requests;
mod time;
