use std::fmt;

use crate::raw::{BODY_BYTES_MAX, DEPTH_MAX, KEYS_MAX};

/// Why bytes are no authentic callback.
///
/// Nothing of what was received is repeated here, so that it can be logged and answered as it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CallbackError {
    /// More than [`BODY_BYTES_MAX`] bytes.
    #[error("a callback has at most {BODY_BYTES_MAX} bytes")]
    TooLarge,
    /// Not UTF-8, which JSON is.
    #[error("the text is not UTF-8")]
    NotUtf8,
    /// Arrays and objects nested more than [`DEPTH_MAX`] deep.
    #[error("the JSON is nested more than {DEPTH_MAX} deep")]
    TooDeep,
    /// Not JSON.
    #[error("malformed JSON at line {line}, column {column}")]
    Malformed {
        /// The line, counted from 1.
        line: usize,
        /// The column, counted from 1; 0 before the first character.
        column: usize,
    },
    /// JSON, and not an object.
    #[error("the JSON is no object")]
    NotAnObject,
    /// Something after the object.
    #[error("something follows the JSON object")]
    TrailingData,
    /// A key twice in the object: two readers could see two different values.
    #[error("a key occurs twice")]
    DuplicateKey,
    /// More than [`KEYS_MAX`] keys in the object.
    #[error("the JSON object has more than {KEYS_MAX} keys")]
    TooManyKeys,
    /// A field that the hash covers, or the hash, is not there.
    #[error("the field {field} is missing")]
    Missing {
        /// The field.
        field: &'static str,
    },
    /// A field that the hash covers is no string: how would its text be hashed?
    #[error("the field {field} is {found}, not a string")]
    NotText {
        /// The field.
        field: &'static str,
        /// What it is.
        found: JsonType,
    },
    /// A text for which the hash could also stand for another callback. See [`accept`](crate::accept).
    #[error("the text of the field {field} would make the hash ambiguous")]
    Ambiguous {
        /// The field.
        field: &'static str,
    },
    /// The hash is not 88 characters of base64.
    #[error("the hash is not 88 characters of base64")]
    HashForm,
    /// No key of the ring gives this hash. [`explain`](crate::explain) may tell why.
    #[error("the hash matches no key")]
    NotAuthentic,
}

impl CallbackError {
    /// A word for logs and counters.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::NotUtf8 => "not_utf8",
            Self::TooDeep => "too_deep",
            Self::Malformed { .. } => "malformed",
            Self::NotAnObject => "not_an_object",
            Self::TrailingData => "trailing_data",
            Self::DuplicateKey => "duplicate_key",
            Self::TooManyKeys => "too_many_keys",
            Self::Missing { .. } => "missing",
            Self::NotText { .. } => "not_text",
            Self::Ambiguous { .. } => "ambiguous",
            Self::HashForm => "hash_form",
            Self::NotAuthentic => "not_authentic",
        }
    }
}

/// A type of JSON.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum JsonType {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl fmt::Display for JsonType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        })
    }
}
