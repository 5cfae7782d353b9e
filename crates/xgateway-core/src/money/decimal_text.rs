use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::JsonNumber;

/// An exact decimal of the gateway, as the text that came: `"10.00"`, `"1.00332217540039999959"`.
///
/// The text is kept because callbacks are hashed over it, byte for byte. [`value`](Self::value) is the number.
///
/// ```
/// use xgateway_core::money::DecimalText;
///
/// let rate = DecimalText::parse("1.00332217540039999959")?;
/// assert_eq!(rate.as_str(), "1.00332217540039999959");
/// assert_eq!(rate.value().scale(), 20);
/// # Ok::<(), xgateway_core::money::DecimalTextError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct DecimalText {
    text: Box<str>,
    value: Decimal,
}

/// The text is no decimal that can be held exactly.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a decimal of at most 28 digits")]
pub struct DecimalTextError;

impl DecimalText {
    /// Reads decimal text: digits with at most one point between them, or a JSON number with an exponent, such as `1e-8`.
    ///
    /// # Errors
    ///
    /// [`DecimalTextError`] if it is none, or has more digits than can be held exactly.
    pub fn parse(text: &str) -> Result<Self, DecimalTextError> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        // The decimal type would also read `1_000`, `+1` and `.5`, which the gateway does not write.
        let is_plain = digits.starts_with(|first: char| first.is_ascii_digit())
            && digits
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.')
            && !digits.ends_with('.');
        let plain = || Decimal::from_str_exact(text).ok();
        // With an exponent, or with zeros at the end that are too many to be kept.
        let number = || JsonNumber::parse(text).ok()?.to_decimal();
        let value = is_plain.then(plain).flatten().or_else(number);
        let value = value.ok_or(DecimalTextError)?;
        Ok(Self {
            text: text.into(),
            value,
        })
    }

    /// The text as it came.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The number.
    pub fn value(&self) -> Decimal {
        self.value
    }
}

impl fmt::Display for DecimalText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for DecimalText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for DecimalText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl serde::de::Visitor<'_> for Visitor {
            type Value = DecimalText;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a decimal in a string")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<DecimalText, E> {
                DecimalText::parse(text).map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn refuses_what_the_gateway_does_not_write() {
        for text in [
            "",
            "abc",
            "+1",
            ".5",
            "5.",
            "1_000",
            "1.2.3",
            "0x10",
            " 1",
            "1e",
            "01e1",
            "1e99999999999999999999",
        ] {
            assert!(DecimalText::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn reads_what_other_programs_write_exactly() {
        for (text, value) in [
            ("1e-8", "0.00000001"),
            ("1E+3", "1000"),
            ("-2.5e1", "-25"),
            ("0.10000000000000000000000000000000000000000", "0.1"),
        ] {
            let decimal = DecimalText::parse(text).unwrap();
            assert_eq!(decimal.value().normalize().to_string(), value);
            assert_eq!(decimal.as_str(), text);
        }
    }

    proptest! {
        #[test]
        fn prints_as_it_was_read(text in "-?[0-9]{1,8}(\\.[0-9]{1,20})?") {
            let decimal = DecimalText::parse(&text).unwrap();
            prop_assert_eq!(decimal.to_string(), text.clone());
            let json = serde_json::to_string(&decimal).unwrap();
            prop_assert_eq!(serde_json::from_str::<DecimalText>(&json).unwrap(), decimal);
        }

        #[test]
        fn no_input_panics(text in "\\PC{0,40}") {
            let _ = DecimalText::parse(&text);
        }
    }
}
