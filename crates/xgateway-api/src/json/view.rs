//! A request that is read where its text stands.

use std::borrow::Cow;
use std::fmt;

use xgateway_core::rules::{Document, Field, Kind, Schema, Value};

use super::node::ObjectNode;

/// A request that has passed its rules, with its values where they stand in the text.
///
/// Nothing was copied but what is written with escapes; that is wiped when the view goes.
pub struct View<'a> {
    pub(super) schema: &'static Schema,
    pub(super) root: ObjectNode<'a>,
    pub(super) is_plain: bool,
}

impl View<'_> {
    /// The rules that it has passed.
    pub fn schema(&self) -> &'static Schema {
        self.schema
    }

    /// Whether the text holds nothing but declared keys, each once, and what [`Document::value`] tells of them, as it
    /// is written there.
    pub fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// The text at a path of names; `None` if there is none.
    pub fn text(&self, path: &[&str]) -> Option<&str> {
        let Value::Text(text) = find(self.schema, self, path)? else {
            return None;
        };
        Some(text)
    }

    /// The number at a path of names, as its JSON literal; `None` if there is none.
    pub fn number(&self, path: &[&str]) -> Option<&str> {
        let Value::Number(text) = find(self.schema, self, path)? else {
            return None;
        };
        Some(text)
    }
}

fn find<'a>(
    schema: &'static Schema,
    document: &'a dyn Document,
    path: &[&str],
) -> Option<Value<'a>> {
    let (name, rest) = path.split_first()?;
    let index = schema.fields.iter().position(|field| field.name == *name);
    debug_assert!(index.is_some(), "{} has no {name}", schema.name);
    let field = &schema.fields[index?];
    match (document.value(index?, field), &field.kind) {
        (Value::Object(inner), Kind::Object(schema)) if !rest.is_empty() => {
            find(schema, inner, rest)
        }
        (value, _) => Some(value),
    }
}

impl Document for View<'_> {
    fn value(&self, index: usize, field: &Field) -> Value<'_> {
        self.root.value(index, field)
    }

    fn unknown_keys(&self, schema: &Schema) -> Vec<Cow<'_, str>> {
        self.root.unknown_keys(schema)
    }
}

/// The name of the rules only: values may be card numbers.
impl fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("View")
            .field("schema", &self.schema.name)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use crate::json;
    use crate::rules::CHANNEL_REQUEST;

    #[test]
    fn it_tells_what_stands_there_and_prints_nothing_of_it() {
        let text = br#"{"currency":"ETH","customerId":"\u0043ANARY"}"#;
        let view = json::view(&CHANNEL_REQUEST, text).unwrap();
        assert_eq!(view.text(&["customerId"]), Some("CANARY"));
        assert_eq!(view.number(&["customerId"]), None);
        assert!(!view.is_plain());
        let shown = format!("{view:?} {view:#?}");
        assert!(
            !shown.contains("CANARY") && !shown.contains("ETH"),
            "{shown}"
        );
        let error = json::view(&CHANNEL_REQUEST, br#"{"customerId":"CANARY"}"#).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("CANARY"));
    }
}
