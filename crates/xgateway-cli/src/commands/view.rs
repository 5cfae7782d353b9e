//! What the gateway answered, for people or for programs.

use serde::Serialize;
use serde_json::{Map, Value};
use xgateway::callback::unrecognized_status;
use xgateway::store::EventKey;

use crate::console::Console;
use crate::failure::Failure;
use crate::style::STRONG;

/// Shows an answer: `{"ok":true,"invoice":{...}}`, or a field a line.
pub(super) fn show(
    name: &'static str,
    answer: &impl Serialize,
    console: &mut Console,
) -> Result<(), Failure> {
    show_as(true, name, answer, console)
}

/// The same of an answer that is not what was waited for, which `ok` then says.
pub(super) fn show_as(
    is_good: bool,
    name: &'static str,
    answer: &impl Serialize,
    console: &mut Console,
) -> Result<(), Failure> {
    let mut value =
        serde_json::to_value(answer).expect("answers have text keys and hold no failing values");
    if let Value::Object(fields) = &mut value {
        // Whoever has the hash can make a callback with another status that verifies.
        fields.remove("hash");
        // Null is an answer only where the gateway says so: a customer without a profile has no status.
        fields.retain(|field, value| !value.is_null() || (name == "kyc" && field == "status"));
    }
    if console.is_json() {
        let mut document = Map::new();
        document.insert("ok".to_owned(), Value::Bool(is_good));
        document.insert(name.to_owned(), value);
        return console.document(&document);
    }
    let mut lines = Vec::new();
    flatten("", &value, &mut lines);
    let width = lines.iter().map(|(key, _)| key.len()).max().unwrap_or(0);
    for (key, text) in lines {
        console.line(format_args!("{STRONG}{key:<width$}{STRONG:#} {text}"))?;
    }
    Ok(())
}

fn flatten(path: &str, value: &Value, lines: &mut Vec<(String, String)>) {
    let below = |key: &str| {
        if path.is_empty() {
            key.to_owned()
        } else {
            format!("{path}.{key}")
        }
    };
    match value {
        Value::Null => {}
        Value::Bool(value) => lines.push((path.to_owned(), value.to_string())),
        Value::Number(value) => lines.push((path.to_owned(), value.to_string())),
        Value::String(value) => lines.push((path.to_owned(), printable(value))),
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                flatten(&below(&index.to_string()), value, lines);
            }
        }
        Value::Object(fields) => {
            for (key, value) in fields {
                flatten(&below(key), value, lines);
            }
        }
    }
}

/// What a callback is about, and the status that it claims: of a kind that nobody here knows, neither is what the
/// inbox keeps it as.
pub(super) fn kind_and_claim(key: &EventKey) -> (&'static str, &str) {
    match unrecognized_status(key) {
        Some(status) => ("unrecognized", status),
        None => (key.kind().as_str(), key.status()),
    }
}

/// Without control characters, which could steer a terminal.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .map(|char| if char.is_control() { '\u{fffd}' } else { char })
        .collect()
}
