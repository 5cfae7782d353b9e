//! The sandbox as a gateway: what it answers, and what becomes of the money.
#![expect(
    clippy::unwrap_used,
    reason = "what a test cannot unwrap makes it fail"
)]

mod bounds;
mod canary;
mod channels;
mod delivery;
mod deposits;
mod determinism;
mod endings;
mod explain;
mod fault_rules;
mod faults;
mod forks;
mod hostile;
mod idempotency;
mod inspector;
mod kyc;
mod limits;
mod pages;
mod persistence;
mod refusals;
mod replay;
mod robustness;
mod scenarios;
mod secrecy;
mod served;
mod server;
mod settlement;
mod simulation;
mod support;
mod time;
mod withdrawals;
