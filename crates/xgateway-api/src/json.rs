//! JSON text to a checked request, and a request to JSON text.
//!
//! Reading tries the short way first: the text straight into the typed request, then the rules over that. Whatever
//! does not fit the types takes the long way, a walk over the text itself, which finds every issue. Both give the same
//! result; the tests hold them against each other.

mod buffer;
mod fields;
mod node;
mod plain;
mod special;
mod view;
mod write;

pub(crate) use buffer::WipingBuffer;
pub(crate) use fields::{number, present};
pub use view::View;
pub(crate) use write::write;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use xgateway_core::issue::Issues;
use xgateway_core::rules::{Document, Schema, Value};

use node::Node;

/// A request whose body has a rule table.
pub trait Ruled: Document {
    /// The rules.
    const SCHEMA: &'static Schema;

    /// Checks the typed request.
    ///
    /// # Errors
    ///
    /// All issues at once, in the gateway's order.
    fn check_rules(&self) -> Result<(), Issues>
    where
        Self: Sized,
    {
        Self::SCHEMA.check(self)
    }
}

/// Why a text is no valid request.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// It is not JSON.
    #[error("malformed JSON at line {line}, column {column}")]
    Malformed {
        /// The line, counted from 1.
        line: usize,
        /// The column, counted from 1; 0 before the first character.
        column: usize,
    },
    /// It is JSON and breaks rules.
    #[error("{0}")]
    Invalid(Issues),
}

/// Reads a request from JSON text and checks it.
///
/// # Errors
///
/// [`ReadError::Malformed`] if it is not JSON, [`ReadError::Invalid`] with all issues if it breaks rules.
pub fn read<T: Ruled + DeserializeOwned>(text: &[u8]) -> Result<T, ReadError> {
    // A typed reader takes an array for an object, in the order of the fields; the gateway does not. No request has an
    // array, so what holds a bracket is looked at more closely.
    if text.contains(&b'[') {
        return read_the_long_way(text);
    }
    // Checked as a whole, UTF-8 takes a fraction of what it takes text by text.
    let request = match str::from_utf8(text) {
        Ok(text) => serde_json::from_str::<T>(text),
        Err(_) => serde_json::from_slice::<T>(text),
    };
    let Ok(request) = request else {
        return read_the_long_way(text);
    };
    request.check_rules().map_err(ReadError::Invalid)?;
    Ok(request)
}

/// Reads a request from JSON text and checks it, as [`read`] does, and leaves its values where they stand.
///
/// ```
/// use xgateway_api::{json, rules};
///
/// let text = br#"{"currency":"ETH","customerId":"c-1"}"#;
/// let request = json::view(&rules::CHANNEL_REQUEST, text)?;
/// assert_eq!(request.text(&["customerId"]), Some("c-1"));
/// # Ok::<(), json::ReadError>(())
/// ```
///
/// # Errors
///
/// As [`read`].
pub fn view<'a>(schema: &'static Schema, text: &'a [u8]) -> Result<View<'a>, ReadError> {
    let plain = str::from_utf8(text).ok();
    let plain = plain.and_then(|text| plain::read(schema, text));
    let is_plain = plain.is_some();
    let root = match plain {
        Some(root) => {
            schema.check(&root).map_err(ReadError::Invalid)?;
            root
        }
        // One that is no object breaks the rules.
        None => match parse(schema, text)? {
            Node::Object(root) => root,
            Node::Null
            | Node::Boolean(_)
            | Node::Number(_)
            | Node::Plain(_)
            | Node::Text(_)
            | Node::Array => unreachable!("what is no object has broken the rules"),
        },
    };
    Ok(View {
        schema,
        root,
        is_plain,
    })
}

/// Checks JSON text against a rule table, without a type.
///
/// # Errors
///
/// As [`read`].
pub fn check(schema: &'static Schema, text: &[u8]) -> Result<(), ReadError> {
    view(schema, text).map(drop)
}

fn read_the_long_way<T: Ruled + DeserializeOwned>(text: &[u8]) -> Result<T, ReadError> {
    let node = parse(T::SCHEMA, text)?;
    // The rules hold although the types did not fit: a key stood twice, and the last one counts.
    let clean = write::node(T::SCHEMA, node.value());
    serde_json::from_slice(&clean).map_err(|error| malformed(&error))
}

fn parse<'a>(schema: &'static Schema, text: &'a [u8]) -> Result<Node<'a>, ReadError> {
    let raw: &RawValue = serde_json::from_slice(text).map_err(|error| malformed(&error))?;
    let node = Node::object(schema, raw).map_err(|error| malformed(&error))?;
    schema
        .check_root(node.value())
        .map_err(ReadError::Invalid)?;
    Ok(node)
}

fn malformed(error: &serde_json::Error) -> ReadError {
    // Only where, never what: the text may hold a card number.
    ReadError::Malformed {
        line: error.line(),
        column: error.column(),
    }
}

impl Node<'_> {
    fn value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Boolean(value) => Value::Boolean(*value),
            Self::Number(text) => Value::Number(text),
            Self::Plain(text) => Value::Text(text),
            Self::Text(text) => Value::Text(text),
            Self::Array => Value::Array,
            Self::Object(object) => Value::Object(object),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rules::GATEWAY8_REQUEST;

    const DEPOSIT: &str = r#"{"amount": 10.50, "accountId":"a","baseCurrency":"EUR", "card" : {"cardNumber":
        "4000 0000 0000 0002","expiryYear":"2028"} ,"orderId":null, "billingAddress":{},"customerId":"ie"}"#;

    /// All that a document tells of itself.
    fn told(schema: &Schema, document: &dyn Document, all: &mut String) {
        use std::fmt::Write as _;
        for (index, field) in schema.fields.iter().enumerate() {
            let value = document.value(index, field);
            let _ = match (value, &field.kind) {
                (Value::Text(text) | Value::Number(text), _) => {
                    write!(all, "{} {value:?} {text};", field.name)
                }
                (Value::Boolean(word), _) => write!(all, "{} {word};", field.name),
                (Value::Object(inner), xgateway_core::rules::Kind::Object(schema)) => {
                    told(schema, inner, all);
                    write!(all, "{} end;", field.name)
                }
                _ => write!(all, "{} {value:?};", field.name),
            };
        }
    }

    /// Whether the quick way took it. If it did, the long way says the same.
    fn is_plain(text: &str) -> bool {
        let Some(quick) = plain::read(&GATEWAY8_REQUEST, text) else {
            return false;
        };
        let raw: &RawValue = serde_json::from_str(text).expect("the quick way takes JSON only");
        let long = Node::object(&GATEWAY8_REQUEST, raw).unwrap();
        let Node::Object(long) = long else {
            panic!("the quick way takes objects only");
        };
        let (mut one, mut other) = (String::new(), String::new());
        told(&GATEWAY8_REQUEST, &quick, &mut one);
        told(&GATEWAY8_REQUEST, &long, &mut other);
        assert_eq!(one, other);
        assert!(long.unknown_keys(&GATEWAY8_REQUEST).is_empty());
        true
    }

    #[test]
    fn the_quick_way_takes_what_is_plain() {
        for text in [
            DEPOSIT,
            &DEPOSIT.replace("ie", "ï€"),
            "{}",
            " {\t\r\n} ",
            r#"{"amount":-0.10e+2}"#,
            r#"{"amount":true,"orderId":false,"card":1}"#,
        ] {
            assert!(is_plain(text), "{text}");
        }
        for text in [
            &DEPOSIT.replace("ie", r"\u00ef"),
            "",
            "[]",
            r#"{"amount":1"#,
            r#"{"amount":1} x"#,
            r#"{"amount":01}"#,
            r#"{"amount":1.}"#,
            r#"{"amount":1e}"#,
            r#"{"amount":+1}"#,
            r#"{"amount":1,}"#,
            r#"{"amount":1 "orderId":"a"}"#,
            r#"{"amount":1,"amount":2}"#,
            r#"{"other":1}"#,
            r#"{"orderId":{}}"#,
            r#"{"orderId":["a"]}"#,
            r#"{"orderId":nul}"#,
            "{\"orderId\":\"a\nb\"}",
        ] {
            assert!(!is_plain(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_the_quick_way_takes_the_long_way_reads_alike(
            at in 0..DEPOSIT.len(), length in 0..4_usize, instead in "[{}\\[\\]\"\\\\:, \n0-9a-z.eE+-]{0,3}",
        ) {
            let mut text = DEPOSIT.to_owned();
            let end = (at + length).min(text.len());
            text.replace_range(at.min(end)..end, &instead);
            is_plain(&text);
        }
    }
}
