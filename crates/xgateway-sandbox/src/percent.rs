//! Percent-encoded characters of a path.

use std::fmt::Write as _;

use http::Uri;

/// A text with the bytes that `%` and two digits stand for. What is not encoded as it should be stays, and so does `+`,
/// which means itself in a path.
pub(crate) fn decoded(text: &str) -> String {
    String::from_utf8_lossy(&bytes(text)).into_owned()
}

/// Whether a separator of paths is encoded in it, which many servers refuse.
pub(crate) fn holds_separator(path: &str) -> bool {
    let mut codes = path
        .match_indices('%')
        .filter_map(|(at, _)| code(&path[at..]));
    codes.any(|code| matches!(code, b'/' | b'\\'))
}

/// The same address with its path decoded once, as proxies do before they pass it on: what cannot stand in a path is
/// encoded again.
pub(crate) fn decoded_once(uri: &Uri) -> Uri {
    let mut target = String::with_capacity(uri.path().len());
    for byte in bytes(uri.path()) {
        if byte.is_ascii_graphic() && !b"\"#%<>?\\^`{|}".contains(&byte) {
            target.push(char::from(byte));
        } else {
            // Memory can be written.
            let _ = write!(target, "%{byte:02X}");
        }
    }
    if let Some(query) = uri.query() {
        target.push('?');
        target.push_str(query);
    }
    target.parse().unwrap_or_else(|_| uri.clone())
}

fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        let code = code(&rest[at..]);
        bytes.push(code.unwrap_or(b'%'));
        rest = &rest[at + if code.is_some() { 3 } else { 1 }..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}

/// The byte that a text begins with, if that is one which is encoded.
fn code(text: &str) -> Option<u8> {
    let digits = text.get(1..3)?;
    let are_digits = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    are_digits.then(|| u8::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded_once_and_nothing_else() {
        for (text, want) in [
            ("a%26b%2525%2Bc%2F", "a&b%25+c/"),
            ("a&b+c", "a&b+c"),
            ("100%", "100%"),
            ("%zz%4", "%zz%4"),
            ("%+1%C3%A9", "%+1\u{e9}"),
            ("%\u{e9}", "%\u{e9}"),
            ("%FF", "\u{fffd}"),
        ] {
            assert_eq!(decoded(text), want, "{text}");
        }
    }

    #[test]
    fn a_proxy_decodes_what_may_stand_in_a_path_and_leaves_the_query() {
        for (path, want) in [
            (
                "/v2/invoices/2026%2F1127?x=%2F",
                "/v2/invoices/2026/1127?x=%2F",
            ),
            ("/a%3Bb%2Bc%252F", "/a;b+c%252F"),
            ("/a%20b%3F%23%00%C3%A9", "/a%20b%3F%23%00%C3%A9"),
            ("/plain", "/plain"),
        ] {
            let uri: Uri = path.parse().unwrap();
            assert_eq!(decoded_once(&uri).to_string(), want);
        }
    }

    #[test]
    fn encoded_separators_are_found() {
        assert!(holds_separator("/a%2fb") && holds_separator("/a%5Cb"));
        assert!(!holds_separator("/a/b%20c%2") && !holds_separator("/a%252Fb"));
    }
}
