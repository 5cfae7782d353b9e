//! Which texts the hash cannot confuse.
//!
//! The gateway hashes the fields of a callback joined by dots, so a dot inside a field can stand where another field
//! begins: customer `user.9` with amount `1` and customer `user` with amount `9.1` have one hash. We accept only texts
//! for which the joined text can be taken apart in one way:
//!
//! | field | accepted |
//! | --- | --- |
//! | `id` | 1 to 64 letters, digits, `-` and `_` |
//! | `amount` | digits, then perhaps a dot and more digits; at most 64 characters |
//! | `currency` | a letter, then 1 to 15 letters and digits; three capital letters for a bank account |
//! | `customerId` | at most 255 characters, no control characters, no dot before a digit or at the end; of a KYC callback, not ending in a dot and three capital letters |
//!
//! Proof. In `id.customerId.amount.currency` neither the first nor the last field holds a dot, so the first dot ends the
//! id and the last begins the currency, and the amount begins at the first dot before a digit, which no customer id
//! holds. In `customerId.currency` the last dot begins the currency, and `customerId` alone is taken whole. Across the
//! kinds, only a transaction holds a dot before a digit, and only a bank account ends in a dot and three capitals
//! without holding one, so no text of one kind is a text of another.
//!
//! No currency begins with a digit, or a dot before a digit could begin it.

/// What the hash covers and ends a text of a transaction: an id of the gateway.
pub(crate) fn is_id(text: &str) -> bool {
    let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=64).contains(&text.len()) && each(text, is_sign)
}

/// Decimal text.
pub(crate) fn is_amount(text: &str) -> bool {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    text.len() <= 64 && is_digits(whole) && fraction.is_none_or(is_digits)
}

/// A currency's code.
pub(crate) fn is_currency(text: &str) -> bool {
    (2..=16).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The code of a currency that banks hold.
pub(crate) fn is_bank_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// A customer's id beside an amount or a currency.
pub(crate) fn is_customer_id(text: &str) -> bool {
    // Nearly every id is short and plain, and then nothing has to be searched.
    if (1..=255).contains(&text.len()) && each(text, |byte| byte.is_ascii_graphic() && byte != b'.')
    {
        return true;
    }
    let has_dot_before_digit = text
        .as_bytes()
        .windows(2)
        .any(|pair| pair[0] == b'.' && pair[1].is_ascii_digit());
    !text.is_empty()
        && text.chars().count() <= 255
        && !has_dot_before_digit
        && !text.ends_with('.')
        && !text.chars().any(char::is_control)
}

/// A customer's id alone.
pub(crate) fn is_lone_customer_id(text: &str) -> bool {
    let looks_like_bank_account = text
        .rsplit_once('.')
        .is_some_and(|(_, last)| is_bank_currency(last));
    is_customer_id(text) && !looks_like_bank_account
}

/// Whether all bytes are of a kind; it looks at each, which is quicker than to stop early.
fn each(text: &str, is_of_kind: impl Fn(u8) -> bool) -> bool {
    text.bytes().fold(true, |all, byte| all & is_of_kind(byte))
}
