//! Requests as JSON text, by the same table that they are checked with.

use bytes::Bytes;
use xgateway_core::rules::{Document, Kind, Schema, Value};

use super::Ruled;
use super::buffer::WipingBuffer;

/// Writes `request` into memory that is wiped when the last handle on it goes.
pub(crate) fn write<T: Ruled>(request: &T) -> Bytes {
    let mut buffer = WipingBuffer::default();
    object(&mut buffer, T::SCHEMA, request);
    buffer.into_bytes()
}

/// The same of what was read by a table and passed its rules, and so is an object.
pub(super) fn node(schema: &Schema, node: Value<'_>) -> Bytes {
    let mut buffer = WipingBuffer::default();
    if let Value::Object(document) = node {
        object(&mut buffer, schema, document);
    }
    buffer.into_bytes()
}

/// Generic, so that a typed request gives its fields without a call each.
fn object<D: Document + ?Sized>(buffer: &mut WipingBuffer, schema: &Schema, document: &D) {
    let mut before = b'{';
    for (index, field) in schema.fields.iter().enumerate() {
        let found = document.value(index, field);
        if matches!(found, Value::Missing) {
            continue;
        }
        // The names are ours, and none needs to be escaped.
        debug_assert!(is_plain(field.name.as_bytes()), "{}", field.name);
        buffer.push(before);
        buffer.push(b'"');
        buffer.extend(field.name.as_bytes());
        buffer.extend(b"\":");
        value(buffer, &field.kind, found);
        before = b',';
    }
    if before == b'{' {
        buffer.push(before);
    }
    buffer.push(b'}');
}

fn value(buffer: &mut WipingBuffer, kind: &Kind, value: Value<'_>) {
    match (value, kind) {
        (Value::Text(found), _) => text(buffer, found),
        (Value::Number(literal), _) => buffer.extend(literal.as_bytes()),
        (Value::Boolean(true), _) => buffer.extend(b"true"),
        (Value::Boolean(false), _) => buffer.extend(b"false"),
        (Value::Object(document), Kind::Object(schema)) => object(buffer, schema, document),
        // No rule admits an array, nor an object where none is declared, and what is missing was left out.
        (Value::Object(_) | Value::Array | Value::Missing | Value::Null, _) => {
            buffer.extend(b"null");
        }
    }
}

fn text(buffer: &mut WipingBuffer, text: &str) {
    buffer.push(b'"');
    if is_plain(text.as_bytes()) {
        buffer.extend(text.as_bytes());
    } else {
        escaped(buffer, text.as_bytes());
    }
    buffer.push(b'"');
}

/// Whether no byte must be escaped, as in nearly every text of a request.
///
/// Eight bytes at a time, which takes a fraction of what one at a time takes.
fn is_plain(bytes: &[u8]) -> bool {
    let Some(last) = bytes.last_chunk() else {
        return !bytes.iter().any(|byte| is_special(*byte));
    };
    let (words, _) = bytes.as_chunks();
    // What is left over by whole words is in the last eight bytes, some of which are looked at twice.
    !words
        .iter()
        .chain([last])
        .any(|word| has_special(u64::from_ne_bytes(*word)))
}

const fn is_special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// Whether one of the eight bytes is [special](is_special).
const fn has_special(word: u64) -> bool {
    const ONES: u64 = u64::MAX / 255;
    // The highest bit of a byte is set by a subtraction that goes below zero, and only there if it was not set before.
    const fn has_less(word: u64, than: u64) -> u64 {
        word.wrapping_sub(ONES * than) & !word
    }
    const fn has_byte(word: u64, byte: u8) -> u64 {
        has_less(word ^ (ONES * byte as u64), 1)
    }
    let found = has_less(word, 0x20) | has_byte(word, b'"') | has_byte(word, b'\\');
    found & (ONES * 0x80) != 0
}

#[cold]
fn escaped(buffer: &mut WipingBuffer, text: &[u8]) {
    for byte in text {
        if is_special(*byte) {
            escape(buffer, *byte);
        } else {
            buffer.push(*byte);
        }
    }
}

fn escape(buffer: &mut WipingBuffer, byte: u8) {
    let short = match byte {
        b'"' => b'"',
        b'\\' => b'\\',
        0x08 => b'b',
        0x0c => b'f',
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        _ => {
            const DIGITS: &[u8; 16] = b"0123456789abcdef";
            buffer.extend(b"\\u00");
            buffer.push(DIGITS[usize::from(byte >> 4)]);
            buffer.push(DIGITS[usize::from(byte & 15)]);
            return;
        }
    };
    buffer.extend(&[b'\\', short]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use xgateway_core::rules::Field;

    use super::*;

    struct Texts<'a>(Option<&'a str>, Option<bool>);

    static INNER: Schema = Schema {
        name: "Inner",
        strict: false,
        fields: &[field("of", &["in", "of"], Kind::Boolean)],
    };

    static OUTER: Schema = Schema {
        name: "Outer",
        strict: false,
        fields: &[
            field("a", &["a"], Kind::Text(&[])),
            field("in", &["in"], Kind::Object(&INNER)),
            field("n", &["n"], Kind::Number(&[])),
        ],
    };

    const fn field(name: &'static str, path: &'static [&'static str], kind: Kind) -> Field {
        Field {
            name,
            path,
            required: false,
            nullable: true,
            kind,
        }
    }

    struct Inner(Option<bool>);

    impl Document for Inner {
        fn value(&self, _: usize, _: &Field) -> Value<'_> {
            self.0.map_or(Value::Missing, Value::Boolean)
        }
    }

    struct Outer<'a>(Texts<'a>, Inner);

    impl Document for Outer<'_> {
        fn value(&self, index: usize, _: &Field) -> Value<'_> {
            match index {
                0 => self.0.0.map_or(Value::Missing, Value::Text),
                1 => Value::Object(&self.1),
                _ => match self.0.1 {
                    Some(true) => Value::Null,
                    Some(false) => Value::Number("1.50"),
                    None => Value::Missing,
                },
            }
        }
    }

    #[track_caller]
    fn check(text: Option<&str>, inner: Option<bool>, number: Option<bool>, want: &str) {
        let outer = Outer(Texts(text, number), Inner(inner));
        assert_eq!(node(&OUTER, Value::Object(&outer)), want);
    }

    #[test]
    fn what_is_missing_is_left_out() {
        check(None, None, None, r#"{"in":{}}"#);
        check(
            Some("x"),
            Some(true),
            Some(true),
            r#"{"a":"x","in":{"of":true},"n":null}"#,
        );
        check(
            None,
            Some(false),
            Some(false),
            r#"{"in":{"of":false},"n":1.50}"#,
        );
    }

    proptest! {
        #[test]
        fn texts_are_written_as_serde_writes_them(text in "\\PC{0,40}|[a-z\"\\\\\\x00-\\x21\\x7f\u{e9}\u{80}\u{ff}]{0,40}|[a-z]{0,20}[\\x00-\\x30][a-z]{0,20}") {
            let mut buffer = WipingBuffer::default();
            super::text(&mut buffer, &text);
            prop_assert_eq!(buffer.into_bytes(), serde_json::to_string(&text).unwrap());
        }
    }

    #[test]
    fn each_byte_in_each_place_of_a_word_is_found() {
        for byte in 0..=255 {
            for at in 0..8 {
                for others in [0x20, 0x21, b'a', 0x7f, 0x80, 0xff] {
                    let mut word = [others; 8];
                    word[at] = byte;
                    assert_eq!(
                        has_special(u64::from_ne_bytes(word)),
                        is_special(byte),
                        "{word:?}"
                    );
                }
            }
        }
    }
}
