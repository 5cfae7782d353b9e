//! What may be a card number, and is neither kept on disk nor shown.

use std::borrow::Cow;

use xgateway_core::card::CardNumber;
use xgateway_core::secret::scrub;
use xgateway_core::text::is_uuid;

use crate::percent::decoded;

/// How many digits a card number has.
const CARD_DIGITS: std::ops::RangeInclusive<usize> = 13..=19;

const UUID_LENGTH: usize = 36;

/// What stands for a text of which no part can be told apart that could be shown.
const HIDDEN: &str = "**";

/// A text of the merchant's as it may be shown: what could be a card number is hidden, also where it is encoded as in a
/// URL. Whatever would not be kept on disk is not shown either. Borrowed if nothing is hidden.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    let clean = scrub(text);
    let clean = if clean.contains('%') {
        match scrub(&decoded(&clean)) {
            Cow::Owned(hidden) => Cow::Owned(hidden),
            Cow::Borrowed(_) => clean,
        }
    } else {
        clean
    };
    if holds_card_number(&clean) {
        Cow::Owned(HIDDEN.to_owned())
    } else {
        clean
    }
}

/// Whether some of `text`, as it is or decoded as a part of a URL, could be a card number: it begins as those of the large
/// networks do, and its check digit is right. Times and counters, which begin with other digits, pass.
pub(crate) fn holds_card_number(text: &str) -> bool {
    let has_digits = text.bytes().filter(u8::is_ascii_digit).count() >= *CARD_DIGITS.start();
    has_digits
        && (shows_card_number(text) || text.contains('%') && shows_card_number(&decoded(text)))
}

/// A text without the ids of the gateway's own making, which have digits and dashes, too.
fn without_uuids(text: &str) -> String {
    let mut rest = text;
    let mut without = String::with_capacity(text.len());
    while let Some(character) = rest.chars().next() {
        let begins_word = !without.ends_with(char::is_alphanumeric);
        let id = rest
            .get(..UUID_LENGTH)
            .filter(|id| begins_word && is_uuid(id));
        let follows = rest.get(UUID_LENGTH..).unwrap_or_default();
        if id.is_some() && !follows.starts_with(char::is_alphanumeric) {
            without.push_str("id");
            rest = follows;
        } else {
            without.push(character);
            rest = &rest[character.len_utf8()..];
        }
    }
    without
}

fn shows_card_number(text: &str) -> bool {
    runs(&without_uuids(text)).any(|digits| {
        (0..digits.len()).any(|start| {
            let rest = &digits[start..];
            CARD_DIGITS
                .filter_map(|length| rest.get(..length))
                .any(is_card_number)
        })
    })
}

/// The digits that could belong to one number: with blanks and dashes between them, or in groups as on a card with up to
/// three other characters between them that are no letters.
fn runs(text: &str) -> impl Iterator<Item = String> {
    let mut runs = vec![String::new()];
    let (mut gap, mut group) = (String::new(), 0);
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let count = rest.bytes().take_while(u8::is_ascii_digit).count();
        if count == 0 {
            gap.push(character);
            rest = &rest[character.len_utf8()..];
            continue;
        }
        let is_joined = gap.chars().all(is_between)
            || matches!((group, count), (4 | 6, 1..=6)) && is_short(&gap);
        if !is_joined {
            runs.push(String::new());
        }
        if let Some(run) = runs.last_mut() {
            run.push_str(&rest[..count]);
        }
        gap.clear();
        (group, rest) = (count, &rest[count..]);
    }
    runs.into_iter()
}

/// Blanks and dashes of any kind.
fn is_between(character: char) -> bool {
    character.is_whitespace() || matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Up to three characters, none of which is a letter.
fn is_short(gap: &str) -> bool {
    gap.chars().count() <= 3 && !gap.chars().any(char::is_alphanumeric)
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
            "4000.0000.0000.0002",
            "4000_0000_0000_0002",
            "4000/0000/0000/0002",
            "3782.822463.10005",
            "4000\t0000\t0000\t0002",
            "4000\u{a0}0000\u{a0}0000\u{a0}0002",
            "4000\u{2011}0000\u{2011}0000\u{2011}0002",
            "https://shop.example/?card=4000%200000%200000%200002&x",
            "https://shop.example/?card=4000+0000+0000+0002",
            "https://shop.example/4000%2D0000%2D0000%2D0002?x=100%&%zz",
            "400000.000000.0002",
            "400000/000000/0002",
            "4000----0000----0000----0002",
        ] {
            assert!(holds_card_number(text), "{text}");
            assert!(!holds_card_number(&shown(text)), "{text}");
        }
        for text in [
            "order-1",
            "1767225600000",
            "4000000000000003",
            "ff36a7a5-08fd-418a-a150-f6f2d36676a8",
            "400000000000",
            "2028/02/10 12:34:56.789, 2028/02/11",
            "http://217.138.202.140:8080/api/v2 and [2001:db8:0:1234:5678::1]:4010",
            "1732654800_0001/1732654800_0002",
            "order 4000, 0000, then 0000 and 0002",
            "40000000-0000-4000-8000-000000000002",
            "/api/v2/invoices/40000000-0000-4000-8000-000000000002?x=1",
        ] {
            assert!(!holds_card_number(text), "{text}");
        }
        let id = "/api/v2/invoices/40000000-0000-4000-8000-000000000002";
        assert_eq!(shown(id), id);
    }
}
