use std::fmt::Write as _;

use serde_json::Value;
use similar::{ChangeTag, TextDiff};

/// Lines that differ between two JSON documents, with the lines around them.
///
/// Without `show_values` a leaf shows its type only, so that the report of a
/// failed test does not carry a card number into a build log.
pub(super) fn json(expected: &Value, got: &Value, show_values: bool) -> String {
    let mut left = String::new();
    let mut right = String::new();
    write_json(&mut left, expected, &mut |leaf, _| {
        render(leaf, None, show_values)
    });
    write_json(&mut right, got, &mut |leaf, pointer| {
        render(leaf, expected.pointer(pointer), show_values)
    });
    lines(&left, &right)
}

/// Lines that differ between two texts.
pub(super) fn lines(expected: &str, got: &str) -> String {
    let mut out = String::new();
    for change in TextDiff::from_lines(expected, got).iter_all_changes() {
        let sign = match change.tag() {
            ChangeTag::Equal => ' ',
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
        };
        let _ = writeln!(out, "{sign} {}", change.value().trim_end_matches('\n'));
    }
    out
}

fn render(leaf: &Value, expected: Option<&Value>, show_values: bool) -> String {
    if show_values {
        return leaf.to_string();
    }
    let kind = match leaf {
        Value::Null => return "null".to_owned(),
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let same_kind = |other: &Value| std::mem::discriminant(other) == std::mem::discriminant(leaf);
    match expected {
        Some(other) if other != leaf && same_kind(other) => format!("<another {kind}>"),
        Some(_) | None => format!("<{kind}>"),
    }
}

/// Prints one value per line, keys sorted, leaves as `leaf` wants them.
fn write_json(out: &mut String, value: &Value, leaf: &mut dyn FnMut(&Value, &str) -> String) {
    write_value(out, value, &mut String::new(), 0, leaf);
    out.push('\n');
}

fn write_value(
    out: &mut String,
    value: &Value,
    pointer: &mut String,
    depth: usize,
    leaf: &mut dyn FnMut(&Value, &str) -> String,
) {
    let mut entries: Vec<(String, &Value, String)> = Vec::new();
    let (open, close) = match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                let escaped = key.replace('~', "~0").replace('/', "~1");
                entries.push((escaped, value, format!("{}: ", Value::from(key.as_str()))));
            }
            entries.sort_by(|a, b| a.2.cmp(&b.2));
            ('{', '}')
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, value) in items.iter().enumerate() {
                entries.push((index.to_string(), value, String::new()));
            }
            ('[', ']')
        }
        Value::Object(_) => return out.push_str("{}"),
        Value::Array(_) => return out.push_str("[]"),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            return out.push_str(&leaf(value, pointer));
        }
    };
    out.push(open);
    out.push('\n');
    for (segment, value, label) in entries {
        let length = pointer.len();
        let _ = write!(pointer, "/{segment}");
        let _ = write!(out, "{:1$}{label}", "", 2 * depth + 2);
        write_value(out, value, pointer, depth + 1, leaf);
        out.push('\n');
        pointer.truncate(length);
    }
    let _ = write!(out, "{:1$}{close}", "", 2 * depth);
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(expected: &Value, got: &Value, show_values: bool, want: &Expect) {
        want.assert_eq(&json(expected, got, show_values));
    }

    #[test]
    fn masks_leaves_and_still_shows_which_differ() {
        check(
            &json!({"amount": "10.50", "card": {"number": "4111111111111111", "year": 2028}}),
            &json!({"card": {"year": "2028", "number": "4000000000000002"}, "amount": "10.50"}),
            false,
            &expect![[r#"
                  {
                    "amount": <string>
                    "card": {
                -     "number": <string>
                -     "year": <number>
                +     "number": <another string>
                +     "year": <string>
                    }
                  }
            "#]],
        );
    }

    #[test]
    fn shows_values_on_request() {
        check(
            &json!({"items": [1, {}, []], "a/b": null}),
            &json!({"items": [2, {}, []], "a/b": null}),
            true,
            &expect![[r#"
                  {
                    "a/b": null
                    "items": [
                -     1
                +     2
                      {}
                      []
                    ]
                  }
            "#]],
        );
    }

    #[test]
    fn shows_missing_and_surplus_fields() {
        check(
            &json!({"a": true}),
            &json!({"b": true}),
            false,
            &expect![[r#"
                  {
                -   "a": <boolean>
                +   "b": <boolean>
                  }
            "#]],
        );
    }
}
