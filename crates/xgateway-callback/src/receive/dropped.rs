//! Kinds of callbacks that nobody knows, and that are kept no more since there is one like them.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// Of how many kinds the log is told. Anybody can send a genuine callback again with a kind of their own.
const KINDS_MAX: usize = 64;

/// A name that is longer, or that is no word, is nobody's kind, and what it may hold is not shown.
const NAME_CHARS_MAX: usize = 32;

#[derive(Debug, Default)]
pub(super) struct Dropped {
    told: Mutex<BTreeSet<Box<str>>>,
}

impl Dropped {
    /// The name of a kind of which the log was not told yet.
    pub(super) fn first_of<'a>(&self, kind: &'a str) -> Option<&'a str> {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if kind.len() > NAME_CHARS_MAX || !kind.chars().all(is_word) {
            return None;
        }
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        (told.len() < KINDS_MAX && told.insert(kind.into())).then_some(kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_told_once_and_not_of_any_number() {
        let dropped = Dropped::default();
        assert_eq!(dropped.first_of("refund"), Some("refund"));
        assert_eq!(dropped.first_of("refund"), None);
        for strange in ["", "a b", "joe@example.com", &"x".repeat(33)] {
            let told = dropped.first_of(strange);
            assert_eq!(told, strange.is_empty().then_some(""), "{strange}");
        }
        let told = (0..1000).filter(|it| dropped.first_of(&it.to_string()).is_some());
        assert_eq!(told.count(), KINDS_MAX - 2);
    }
}
