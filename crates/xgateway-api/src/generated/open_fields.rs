// Generated from crates/xgateway-api/openapi/xgateway.yaml by `cargo xtask codegen`. Do not edit.

//! Which fields of a request may be shown.

/// The names of the fields of requests that are sensitive in none of them, sorted.
///
/// Whoever shows a request's body to a person masks every other field.
pub static OPEN_FIELDS: &[&str] = &[
    "acceptedPrivacyPolicyHash",
    "acceptedTermsAndConditionsHash",
    "acceptedTermsOfServiceHash",
    "accountId",
    "address",
    "amount",
    "applicationId",
    "baseCurrency",
    "billingAddress",
    "card",
    "country",
    "countryCode",
    "currency",
    "customerId",
    "direction",
    "documentSubType",
    "documentType",
    "file",
    "invoiceId",
    "invoiceStrategy",
    "isKycNoSdk",
    "locale",
    "orderId",
    "redirectUrl",
    "source",
    "sourceOfFunds",
    "status",
    "target",
];
