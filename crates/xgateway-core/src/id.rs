//! Ids: of the merchant (order, customer) and of the gateway (account, invoice, transaction).
//!
//! Ids are free texts of 1 to 255 characters without control characters, not of blanks alone. The merchant's own are held
//! to more, because they travel in clear, are shown and are hashed: see [`OrderId`] and [`CustomerId`].
//!
//! No id is `.` or `..`. That is our rule, not the gateway's, which takes them: an id is a segment of a path, and URL
//! parsers climb there, written `%2E%2E` or not. What was ordered under such an id could never be read again.

use std::fmt;
use std::str::FromStr;

use crate::secret::scrub;

/// Why a text is no id.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum IdError {
    /// There is no character in it, or nothing but blanks.
    #[error("an id has at least one character that is no blank")]
    Empty,
    /// It has more than 255 characters.
    #[error("an id has at most 255 characters")]
    TooLong,
    /// It holds a control character.
    #[error("an id holds no control characters")]
    Control,
    /// It is `.` or `..`.
    #[error(
        "an id must not be `.` or `..`: in a URL it means another path, and nobody could read it again"
    )]
    DotSegment,
    /// It could be a card number.
    #[error("an id must not look like a card number: it is stored and shown")]
    CardNumber,
    /// It could be an e-mail address.
    #[error("an order id must not look like an e-mail address: it is stored and shown")]
    Email,
    /// It has a dot before a digit.
    #[error(
        "a customer id must not have a dot before a digit: the callback's hash would be ambiguous"
    )]
    DotBeforeDigit,
    /// It ends with a dot and what could be a currency.
    #[error(
        "a customer id must not end with a dot and three capitals: the callback's hash would be ambiguous"
    )]
    DotBeforeCurrency,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(Box<str>);

        impl $name {
            /// Reads an id.
            ///
            /// # Errors
            ///
            /// [`IdError`] says which rule it breaks.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                check_text(text)?;
                let check: fn(&str) -> Result<(), IdError> = $check;
                check(text)?;
                Ok(Self(text.into()))
            }

            /// Takes an id for which somebody vouches, such as one that was taken before and kept: it may look like a card
            /// number or an e-mail address, or blur into the hash of a callback. What is no id at the gateway is still none.
            ///
            /// ```
            /// use xgateway_core::id::OrderId;
            ///
            /// let number = "176722560000012345"; // Counted by a machine, and no card's.
            /// assert!(OrderId::parse(number).is_err());
            /// assert_eq!(OrderId::vouched(number)?.as_str(), number);
            /// # Ok::<(), xgateway_core::id::IdError>(())
            /// ```
            ///
            /// # Errors
            ///
            /// [`IdError::Empty`], [`IdError::TooLong`], [`IdError::Control`] or [`IdError::DotSegment`].
            pub fn vouched(text: &str) -> Result<Self, IdError> {
                check_text(text)?;
                Ok(Self(text.into()))
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::parse(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.into_string()
            }
        }
    };
}

id! {
    /// The merchant's own name for an order, and the only idempotency key that the gateway has (protocol §1).
    ///
    /// The gateway lets it be left out; we do not, since without it nobody can ask what became of a lost request.
    /// It must not hold anything that looks like a card number or an e-mail address.
    ///
    /// ```
    /// use xgateway_core::id::{IdError, OrderId};
    ///
    /// assert_eq!(OrderId::parse("XBNfu922e2")?.as_str(), "XBNfu922e2");
    /// assert_eq!(OrderId::parse("4000 0000 0000 0002"), Err(IdError::CardNumber));
    /// # Ok::<(), IdError>(())
    /// ```
    OrderId, |text| {
        if holds_email(text) {
            return Err(IdError::Email);
        }
        check_no_card_number(text)
    }
}

id! {
    /// The merchant's own name for a customer.
    ///
    /// A dot before a digit is refused: the callback's hash joins `customerId.amount` with a dot, so that customer
    /// `user.9` with amount `1` and customer `user` with amount `9.1` would share one hash (protocol §4). A dot and three
    /// capitals at the end are refused, too: the hash of a KYC callback for `john.EUR` is that of a bank account
    /// callback for `john` in `EUR`.
    CustomerId, |text| {
        let has_dot_before_digit = text
            .as_bytes()
            .windows(2)
            .any(|pair| pair[0] == b'.' && pair[1].is_ascii_digit());
        // A dot at the end stands before the amount's first digit.
        if has_dot_before_digit || text.ends_with('.') {
            return Err(IdError::DotBeforeDigit);
        }
        let ending = text.as_bytes().last_chunk::<4>();
        if let Some([b'.', currency @ ..]) = ending
            && currency.iter().all(u8::is_ascii_uppercase)
        {
            return Err(IdError::DotBeforeCurrency);
        }
        check_no_card_number(text)
    }
}

id! {
    /// The gateway's name for one of the merchant's accounts.
    AccountId, |_| Ok(())
}

id! {
    /// The gateway's name for an invoice.
    InvoiceId, |_| Ok(())
}

id! {
    /// The gateway's name for a transaction.
    TransactionId, |_| Ok(())
}

fn check_text(text: &str) -> Result<(), IdError> {
    if text.trim().is_empty() {
        return Err(IdError::Empty);
    }
    if matches!(text, "." | "..") {
        return Err(IdError::DotSegment);
    }
    if text.chars().count() > 255 {
        return Err(IdError::TooLong);
    }
    if text.chars().any(char::is_control) {
        return Err(IdError::Control);
    }
    Ok(())
}

/// Whether one stands somewhere in `text`.
fn holds_email(text: &str) -> bool {
    let is_of_email = |c: char| c.is_ascii_alphanumeric() || "@._'+-".contains(c);
    // What an address can hold but not begin or end with is what stands around it.
    let mut words = text.split(|c| !is_of_email(c));
    words.any(|word| crate::text::is_email(word.trim_matches(['.', '\'', '-'])))
}

fn check_no_card_number(text: &str) -> Result<(), IdError> {
    if scrub(text) != text {
        return Err(IdError::CardNumber);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_order_id_holds_no_email_address() {
        for text in [
            "john@example.com",
            "order-7 john@example.com",
            "order-7/john.doe@example.com#2",
            "<john@example.com>",
            "'john@example.com'.",
        ] {
            assert_eq!(OrderId::parse(text), Err(IdError::Email), "{text}");
        }
        for text in [
            "order@7",
            "a@b",
            "@example.com",
            "7@@example.com",
            "order-7.2",
        ] {
            assert!(OrderId::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_customer_id_cannot_blur_into_the_amount() {
        for text in ["user.9", "user.", "a.1.b", "9.9"] {
            assert_eq!(
                CustomerId::parse(text),
                Err(IdError::DotBeforeDigit),
                "{text}"
            );
        }
        assert_eq!(
            CustomerId::parse("john.EUR"),
            Err(IdError::DotBeforeCurrency)
        );
        for text in [
            "john.eur",
            "john.EURO",
            "john.EU",
            "EUR",
            "john.doe@example.com",
            "000394",
            "demo_customer_id",
            "a.b",
        ] {
            assert!(CustomerId::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn no_id_climbs_in_a_path() {
        for text in [".", ".."] {
            assert_eq!(OrderId::parse(text), Err(IdError::DotSegment));
            assert_eq!(CustomerId::parse(text), Err(IdError::DotSegment));
            assert_eq!(AccountId::parse(text), Err(IdError::DotSegment));
            assert_eq!(InvoiceId::parse(text), Err(IdError::DotSegment));
            assert_eq!(TransactionId::parse(text), Err(IdError::DotSegment));
        }
        for text in ["...", ".a", "a..", "%2E%2E", "../a"] {
            assert!(OrderId::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_uuid_of_digits_is_no_card_number() {
        assert!(OrderId::parse("12345678-1234-1234-1234-123456789012").is_ok());
        assert_eq!(
            OrderId::parse("order 4000000000000002"),
            Err(IdError::CardNumber)
        );
        assert_eq!(OrderId::parse("john@example.com"), Err(IdError::Email));
        assert_eq!(OrderId::parse("a\nb"), Err(IdError::Control));
        for blank in ["", " ", "\u{a0}\u{2003}"] {
            assert_eq!(OrderId::parse(blank), Err(IdError::Empty));
        }
        assert_eq!(OrderId::parse(&"x".repeat(256)), Err(IdError::TooLong));
    }

    proptest! {
        #[test]
        fn an_id_prints_as_it_was_read(text in "\\PC{1,40}") {
            if let Ok(id) = OrderId::parse(&text) {
                prop_assert_eq!(id.to_string(), text.clone());
                prop_assert_eq!(OrderId::parse(id.as_str()), Ok(id));
            }
            if let Ok(id) = CustomerId::parse(&text) {
                prop_assert_eq!(id.to_string(), text);
            }
        }
    }
}
