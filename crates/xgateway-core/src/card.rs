//! Card numbers, security codes and expiry.
//!
//! The types hold what the gateway's rules admit. Luhn, expiry and the like are questions that a policy may ask
//! ([`CardNumber::passes_luhn`], [`Expiry::is_past`]); the gateway's documents are silent about them.

use std::fmt;

use jiff::civil::Date;
use zeroize::Zeroizing;

use crate::secret::{CardNumberText, MASK, PersonalText, SecurityCodeText};

/// A card number: 12 to 23 digits. Wiped on drop; never printed whole.
///
/// ```
/// use xgateway_core::card::CardNumber;
///
/// let number = CardNumber::parse("4000 0000 0000 0408")?;
/// assert_eq!(number.masked(), "400000**0408");
/// assert!(number.passes_luhn());
/// assert_eq!(format!("{number:?}"), "CardNumber(**)");
/// # Ok::<(), xgateway_core::card::CardNumberError>(())
/// ```
#[derive(Clone)]
pub struct CardNumber(Zeroizing<String>);

/// Why a text is no [`CardNumber`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CardNumberError {
    /// Fewer digits than any card has.
    #[error("a card number has at least {} digits", CardNumber::DIGITS_MIN)]
    TooShort,
    /// More digits than the gateway admits.
    #[error("a card number has at most {} digits", CardNumber::DIGITS_MAX)]
    TooLong,
}

impl CardNumber {
    /// The fewest digits.
    pub const DIGITS_MIN: usize = crate::generated::limits::CARD_NUMBER_DIGITS_MIN;
    /// The most digits.
    pub const DIGITS_MAX: usize = crate::generated::limits::CARD_NUMBER_DIGITS_MAX;

    /// Reads a card number. Everything but digits is ignored, as the gateway does.
    ///
    /// # Errors
    ///
    /// [`CardNumberError`] if there are too few or too many digits.
    pub fn parse(text: &str) -> Result<Self, CardNumberError> {
        let count = text.bytes().filter(u8::is_ascii_digit).count();
        if count < Self::DIGITS_MIN {
            return Err(CardNumberError::TooShort);
        }
        if count > Self::DIGITS_MAX {
            return Err(CardNumberError::TooLong);
        }
        // Room for all digits at once: a text that grows leaves copies behind.
        let mut digits = Zeroizing::new(String::with_capacity(count));
        digits.extend(text.chars().filter(char::is_ascii_digit));
        Ok(Self(digits))
    }

    /// The digits. Call this only where they are written into a request.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The last four digits.
    pub fn last_four(&self) -> &str {
        &self.0[self.0.len() - 4..]
    }

    /// The first six and the last four digits: the most that may ever be shown.
    pub fn masked(&self) -> String {
        format!("{}{MASK}{}", &self.0[..6], self.last_four())
    }

    /// Whether the check digit is right (ISO/IEC 7812-1).
    pub fn passes_luhn(&self) -> bool {
        let sum: u32 = self
            .0
            .bytes()
            .rev()
            .enumerate()
            .map(|(at, byte)| {
                let digit = u32::from(byte - b'0');
                match (at % 2, digit) {
                    (0, digit) => digit,
                    (_, digit) if digit > 4 => digit * 2 - 9,
                    (_, digit) => digit * 2,
                }
            })
            .sum();
        sum.is_multiple_of(10)
    }
}

impl fmt::Debug for CardNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardNumber(**)") // A constant: length and edges tell something too.
    }
}

impl From<CardNumber> for CardNumberText {
    fn from(number: CardNumber) -> Self {
        Self::new(number.expose())
    }
}

/// A card security code: 3 or 4 digits. Wiped on drop, and it cannot be cloned, stored or printed.
pub struct SecurityCode(Zeroizing<String>);

/// The text is no [`SecurityCode`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a security code has 3 or 4 digits")]
pub struct SecurityCodeError;

impl SecurityCode {
    /// Takes over a code. It stays text: `012` is not 12.
    ///
    /// # Errors
    ///
    /// [`SecurityCodeError`] unless it is 3 or 4 digits.
    pub fn parse(text: impl Into<String>) -> Result<Self, SecurityCodeError> {
        let text = Zeroizing::new(text.into());
        let is_code = matches!(text.len(), 3 | 4) && text.bytes().all(|byte| byte.is_ascii_digit());
        is_code.then_some(Self(text)).ok_or(SecurityCodeError)
    }

    /// The digits. Call this only where they are written into a request.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecurityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecurityCode(**)")
    }
}

impl From<SecurityCode> for SecurityCodeText {
    fn from(code: SecurityCode) -> Self {
        Self::new(code.expose())
    }
}

/// The last month in which a card is good.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct Expiry {
    year: i16,
    month: i8,
}

/// Why two texts are no [`Expiry`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ExpiryError {
    /// Not two digits from 01 to 12.
    #[error("an expiry month has two digits, 01 to 12")]
    Month,
    /// Not four digits.
    #[error("an expiry year has four digits")]
    Year,
}

impl Expiry {
    /// Reads month and year, as they stand in a request: `"12"`, `"2028"`.
    ///
    /// # Errors
    ///
    /// [`ExpiryError`] if one has a wrong number of digits, or there is no such month.
    pub fn parse(month: &str, year: &str) -> Result<Self, ExpiryError> {
        let digits = |text: &str, count: usize| {
            (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(())
        };
        let month = digits(month, 2)
            .and_then(|()| month.parse().ok())
            .filter(|month| (1..=12).contains(month))
            .ok_or(ExpiryError::Month)?;
        let year = digits(year, 4)
            .and_then(|()| year.parse().ok())
            .ok_or(ExpiryError::Year)?;
        Ok(Self { year, month })
    }

    /// Whether the card is no longer good on `today`: it is good to the last day of its month.
    pub fn is_past(&self, today: Date) -> bool {
        (today.year(), today.month()) > (self.year, self.month)
    }

    /// The month as it stands in a request.
    pub fn month_text(&self) -> PersonalText {
        PersonalText::new(format!("{:02}", self.month))
    }

    /// The year as it stands in a request.
    pub fn year_text(&self) -> PersonalText {
        PersonalText::new(format!("{:04}", self.year))
    }
}

impl fmt::Debug for Expiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Expiry(**)")
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_card_is_good_to_the_end_of_its_month() {
        let expiry = Expiry::parse("02", "2028").unwrap();
        assert!(!expiry.is_past(date(2028, 2, 29)));
        assert!(expiry.is_past(date(2028, 3, 1)));
        assert!(expiry.is_past(date(2029, 1, 1)));
        assert!(!expiry.is_past(date(2027, 12, 31)));
    }

    #[test]
    fn a_leading_zero_of_a_code_stays() {
        assert_eq!(SecurityCode::parse("012").unwrap().expose(), "012");
        assert!(SecurityCode::parse("12").is_err());
        assert!(SecurityCode::parse("12a").is_err());
    }

    #[test]
    fn luhn_tells_a_slip_of_the_hand() {
        assert!(
            CardNumber::parse("4000 0000 0000 0002")
                .unwrap()
                .passes_luhn()
        );
        assert!(
            !CardNumber::parse("4000 0000 0000 0003")
                .unwrap()
                .passes_luhn()
        );
    }

    proptest! {
        #[test]
        fn a_card_number_keeps_exactly_its_digits(digits in "[0-9]{12,23}", every in 1_usize..6) {
            let written: Vec<_> = digits.as_bytes().chunks(every).map(|part| std::str::from_utf8(part).unwrap()).collect();
            let number = CardNumber::parse(&written.join("-")).unwrap();
            prop_assert_eq!(number.expose(), &digits);
            let shown = format!("{number:?} {number:#?}");
            prop_assert!(!shown.contains(&digits[..4]));
            let again = CardNumber::parse(number.expose()).unwrap();
            prop_assert_eq!(again.expose(), &digits);
        }

        #[test]
        fn a_wrong_number_of_digits_is_refused(short in "[0-9]{0,11}", long in "[0-9]{24,40}") {
            prop_assert_eq!(CardNumber::parse(&short).unwrap_err(), CardNumberError::TooShort);
            prop_assert_eq!(CardNumber::parse(&long).unwrap_err(), CardNumberError::TooLong);
        }

        #[test]
        fn an_expiry_prints_as_it_was_read(month in 1_u8..=12, year in 0_u16..=9999) {
            let (month, year) = (format!("{month:02}"), format!("{year:04}"));
            let expiry = Expiry::parse(&month, &year).unwrap();
            let month_text = expiry.month_text();
            let year_text = expiry.year_text();
            prop_assert_eq!(month_text.expose(), &month);
            prop_assert_eq!(year_text.expose(), &year);
        }

        #[test]
        fn no_input_panics(text in "\\PC{0,40}", other in "\\PC{0,6}") {
            let _ = (CardNumber::parse(&text), SecurityCode::parse(text.clone()), Expiry::parse(&other, &text));
        }
    }
}
