use http::{HeaderName, HeaderValue};
use serde_json::Value;

/// What a [`RecordingTransport`](super::RecordingTransport) takes out before it
/// keeps an exchange.
///
/// Always gone, whatever is listed here:
///
/// - headers that are marked sensitive, and those that hold keys or cookies
///   (`x-api-key`, `authorization`, `cookie`, ...);
/// - every run of 12 or more digits, also with spaces or dashes between them,
///   in paths, header values and bodies: card numbers hide in many places;
/// - bodies that are not JSON, since no path leads into them;
/// - queries and host names.
///
/// **Everything else must be listed**: security codes, names, addresses.
///
/// ```
/// use xgateway_transport::test_util::Scrub;
///
/// let scrub = Scrub::new(["/cvc", "/customer/*", "/payments/*/email"]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Scrub {
    paths: Vec<Vec<String>>,
}

/// What stands in a cassette where something was taken out.
const SCRUBBED: &str = "[scrubbed]";

/// The shortest card numbers have 12 digits. Longer runs than a card number may
/// contain one.
const DIGIT_RUN_MIN: usize = 12;

impl Scrub {
    /// Takes out the value at each of these paths of a JSON body.
    ///
    /// A path is a JSON Pointer (RFC 6901) in which `*` stands for any key or
    /// index. A path that leads to an object or array takes all of it out.
    pub fn new<'a>(paths: impl IntoIterator<Item = &'a str>) -> Self {
        let segments = |path: &str| {
            path.split('/')
                .skip(1)
                .map(|segment| segment.replace("~1", "/").replace("~0", "~"))
                .collect()
        };
        Self {
            paths: paths.into_iter().map(segments).collect(),
        }
    }

    /// A body as text that may be kept.
    ///
    /// JSON in which nothing had to go stays byte for byte; otherwise it is
    /// written anew.
    pub(super) fn body(&self, body: &[u8]) -> String {
        if body.is_empty() {
            return String::new();
        }
        let (Ok(text), Ok(mut json)) = (
            std::str::from_utf8(body),
            serde_json::from_slice::<Value>(body),
        ) else {
            return format!("[{} bytes that are not JSON]", body.len());
        };
        let mut changed = false;
        for path in &self.paths {
            changed |= scrub_path(&mut json, path);
        }
        changed |= scrub_digits(&mut json);
        if changed {
            json.to_string()
        } else {
            text.to_owned()
        }
    }
}

/// Text without the digit runs that could be card numbers.
pub(super) fn scrub_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, run) = rest.split_at(start);
        out.push_str(before);
        let (length, digit_count) = digit_run(run);
        let (run, after) = run.split_at(length);
        out.push_str(if digit_count < DIGIT_RUN_MIN {
            run
        } else {
            SCRUBBED
        });
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Whether this header stays out of cassettes and reports.
pub(super) fn is_secret(name: &HeaderName, value: &HeaderValue) -> bool {
    const NAMES: [&str; 6] = [
        "x-api-key",
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "www-authenticate",
    ];
    value.is_sensitive() || NAMES.contains(&name.as_str())
}

/// The length in bytes of the digit run at the start of `text`, up to its last
/// digit, and the number of its digits.
fn digit_run(text: &str) -> (usize, usize) {
    const SEPARATORS: [&str; 3] = [" ", "-", "%20"];

    let (mut length, mut digit_count) = (0, 0);
    let mut rest = text;
    loop {
        if rest.starts_with(|c: char| c.is_ascii_digit()) {
            rest = &rest[1..];
            digit_count += 1;
            length = text.len() - rest.len();
        } else if let Some(after) = SEPARATORS.iter().find_map(|s| rest.strip_prefix(s)) {
            rest = after;
        } else {
            return (length, digit_count);
        }
    }
}

fn scrub_path(value: &mut Value, path: &[String]) -> bool {
    let Some((segment, rest)) = path.split_first() else {
        *value = Value::from(SCRUBBED);
        return true;
    };
    let mut changed = false;
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                if segment == "*" || segment == key {
                    changed |= scrub_path(value, rest);
                }
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter_mut().enumerate() {
                if segment == "*" || *segment == index.to_string() {
                    changed |= scrub_path(value, rest);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    changed
}

/// Takes digit runs out of all strings, numbers and keys.
fn scrub_digits(value: &mut Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => false,
        Value::Number(_) | Value::String(_) => {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            let scrubbed = scrub_text(&text);
            let changed = scrubbed != text;
            if changed {
                *value = Value::from(scrubbed);
            }
            changed
        }
        Value::Array(items) => {
            let changes = items.iter_mut().map(scrub_digits);
            changes.fold(false, |any, changed| any | changed)
        }
        Value::Object(map) => {
            let mut changed = false;
            for (key, mut value) in std::mem::take(map) {
                let scrubbed_key = scrub_text(&key);
                changed |= scrubbed_key != key;
                changed |= scrub_digits(&mut value);
                map.insert(scrubbed_key, value);
            }
            changed
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(body: &str, want: &Expect) {
        let scrub = Scrub::new(["/cvc", "/customer/*", "/items/*/email", "/a~1b"]);
        want.assert_eq(&scrub.body(body.as_bytes()));
    }

    #[test]
    fn takes_out_what_is_listed() {
        check(
            r#"{"cvc":"123","customer":{"name":"A","address":{"city":"B"}},"items":[{"email":"c","id":1}],"a/b":null}"#,
            &expect![[
                r#"{"a/b":"[scrubbed]","customer":{"address":"[scrubbed]","name":"[scrubbed]"},"cvc":"[scrubbed]","items":[{"email":"[scrubbed]","id":1}]}"#
            ]],
        );
    }

    #[test]
    fn takes_out_card_numbers_wherever_they_are() {
        check(
            r#"{"message":"card 4111 1111-1111 1111 refused","4111111111111111":4111111111111111,"nested":["6\u003111111111111"]}"#,
            &expect![[
                r#"{"[scrubbed]":"[scrubbed]","message":"card [scrubbed] refused","nested":["[scrubbed]"]}"#
            ]],
        );
        assert_eq!(
            scrub_text("/cards/4111%201111%201111%201111"),
            "/cards/[scrubbed]"
        );
    }

    #[test]
    fn eleven_digits_stay_and_twelve_go() {
        check("12345678901", &expect!["12345678901"]);
        check("123456789012", &expect![[r#""[scrubbed]""#]]);
        check(
            r#""a 1234-5678-901 -b""#,
            &expect![[r#""a 1234-5678-901 -b""#]],
        );
        check(
            r#""a 1234-5678-9012 -b""#,
            &expect![[r#""a [scrubbed] -b""#]],
        );
    }

    #[test]
    fn leaves_the_rest_byte_for_byte() {
        check(
            r#"{ "b": 10.50,  "a": "10.50" }"#,
            &expect![[r#"{ "b": 10.50,  "a": "10.50" }"#]],
        );
    }

    #[test]
    fn keeps_no_body_that_it_cannot_look_into() {
        check("", &expect![""]);
        check("cvc=123", &expect!["[7 bytes that are not JSON]"]);
        check(r#"{"cvc":"123""#, &expect!["[12 bytes that are not JSON]"]);
    }
}
