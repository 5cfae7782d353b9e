use std::fmt;

use crate::text::is_country_code;

/// A BIC (ISO 9362): four characters of a bank, two letters of a country, two characters of a place and, perhaps, three
/// of a branch. It names a bank and no person, so it may be printed.
///
/// ```
/// use xgateway_core::bank::Bic;
///
/// let bic = Bic::parse("CFTEMTM1")?;
/// assert_eq!((bic.as_str(), bic.country()), ("CFTEMTM1", "MT"));
/// assert!(Bic::parse("CFTE1234").is_err());
/// # Ok::<(), xgateway_core::bank::BicError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Bic(Box<str>);

/// The text is no [`Bic`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a BIC is 8 or 11 capital letters and digits, the fifth and sixth of which name a country")]
pub struct BicError;

impl Bic {
    /// Reads a BIC.
    ///
    /// # Errors
    ///
    /// [`BicError`] if it has not the form of one.
    pub fn parse(text: &str) -> Result<Self, BicError> {
        let is_plain = text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        // Kosovo has bank codes and no code of ISO 3166.
        let is_country = |code: &str| is_country_code(code) || code == "XK";
        let is_bic = matches!(text.len(), 8 | 11) && is_plain && is_country(&text[4..6]);
        is_bic.then(|| Self(text.into())).ok_or(BicError)
    }

    /// The BIC as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The country of the bank, as two capital letters.
    pub fn country(&self) -> &str {
        &self.0[4..6]
    }
}

impl fmt::Display for Bic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_has_the_form_is_one(bank in "[A-Z0-9]{4}", place in "[A-Z0-9]{2}", branch in "([A-Z0-9]{3})?") {
            let text = format!("{bank}DE{place}{branch}");
            let bic = Bic::parse(&text).unwrap();
            prop_assert_eq!(bic.to_string(), text);
            prop_assert_eq!(bic.country(), "DE");
        }

        #[test]
        fn nothing_else_is_and_nothing_panics(text in "\\PC{0,12}") {
            let has_form = matches!(text.len(), 8 | 11) && text.is_ascii();
            prop_assert!(has_form || Bic::parse(&text).is_err());
        }
    }

    #[test]
    fn near_misses_are_none() {
        for text in [
            "",
            "CFTEMTM",
            "CFTEMTM12",
            "CFTEZZM1",
            "cftemtm1",
            "CFTEMT 1",
            "CFTEMTM1XX",
            "ÄFTEMTM",
        ] {
            assert!(Bic::parse(text).is_err(), "{text}");
        }
    }
}
