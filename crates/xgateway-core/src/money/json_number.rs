use std::fmt;

use rust_decimal::Decimal;

use crate::rules::JsonDecimal;

/// A JSON number, kept as it is written: `10`, `10.50`, `1e1`.
///
/// A request may hold any number, sensible or not; the rules judge it. For one that is sensible see
/// [`Amount`](super::Amount).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct JsonNumber(Box<str>);

/// The text is no JSON number.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a JSON number")]
pub struct JsonNumberError;

impl JsonNumber {
    /// Reads a JSON number literal.
    ///
    /// # Errors
    ///
    /// [`JsonNumberError`] if JSON would not read `text` as a number: `+1`, `01`, `.5`, `1.`, `NaN`.
    pub fn parse(text: &str) -> Result<Self, JsonNumberError> {
        is_json_number(text)
            .then(|| Self(text.into()))
            .ok_or(JsonNumberError)
    }

    /// The literal.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number, if a decimal of 28 digits holds it exactly. Decimals that were written are kept if they fit.
    ///
    /// ```
    /// use xgateway_core::money::JsonNumber;
    ///
    /// let number = JsonNumber::parse("2.50e1")?;
    /// assert_eq!(number.to_decimal().map(|it| it.to_string()), Some("25".to_owned()));
    /// # Ok::<(), xgateway_core::money::JsonNumberError>(())
    /// ```
    pub fn to_decimal(&self) -> Option<Decimal> {
        Decimal::from_str_exact(&self.0)
            .ok()
            .or_else(|| JsonDecimal::read(&self.0).to_decimal())
    }
}

impl From<Decimal> for JsonNumber {
    fn from(value: Decimal) -> Self {
        Self(value.to_string().into())
    }
}

impl fmt::Display for JsonNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_json_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    is_digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(is_digits)
        && exponent.is_none_or(|part| is_digits(part.strip_prefix(['+', '-']).unwrap_or(part)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn agrees_with_a_json_parser(text in prop_oneof!["-?[0-9.eE+-]{0,8}", "-?[0-9]{1,3}(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,2})?"]) {
            let is_number = serde_json::from_str::<&serde_json::value::RawValue>(&text)
                .is_ok_and(|raw| raw.get() == text);
            prop_assert_eq!(JsonNumber::parse(&text).is_ok(), is_number, "{}", text);
        }
    }
}
