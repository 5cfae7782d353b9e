use std::fmt;

use rust_decimal::Decimal;

use super::{Currency, DecimalText, JsonNumber};

/// A positive, exact amount in **major** units (`10.50` = ten and a half euro).
///
/// Never a float: the gateway compares and hashes decimal text. The number of decimals that were written is kept.
///
/// ```
/// use xgateway_core::money::{Amount, AmountError, Currency};
///
/// let price = Amount::parse("10.50", Currency::Eur)?;
/// assert_eq!(price.to_string(), "10.50 EUR");
/// assert_eq!(
///     Amount::parse("10.505", Currency::Eur).unwrap_err().to_string(),
///     "EUR amounts have at most 2 fraction digits",
/// );
/// # Ok::<(), AmountError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Amount {
    value: Decimal,
    currency: Currency,
}

/// Why a text is no [`Amount`].
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AmountError {
    /// Not digits with at most one point between them.
    #[error("an amount is written in digits, with at most one point between them")]
    NotDecimal,
    /// Zero.
    #[error("an amount is greater than zero")]
    Zero,
    /// More digits than can be held exactly (28).
    #[error("an amount has at most 28 digits")]
    TooLong,
    /// More fraction digits than the currency has.
    #[error("{currency} amounts have at most {max} fraction digits")]
    TooPrecise {
        /// The currency of the amount.
        currency: Currency,
        /// The most fraction digits.
        max: u32,
    },
}

impl Amount {
    /// Parses decimal text such as `"10.50"`: digits, with at most one point between them.
    ///
    /// # Errors
    ///
    /// [`AmountError::TooPrecise`] if it has more fraction digits than `currency` allows; see [`AmountError`] for the
    /// rest.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, AmountError> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !is_digits(whole) || !is_digits(fraction) {
            return Err(AmountError::NotDecimal);
        }
        let value = Decimal::from_str_exact(text).map_err(|_| AmountError::TooLong)?;
        if value.is_zero() {
            return Err(AmountError::Zero);
        }
        let max = currency.fraction_digits();
        if value.normalize().scale() > max {
            return Err(AmountError::TooPrecise { currency, max });
        }
        Ok(Self { value, currency })
    }

    /// An amount that the gateway names. It keeps the decimals that came: how many of them a currency has is known of what is
    /// sent alone, and not from the gateway.
    ///
    /// ```
    /// use xgateway_core::money::{Amount, AmountError, Currency, DecimalText};
    ///
    /// let told = DecimalText::parse("199.984")?;
    /// assert_eq!(Amount::told(&told, Currency::Eur)?.to_string(), "199.984 EUR");
    /// assert!(matches!(Amount::parse("199.984", Currency::Eur), Err(AmountError::TooPrecise { .. })));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`AmountError::Zero`] if it is not greater than zero.
    pub fn told(text: &DecimalText, currency: Currency) -> Result<Self, AmountError> {
        let value = text.value();
        if value <= Decimal::ZERO {
            return Err(AmountError::Zero);
        }
        Ok(Self { value, currency })
    }

    /// The number, in major units.
    pub fn value(&self) -> Decimal {
        self.value
    }

    /// The currency.
    pub fn currency(&self) -> &Currency {
        &self.currency
    }

    /// The number as it is written in a request.
    pub fn to_json_number(&self) -> JsonNumber {
        JsonNumber::from(self.value)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.value, self.currency)
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, want: &Expect) {
        let got = match Amount::parse(text, Currency::Eur) {
            Ok(amount) => amount.to_string(),
            Err(error) => format!("error: {error}"),
        };
        want.assert_eq(&got);
    }

    #[test]
    fn keeps_the_decimals_that_were_written() {
        check("10", &expect!["10 EUR"]);
        check("10.5", &expect!["10.5 EUR"]);
        check("10.50", &expect!["10.50 EUR"]);
        check("10.500", &expect!["10.500 EUR"]);
    }

    #[test]
    fn rejects_what_is_no_amount() {
        check(
            "10.505",
            &expect!["error: EUR amounts have at most 2 fraction digits"],
        );
        check("0.00", &expect!["error: an amount is greater than zero"]);
        check(
            "-1",
            &expect!["error: an amount is written in digits, with at most one point between them"],
        );
        check(
            "1e3",
            &expect!["error: an amount is written in digits, with at most one point between them"],
        );
        check(
            ".5",
            &expect!["error: an amount is written in digits, with at most one point between them"],
        );
        check(
            "99999999999999999999999999999999",
            &expect!["error: an amount has at most 28 digits"],
        );
    }

    proptest! {
        #[test]
        fn parses_what_it_prints(units in 1_u64..u64::MAX, scale in 0_u32..3) {
            let text = Decimal::from_i128_with_scale(i128::from(units), scale).to_string();
            let amount = Amount::parse(&text, Currency::Usd).unwrap();
            prop_assert_eq!(amount.value().to_string(), text.clone());
            let number = amount.to_json_number();
            prop_assert_eq!(number.as_str(), text);
        }

        #[test]
        fn no_input_panics(text in "\\PC{0,40}") {
            let _ = Amount::parse(&text, Currency::Jpy);
        }
    }
}
