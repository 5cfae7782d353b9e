//! Extensions of a part of the document, by their types.

use indexmap::IndexMap;
use serde_json::Value;

use crate::codegen::place::{Place, Refusal};

/// The extensions of one part of the document.
pub(super) struct Extensions<'a> {
    values: &'a IndexMap<String, Value>,
    place: &'a Place,
}

impl<'a> Extensions<'a> {
    pub(super) fn new(values: &'a IndexMap<String, Value>, place: &'a Place) -> Self {
        Self { values, place }
    }

    /// The value of an extension, whatever it is.
    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        self.values.get(name)
    }

    /// Where an extension stands.
    pub(super) fn place(&self, name: &str) -> Place {
        self.place.at(name)
    }

    /// A text.
    pub(super) fn text(&self, name: &str) -> Result<Option<&'a str>, Refusal> {
        self.typed(name, "a text", Value::as_str)
    }

    /// A number of things.
    pub(super) fn count(&self, name: &str) -> Result<Option<u64>, Refusal> {
        self.typed(name, "a whole number", Value::as_u64)
    }

    /// `true`; absent means `false`.
    pub(super) fn flag(&self, name: &str) -> Result<bool, Refusal> {
        self.typed(name, "`true` or `false`", Value::as_bool)
            .map(Option::unwrap_or_default)
    }

    /// A list.
    pub(super) fn list(&self, name: &str) -> Result<&'a [Value], Refusal> {
        self.typed(name, "a list", Value::as_array)
            .map(|list| list.map_or(&[][..], Vec::as_slice))
    }

    /// A map.
    pub(super) fn map(
        &self,
        name: &str,
    ) -> Result<Option<&'a serde_json::Map<String, Value>>, Refusal> {
        self.typed(name, "a map", Value::as_object)
    }

    /// One of some words.
    pub(super) fn word(&self, name: &str, words: &[&str]) -> Result<Option<&'a str>, Refusal> {
        match self.text(name)? {
            Some(word) if !words.contains(&word) => self
                .place(name)
                .refuse(format!("`{word}` is none of {}", words.join(", "))),
            word => Ok(word),
        }
    }

    fn typed<T>(
        &self,
        name: &str,
        what: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, Refusal> {
        match self.get(name) {
            None => Ok(None),
            Some(value) => match read(value) {
                Some(value) => Ok(Some(value)),
                None => self.place(name).refuse(format!("{what} must stand here")),
            },
        }
    }
}
