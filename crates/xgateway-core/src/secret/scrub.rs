use std::borrow::Cow;

use super::MASK;

/// How many digits could be a card number.
const DIGITS_MIN: usize = 12;

const UUID_LENGTH: usize = 36;

/// Replaces what could be a card number: 12 or more digits as people write one.
///
/// Between any two of them there may be up to two blanks or dashes; and between groups of the length that is printed on
/// cards up to three characters of any kind that are neither letters nor digits. So dates, times, amounts, addresses of
/// machines and UUIDs stay, however many digits they have.
///
/// ```
/// use xgateway_core::secret::scrub;
///
/// assert_eq!(scrub("card 4000 0000 0000 0002 refused"), "card ** refused");
/// assert_eq!(scrub("card 4000.0000.0000.0002 refused"), "card ** refused");
/// assert_eq!(scrub("order 42 of 2028-02-10 12:34:56"), "order 42 of 2028-02-10 12:34:56");
/// let id = "a67ec03c-0253-4c14-9961-289851869001"; // A UUID is none, however many digits it has.
/// assert_eq!(scrub(id), id);
/// ```
#[must_use]
pub fn scrub(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    // Nearly every text is settled here, and many are looked at.
    if bytes.len() < DIGITS_MIN
        || bytes.iter().filter(|byte| byte.is_ascii_digit()).count() < DIGITS_MIN
    {
        return Cow::Borrowed(text);
    }
    let mut clean = String::new();
    let mut kept = 0;
    let mut at = 0;
    while at < bytes.len() {
        if is_uuid_at(text, at) {
            at += UUID_LENGTH;
        } else if !bytes[at].is_ascii_digit() {
            at += 1;
        } else {
            let first = Group::at(text, at);
            at = first.end;
            if let Some(end) = end_of_spaced(text, first).or_else(|| end_of_grouped(text, first)) {
                clean.push_str(&text[kept..first.start]);
                clean.push_str(MASK);
                kept = end;
                at = end;
            }
        }
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    clean.push_str(&text[kept..]);
    Cow::Owned(clean)
}

/// Digits with none before or after them.
#[derive(Clone, Copy)]
struct Group {
    start: usize,
    end: usize,
}

impl Group {
    fn at(text: &str, start: usize) -> Self {
        let digits = text.as_bytes()[start..].iter();
        let length = digits.take_while(|byte| byte.is_ascii_digit()).count();
        Self {
            start,
            end: start + length,
        }
    }

    fn length(self) -> usize {
        self.end - self.start
    }

    /// The group behind this one, if what is between them `joins` them.
    fn next(self, text: &str, joins: fn(&str) -> bool) -> Option<Self> {
        let gap = gap(&text[self.end..])?;
        let start = self.end + gap.len();
        (joins(gap) && !is_uuid_at(text, start)).then(|| Self::at(text, start))
    }
}

/// Digits with nothing but blanks and dashes between them, in groups of any length.
fn end_of_spaced(text: &str, first: Group) -> Option<usize> {
    let (mut last, mut digits) = (first, first.length());
    while let Some(next) = last.next(text, is_space) {
        digits += next.length();
        last = next;
    }
    (digits >= DIGITS_MIN).then_some(last.end)
}

/// Digits in groups as on a card, whatever is between them: 4-4-4-4, the last one maybe shorter, 4-6-5 or 4-6-4.
fn end_of_grouped(text: &str, first: Group) -> Option<usize> {
    if first.length() != 4 {
        return None;
    }
    let next = |group: Group| group.next(text, is_no_list);
    let second = next(first)?;
    if second.length() == 6 {
        return next(second)
            .filter(|third| matches!(third.length(), 4 | 5))
            .map(|third| third.end);
    }
    let (mut last, mut digits, mut following) = (first, first.length(), Some(second));
    while let Some(group) = following.filter(|group| group.length() <= 4) {
        digits += group.length();
        last = group;
        following = if group.length() == 4 {
            next(group)
        } else {
            None
        };
    }
    (digits >= DIGITS_MIN).then_some(last.end)
}

/// What is between two groups of digits, if it is short and holds no letter.
fn gap(rest: &str) -> Option<&str> {
    const CHARS_MAX: usize = 3;

    for (at, character) in rest.char_indices().take(CHARS_MAX + 1) {
        if character.is_ascii_digit() {
            return Some(&rest[..at]);
        }
        if character.is_alphanumeric() {
            return None;
        }
    }
    None
}

fn is_space(gap: &str) -> bool {
    let is_one = |character: char| {
        character.is_whitespace() || matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
    };
    gap.chars().count() <= 2 && gap.chars().all(is_one)
}

/// `2026, 2027, 2028` are three numbers.
fn is_no_list(gap: &str) -> bool {
    !(gap.starts_with([',', ';']) && gap.ends_with(char::is_whitespace))
}

/// Whether a UUID stands at `at`, with nothing before or after it that it could be a part of.
fn is_uuid_at(text: &str, at: usize) -> bool {
    let is_part =
        |byte: Option<&u8>| byte.is_some_and(|it| it.is_ascii_alphanumeric() || *it == b'-');
    let bytes = text.as_bytes();
    let before = at.checked_sub(1).and_then(|before| bytes.get(before));
    !is_part(before)
        && !is_part(bytes.get(at + UUID_LENGTH))
        && text
            .get(at..at + UUID_LENGTH)
            .is_some_and(crate::text::is_uuid)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As people and programs write them.
    const SEPARATORS: [&str; 16] = [
        " ", "-", "  ", "\t", "\u{a0}", "\u{202f}", "\u{2011}", ".", "/", "\\/", "_", ":", " - ",
        "\u{b7}", "\u{200b}", ",",
    ];

    #[test]
    fn a_card_number_is_hidden_however_it_is_written() {
        for separator in SEPARATORS {
            for groups in [
                &["4000", "0000", "0000", "0002"][..],
                &["4000", "0000", "0000", "0002", "123"],
                &["3782", "822463", "10005"],
                &["3056", "930902", "5904"],
                &["6759", "0000", "0000"],
            ] {
                let written = groups.join(separator);
                for (before, after) in [("", ""), ("card ", " refused"), ("42 ", ".")] {
                    let clean = scrub(&format!("{before}{written}{after}")).into_owned();
                    assert!(!clean.contains(groups[1]), "{clean}");
                    assert!(clean.ends_with(&format!("{MASK}{after}")), "{clean}");
                }
            }
        }
        for written in [
            "4000000000000002",
            "40 00 00 00 00 00 00 02",
            "400000 0000000002",
            "4000.0000 0000-0002",
            "4000  0000 0000 0002",
        ] {
            assert_eq!(scrub(&format!("card {written}.")), "card **.");
        }
    }

    #[test]
    fn what_only_has_many_digits_stays() {
        for text in [
            "2028-02-10 12:34:56",
            "2028-02-10T12:34:56.123456789Z",
            "2028/02/10 12:34:56.789, 2028/02/11",
            "from 10.50 to 1234.50, or 20000.00 and 50000.00",
            "1234.5678901",
            "http://217.138.202.140:8080/api/v2 and [2001:db8:0:1234:5678::1]:4010",
            "+49 (151) 2345-6789",
            "the years 2026, 2027, 2028, 2029",
            "a67ec03c-0253-4c14-9961-289851869001",
            "order 42 12345678-1234-1234-1234-123456789012",
            "1732654800_0001/1732654800_0002",
            "INV-2026-11-26/00017",
        ] {
            assert_eq!(scrub(text), text);
        }
    }

    proptest! {
        #[test]
        fn a_uuid_survives_a_scrub_and_a_card_number_beside_it_does_not(
            id in "[0-9]{8}-[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{12}", number in "[0-9]{12,19}",
        ) {
            let clean = scrub(&format!("{number} {id} {number}, {id}")).into_owned();
            prop_assert!(!clean.contains(&number), "{}", clean);
            prop_assert!(clean.ends_with(&id), "{}", clean);
        }

        #[test]
        fn no_card_number_survives_a_scrub(
            before in "(\\PC{0,9}[^\\pC0-9])?", number in "[0-9]{12,23}",
            separator in prop::option::of(prop::sample::select(&SEPARATORS[..])), after in "([^\\pC0-9]\\PC{0,9})?",
        ) {
            let written = match separator {
                Some(separator) => {
                    let fours = number.as_bytes().chunks(4);
                    let fours = fours.map(|four| String::from_utf8_lossy(four).into_owned());
                    fours.collect::<Vec<_>>().join(separator)
                }
                None => number.clone(),
            };
            let clean = scrub(&format!("{before}{written}{after}")).into_owned();
            prop_assert!(!clean.contains(&written), "{clean}");
        }

        #[test]
        fn a_scrub_never_panics_and_is_stable(text in "[0-9 .,*\\-\u{a0}a]{0,60}|\\PC{0,60}") {
            let once = scrub(&text).into_owned();
            prop_assert_eq!(scrub(&once), once.as_str());
        }
    }
}
