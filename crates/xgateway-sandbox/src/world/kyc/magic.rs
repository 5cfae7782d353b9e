//! Data that decide what becomes of a customer. The crate's documentation has the table.

use crate::event::{Birth, FileFormat, Outcome};

/// Last names, in any case.
const NAMES: [(&str, Outcome); 4] = [
    ("review", Outcome::Review),
    ("softfail", Outcome::SoftFailure),
    ("hardfail", Outcome::HardFailure),
    ("reversal", Outcome::Reversal),
];

/// Dates of birth.
const BIRTHS: [(&str, Outcome); 4] = [
    ("1901-01-01", Outcome::Review),
    ("1902-02-02", Outcome::SoftFailure),
    ("1903-03-03", Outcome::HardFailure),
    ("1904-04-04", Outcome::Reversal),
];

/// Words in a file.
const WORDS: [(&str, Outcome); 3] = [
    ("xgateway-sandbox: review", Outcome::Review),
    ("xgateway-sandbox: unreadable", Outcome::SoftFailure),
    ("xgateway-sandbox: forged", Outcome::HardFailure),
];

/// How far from the beginning or the end of a file its words are looked for.
const WORDS_WITHIN: usize = 4096;

pub(super) fn of_name(last_name: &str) -> Option<Outcome> {
    let found = NAMES
        .iter()
        .find(|(it, _)| it.eq_ignore_ascii_case(last_name));
    found.map(|(_, outcome)| *outcome)
}

pub(super) fn of_birth(date: &str) -> Birth {
    let found = BIRTHS.iter().find(|(it, _)| *it == date);
    found.map_or(Birth::Plain, |(_, outcome)| Birth::Magic(*outcome))
}

pub(super) fn of_file(bytes: &[u8]) -> Option<Outcome> {
    let head = &bytes[..bytes.len().min(WORDS_WITHIN)];
    let tail = &bytes[bytes.len().saturating_sub(WORDS_WITHIN)..];
    let holds = |word: &str| {
        [head, tail]
            .iter()
            .any(|part| part.windows(word.len()).any(|it| it == word.as_bytes()))
    };
    let found = WORDS.iter().find(|(word, _)| holds(word));
    found.map(|(_, outcome)| *outcome)
}

/// What a file is by its first bytes.
pub(super) fn format(bytes: &[u8]) -> Option<FileFormat> {
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Some(FileFormat::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(FileFormat::Png),
        [b'%', b'P', b'D', b'F', b'-', ..] => Some(FileFormat::Pdf),
        _ => None,
    }
}
