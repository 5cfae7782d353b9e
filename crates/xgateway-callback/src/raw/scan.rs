//! One pass over the top of the JSON, which borrows what needs no unescaping and builds nothing.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use xgateway_store::Kind;

use super::depth::is_deeper_than;
use super::keys::Keys;
use super::{DEPTH_MAX, KEYS_MAX};
use crate::error::{CallbackError, JsonType};

/// The fields that matter before a callback is confirmed, as they stand in the JSON.
#[derive(Default)]
pub(crate) struct Fields<'a> {
    pub(crate) callback_type: Found<'a>,
    pub(crate) id: Found<'a>,
    pub(crate) customer_id: Found<'a>,
    pub(crate) amount: Found<'a>,
    pub(crate) currency: Found<'a>,
    pub(crate) hash: Found<'a>,
    pub(crate) status: Found<'a>,
}

/// What stands in the place of a field.
#[derive(Clone, Default)]
pub(crate) enum Found<'a> {
    #[default]
    Nothing,
    Text(Cow<'a, str>),
    Other(JsonType),
}

impl<'a> Fields<'a> {
    /// The kind. Old callbacks do not say it and are about transactions (protocol §13, C8).
    ///
    /// `Err` within `Ok` is the name of a kind that this version does not know.
    pub(crate) fn kind(&self) -> Result<Result<Kind, Box<str>>, CallbackError> {
        Ok(match self.callback_type.optional("callbackType")? {
            Some(name) => Kind::parse(name).ok_or_else(|| (&**name).into()),
            None => Ok(Kind::Transaction),
        })
    }

    /// The status that the callback claims, which nothing proves.
    pub(crate) fn claim(&self) -> Option<Cow<'a, str>> {
        match &self.status {
            Found::Text(text) => Some(text.clone()),
            Found::Nothing | Found::Other(_) => None,
        }
    }

    fn slot(&mut self, key: &str) -> Option<&mut Found<'a>> {
        Some(match key {
            "callbackType" => &mut self.callback_type,
            "id" => &mut self.id,
            "customerId" => &mut self.customer_id,
            "amount" => &mut self.amount,
            "currency" => &mut self.currency,
            "hash" => &mut self.hash,
            "status" => &mut self.status,
            _ => return None,
        })
    }
}

impl<'a> Found<'a> {
    fn is_taken(&self) -> bool {
        !matches!(self, Self::Nothing)
    }

    pub(crate) fn is_text(&self) -> bool {
        matches!(self, Self::Text(_))
    }

    /// The text, which must be there.
    pub(crate) fn required(&self, field: &'static str) -> Result<&Cow<'a, str>, CallbackError> {
        self.optional(field)?
            .ok_or(CallbackError::Missing { field })
    }

    /// The text, or `None` where there is nothing or null.
    pub(crate) fn optional(
        &self,
        field: &'static str,
    ) -> Result<Option<&Cow<'a, str>>, CallbackError> {
        match self {
            Self::Nothing | Self::Other(JsonType::Null) => Ok(None),
            Self::Text(text) => Ok(Some(text)),
            Self::Other(found) => Err(CallbackError::NotText {
                field,
                found: *found,
            }),
        }
    }
}

/// Reads the fields of the one JSON object that `body` must be.
pub(crate) fn scan(body: &[u8]) -> Result<Fields<'_>, CallbackError> {
    let text = str::from_utf8(body).map_err(|_| CallbackError::NotUtf8)?;
    if is_deeper_than(DEPTH_MAX, body) {
        return Err(CallbackError::TooDeep);
    }
    let start = text.trim_ascii_start();
    if !start.is_empty() && !start.starts_with('{') {
        return Err(CallbackError::NotAnObject);
    }
    let mut json = serde_json::Deserializer::from_str(text);
    let malformed = |error: serde_json::Error| CallbackError::Malformed {
        line: error.line(),
        column: error.column(),
    };
    let mut scan = Scan::default();
    json.deserialize_map(&mut scan).map_err(malformed)?;
    json.end().map_err(|_| CallbackError::TrailingData)?;
    scan.breach.map_or(Ok(scan.fields), Err)
}

/// What a pass over the object has found so far.
#[derive(Default)]
struct Scan<'a> {
    fields: Fields<'a>,
    /// The first breach of our rules. It is no error of the parser, which would make text of it.
    breach: Option<CallbackError>,
}

impl<'de> Visitor<'de> for &mut Scan<'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let (mut count, mut others) = (0, Keys::new());
        while let Some(Key(key)) = map.next_key()? {
            count += 1;
            // The rest is parsed after a breach, too: what is no JSON is called malformed.
            if let Some(slot) = self.fields.slot(&key) {
                if slot.is_taken() {
                    self.breach.get_or_insert(CallbackError::DuplicateKey);
                }
                *slot = map.next_value()?;
            } else {
                map.next_value::<IgnoredAny>()?;
                if let Err(breach) = others.add(key, count) {
                    self.breach.get_or_insert_with(|| breach.into());
                }
            }
        }
        if count > KEYS_MAX {
            self.breach.get_or_insert(CallbackError::TooManyKeys);
        }
        Ok(())
    }
}

/// A key, borrowed unless it holds escapes.
struct Key<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;

        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            #[inline]
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }

        deserializer.deserialize_str(KeyVisitor)
    }
}

impl<'de> Deserialize<'de> for Found<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FoundVisitor)
    }
}

struct FoundVisitor;

impl<'de> Visitor<'de> for FoundVisitor {
    type Value = Found<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Found::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Found::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Found::Other(JsonType::Null))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Found::Other(JsonType::Boolean))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Found::Other(JsonType::Number))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Found::Other(JsonType::Number))
    }

    #[expect(clippy::disallowed_types, reason = "the number is seen and not used")]
    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Found::Other(JsonType::Number))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Found::Other(JsonType::Array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Found::Other(JsonType::Object))
    }
}
