//! What is checked, sent and answered.

/// The seed's body with all optional fields. Its e-mail address is ours, since the seed hides the real one.
pub(crate) const DEPOSIT: &str = include_str!("samples/deposit.json");

/// The same with eight fields that each break one rule.
pub(crate) const EIGHT_ISSUES: &str = include_str!("samples/eight_issues.json");

/// The answer to a deposit that needs 3DS.
pub(crate) const ANSWER: &str = include_str!("samples/answer.json");

/// The answer to a question for a transaction.
pub(crate) const TRANSACTION: &str = include_str!("samples/transaction.json");

/// An API key of the usual form.
pub(crate) const API_KEY: &str = "5f0c6a9e-0d6b-4a63-9a0e-5f2a7d3f1c11";
