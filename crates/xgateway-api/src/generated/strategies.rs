// Generated from crates/xgateway-api/openapi/xgateway.yaml by `cargo xtask codegen`. Do not edit.

//! Valid bodies of each request.

use proptest::strategy::BoxedStrategy;
use serde_json::Value;
use xgateway_core::rules::Schema;

use super::rules;
use crate::strategies;

/// The rule table of every request's body, in the order of the document.
pub static REQUESTS: &[&Schema] = &[
    &rules::GATEWAY8_REQUEST,
    &rules::SIMULATE_TRANSACTION_REQUEST,
    &rules::WALLET_ADDRESS_REQUEST,
    &rules::CHANNEL_REQUEST,
];

/// Valid bodies of `Gateway8Request`.
pub fn gateway8_request() -> BoxedStrategy<Value> {
    strategies::bodies(&rules::GATEWAY8_REQUEST)
}

/// Valid bodies of `SimulateTransactionRequest`.
pub fn simulate_transaction_request() -> BoxedStrategy<Value> {
    strategies::bodies(&rules::SIMULATE_TRANSACTION_REQUEST)
}

/// Valid bodies of `WalletAddressRequest`.
pub fn wallet_address_request() -> BoxedStrategy<Value> {
    strategies::bodies(&rules::WALLET_ADDRESS_REQUEST)
}

/// Valid bodies of `ChannelRequest`.
pub fn channel_request() -> BoxedStrategy<Value> {
    strategies::bodies(&rules::CHANNEL_REQUEST)
}
