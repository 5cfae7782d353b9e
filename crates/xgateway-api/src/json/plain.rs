//! The quick way through JSON text that is written as nearly everybody writes it.
//!
//! It takes what needs no second thought: declared keys, each once, texts without escapes, no arrays. For all else it
//! gives up, without a word on whether the text is any good, and the long way is taken. What it does take it reads as
//! the long way would; the tests hold them against each other.

use xgateway_core::rules::{Field, Kind, Schema};

use super::node::{Node, ObjectNode};
use super::special::first_special;

/// The object that `text` is, if it is as plain as that.
pub(super) fn read<'a>(schema: &'static Schema, text: &'a str) -> Option<ObjectNode<'a>> {
    let reader = Reader { text };
    let at = reader.behind(b'{', reader.behind_blanks(0))?;
    let (object, end) = reader.object(schema, at)?;
    (reader.behind_blanks(end) == text.len()).then_some(object)
}

/// Reads what stands at a place, and tells where it ends. The place is handed on rather than kept here: a byte is looked at
/// sooner than a place is read back from memory.
#[derive(Clone, Copy)]
struct Reader<'a> {
    text: &'a str,
}

impl<'a> Reader<'a> {
    /// What follows an opening brace. Its depth is that of the rules, which have an end.
    fn object(self, schema: &'static Schema, at: usize) -> Option<(ObjectNode<'a>, usize)> {
        let mut object = ObjectNode::empty(schema);
        let mut at = self.behind_blanks(at);
        if self.byte(at)? == b'}' {
            return Some((object, at + 1));
        }
        let mut next = 0;
        loop {
            at = self.behind(b'"', at)?;
            // Most people write fields in about the order in which they are declared.
            let (before, behind) = schema.fields.split_at(next);
            let (index, end) = match self.name(behind, at) {
                Some((index, end)) => (next + index, end),
                None => self.name(before, at)?,
            };
            next = index + 1;
            at = self.behind(b':', self.behind_blanks(end))?;
            at = self.behind_blanks(at);
            let (value, end) = self.value(&schema.fields[index].kind, at)?;
            // Which of two counts is a question for the long way.
            if object.values[index].replace(value).is_some() {
                return None;
            }
            at = self.behind_blanks(end);
            match self.byte(at)? {
                b'}' => return Some((object, at + 1)),
                b',' => at = self.behind_blanks(at + 1),
                _ => return None,
            }
        }
    }

    fn value(self, kind: &Kind, at: usize) -> Option<(Node<'a>, usize)> {
        match self.byte(at)? {
            b'"' => {
                let (text, end) = self.string(at + 1)?;
                Some((Node::Plain(text), end))
            }
            b'{' => {
                let Kind::Object(schema) = kind else {
                    return None;
                };
                let (object, end) = self.object(schema, at + 1)?;
                Some((Node::Object(object), end))
            }
            b'-' | b'0'..=b'9' => {
                let end = self.end_of_number(at)?;
                Some((Node::Number(self.text.get(at..end)?), end))
            }
            b't' => self.word("true", Node::Boolean(true), at),
            b'f' => self.word("false", Node::Boolean(false), at),
            b'n' => self.word("null", Node::Null, at),
            _ => None,
        }
    }

    /// Which of `fields` is named by what follows an opening quote, up to the closing one. Declared names have no
    /// character that is written with an escape, so that one which is written so is not found.
    #[inline]
    fn name(self, fields: &[Field], at: usize) -> Option<(usize, usize)> {
        let rest = self.text.as_bytes().get(at..)?;
        for (index, field) in fields.iter().enumerate() {
            let name = field.name.as_bytes();
            if rest.get(name.len()) == Some(&b'"') && rest.starts_with(name) {
                return Some((index, at + name.len() + 1));
            }
        }
        None
    }

    /// What follows an opening quote, up to the closing one.
    #[inline]
    fn string(self, at: usize) -> Option<(&'a str, usize)> {
        let rest = self.text.as_bytes().get(at..)?;
        let length = first_special(rest)?;
        let text = self.text.get(at..at + length)?;
        (rest[length] == b'"').then_some((text, at + length + 1))
    }

    fn end_of_number(self, mut at: usize) -> Option<usize> {
        at = self.behind(b'-', at).unwrap_or(at);
        at = match self.behind(b'0', at) {
            Some(end) => end,
            None => self.behind_digits(at)?,
        };
        if let Some(fraction) = self.behind(b'.', at) {
            at = self.behind_digits(fraction)?;
        }
        if let Some(b'e' | b'E') = self.byte(at) {
            at += 1;
            if let Some(b'+' | b'-') = self.byte(at) {
                at += 1;
            }
            at = self.behind_digits(at)?;
        }
        Some(at)
    }

    /// At least one.
    fn behind_digits(self, start: usize) -> Option<usize> {
        let mut at = start;
        while let Some(b'0'..=b'9') = self.byte(at) {
            at += 1;
        }
        (at > start).then_some(at)
    }

    fn word(self, word: &str, meaning: Node<'a>, at: usize) -> Option<(Node<'a>, usize)> {
        let end = at + word.len();
        (self.text.get(at..end)? == word).then_some((meaning, end))
    }

    #[inline]
    fn behind_blanks(self, mut at: usize) -> usize {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.byte(at) {
            at += 1;
        }
        at
    }

    #[inline]
    fn behind(self, byte: u8, at: usize) -> Option<usize> {
        (self.byte(at)? == byte).then_some(at + 1)
    }

    #[inline]
    fn byte(self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }
}
