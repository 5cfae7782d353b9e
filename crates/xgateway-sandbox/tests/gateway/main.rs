//! The sandbox as a gateway: what it answers, and what becomes of the money.

mod deposits;
mod support;
