//! How single fields are read.

use serde::de::{Deserialize, Deserializer, Error as _};
use serde_json::value::RawValue;
use xgateway_core::money::JsonNumber;

/// Reads a number with its text kept.
pub(crate) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<JsonNumber, D::Error> {
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    JsonNumber::parse(raw.get()).map_err(D::Error::custom)
}

/// Reads an optional field that is there, so that `null` is refused: absent and `null` are two things.
pub(crate) fn present<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}
