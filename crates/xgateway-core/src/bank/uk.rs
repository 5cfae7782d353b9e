use std::fmt;

use zeroize::Zeroizing;

macro_rules! digits {
    (
        $(#[$doc:meta])* $name:ident, $count:literal, $(#[$error_doc:meta])* $error:ident, $message:literal
    ) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(Zeroizing<String>);

        $(#[$error_doc])*
        #[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
        #[error($message)]
        pub struct $error;

        impl $name {
            /// Reads it. Spaces and hyphens between digits, as people write them, are ignored.
            ///
            /// # Errors
            ///
            /// If there are more or fewer digits, or anything else.
            pub fn parse(text: &str) -> Result<Self, $error> {
                let mut digits = Zeroizing::new(String::with_capacity(text.len()));
                digits.extend(text.chars().filter(|it| !matches!(it, ' ' | '-')));
                let is_right = digits.len() == $count && digits.bytes().all(|it| it.is_ascii_digit());
                is_right.then_some(Self(digits)).ok_or($error)
            }

            /// The digits. Call this only where they are shown to whom they belong, or written.
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                *self.0 == *other.0
            }
        }

        impl Eq for $name {}

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(**)"))
            }
        }
    };
}

digits! {
    /// A bank account's number in the United Kingdom: eight digits. Wiped on drop, and never printed.
    ///
    /// ```
    /// use xgateway_core::bank::AccountNumber;
    ///
    /// let number = AccountNumber::parse("00386255")?;
    /// assert_eq!(number.expose(), "00386255");
    /// assert_eq!(format!("{number:?}"), "AccountNumber(**)");
    /// # Ok::<(), xgateway_core::bank::AccountNumberError>(())
    /// ```
    AccountNumber, 8,
    /// The text is no [`AccountNumber`].
    AccountNumberError, "an account number in the United Kingdom has 8 digits"
}

digits! {
    /// A bank's sort code in the United Kingdom: six digits. Wiped on drop, and never printed: beside an account number it
    /// names a person's account.
    ///
    /// ```
    /// use xgateway_core::bank::SortCode;
    ///
    /// assert_eq!(SortCode::parse("04-06-79")?.expose(), "040679");
    /// # Ok::<(), xgateway_core::bank::SortCodeError>(())
    /// ```
    SortCode, 6,
    /// The text is no [`SortCode`].
    SortCodeError, "a sort code in the United Kingdom has 6 digits"
}

impl SortCode {
    /// The sort code as it is written for people: `04-06-79`.
    pub fn grouped(&self) -> Zeroizing<String> {
        let digits = self.expose();
        Zeroizing::new([&digits[..2], &digits[2..4], &digits[4..]].join("-"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_digits_come_back_however_they_were_written(number in "[0-9]{8}", code in "[0-9]{6}") {
            let spaced = format!("{} {}", &number[..4], &number[4..]);
            prop_assert_eq!(AccountNumber::parse(&spaced).unwrap(), AccountNumber::parse(&number).unwrap());
            let sort_code = SortCode::parse(&code).unwrap();
            let again = SortCode::parse(&sort_code.grouped()).unwrap();
            prop_assert_eq!(again.expose(), &code);
            prop_assert_eq!(format!("{sort_code:?}"), "SortCode(**)");
        }

        #[test]
        fn another_count_is_none(text in "[0-9]{0,12}|\\PC{0,9}") {
            let digits = text.bytes().filter(u8::is_ascii_digit).count();
            prop_assert!(digits == 8 || AccountNumber::parse(&text).is_err());
            prop_assert!(digits == 6 || SortCode::parse(&text).is_err());
        }
    }
}
