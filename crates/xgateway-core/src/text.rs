//! The format checks of texts, exactly as zod 3 makes them.
//!
//! Each answers one question about a text and neither trims nor changes it. The verdicts are held against those of
//! the package itself (`tests/vectors/strings.json`).

mod country;
mod email;
mod ip;
mod url;

pub use country::is_country_code;
pub use email::is_email;
pub use ip::is_ip;
pub use url::{is_url, scheme_and_host};

/// The length of `text` in UTF-16 code units, which is how the gateway counts: an emoji counts two.
///
/// ```
/// assert_eq!(xgateway_core::text::utf16_length("aß😀"), 4);
/// ```
#[must_use]
pub fn utf16_length(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.encode_utf16().count()
    }
}

/// Whether `text` has at least `min` UTF-16 code units. Counts them only where the bytes leave a doubt.
pub(crate) fn has_utf16_length_min(text: &str, min: usize) -> bool {
    // Three bytes of UTF-8 are at least one unit, and one byte is at most one.
    text.len() / 3 >= min || text.len() >= min && utf16_length(text) >= min
}

/// Whether `text` has at most `max` UTF-16 code units. Counts them only where the bytes leave a doubt.
pub(crate) fn has_utf16_length_max(text: &str, max: usize) -> bool {
    text.len() <= max || utf16_length(text) <= max
}

/// Whether `text` is a UUID of any version: 8-4-4-4-12 hexadecimal digits.
#[must_use]
pub fn is_uuid(text: &str) -> bool {
    let Ok(bytes) = <&[u8; 36]>::try_from(text.as_bytes()) else {
        return false;
    };
    // All of them in any case, so that they are looked at many at a time.
    let is_hexadecimal = bytes.map(|byte| u8::from(byte.is_ascii_hexdigit()));
    let count: u8 = is_hexadecimal.iter().sum();
    count == 32 && [8, 13, 18, 23].iter().all(|at| bytes[*at] == b'-')
}

/// Whether `text` is a day of the calendar, `yyyy-mm-dd`; 2001-02-29 is none.
#[must_use]
pub fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return false;
    }
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_i16, |sum, byte| {
            byte.is_ascii_digit()
                .then(|| sum * 10 + i16::from(byte - b'0'))
        })
    };
    match (
        number(&bytes[..4]),
        number(&bytes[5..7]),
        number(&bytes[8..]),
    ) {
        (Some(year), Some(month), Some(day)) => jiff::civil::Date::new(
            year,
            i8::try_from(month).unwrap_or(0),
            i8::try_from(day).unwrap_or(0),
        )
        .is_ok(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_short_ways_to_a_length_agree_with_counting(text in "\\PC{0,12}|[aß😀€]{0,12}", bound in 0_usize..30) {
            let length = text.encode_utf16().count();
            prop_assert_eq!(utf16_length(&text), length);
            prop_assert_eq!(has_utf16_length_min(&text, bound), length >= bound);
            prop_assert_eq!(has_utf16_length_max(&text, bound), length <= bound);
        }
    }
}
