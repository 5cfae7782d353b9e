//! Requests as JSON text, by the same table that they are checked with.

use bytes::Bytes;
use xgateway_core::rules::{Document, Kind, Schema, Value};

use super::Ruled;
use super::buffer::WipingBuffer;
use super::special::first_special;

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
        debug_assert!(!field.name.contains(['"', '\\']), "{}", field.name);
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
    // So are nearly all of them, and this looks at eight bytes at a time.
    if first_special(text.as_bytes()).is_none() {
        buffer.push(b'"');
        buffer.extend(text.as_bytes());
        buffer.push(b'"');
        return;
    }
    serde_json::to_writer(buffer, text).expect("memory can be written");
}

#[cfg(test)]
mod tests {
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
}
