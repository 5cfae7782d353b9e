use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

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
    /// Reads decimal text.
    ///
    /// # Errors
    ///
    /// [`DecimalTextError`] if it is none, or has more digits than can be held exactly.
    pub fn parse(text: &str) -> Result<Self, DecimalTextError> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        // The decimal type would also read `1_000`, `+1` and `.5`, which the gateway does not write.
        if !digits.starts_with(|first: char| first.is_ascii_digit())
            || !digits
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.')
            || digits.ends_with('.')
        {
            return Err(DecimalTextError);
        }
        let value = Decimal::from_str_exact(text).map_err(|_| DecimalTextError)?;
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
            "", "abc", "+1", ".5", "5.", "1_000", "1e3", "1.2.3", "0x10", " 1",
        ] {
            assert!(DecimalText::parse(text).is_err(), "{text:?}");
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
