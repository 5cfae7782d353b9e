//! Compares JSON number literals by their exact decimal value, without floats and without allocation.

use std::cmp::Ordering;

use rust_decimal::Decimal;

/// A limit of a number: the decimal text that stands in the OpenAPI document.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limit(&'static str);

impl Limit {
    /// A limit from its decimal text, such as `"0.01"`.
    #[must_use]
    pub const fn new(text: &'static str) -> Self {
        Self(text)
    }

    /// The decimal text.
    pub const fn text(&self) -> &'static str {
        self.0
    }

    pub(crate) fn number(&self) -> JsonDecimal<'static> {
        JsonDecimal::read(self.0)
    }
}

/// A decimal as the digits of a JSON literal: `0.d1 d2 d3... × 10^point`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JsonDecimal<'a> {
    negative: bool,
    /// The significant digits, which may be interrupted by one `.`; neither the first nor the last is `0`.
    digits: &'a [u8],
    /// Where the decimal point stands, counted from before the first digit.
    point: i64,
    /// JavaScript reads it as `Infinity`.
    infinite: bool,
}

impl<'a> JsonDecimal<'a> {
    /// Reads a JSON number literal. Text that is none counts as far as it reads like one.
    pub(crate) fn read(text: &'a str) -> Self {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        // In one pass: tables and requests hold short numbers, and four of them are read for each amount.
        let (mut first, mut last, mut dot, mut exponent) = (None, 0, None, 0);
        let mut mantissa = text;
        for (at, byte) in text.bytes().enumerate() {
            match byte {
                b'1'..=b'9' => {
                    first.get_or_insert(at);
                    last = at;
                }
                b'.' if dot.is_none() => dot = Some(at),
                b'e' | b'E' => {
                    mantissa = &text[..at];
                    exponent = read_exponent(&text[at + 1..]);
                    break;
                }
                _ => {}
            }
        }
        let whole = dot.unwrap_or(mantissa.len());
        let Some(first) = first else {
            return Self {
                negative,
                digits: &[],
                point: 0,
                infinite: false,
            };
        };
        let offset = if first < whole {
            signed(whole - first)
        } else {
            // The dot lies between: digits after it count down from -0.
            -signed(first - whole - 1)
        };
        let point = offset.saturating_add(exponent);
        Self {
            negative,
            digits: &mantissa.as_bytes()[first..=last],
            point,
            // Between the two the digits decide.
            infinite: point > 309
                || (point == 309 && is_infinite_in_javascript(mantissa, exponent)),
        }
    }

    fn digits(&self) -> impl Iterator<Item = u8> + use<'a> {
        self.digits.iter().copied().filter(u8::is_ascii_digit)
    }

    fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    fn fraction_digits(&self) -> i64 {
        (signed(self.digits().count()) - self.point).max(0)
    }

    /// Whether this is a whole multiple of `step`, which must not be zero and must fit 18 digits.
    pub(crate) fn is_multiple_of(&self, step: Self) -> bool {
        if self.is_zero() {
            return true;
        }
        let scale = step.fraction_digits();
        // JavaScript's remainder of Infinity is NaN, which is no multiple.
        if self.infinite || self.fraction_digits() > scale {
            return false;
        }
        if step.digits == b"1" && step.point <= 1 {
            // A cent, a tenth, one: whoever has no more decimals is a multiple.
            return true;
        }
        let modulus = step.scaled_digits(scale).fold(0_u128, |sum, digit| {
            sum.saturating_mul(10) + u128::from(digit)
        });
        let remainder = self.scaled_digits(scale).fold(0_u128, |rest, digit| {
            (rest * 10 + u128::from(digit)) % modulus
        });
        remainder == 0
    }

    /// The number as a decimal, if it fits one exactly.
    pub(crate) fn to_decimal(self) -> Option<Decimal> {
        let count = signed(self.digits().count());
        // Whole numbers that end in zeros, then fractions that start with them.
        let scale = (count - self.point).max(0);
        let length = usize::try_from(count + scale - (count - self.point)).ok()?;
        if self.infinite || length > 28 {
            return None;
        }
        let magnitude = self
            .digits()
            .map(|byte| byte - b'0')
            .chain(std::iter::repeat(0))
            .take(length)
            .fold(0_i128, |sum, digit| sum * 10 + i128::from(digit));
        let value = if self.negative { -magnitude } else { magnitude };
        Decimal::try_from_i128_with_scale(value, u32::try_from(scale).ok()?).ok()
    }

    /// The digits of this number times `10^scale`, which must be whole.
    fn scaled_digits(&self, scale: i64) -> impl Iterator<Item = u8> + use<'a> {
        let length = usize::try_from(self.point + scale).unwrap_or(0);
        self.digits()
            .map(|byte| byte - b'0')
            .chain(std::iter::repeat(0))
            .take(length)
    }

    fn cmp_magnitude(&self, other: &Self) -> Ordering {
        match (self.is_zero(), other.is_zero()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => self
                .point
                .cmp(&other.point)
                .then_with(|| self.digits().cmp(other.digits())),
        }
    }
}

impl PartialEq for JsonDecimal<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl PartialOrd for JsonDecimal<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let sign = |number: &Self| number.negative && !number.is_zero();
        Some(match (sign(self), sign(other)) {
            (false, false) => self.cmp_magnitude(other),
            (true, true) => other.cmp_magnitude(self),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        })
    }
}

fn read_exponent(text: &str) -> i64 {
    let digits = text.trim_start_matches(['+', '-']);
    // An exponent that does not fit is as good as infinite; half the range leaves room for sums.
    let size = digits.parse::<i64>().unwrap_or(i64::MAX / 2);
    let size = size.min(i64::MAX / 2);
    if text.starts_with('-') { -size } else { size }
}

fn signed(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX / 2)
}

fn is_infinite_in_javascript(mantissa: &str, exponent: i64) -> bool {
    #[expect(
        clippy::disallowed_types,
        reason = "asks only whether the gateway's JSON parser would read infinity"
    )]
    format!("{mantissa}e{exponent}")
        .parse::<f64>()
        .is_ok_and(f64::is_infinite)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, other: &str, want: Ordering) {
        let (left, right) = (JsonDecimal::read(text), JsonDecimal::read(other));
        assert_eq!(
            left.partial_cmp(&right),
            Some(want),
            "{text} against {other}"
        );
        assert_eq!(
            right.partial_cmp(&left),
            Some(want.reverse()),
            "{other} against {text}"
        );
    }

    #[test]
    fn compares_by_value_not_by_text() {
        check("10", "10.000", Ordering::Equal);
        check("1e1", "10", Ordering::Equal);
        check("1E+1", "10", Ordering::Equal);
        check("100e-1", "10", Ordering::Equal);
        check("9.99", "10", Ordering::Less);
        check("50000.001", "50000", Ordering::Greater);
        check("-0", "0", Ordering::Equal);
        check("-1", "0", Ordering::Less);
        check("-2", "-1", Ordering::Less);
        check("0.001", "0.01", Ordering::Less);
        check("1e400", "50000", Ordering::Greater);
        check("1e-400", "0", Ordering::Greater);
        check("1e99999999999999999999", "1", Ordering::Greater);
        check("0e99999999999999999999", "0", Ordering::Equal);
    }

    #[test]
    fn becomes_a_decimal_only_if_nothing_is_lost() {
        let decimal = |text: &str| {
            JsonDecimal::read(text)
                .to_decimal()
                .map(|value| value.to_string())
        };
        assert_eq!(decimal("2.5e1").as_deref(), Some("25"));
        assert_eq!(decimal("1E+3").as_deref(), Some("1000"));
        assert_eq!(decimal("0.010").as_deref(), Some("0.01"));
        assert_eq!(decimal("-1.50").as_deref(), Some("-1.5"));
        assert_eq!(decimal("0").as_deref(), Some("0"));
        let long = format!("10.{}", "0".repeat(60));
        assert_eq!(decimal(&long).as_deref(), Some("10"));
        assert_eq!(decimal("1e400"), None);
        assert_eq!(decimal("1e29"), None);
        assert_eq!(decimal("1e-29"), None);
    }

    #[test]
    fn judges_multiples_on_the_decimal_text() {
        let is_multiple =
            |text, step| JsonDecimal::read(text).is_multiple_of(JsonDecimal::read(step));
        assert!(is_multiple("33333.33", "0.01"));
        assert!(is_multiple("10.10", "0.01"));
        assert!(is_multiple("10.100", "0.01"));
        assert!(is_multiple("1e1", "0.01"));
        assert!(is_multiple("0", "0.01"));
        assert!(!is_multiple("10.005", "0.01"));
        assert!(!is_multiple("1e-7", "0.01"));
        assert!(!is_multiple("1e400", "0.01"));
        assert!(is_multiple("1050", "50"));
        assert!(!is_multiple("1049", "50"));
        assert!(is_multiple("1.5", "0.5"));
        assert!(!is_multiple("1.4", "0.5"));
    }

    proptest! {
        #[test]
        fn agrees_with_an_exact_decimal_type(
            left in -1_000_000_000_i64..1_000_000_000, left_scale in 0_u32..9,
            right in -1_000_000_000_i64..1_000_000_000, right_scale in 0_u32..9,
        ) {
            let (left, right) = (Decimal::new(left, left_scale), Decimal::new(right, right_scale));
            let (left_text, right_text) = (left.to_string(), right.to_string());
            let (a, b) = (JsonDecimal::read(&left_text), JsonDecimal::read(&right_text));
            prop_assert_eq!(a.partial_cmp(&b), Some(left.cmp(&right)));
            prop_assert_eq!(a.to_decimal(), Some(left));
            if !right.is_zero() {
                prop_assert_eq!(a.is_multiple_of(b), (left % right).is_zero());
            }
        }

        #[test]
        fn never_panics(text in "\\PC{0,40}", numeric in "-?[0-9.eE+-]{0,30}") {
            for text in [text, numeric] {
                let number = JsonDecimal::read(&text);
                let step = JsonDecimal::read("0.01");
                let _ = (number.partial_cmp(&step), number.is_multiple_of(step), number.to_decimal());
            }
        }
    }
}
