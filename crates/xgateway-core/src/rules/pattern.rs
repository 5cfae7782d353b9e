//! Linear patterns: the regular expressions of the OpenAPI document, as constants.

/// A pattern that a whole text must match: a sequence of parts.
///
/// The generator turns the document's regular expressions into these, so that no regular expression engine is
/// needed, nothing is compiled at run time and nothing is allocated.
#[derive(Debug)]
pub struct Pattern {
    /// The regular expression as the document has it.
    pub regex: &'static str,
    /// The same as parts.
    pub parts: &'static [Part],
}

/// One part of a [`Pattern`].
#[derive(Debug)]
pub enum Part {
    /// Between `min` and `max` characters of a class.
    Repeat {
        /// Which characters.
        class: Class,
        /// At least so many.
        min: u32,
        /// At most so many; `None` for any number.
        max: Option<u32>,
    },
    /// These parts, or nothing.
    Optional(&'static [Part]),
}

/// A set of characters, as inclusive ranges.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Class(pub &'static [(char, char)]);

impl Class {
    /// The class as one range of ASCII bytes, if it is one: digits, or a single character.
    fn ascii_range(self) -> Option<(u8, u8)> {
        match self.0 {
            [(first, last)] if last.is_ascii() => Some((*first as u8, *last as u8)),
            _ => None,
        }
    }

    fn contains(self, character: char) -> bool {
        self.0
            .iter()
            .any(|&(first, last)| (first..=last).contains(&character))
    }
}

impl Pattern {
    /// Whether the whole of `text` matches.
    ///
    /// ```
    /// use xgateway_core::rules::{Class, Part, Pattern};
    ///
    /// const DIGITS: Pattern = Pattern {
    ///     regex: r"^\d*$",
    ///     parts: &[Part::Repeat { class: Class(&[('0', '9')]), min: 0, max: None }],
    /// };
    /// assert!(DIGITS.matches("2028"));
    /// assert!(!DIGITS.matches("2028\n"));
    /// ```
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        matches_at_once(self.parts, text.as_bytes())
            .unwrap_or_else(|| matches(self.parts, text, &|rest| rest.is_empty()))
    }
}

/// Whether `parts` match the whole of `text` if each takes as much as it can: mostly, that decides. `None` if it does
/// not, since an earlier part could take less, or is of another kind.
fn matches_at_once(parts: &[Part], text: &[u8]) -> Option<bool> {
    let mut rest = text;
    let mut could_take_less = false;
    for part in parts {
        let Part::Repeat { class, min, max } = part else {
            return None;
        };
        // A byte of a longer character is none of them.
        let (first, last) = class.ascii_range()?;
        let most = max.map_or(rest.len(), |max| rest.len().min(max as usize));
        let count = rest[..most]
            .iter()
            .position(|byte| !(first..=last).contains(byte))
            .unwrap_or(most);
        if count < *min as usize {
            return if could_take_less { None } else { Some(false) };
        }
        could_take_less |= count > *min as usize;
        rest = &rest[count..];
    }
    match rest {
        [] => Some(true),
        _ if could_take_less => None,
        _ => Some(false),
    }
}

/// Whether `parts` match a beginning of `text` whose rest satisfies `then`.
fn matches(parts: &[Part], text: &str, then: &dyn Fn(&str) -> bool) -> bool {
    let Some((first, others)) = parts.split_first() else {
        return then(text);
    };
    match first {
        Part::Optional(inner) => {
            matches(inner, text, &|rest| matches(others, rest, then)) || matches(others, text, then)
        }
        Part::Repeat { class, min, max } => {
            let most = max.map_or(usize::MAX, |max| max as usize);
            let fewest = *min as usize;
            let (mut count, mut end) = (0, 0);
            if let Some((first, last)) = class.ascii_range() {
                // Most classes are digits, and bytes are quicker than characters.
                let is_member = |byte: &u8| (first..=last).contains(byte);
                count = text.bytes().take(most).take_while(is_member).count();
                end = count;
            } else {
                for character in text.chars() {
                    if count == most || !class.contains(character) {
                        break;
                    }
                    count += 1;
                    end += character.len_utf8();
                }
            }
            // The longest first, then shorter ones.
            while count >= fewest {
                if matches(others, &text[end..], then) {
                    return true;
                }
                let Some(last) = text[..end].chars().next_back() else {
                    return false;
                };
                count -= 1;
                end -= last.len_utf8();
            }
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::Regex;

    use super::*;

    const DIGIT: Class = Class(&[('0', '9')]);

    const PHONE: Pattern = Pattern {
        regex: r"^\d{1,3} \d{4,14}$",
        parts: &[
            Part::Repeat {
                class: DIGIT,
                min: 1,
                max: Some(3),
            },
            Part::Repeat {
                class: Class(&[(' ', ' ')]),
                min: 1,
                max: Some(1),
            },
            Part::Repeat {
                class: DIGIT,
                min: 4,
                max: Some(14),
            },
        ],
    };

    const DECIMAL: Pattern = Pattern {
        regex: r"^\d+(\.\d{1,18})?$",
        parts: &[
            Part::Repeat {
                class: DIGIT,
                min: 1,
                max: None,
            },
            Part::Optional(&[
                Part::Repeat {
                    class: Class(&[('.', '.')]),
                    min: 1,
                    max: Some(1),
                },
                Part::Repeat {
                    class: DIGIT,
                    min: 1,
                    max: Some(18),
                },
            ]),
        ],
    };

    /// Needs giving back: the first part takes the digit that the second needs.
    const OVERLAP: Pattern = Pattern {
        regex: r"^\d*\d{2}$",
        parts: &[
            Part::Repeat {
                class: DIGIT,
                min: 0,
                max: None,
            },
            Part::Repeat {
                class: DIGIT,
                min: 2,
                max: Some(2),
            },
        ],
    };

    proptest! {
        #[test]
        fn agrees_with_a_regular_expression_engine(
            text in prop_oneof!["[0-9 .]{0,22}", "[0-9]{1,4} [0-9]{3,15}", "[0-9]{1,3}\\.[0-9]{0,19}", "\\PC{0,8}", "[0-9]{2}\n"]
        ) {
            for pattern in [PHONE, DECIMAL, OVERLAP] {
                // `\d` is ASCII in the gateway's language, and `$` is the very end.
                let source = pattern.regex.replace(r"\d", "[0-9]").replace('$', r"\z");
                let regex = Regex::new(&source).expect("a valid expression");
                prop_assert_eq!(pattern.matches(&text), regex.is_match(&text), "{} on {:?}", pattern.regex, text);
            }
        }
    }
}
