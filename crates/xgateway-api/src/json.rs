//! JSON text to a checked request, and a request to JSON text.
//!
//! Reading tries the short way first: the text straight into the typed request, then the rules over that. Whatever
//! does not fit the types takes the long way, a walk over the text itself, which finds every issue. Both give the same
//! result; the tests hold them against each other.

mod buffer;
mod fields;
mod node;
mod write;

pub(crate) use fields::{number, present};
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

/// Checks JSON text against a rule table, without a type.
///
/// # Errors
///
/// As [`read`].
pub fn check(schema: &'static Schema, text: &[u8]) -> Result<(), ReadError> {
    parse(schema, text).map(drop)
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
            Self::Text(text) => Value::Text(text),
            Self::Array => Value::Array,
            Self::Object(object) => Value::Object(object),
        }
    }
}
