//! A fault as an object of JSON, each of whose mistakes is told with the name of its field.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::words::{Act, At};
use super::{FaultError, LatencyShape, Written, wrong};

impl Written {
    pub(in crate::faults) fn from_value(value: Value) -> Result<Self, FaultError> {
        let Value::Object(map) = value else {
            let problem = r#"is an object such as {"at":"after_commit","do":"reset","times":1}"#;
            return Err(wrong("fault", problem));
        };
        Self::from_map(map)
    }

    pub(super) fn from_map(map: Map<String, Value>) -> Result<Self, FaultError> {
        for field in ["at", "do"] {
            if !map.contains_key(field) {
                return Err(wrong(field, "is missing"));
            }
        }
        for (name, value) in map.iter().filter(|(_, value)| !value.is_null()) {
            match name.as_str() {
                "at" => check_word::<At>(name, value)?,
                "do" => check_word::<Act>(name, value)?,
                "distribution" => check_word::<LatencyShape>(name, value)?,
                "operation" | "order" if !value.is_string() => {
                    return Err(wrong(name, "is a text"));
                }
                "occurrences"
                    if !value
                        .as_array()
                        .is_some_and(|list| list.iter().all(is_count)) =>
                {
                    return Err(wrong(name, "is a list of whole numbers such as [1, 3]"));
                }
                "status" | "retryAfter" | "delayMs" | "delayMaxMs" | "delaySeconds" | "skip"
                | "times" | "percent" | "seconds"
                    if !is_count(value) =>
                {
                    return Err(wrong(name, format!("`{value}` is no whole number")));
                }
                _ => {}
            }
        }
        serde_json::from_value(map.into()).map_err(|error| wrong("fault", error.to_string()))
    }
}

fn is_count(value: &Value) -> bool {
    value
        .as_u64()
        .is_some_and(|number| u32::try_from(number).is_ok())
}

/// Whether a field is one of the words that it may be.
fn check_word<'a, T: Deserialize<'a>>(field: &str, value: &'a Value) -> Result<(), FaultError> {
    let problem = |error: serde_json::Error| {
        let text = error.to_string();
        wrong(field, text.replace("unknown variant", "there is no"))
    };
    T::deserialize(value).map(drop).map_err(problem)
}
