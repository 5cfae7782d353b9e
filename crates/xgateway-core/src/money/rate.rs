use std::fmt;

use super::{Amount, AmountError, Currency, LongDecimal};

/// What one unit of one currency is in another, exactly as the gateway wrote it.
///
/// ```
/// use xgateway_core::money::{Amount, ConversionError, Currency, LongDecimal, Rate, Rounding};
///
/// let text = LongDecimal::parse("0.01003322175400399999")?;
/// let rate = Rate::new(Currency::Rub, Currency::Eur, text)?;
/// let price = Amount::parse("150", Currency::Rub)?;
/// assert_eq!(rate.convert(&price, Rounding::Down)?.to_string(), "1.50 EUR");
/// assert_eq!(rate.convert(&price, Rounding::Up)?.to_string(), "1.51 EUR");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Rate {
    source: Currency,
    target: Currency,
    factor: LongDecimal,
}

/// What becomes of digits that the target currency does not have.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Rounding {
    /// They are dropped: never more than it is worth.
    Down,
    /// Any of them raises the last digit: never less than it is worth.
    Up,
    /// To the nearest; what lies in the middle is raised.
    HalfUp,
    /// To the nearest; what lies in the middle goes to the even digit, so that errors cancel out over many.
    HalfEven,
}

/// Why there is no such [`Rate`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RateError {
    /// Nothing is worth nothing.
    #[error("a rate is greater than zero")]
    Zero,
}

/// Why an amount was not converted.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ConversionError {
    /// The amount is in another currency than the rate starts from.
    #[error("the rate converts {rate} amounts, not {amount}")]
    Currency {
        /// The rate's source.
        rate: Currency,
        /// The amount's currency.
        amount: Currency,
    },
    /// The result is no amount: rounded to nothing, or too long.
    #[error("the converted amount cannot be held")]
    Result(#[source] AmountError),
}

impl Rate {
    /// The rate from `source` to `target`: what one unit of `source` is in `target`.
    ///
    /// # Errors
    ///
    /// [`RateError`] if it is zero.
    pub fn new(source: Currency, target: Currency, factor: LongDecimal) -> Result<Self, RateError> {
        if factor.is_zero() {
            return Err(RateError::Zero);
        }
        Ok(Self {
            source,
            target,
            factor,
        })
    }

    /// The currency from which is converted.
    pub fn source(&self) -> &Currency {
        &self.source
    }

    /// The currency into which is converted.
    pub fn target(&self) -> &Currency {
        &self.target
    }

    /// The number, as the text that came.
    pub fn factor(&self) -> &LongDecimal {
        &self.factor
    }

    /// Converts an amount, exactly, and rounds once to the fraction digits of the target currency.
    ///
    /// # Errors
    ///
    /// [`ConversionError`] if the amount is in another currency, or the result cannot be held.
    pub fn convert(&self, amount: &Amount, rounding: Rounding) -> Result<Amount, ConversionError> {
        if *amount.currency() != self.source {
            return Err(ConversionError::Currency {
                rate: self.source.clone(),
                amount: amount.currency().clone(),
            });
        }
        let amount = Digits::read(&amount.value().to_string());
        let product = amount.times(&Digits::read(self.factor.as_str()));
        let text = product
            .rounded(self.target.fraction_digits() as usize, rounding)
            .to_string();
        Amount::parse(&text, self.target.clone()).map_err(ConversionError::Result)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1 {} = {} {}", self.source, self.factor, self.target)
    }
}

/// A decimal of any length, digit by digit, the most significant first. Slow, and exact however long it gets.
struct Digits {
    digits: Vec<u8>,
    scale: usize,
}

impl Digits {
    /// Reads digits, with at most one point between them.
    fn read(text: &str) -> Self {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        Self {
            digits: whole
                .bytes()
                .chain(fraction.bytes())
                .map(|b| b - b'0')
                .collect(),
            scale: fraction.len(),
        }
    }

    fn times(&self, other: &Self) -> Self {
        let mut sums = vec![0_u32; self.digits.len() + other.digits.len()];
        for (i, a) in self.digits.iter().enumerate() {
            for (j, b) in other.digits.iter().enumerate() {
                sums[i + j + 1] += u32::from(a * b);
            }
        }
        let mut carry = 0;
        for sum in sums.iter_mut().rev() {
            let total = *sum + carry;
            *sum = total % 10;
            carry = total / 10;
        }
        Self {
            digits: sums.iter().map(|digit| digit.to_le_bytes()[0]).collect(),
            scale: self.scale + other.scale,
        }
    }

    fn rounded(mut self, scale: usize, rounding: Rounding) -> Self {
        let Some(surplus) = self.scale.checked_sub(scale).filter(|count| *count > 0) else {
            return self;
        };
        // So that there is something left of the cut, and room for a carry.
        let zeros = vec![0; surplus + 1];
        self.digits.splice(0..0, zeros);
        let rest = self.digits.split_off(self.digits.len() - surplus);
        self.scale = scale;
        let is_odd = self.digits.last().is_some_and(|digit| digit % 2 == 1);
        let is_some = rest.iter().any(|digit| *digit > 0);
        let half = match rest.split_first() {
            Some((5, rest)) if rest.iter().all(|digit| *digit == 0) => std::cmp::Ordering::Equal,
            Some((first, _)) => first.cmp(&5).then(std::cmp::Ordering::Greater),
            None => std::cmp::Ordering::Less,
        };
        let is_raised = match rounding {
            Rounding::Down => false,
            Rounding::Up => is_some,
            Rounding::HalfUp => half.is_ge(),
            Rounding::HalfEven => half.is_gt() || (half.is_eq() && is_odd),
        };
        if is_raised {
            for digit in self.digits.iter_mut().rev() {
                if *digit < 9 {
                    *digit += 1;
                    break;
                }
                *digit = 0;
            }
        }
        self
    }
}

impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let point = self.digits.len().saturating_sub(self.scale);
        let text = |digits: &[u8]| -> String {
            digits
                .iter()
                .map(|digit| char::from(digit + b'0'))
                .collect()
        };
        let whole = text(&self.digits[..point]);
        let whole = match whole.trim_start_matches('0') {
            "" => "0",
            whole => whole,
        };
        let missing = self.scale.saturating_sub(self.digits.len());
        let fraction = format!("{}{}", "0".repeat(missing), text(&self.digits[point..]));
        // Decimals beyond what any amount holds are zeros here: whatever counts was rounded.
        match fraction.len() {
            0 => f.write_str(whole),
            _ => write!(f, "{whole}.{fraction}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;
    use rust_decimal::{Decimal, RoundingStrategy};

    use super::*;

    const MODES: [(Rounding, RoundingStrategy); 4] = [
        (Rounding::Down, RoundingStrategy::ToZero),
        (Rounding::Up, RoundingStrategy::AwayFromZero),
        (Rounding::HalfUp, RoundingStrategy::MidpointAwayFromZero),
        (Rounding::HalfEven, RoundingStrategy::MidpointNearestEven),
    ];

    fn rate(factor: &str, target: Currency) -> Rate {
        Rate::new(Currency::Eur, target, LongDecimal::parse(factor).unwrap()).unwrap()
    }

    #[track_caller]
    fn check(amount: &str, factor: &str, target: &Currency, want: &Expect) {
        let amount = Amount::parse(amount, Currency::Eur).unwrap();
        let rate = rate(factor, target.clone());
        let got = MODES.map(|(rounding, _)| match rate.convert(&amount, rounding) {
            Ok(amount) => amount.to_string(),
            Err(ConversionError::Result(error)) => format!("error: {error}"),
            Err(error) => format!("error: {error}"),
        });
        want.assert_eq(&got.join(", "));
    }

    #[test]
    fn rounds_as_it_is_told() {
        let usd = &Currency::Usd;
        check(
            "1",
            "1.0049999999999999999999999",
            usd,
            &expect!["1.00 USD, 1.01 USD, 1.00 USD, 1.00 USD"],
        );
        check(
            "1",
            "1.005",
            usd,
            &expect!["1.00 USD, 1.01 USD, 1.01 USD, 1.00 USD"],
        );
        check(
            "1",
            "1.015",
            usd,
            &expect!["1.01 USD, 1.02 USD, 1.02 USD, 1.02 USD"],
        );
        check(
            "1",
            "1.00500000000000000001",
            usd,
            &expect!["1.00 USD, 1.01 USD, 1.01 USD, 1.01 USD"],
        );
        check(
            "10",
            "0.9999",
            usd,
            &expect!["9.99 USD, 10.00 USD, 10.00 USD, 10.00 USD"],
        );
        check(
            "1",
            "1.1",
            usd,
            &expect!["1.1 USD, 1.1 USD, 1.1 USD, 1.1 USD"],
        );
        check(
            "1",
            "163.5",
            &Currency::Jpy,
            &expect!["163 JPY, 164 JPY, 164 JPY, 164 JPY"],
        );
    }

    #[test]
    fn what_cannot_be_held_is_no_amount() {
        check(
            "0.01",
            "0.01",
            &Currency::Usd,
            &expect![
                "error: an amount is greater than zero, 0.01 USD, error: an amount is greater than zero, error: an amount is greater than zero"
            ],
        );
        check(
            "10000000000000000",
            "10000000000000000",
            &Currency::Jpy,
            &expect![
                "error: an amount has at most 28 digits, error: an amount has at most 28 digits, error: an amount has at most 28 digits, error: an amount has at most 28 digits"
            ],
        );
        let zero = LongDecimal::parse("0.00").unwrap();
        assert_eq!(
            Rate::new(Currency::Eur, Currency::Usd, zero),
            Err(RateError::Zero)
        );
    }

    #[test]
    fn twenty_decimals_and_many_digits_before_them_are_exact() {
        check(
            "0.01",
            "1234567890.12345678901234567890",
            &Currency::Eth,
            &expect![
                "12345678.901234567890123456 ETH, 12345678.901234567890123457 ETH, 12345678.901234567890123457 ETH, 12345678.901234567890123457 ETH"
            ],
        );
    }

    #[test]
    fn an_amount_in_another_currency_is_refused() {
        let amount = Amount::parse("1", Currency::Gbp).unwrap();
        let error = rate("1.1", Currency::Usd)
            .convert(&amount, Rounding::Down)
            .unwrap_err();
        assert_eq!(error.to_string(), "the rate converts EUR amounts, not GBP");
    }

    proptest! {
        /// Where the product fits a decimal type, that is the judge.
        #[test]
        fn agrees_with_decimals(cents in 1_i64..10_000_000, units in 1_i64..10_000_000_000, scale in 0_u32..10) {
            let amount = Amount::parse(&Decimal::new(cents, 2).to_string(), Currency::Eur).unwrap();
            let factor = Decimal::new(units, scale);
            let rate = rate(&factor.to_string(), Currency::Usd);
            for (rounding, strategy) in MODES {
                let want = (amount.value() * factor).round_dp_with_strategy(2, strategy);
                match rate.convert(&amount, rounding) {
                    Ok(got) => prop_assert_eq!(got.value(), want, "{:?}", rounding),
                    Err(ConversionError::Result(AmountError::Zero)) => prop_assert!(want.is_zero()),
                    Err(error) => prop_assert!(false, "{}", error),
                }
            }
        }
    }
}
