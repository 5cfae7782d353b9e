//! Compares JSON number literals by their exact decimal value, without floats and without allocation.

use std::cmp::Ordering;

use rust_decimal::Decimal;

/// A limit of a number: the decimal text that stands in the OpenAPI document.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    text: &'static str,
    /// Read when the table is compiled, not each time that it is asked.
    number: JsonDecimal<'static>,
}

impl Limit {
    /// A limit from its decimal text, such as `"0.01"`.
    ///
    /// # Panics
    ///
    /// If `text` has an exponent: when it is compiled, in a table.
    #[must_use]
    pub const fn new(text: &'static str) -> Self {
        let scan = Scan::of(text.as_bytes());
        assert!(
            scan.exponent_at.is_none(),
            "a limit is written without exponent"
        );
        let number = scan.decimal(text.as_bytes(), 0);
        Self { text, number }
    }

    /// The decimal text.
    pub const fn text(&self) -> &'static str {
        self.text
    }

    pub(crate) const fn number(&self) -> JsonDecimal<'static> {
        self.number
    }
}

impl PartialEq for Limit {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Limit {}

/// Where the parts of a JSON number literal stand.
struct Scan {
    negative: bool,
    /// The first and the last digit other than `0`.
    significant: Option<(usize, usize)>,
    dot_at: Option<usize>,
    exponent_at: Option<usize>,
}

impl Scan {
    /// One pass, and constant: tables hold numbers that are read when they are compiled.
    const fn of(bytes: &[u8]) -> Self {
        let mut scan = Self {
            negative: matches!(bytes.first(), Some(b'-')),
            significant: None,
            dot_at: None,
            exponent_at: None,
        };
        let mut at = 0;
        while at < bytes.len() {
            match bytes[at] {
                b'1'..=b'9' => {
                    scan.significant = match scan.significant {
                        Some((first, _)) => Some((first, at)),
                        None => Some((at, at)),
                    }
                }
                b'.' if scan.dot_at.is_none() => scan.dot_at = Some(at),
                b'e' | b'E' => {
                    scan.exponent_at = Some(at);
                    return scan;
                }
                _ => {}
            }
            at += 1;
        }
        scan
    }

    /// The number, but for whether it is infinite.
    const fn decimal<'a>(&self, bytes: &'a [u8], exponent: i64) -> JsonDecimal<'a> {
        let whole = match (self.dot_at, self.exponent_at) {
            (Some(at), _) | (None, Some(at)) => at,
            (None, None) => bytes.len(),
        };
        let (digits, point): (&[u8], i64) = match self.significant {
            None => (&[], 0),
            Some((first, last)) => {
                let (head, _) = bytes.split_at(last + 1);
                let (_, digits) = head.split_at(first);
                let offset = if first < whole {
                    signed(whole - first)
                } else {
                    // The dot stands before: zeros between it and the first digit count down.
                    -signed(first - whole - 1)
                };
                (digits, offset.saturating_add(exponent))
            }
        };
        JsonDecimal {
            negative: self.negative,
            digits,
            point,
            infinite: false,
        }
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
        let scan = Scan::of(text.as_bytes());
        let exponent = scan
            .exponent_at
            .map_or(0, |at| read_exponent(&text[at + 1..]));
        let mut number = scan.decimal(text.as_bytes(), exponent);
        // Between the two the digits decide.
        number.infinite = number.point > 309
            || (number.point == 309 && is_infinite_in_javascript(text, scan.exponent_at, exponent));
        number
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

const fn signed(length: usize) -> i64 {
    // No text is longer than half of what addresses can say.
    length.cast_signed() as i64
}

fn is_infinite_in_javascript(text: &str, exponent_at: Option<usize>, exponent: i64) -> bool {
    let mantissa = &text[..exponent_at.unwrap_or(text.len())];
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
