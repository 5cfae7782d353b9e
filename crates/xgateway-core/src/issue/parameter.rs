use std::fmt;

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde::{Deserialize, Deserializer};

use super::Size;
use crate::secret::scrub;

/// A parameter of an issue of the gateway's, of a kind that has no type of its own here: any JSON.
///
/// It may repeat what was sent, so `Debug` prints nothing of it. What could be a card number is scrubbed.
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub enum Parameter {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number.
    Number(Size),
    /// A text.
    Text(Box<str>),
    /// A list.
    List(Vec<Parameter>),
    /// An object, with its keys in the order in which they came.
    Object(Vec<(Box<str>, Parameter)>),
}

impl Parameter {
    fn text(text: &str) -> Self {
        Self::Text(scrub(text).into())
    }

    fn number(text: String) -> Self {
        // A number, too, can be that of a card.
        if scrub(&text) == text {
            Self::Number(Size::Text(text.into()))
        } else {
            Self::text(&text)
        }
    }
}

impl fmt::Debug for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Parameter(**)")
    }
}

impl Serialize for Parameter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => number.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Object(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Parameter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Parameter;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Parameter, E> {
        Ok(Parameter::Null)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Parameter, E> {
        Ok(Parameter::Flag(flag))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Parameter, E> {
        Ok(Parameter::number(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Parameter, E> {
        Ok(Parameter::number(number.to_string()))
    }

    #[expect(
        clippy::disallowed_types,
        reason = "a limit that is shown: the shortest text that reads back is the text itself"
    )]
    fn visit_f64<E: Error>(self, number: f64) -> Result<Parameter, E> {
        Ok(Parameter::number(number.to_string()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Parameter, E> {
        Ok(Parameter::text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Parameter, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Parameter::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Parameter, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, value)) = map.next_entry::<String, _>()? {
            entries.push((scrub(&key).into(), value));
        }
        Ok(Parameter::Object(entries))
    }
}
