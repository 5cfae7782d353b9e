use http::{HeaderName, HeaderValue};
use serde_json::Value;

/// What a [`RecordingTransport`](super::RecordingTransport) takes out before it
/// keeps an exchange.
///
/// Always gone, whatever is listed here:
///
/// - headers that are marked sensitive, and those that hold keys or cookies
///   (`x-api-key`, `authorization`, `cookie`, ...);
/// - every run of 12 or more digits, also with blanks or dashes between them or
///   in groups as on a card with any signs between, plain or percent-encoded,
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
    let chars = decoded(text);
    let mut out = String::with_capacity(text.len());
    let mut kept = 0;
    let mut at = 0;
    while at < chars.len() {
        if chars[at].is_digit() {
            let first = digits_end(&chars, at);
            let end = spaced_end(&chars, at).or_else(|| grouped_end(&chars, at));
            if let Some(end) = end {
                out.push_str(&text[kept..chars[at].start]);
                out.push_str(SCRUBBED);
                kept = chars[end - 1].end;
            }
            at = end.unwrap_or(first);
        } else {
            at += 1;
        }
    }
    out.push_str(&text[kept..]);
    out
}

/// A character, and where it stands in a text in which it may be percent-encoded.
struct Char {
    value: char,
    start: usize,
    end: usize,
}

impl Char {
    fn is_digit(&self) -> bool {
        self.value.is_ascii_digit()
    }
}

/// The characters of a text, a path or a form. What is no ASCII when it is decoded is left as a sign.
fn decoded(text: &str) -> Vec<Char> {
    let mut chars = Vec::with_capacity(text.len());
    let mut rest = text.char_indices();
    while let Some((start, value)) = rest.next() {
        let escape = text.get(start + 1..start + 3).filter(|_| value == '%');
        let byte = escape.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        let (value, length) = match byte {
            Some(byte) if byte.is_ascii() => (char::from(byte), 3),
            Some(_) => (char::REPLACEMENT_CHARACTER, 3),
            None if value == '+' => (' ', 1),
            None => (value, value.len_utf8()),
        };
        if byte.is_some() {
            rest.nth(1);
        }
        let end = start + length;
        chars.push(Char { value, start, end });
    }
    chars
}

/// Where the digits at `at` end.
fn digits_end(chars: &[Char], at: usize) -> usize {
    let digits = chars[at..].iter().take_while(|it| it.is_digit());
    at + digits.count()
}

/// Where the next digits begin, if what is before them is short, holds no letter, and `joins`.
fn next_group(chars: &[Char], at: usize, joins: fn(char) -> bool) -> Option<usize> {
    const GAP_MAX: usize = 3;

    let gap = chars[at..].iter().take_while(|it| !it.is_digit()).count();
    let is_short = gap <= GAP_MAX && at + gap < chars.len();
    let is_gap = |it: &Char| !it.value.is_alphanumeric() && joins(it.value);
    (is_short && chars[at..at + gap].iter().all(is_gap)).then_some(at + gap)
}

/// Enough digits with nothing but blanks and dashes between them, in groups of any length: where they end.
fn spaced_end(chars: &[Char], at: usize) -> Option<usize> {
    let is_space =
        |it: char| it.is_whitespace() || matches!(it, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    let (mut end, mut count) = (at, 0);
    let mut next = Some(at);
    while let Some(start) = next {
        end = digits_end(chars, start);
        count += end - start;
        next = next_group(chars, end, is_space);
    }
    (count >= DIGIT_RUN_MIN).then_some(end)
}

/// Digits in groups as on a card, 4-4-4-4 or 4-6-5, with whatever signs between them: where they end.
fn grouped_end(chars: &[Char], at: usize) -> Option<usize> {
    let (mut end, mut count, mut lengths) = (at, 0, Vec::new());
    let mut next = Some(at);
    while let Some(start) = next {
        let group_end = digits_end(chars, start);
        let length = group_end - start;
        let fits = match lengths[..] {
            [] => length == 4,
            [4] => length <= 4 || length == 6,
            [4, 6] => matches!(length, 4 | 5),
            [.., 4] => length <= 4,
            _ => false,
        };
        if !fits {
            break;
        }
        lengths.push(length);
        (end, count) = (group_end, count + length);
        next = next_group(chars, end, |_| true);
    }
    (count >= DIGIT_RUN_MIN).then_some(end)
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

    // The gateway ignores whatever is no digit in a card number, so people write one in many ways.
    #[test]
    fn a_card_number_goes_however_it_is_written() {
        for separator in [
            " ", "-", "  ", "\t", "\u{a0}", "\u{202f}", "\u{2011}", ".", "/", "\\/", "_", ":",
            " - ", "\u{b7}", "\u{200b}", ",", "+", "%2D", "%20", "%2E", "%C2%A0",
        ] {
            for groups in [
                &["4000", "0000", "0000", "0002"][..],
                &["4000", "0000", "0000", "0002", "123"],
                &["3782", "822463", "10005"],
                &["6759", "0000", "0000"],
            ] {
                let written = groups.join(separator);
                assert_eq!(
                    scrub_text(&format!("card {written} refused")),
                    "card [scrubbed] refused",
                    "{written}"
                );
            }
        }
        for text in ["10.50 and 2026-11-27T10:20:30.123456Z", "2026/11/27 10:20"] {
            assert_eq!(scrub_text(text), text);
        }
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
