//! What nothing depends on in an answer: where it cannot be read, it is not there.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{
    DeserializeOwned, Error, IgnoredAny, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};

/// A text, a flag or a number of a JSON document; `None` for anything else.
///
/// A whole number is read as the text that it is where a text is expected, and the other way round.
pub(crate) fn scalar<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: DeserializeOwned,
    D: Deserializer<'de>,
{
    read(deserializer, Kind::Scalar)
}

/// A text, or a whole number as text; `None` for null alone. Anything else is refused: something depends on whether it is there.
pub(crate) fn or_refused<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: DeserializeOwned,
    D: Deserializer<'de>,
{
    deserializer.deserialize_any(Refusing(PhantomData))
}

/// An object of which every property is such a one itself; `None` for anything else.
pub(crate) fn object<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: DeserializeOwned,
    D: Deserializer<'de>,
{
    read(deserializer, Kind::Object)
}

/// A list whose items can be anything; `None` for anything else.
pub(crate) fn list<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: DeserializeOwned,
    D: Deserializer<'de>,
{
    read(deserializer, Kind::List)
}

fn read<'de, T, D>(deserializer: D, kind: Kind) -> Result<Option<T>, D::Error>
where
    T: DeserializeOwned,
    D: Deserializer<'de>,
{
    deserializer.deserialize_any(Reader {
        kind,
        value: PhantomData,
    })
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Kind {
    Scalar,
    Object,
    List,
}

struct Reader<T> {
    kind: Kind,
    value: PhantomData<T>,
}

impl<T: DeserializeOwned> Reader<T> {
    /// What comes of a value that stands by itself.
    fn scalar<'de, V>(self, value: V) -> Option<T>
    where
        V: IntoDeserializer<'de, serde::de::value::Error>,
    {
        (self.kind == Kind::Scalar)
            .then(|| T::deserialize(value.into_deserializer()).ok())
            .flatten()
    }

    fn whole<'de, V>(self, number: V) -> Option<T>
    where
        V: IntoDeserializer<'de, serde::de::value::Error> + Copy + fmt::Display,
    {
        let text = self.again();
        self.scalar(number)
            .or_else(|| text.scalar(number.to_string().as_str()))
    }

    fn again(&self) -> Self {
        Self {
            kind: self.kind,
            value: PhantomData,
        }
    }
}

impl<'de, T: DeserializeOwned> Visitor<'de> for Reader<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Option<T>, E> {
        let number = self.again();
        let number = || number.scalar(text.parse::<i64>().ok()?);
        Ok(self.scalar(text).or_else(number))
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Option<T>, E> {
        Ok(self.scalar(flag))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Option<T>, E> {
        Ok(self.whole(number))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Option<T>, E> {
        Ok(self.whole(number))
    }

    /// What was written is lost: nothing exact can be made of a float.
    #[expect(
        clippy::disallowed_types,
        reason = "it is thrown away, and nothing is made of it"
    )]
    fn visit_f64<E: Error>(self, _: f64) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_none<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<T>, A::Error> {
        if self.kind == Kind::Object {
            return T::deserialize(MapAccessDeserializer::new(map)).map(Some);
        }
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Option<T>, A::Error> {
        if self.kind == Kind::List {
            return T::deserialize(SeqAccessDeserializer::new(list)).map(Some);
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

struct Refusing<T>(PhantomData<T>);

impl<T: DeserializeOwned> Refusing<T> {
    fn text<E: Error>(text: &str) -> Result<Option<T>, E> {
        T::deserialize(IntoDeserializer::<E>::into_deserializer(text)).map(Some)
    }
}

impl<'de, T: DeserializeOwned> Visitor<'de> for Refusing<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or null")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Option<T>, E> {
        Self::text(text)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Option<T>, E> {
        Self::text(&number.to_string())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Option<T>, E> {
        Self::text(&number.to_string())
    }

    fn visit_unit<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_none<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_any(self)
    }
}
