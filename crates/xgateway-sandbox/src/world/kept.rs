//! What a world does not keep: ids without a bound, and on disk what may be a card number.

use xgateway_core::card::CardNumber;
use xgateway_core::text::is_uuid;

use super::World;
use crate::answer::Refusal;

/// How many digits a card number has.
const CARD_DIGITS: std::ops::RangeInclusive<usize> = 13..=19;

/// How many characters an id has at most. Where the rules name no bound, the gateway's database has one.
const ID_CHARS_MAX: usize = 255;

impl World {
    /// Refuses an id of the merchant's that cannot be kept.
    pub(super) fn check_id(&self, id: &str) -> Result<(), Refusal> {
        if is_too_long(id) {
            return Err(Refusal::IdTooLong);
        }
        self.check_kept(id)
    }

    /// Refuses a text of the merchant's that may hold a card number, if it would be written into a log.
    pub(super) fn check_kept(&self, text: &str) -> Result<(), Refusal> {
        if self.unsaved.is_some() && holds_card_number(text) {
            return Err(Refusal::HoldsCardNumber);
        }
        Ok(())
    }
}

/// Whether a text is longer than any id that is kept.
pub(super) fn is_too_long(id: &str) -> bool {
    id.len() > ID_CHARS_MAX && id.chars().nth(ID_CHARS_MAX).is_some()
}

/// Whether some of `text` could be a card number: it begins as those of the large networks do, and its check digit is
/// right. Times and counters, which begin with other digits, pass.
fn holds_card_number(text: &str) -> bool {
    let is_between = |byte: u8| matches!(byte, b' ' | b'-');
    // An id of the gateway's own making has digits and dashes, too.
    if is_uuid(text) {
        return false;
    }
    text.split(|character: char| {
        !character.is_ascii() || !(character.is_ascii_digit() || is_between(character as u8))
    })
    .any(|run| {
        let digits: String = run.chars().filter(char::is_ascii_digit).collect();
        (0..digits.len()).any(|start| {
            let rest = &digits[start..];
            CARD_DIGITS
                .filter_map(|length| rest.get(..length))
                .any(is_card_number)
        })
    })
}

fn is_card_number(digits: &str) -> bool {
    let begins_like_one = matches!(
        digits.as_bytes(),
        [b'3'..=b'6', ..] | [b'2', b'2'..=b'7', ..]
    );
    begins_like_one && CardNumber::parse(digits).is_ok_and(|number| number.passes_luhn())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn card_numbers_are_found_and_other_numbers_are_not() {
        for text in [
            "4000000000000002",
            "order 4000 0000 0000 0002",
            "x-4000-0000-0000-0408-y",
            "https://shop.example/?card=4000000000000002&x",
        ] {
            assert!(holds_card_number(text), "{text}");
        }
        for text in [
            "order-1",
            "1767225600000",
            "4000000000000003",
            "ff36a7a5-08fd-418a-a150-f6f2d36676a8",
            "400000000000",
            "40000000-0000-4000-8000-000000000002",
        ] {
            assert!(!holds_card_number(text), "{text}");
        }
    }
}
