use std::fmt;

use zeroize::Zeroizing;

/// An IBAN (ISO 13616), checked: the country has IBANs, the length is that country's, the check digits are right.
///
/// Wiped on drop; `Debug` prints nothing of it.
///
/// ```
/// use xgateway_core::bank::{Iban, IbanError};
///
/// let iban = Iban::parse("MT36 CFTE 2800 4000 0000 0000 3225 049")?;
/// assert_eq!(iban.expose(), "MT36CFTE28004000000000003225049");
/// assert_eq!(iban.country(), "MT");
/// assert_eq!(format!("{iban:?}"), "Iban(**)");
/// assert_eq!(Iban::parse("MT36CFTE28004000000000003225048").unwrap_err(), IbanError::CheckDigits);
/// # Ok::<(), IbanError>(())
/// ```
#[derive(Clone)]
pub struct Iban(Zeroizing<String>);

/// Why a text is no [`Iban`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum IbanError {
    /// It does not begin with two letters and two digits, or holds anything but capital letters and digits.
    #[error("an IBAN is two capital letters, two digits, then capital letters and digits")]
    Form,
    /// The country has no IBANs.
    #[error("no IBAN begins with the letters of this country")]
    Country,
    /// Every country has IBANs of one length.
    #[error("an IBAN of this country has {expected} characters")]
    Length {
        /// How many characters it would have.
        expected: usize,
    },
    /// A character is wrong, or two are exchanged.
    #[error("the check digits are wrong")]
    CheckDigits,
}

impl Iban {
    /// Reads an IBAN. Spaces, as people write them between groups, are ignored.
    ///
    /// # Errors
    ///
    /// [`IbanError`] says what is wrong, and nothing of the text.
    pub fn parse(text: &str) -> Result<Self, IbanError> {
        let mut iban = Zeroizing::new(String::with_capacity(text.len()));
        iban.extend(text.chars().filter(|character| *character != ' '));
        let (country, rest) = split(&iban).ok_or(IbanError::Form)?;
        let (digits, bban) = rest.split_at_checked(2).ok_or(IbanError::Form)?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(IbanError::Form);
        }
        check_length(country, iban.len())?;
        // 00, 01 and 99 would leave the right remainder too, but are never computed.
        if digits == check_digits(country, bban) {
            Ok(Self(iban))
        } else {
            Err(IbanError::CheckDigits)
        }
    }

    /// Makes the IBAN of a country's own account number, with its check digits.
    ///
    /// ```
    /// use xgateway_core::bank::Iban;
    ///
    /// let iban = Iban::of("GB", "WEST12345698765432")?;
    /// assert_eq!(iban.expose(), "GB82WEST12345698765432");
    /// # Ok::<(), xgateway_core::bank::IbanError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`IbanError`] if no IBAN of that country looks so.
    pub fn of(country: &str, bban: &str) -> Result<Self, IbanError> {
        let is_part = |text: &str| text.bytes().all(is_letter_or_digit);
        if !is_part(country) || !is_part(bban) {
            return Err(IbanError::Form);
        }
        check_length(country, country.len() + 2 + bban.len())?;
        let digits = check_digits(country, bban);
        let mut iban = Zeroizing::new(String::with_capacity(34));
        for part in [country, &digits, bban] {
            iban.push_str(part);
        }
        Ok(Self(iban))
    }

    /// The IBAN itself, without spaces. Call this only where it is shown to whom it belongs, or written.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The country of the bank, as two capital letters.
    pub fn country(&self) -> &str {
        &self.0[..2]
    }

    /// The IBAN in groups of four, for people.
    pub fn grouped(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(self.0.len() * 5 / 4 + 1));
        for (at, character) in self.0.chars().enumerate() {
            if at > 0 && at % 4 == 0 {
                text.push(' ');
            }
            text.push(character);
        }
        text
    }
}

impl PartialEq for Iban {
    fn eq(&self, other: &Self) -> bool {
        *self.0 == *other.0
    }
}

impl Eq for Iban {}

impl fmt::Debug for Iban {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Iban(**)")
    }
}

/// The country and what follows, if all of it are capital letters and digits.
fn split(text: &str) -> Option<(&str, &str)> {
    let is_plain = text.bytes().all(is_letter_or_digit);
    let (country, rest) = is_plain.then(|| text.split_at_checked(2)).flatten()?;
    country
        .bytes()
        .all(|byte| byte.is_ascii_uppercase())
        .then_some((country, rest))
}

fn is_letter_or_digit(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

fn check_length(country: &str, length: usize) -> Result<(), IbanError> {
    let at = LENGTHS
        .binary_search_by_key(&country, |(known, _)| known)
        .map_err(|_| IbanError::Country)?;
    let expected = LENGTHS[at].1;
    if length == expected {
        Ok(())
    } else {
        Err(IbanError::Length { expected })
    }
}

/// ISO 7064, MOD 97-10: letters count as 10 to 35, the country and two zeros come last.
fn check_digits(country: &str, bban: &str) -> String {
    let mut remainder = 0;
    for byte in bban.bytes().chain(country.bytes()).chain(*b"00") {
        let value = char::from(byte).to_digit(36).unwrap_or_default();
        let factor = if value < 10 { 10 } else { 100 };
        remainder = (remainder * factor + value) % 97;
    }
    format!("{:02}", 98 - remainder)
}

/// How long IBANs are, by country (the registry of ISO 13616).
const LENGTHS: &[(&str, usize)] = &[
    ("AD", 24),
    ("AE", 23),
    ("AL", 28),
    ("AT", 20),
    ("AZ", 28),
    ("BA", 20),
    ("BE", 16),
    ("BG", 22),
    ("BH", 22),
    ("BI", 27),
    ("BR", 29),
    ("BY", 28),
    ("CH", 21),
    ("CR", 22),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DJ", 27),
    ("DK", 18),
    ("DO", 28),
    ("EE", 20),
    ("EG", 29),
    ("ES", 24),
    ("FI", 18),
    ("FK", 18),
    ("FO", 18),
    ("FR", 27),
    ("GB", 22),
    ("GE", 22),
    ("GI", 23),
    ("GL", 18),
    ("GR", 27),
    ("GT", 28),
    ("HN", 28),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IL", 23),
    ("IQ", 23),
    ("IS", 26),
    ("IT", 27),
    ("JO", 30),
    ("KW", 30),
    ("KZ", 20),
    ("LB", 28),
    ("LC", 32),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("LY", 25),
    ("MC", 27),
    ("MD", 24),
    ("ME", 22),
    ("MK", 19),
    ("MN", 20),
    ("MR", 27),
    ("MT", 31),
    ("MU", 30),
    ("NI", 28),
    ("NL", 18),
    ("NO", 15),
    ("OM", 23),
    ("PK", 24),
    ("PL", 28),
    ("PS", 29),
    ("PT", 25),
    ("QA", 29),
    ("RO", 24),
    ("RS", 22),
    ("RU", 33),
    ("SA", 24),
    ("SC", 31),
    ("SD", 18),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("SO", 23),
    ("ST", 25),
    ("SV", 28),
    ("TL", 23),
    ("TN", 24),
    ("TR", 26),
    ("UA", 29),
    ("VA", 22),
    ("VG", 24),
    ("XK", 20),
    ("YE", 30),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    #[test]
    fn the_registrys_examples_are_ibans() {
        for text in [
            "MT36CFTE28004000000000003225049",
            "GB29NWBK60161331926819",
            "DE89370400440532013000",
            "FR1420041010050500013M02606",
            "NO9386011117947",
            "CH9300762011623852957",
            "NL91ABNA0417164300",
        ] {
            assert_eq!(Iban::parse(text).unwrap().expose(), text);
        }
    }

    #[test]
    fn each_mistake_has_its_own_error() {
        let reason = |text: &str| Iban::parse(text).unwrap_err();
        for text in [
            "",
            "GB",
            "GB8",
            "gb29nwbk60161331926819",
            "GBX9NWBK",
            "G229",
            "GB29NWBK-6",
            "ÄB29",
        ] {
            assert_eq!(reason(text), IbanError::Form, "{text}");
        }
        assert_eq!(reason("US64SVBKUS6S3300958879"), IbanError::Country);
        assert_eq!(
            reason("GB29NWBK6016133192681"),
            IbanError::Length { expected: 22 }
        );
        assert_eq!(reason("GB28NWBK60161331926819"), IbanError::CheckDigits);
    }

    fn iban() -> impl Strategy<Value = Iban> {
        select(LENGTHS).prop_flat_map(|(country, length)| {
            proptest::collection::vec(select(b"0123456789ABCXYZ".as_slice()), length - 4).prop_map(
                move |bban| Iban::of(country, std::str::from_utf8(&bban).unwrap()).unwrap(),
            )
        })
    }

    proptest! {
        #[test]
        fn what_was_made_is_read_with_spaces_or_without(iban in iban()) {
            prop_assert_eq!(&Iban::parse(iban.expose()).unwrap(), &iban);
            prop_assert_eq!(&Iban::parse(&iban.grouped()).unwrap(), &iban);
            prop_assert_eq!(format!("{:?}", iban), "Iban(**)");
        }

        #[test]
        fn one_wrong_digit_and_two_exchanged_characters_are_noticed(iban in iban(), at in any::<proptest::sample::Index>()) {
            let mut text = iban.expose().as_bytes().to_vec();
            let at = 2 + at.index(text.len() - 3);
            let digit = text[at];
            if digit.is_ascii_digit() {
                text[at] = b'0' + (digit - b'0' + 1) % 10;
                prop_assert!(Iban::parse(std::str::from_utf8(&text).unwrap()).is_err());
                text[at] = digit;
            }
            // A letter beside a digit moves all that follows, so only like is exchanged with like.
            if at >= 4 && text[at] != text[at + 1] && text[at].is_ascii_digit() && text[at + 1].is_ascii_digit() {
                text.swap(at, at + 1);
                prop_assert!(Iban::parse(std::str::from_utf8(&text).unwrap()).is_err());
            }
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,40}", country in "[A-Z]{0,3}", bban in "[A-Z0-9é]{0,40}") {
            let _ = (Iban::parse(&text), Iban::of(&country, &bban));
        }
    }
}
