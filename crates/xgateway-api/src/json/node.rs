use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use xgateway_core::rules::{Document, Field, Kind, Schema, Value};
use zeroize::Zeroizing;

/// A JSON value as far as a rule table looks into it.
pub(crate) enum Node<'a> {
    Null,
    Boolean(bool),
    Number(&'a str),
    /// A text as it stands in the document, which writes it without escapes.
    Plain(&'a str),
    Text(Zeroizing<String>),
    Array,
    Object(ObjectNode<'a>),
}

/// An object: the values of the declared fields, and the names of the others.
pub(crate) struct ObjectNode<'a> {
    pub(super) values: Vec<Option<Node<'a>>>,
    unknown: Vec<String>,
}

impl ObjectNode<'_> {
    /// One in which no key stands yet.
    pub(super) fn empty(schema: &'static Schema) -> Self {
        Self {
            values: schema.fields.iter().map(|_| None).collect(),
            unknown: Vec::new(),
        }
    }
}

impl<'a> Node<'a> {
    /// Reads a value that must be an object with this table; any other value is kept as what it is.
    pub(super) fn object(
        schema: &'static Schema,
        raw: &'a RawValue,
    ) -> Result<Self, serde_json::Error> {
        Self::read(Some(schema), raw)
    }

    fn read(schema: Option<&'static Schema>, raw: &'a RawValue) -> Result<Self, serde_json::Error> {
        let text = raw.get();
        Ok(match text.as_bytes().first() {
            Some(b'n') => Self::Null,
            Some(b't') => Self::Boolean(true),
            Some(b'f') => Self::Boolean(false),
            Some(b'"') if !text.contains('\\') => Self::Plain(&text[1..text.len() - 1]),
            Some(b'"') => Self::Text(Zeroizing::new(serde_json::from_str(text)?)),
            Some(b'[') => Self::Array,
            Some(b'{') => {
                let empty: &'static Schema = &Schema {
                    name: "",
                    strict: false,
                    fields: &[],
                };
                let mut reader = serde_json::Deserializer::from_str(text);
                Self::Object(ObjectSeed(schema.unwrap_or(empty)).deserialize(&mut reader)?)
            }
            _ => Self::Number(text),
        })
    }
}

impl Document for ObjectNode<'_> {
    fn value(&self, index: usize, _field: &Field) -> Value<'_> {
        match self.values.get(index) {
            Some(Some(node)) => node.value(),
            _ => Value::Missing,
        }
    }

    fn unknown_keys(&self, _schema: &Schema) -> Vec<Cow<'_, str>> {
        self.unknown
            .iter()
            .map(|key| Cow::Borrowed(key.as_str()))
            .collect()
    }
}

struct ObjectSeed(&'static Schema);

impl<'de> DeserializeSeed<'de> for ObjectSeed {
    type Value = ObjectNode<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ObjectSeed {
    type Value = ObjectNode<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut object = ObjectNode::empty(self.0);
        while let Some(key) = map.next_key::<String>()? {
            let declared = self.0.fields.iter().position(|field| field.name == key);
            let Some(index) = declared else {
                if !object.unknown.contains(&key) {
                    object.unknown.push(key);
                }
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let raw = map.next_value::<&'de RawValue>()?;
            let schema = match &self.0.fields[index].kind {
                Kind::Object(schema) => Some(*schema),
                Kind::Text(_) | Kind::Number(_) | Kind::Enum(_) | Kind::Boolean => None,
            };
            // A key that stands twice: the last one counts, as in JavaScript.
            let node = Node::read(schema, raw).map_err(serde::de::Error::custom)?;
            object.values[index] = Some(node);
        }
        Ok(object)
    }
}
