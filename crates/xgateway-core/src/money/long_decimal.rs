use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{DecimalText, JsonNumber};

/// The most digits that are read.
const DIGITS_MAX: usize = 100;

/// An exact decimal of up to 100 digits, as the text that came; one with an exponent is written out.
///
/// Converted amounts have twenty decimals and more, which with what stands before the point is too much for
/// [`DecimalText`](super::DecimalText). A [`Rate`](super::Rate) computes with it.
///
/// ```
/// use xgateway_core::money::LongDecimal;
///
/// let text = "1234567890123.00332217540039999959";
/// assert_eq!(LongDecimal::parse(text)?.as_str(), text);
/// # Ok::<(), xgateway_core::money::LongDecimalError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct LongDecimal(Box<str>);

/// The text is no decimal of at most 100 digits.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a decimal of at most 100 digits")]
pub struct LongDecimalError;

impl LongDecimal {
    /// Reads digits, with at most one point between them, or a JSON number with an exponent, such as `1e-8`. There is no
    /// sign: nothing that is quoted is negative.
    ///
    /// # Errors
    ///
    /// [`LongDecimalError`] if it is anything else.
    pub fn parse(text: &str) -> Result<Self, LongDecimalError> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if text.len() > DIGITS_MAX {
            return Err(LongDecimalError);
        }
        if is_digits(whole) && is_digits(fraction) {
            return Ok(Self(text.into()));
        }
        written_out(text).map(Self).ok_or(LongDecimalError)
    }

    /// The number, if it has no more than the 28 digits that can be computed with.
    pub fn value(&self) -> Option<Decimal> {
        let decimal = DecimalText::parse(&self.0).ok()?;
        Some(decimal.value())
    }

    /// The text as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is nothing.
    pub fn is_zero(&self) -> bool {
        self.0.bytes().all(|byte| matches!(byte, b'0' | b'.'))
    }
}

/// A JSON number with an exponent, without it.
fn written_out(text: &str) -> Option<Box<str>> {
    let number = JsonNumber::parse(text).ok()?;
    let (mantissa, exponent) = number.as_str().split_once(['e', 'E'])?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent: i16 = exponent.parse().ok()?;
    let zeros = usize::from(exponent.unsigned_abs());
    if mantissa.starts_with('-') || mantissa.len() + zeros > DIGITS_MAX {
        return None;
    }
    let zeros = "0".repeat(zeros);
    let (whole, fraction) = if exponent < 0 {
        let digits = format!("{zeros}{whole}");
        let (before, after) = digits.split_at(whole.len());
        (before.to_owned(), format!("{after}{fraction}"))
    } else {
        let digits = format!("{fraction}{zeros}");
        let (before, after) = digits.split_at(zeros.len());
        (format!("{whole}{before}"), after.to_owned())
    };
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{whole}{point}{fraction}").into())
}

impl fmt::Display for LongDecimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for LongDecimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for LongDecimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl serde::de::Visitor<'_> for Visitor {
            type Value = LongDecimal;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a decimal in a string")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<LongDecimal, E> {
                LongDecimal::parse(text).map_err(E::custom)
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
    fn refuses_what_is_no_plain_decimal() {
        for text in [
            "", ".", "1.", ".5", "-1", "+1", "1e", "-1e3", "1e101", "1e-101", "1e99999", "1_000",
            "1.2.3", " 1",
        ] {
            assert_eq!(LongDecimal::parse(text), Err(LongDecimalError), "{text:?}");
        }
        assert!(LongDecimal::parse(&"9".repeat(100)).is_ok());
        assert!(LongDecimal::parse(&"9".repeat(101)).is_err());
        assert!(LongDecimal::parse("0.000").unwrap().is_zero());
        assert!(!LongDecimal::parse("0.001").unwrap().is_zero());
    }

    #[test]
    fn an_exponent_is_written_out() {
        for (text, want) in [
            ("1e-8", "0.00000001"),
            ("12.5E-1", "1.25"),
            ("1.25e1", "12.5"),
            ("1.25e+3", "1250"),
            ("0e5", "0"),
            ("120e-2", "1.2"),
        ] {
            assert_eq!(LongDecimal::parse(text).unwrap().as_str(), want, "{text}");
        }
    }

    proptest! {
        #[test]
        fn prints_as_it_was_read(text in "[0-9]{1,40}(\\.[0-9]{1,40})?") {
            let decimal = LongDecimal::parse(&text).unwrap();
            prop_assert_eq!(decimal.to_string(), text);
            let json = serde_json::to_string(&decimal).unwrap();
            prop_assert_eq!(serde_json::from_str::<LongDecimal>(&json).unwrap(), decimal);
        }

        #[test]
        fn an_exponent_changes_no_number(text in "(0|[1-9][0-9]{0,5})(\\.[0-9]{1,5})?[eE][+-]?[0-9]{1,2}") {
            if let (Ok(long), Ok(short)) = (LongDecimal::parse(&text), DecimalText::parse(&text)) {
                prop_assert_eq!(long.value(), Some(short.value()));
            }
        }

        #[test]
        fn no_input_panics(text in "\\PC{0,40}") {
            let _ = LongDecimal::parse(&text);
        }
    }
}
