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

/// The seed's callback, as one line.
pub(crate) const CALLBACK: &str = include_str!("samples/callback.json");

/// The id of its transaction.
pub(crate) const CALLBACK_ID: &str = "916c9ef9-8678-4676-b8bf-14e6333090f6";

/// Its hash with the key `test_secret_key`.
pub(crate) const CALLBACK_HASH: &str =
    "9pnXH92QDrsu+ntdByIXtfq4jkc7RWYb/Ii7DLaO1x0Bv+in88B7m1DzGtPZMS6Z1oFmtBO+iNE4Trxci+7FqA==";
