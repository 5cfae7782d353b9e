//! The quick way through JSON text that is written as nearly everybody writes it.
//!
//! It takes what needs no second thought: declared keys, each once, texts without escapes, no arrays. For all else it
//! gives up, without a word on whether the text is any good, and the long way is taken. What it does take it reads as
//! the long way would; the tests hold them against each other.

use xgateway_core::rules::{Field, Kind, Schema};

use super::node::{Node, ObjectNode};

/// The object that `text` is, if it is as plain as that.
pub(super) fn read<'a>(schema: &'static Schema, text: &'a str) -> Option<ObjectNode<'a>> {
    let mut reader = Reader { text, at: 0 };
    reader.skip_blanks();
    reader.take(b'{')?;
    let object = reader.object(schema)?;
    reader.skip_blanks();
    (reader.at == text.len()).then_some(object)
}

/// On its way through the text.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    /// What follows an opening brace. Its depth is that of the rules, which have an end.
    fn object(&mut self, schema: &'static Schema) -> Option<ObjectNode<'a>> {
        let mut object = ObjectNode::empty(schema);
        self.skip_blanks();
        if self.take(b'}').is_some() {
            return Some(object);
        }
        let mut next = 0;
        loop {
            self.take(b'"')?;
            // Most people write fields in about the order in which they are declared.
            let (before, behind) = schema.fields.split_at(next);
            let index = match self.name(behind) {
                Some(index) => next + index,
                None => self.name(before)?,
            };
            next = index + 1;
            self.skip_blanks();
            self.take(b':')?;
            self.skip_blanks();
            let value = self.value(&schema.fields[index].kind)?;
            // Which of two counts is a question for the long way.
            if object.values[index].replace(value).is_some() {
                return None;
            }
            self.skip_blanks();
            if self.take(b'}').is_some() {
                return Some(object);
            }
            self.take(b',')?;
            self.skip_blanks();
        }
    }

    fn value(&mut self, kind: &Kind) -> Option<Node<'a>> {
        Some(match self.peek()? {
            b'"' => {
                self.at += 1;
                Node::Plain(self.text()?)
            }
            b'{' => {
                let Kind::Object(schema) = kind else {
                    return None;
                };
                self.at += 1;
                Node::Object(self.object(schema)?)
            }
            b'-' | b'0'..=b'9' => Node::Number(self.number()?),
            b't' => self.word("true", Node::Boolean(true))?,
            b'f' => self.word("false", Node::Boolean(false))?,
            b'n' => self.word("null", Node::Null)?,
            _ => return None,
        })
    }

    /// Which of `fields` is named by what follows an opening quote, up to the closing one. Declared names have no
    /// character that is written with an escape, so that one which is written so is not found.
    fn name(&mut self, fields: &[Field]) -> Option<usize> {
        let rest = self.text.as_bytes().get(self.at..)?;
        for (index, field) in fields.iter().enumerate() {
            let name = field.name.as_bytes();
            if rest.get(name.len()) == Some(&b'"') && rest.starts_with(name) {
                self.at += name.len() + 1;
                return Some(index);
            }
        }
        None
    }

    /// What follows an opening quote, up to the closing one.
    #[inline]
    fn text(&mut self) -> Option<&'a str> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let length = first_special(rest)?;
        if rest[length] != b'"' {
            return None;
        }
        let start = self.at;
        self.at += length + 1;
        self.text.get(start..start + length)
    }

    fn number(&mut self) -> Option<&'a str> {
        let start = self.at;
        let _ = self.take(b'-');
        if self.take(b'0').is_none() {
            self.digits()?;
        }
        if self.take(b'.').is_some() {
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        self.text.get(start..self.at)
    }

    /// At least one.
    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    fn word(&mut self, word: &str, meaning: Node<'a>) -> Option<Node<'a>> {
        let end = self.at + word.len();
        (self.text.get(self.at..end)? == word).then(|| {
            self.at = end;
            meaning
        })
    }

    #[inline]
    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    #[inline]
    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

/// Where the first byte is that ends a text, or has no place in a plain one.
#[inline]
fn first_special(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::MAX / 0xff;
    const TOPS: u64 = ONES << 7;
    let mut done = 0;
    // Eight at a time: what a subtraction borrows spoils only what stands behind the first one found.
    while let Some(eight) = bytes[done..].first_chunk::<8>() {
        let eight = u64::from_le_bytes(*eight);
        let is = |byte: u8| {
            let differs = eight ^ (ONES * u64::from(byte));
            differs.wrapping_sub(ONES) & !differs
        };
        let is_control = eight.wrapping_sub(ONES * 0x20) & !eight;
        let found = (is(b'"') | is(b'\\') | is_control) & TOPS;
        if found != 0 {
            return Some(done + found.trailing_zeros() as usize / 8);
        }
        done += 8;
    }
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
    Some(done + bytes[done..].iter().position(is_special)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::first_special;

    proptest! {
        #[test]
        fn the_first_special_byte_is_found(bytes in proptest::collection::vec(prop_oneof![
            8 => any::<u8>(), 8 => 0x20..0x80_u8, 1 => Just(b'"'), 1 => Just(b'\\'), 1 => 0..0x20_u8,
        ], 0..40)) {
            let want = bytes.iter().position(|byte| *byte < 0x20 || *byte == b'"' || *byte == b'\\');
            prop_assert_eq!(first_special(&bytes), want);
        }
    }
}
