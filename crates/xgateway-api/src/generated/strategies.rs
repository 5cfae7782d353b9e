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
    &rules::CREATE_PROFILE_REQUEST,
    &rules::CREATE_APPLICANT_REQUEST,
    &rules::CORRECT_PROFILE_REQUEST,
    &rules::CREATE_KYC_LINK_REQUEST,
    &rules::IMPORT_KYC_TOKEN_REQUEST,
    &rules::CREATE_BANK_ACCOUNT_REQUEST,
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

/// Valid bodies of `CreateProfileRequest`.
pub fn create_profile_request() -> BoxedStrategy<Value> {
    strategies::bodies(&rules::CREATE_PROFILE_REQUEST)
}

/// Valid bodies of `CreateApplicantRequest`.
pub fn create_applicant_request() -> BoxedStrategy<Value> {
    strategies::bodies(&rules::CREATE_APPLICANT_REQUEST)
}

/// Valid bodies of `CorrectProfileRequest`.
pub fn correct_profile_request() -> BoxedStrategy<Value> {
    strategies::bodies(&rules::CORRECT_PROFILE_REQUEST)
}

/// Valid bodies of `CreateKycLinkRequest`.
pub fn create_kyc_link_request() -> BoxedStrategy<Value> {
    strategies::bodies(&rules::CREATE_KYC_LINK_REQUEST)
}

/// Valid bodies of `ImportKycTokenRequest`.
pub fn import_kyc_token_request() -> BoxedStrategy<Value> {
    strategies::bodies(&rules::IMPORT_KYC_TOKEN_REQUEST)
}

/// Valid bodies of `CreateBankAccountRequest`.
pub fn create_bank_account_request() -> BoxedStrategy<Value> {
    strategies::bodies(&rules::CREATE_BANK_ACCOUNT_REQUEST)
}
