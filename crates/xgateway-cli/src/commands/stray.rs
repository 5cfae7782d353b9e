//! Fields of a request that the gateway's rules say nothing about, although something else was meant: names that it does not
//! know, and fields that stand twice.

use std::fmt;

use serde::de::{Deserializer as _, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::Deserializer;
use serde_json::value::RawValue;
use xgateway::core::rules::{Field, Kind, Schema};
use xgateway::core::secret::scrub;

use crate::console::Console;
use crate::style::WARNING;

/// Warns of the stray fields of a request. What is no JSON has none: the rules tell.
pub(super) fn warn(schema: &'static Schema, text: &str, console: &mut Console) {
    let mut found = Vec::new();
    let mut reader = Deserializer::from_str(text);
    let object = Object {
        schema,
        path: "",
        found: &mut found,
    };
    if reader.deserialize_any(object).is_err() {
        return;
    }
    for what in found {
        console.note(format_args!("{WARNING}warning{WARNING:#}: {what}"));
    }
}

/// Looks for them in an object, whose path ends with a dot unless it is the root.
struct Object<'a> {
    schema: &'static Schema,
    path: &'a str,
    found: &'a mut Vec<String>,
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        let mut seen: Vec<&Field> = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            let declared = self.schema.fields.iter().find(|field| field.name == key);
            let Some(field) = declared else {
                map.next_value::<IgnoredAny>()?;
                // Where they break the rules, those tell.
                if !self.schema.strict {
                    let name = format!("{}{}", self.path, printable(&key));
                    let what = format!("the gateway knows no field `{name}`, and ignores it");
                    if !self.found.contains(&what) {
                        self.found.push(what);
                    }
                }
                continue;
            };
            let path = format!("{}{}", self.path, field.name);
            if seen.iter().filter(|it| it.name == field.name).count() == 1 {
                self.found
                    .push(format!("`{path}` stands twice: the last one counts"));
            }
            seen.push(field);
            let raw = map.next_value::<&'de RawValue>()?.get();
            if let Kind::Object(schema) = &field.kind
                && raw.starts_with('{')
            {
                let below = Object {
                    schema,
                    path: &format!("{path}."),
                    found: self.found,
                };
                let mut reader = Deserializer::from_str(raw);
                reader.deserialize_any(below).map_err(M::Error::custom)?;
            }
        }
        Ok(())
    }
}

/// A name that may be shown: whatever else stands in its place may be a value, and a secret.
fn printable(name: &str) -> &str {
    const BYTES_MAX: usize = 40;

    let is_name = name.len() <= BYTES_MAX
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_name && scrub(name) == name {
        name
    } else {
        "**"
    }
}
