//! The body of a request as it is kept, from which a person may see what is harmless.

use std::borrow::Cow;

use memchr::memchr2;
use xgateway_core::secret::scrub;

use super::mask::{Shown, is_open_field, mask};

/// JSON without card data, personal data and keys.
///
/// What people see of it is written when they look: of a thousand bodies hardly one is looked at.
#[derive(Debug)]
pub(crate) enum Body {
    /// As it came, with `x` and `1` for what nobody may see.
    Blanked(Vec<u8>),
    /// As people see it.
    Masked(String),
}

impl Body {
    /// A body of which nothing is known; `None` if it is no JSON, or too deep to be one of ours.
    pub(crate) fn of(body: &[u8]) -> Option<Self> {
        mask(body, Shown::Request).map(Self::Masked)
    }

    /// One that was read as JSON, and not as an array.
    pub(crate) fn of_json(body: &[u8]) -> Option<Self> {
        match blanked(body) {
            Some(json) => Some(Self::Blanked(json)),
            None => Self::of(body),
        }
    }

    /// As people see it.
    pub(crate) fn shown(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Blanked(json) => mask(json, Shown::Request).map(Cow::Owned),
            Self::Masked(text) => Some(Cow::Borrowed(text)),
        }
    }
}

/// The same JSON with every character of a hidden value replaced.
///
/// `None` if one look at each byte does not tell: in a list it is not the name before a value that decides, names may be
/// written with escapes, and what may be shown may hold what may not.
fn blanked(json: &[u8]) -> Option<Vec<u8>> {
    let json = str::from_utf8(json).ok()?;
    let mut kept = json.as_bytes().to_vec();
    let mut is_open = false;
    let mut at = 0;
    while let Some(byte) = json.as_bytes().get(at) {
        match byte {
            b'"' => {
                let start = at + 1;
                let (end, is_plain) = string_end(json.as_bytes(), start)?;
                at = end + 1;
                let is_name = json[at..].trim_ascii_start().starts_with(':');
                if !is_name && !is_open {
                    kept[start..end].fill(b'x');
                    continue;
                }
                let text = json.get(start..end)?;
                let is_known = is_name && is_open_field(text, Shown::Request);
                if !is_plain || !is_known && !is_harmless(text) {
                    return None;
                }
                if is_name {
                    is_open = is_known;
                }
            }
            b'[' => return None,
            b'0'..=b'9' if is_open => {
                let rest = &json[at..];
                let end = rest.bytes().position(|byte| !is_of_number(byte));
                let number = &rest[..end.unwrap_or(rest.len())];
                at += number.len();
                if !is_harmless(number) {
                    return None;
                }
            }
            b'0'..=b'9' => {
                kept[at] = b'1';
                at += 1;
            }
            _ => at += 1,
        }
    }
    Some(kept)
}

/// Where the string ends whose first character is at `start`, and whether it has no escapes.
fn string_end(bytes: &[u8], start: usize) -> Option<(usize, bool)> {
    let mut at = start;
    let mut is_plain = true;
    loop {
        at += memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[at] == b'"' {
            return Some((at, is_plain));
        }
        is_plain = false;
        at += 2;
    }
}

fn is_of_number(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')
}

/// Whether a text that may be shown may be kept as it is: no card number, and no URL that leads to more than a host.
fn is_harmless(text: &str) -> bool {
    let may_be_url = text.contains(':');
    let url = may_be_url.then(|| text.split_once("://")).flatten();
    matches!(scrub(text), Cow::Borrowed(_))
        && !url.is_some_and(|(_, rest)| rest.contains(['/', '?', '#', '\\', '@']))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whichever way it is kept, the same is shown.
    fn assert_same(json: &str) -> Body {
        let body = Body::of_json(json.as_bytes()).unwrap();
        let at_once = mask(json.as_bytes(), Shown::Request);
        assert_eq!(body.shown().as_deref(), at_once.as_deref(), "{json}");
        body
    }

    #[test]
    fn nothing_that_is_hidden_is_kept() {
        let body = assert_same(
            r#"{"amount": 10.50, "customerEmail" :"a\"@\\", "card":{"cardNumber":"4000 0000 0000 0002", "n":-40.5e3,
            "t": true, "city":"Île"}, "orderId":"order-1", "redirectUrl":"https://shop.example", "last": ""}"#,
        );
        let Body::Blanked(kept) = body else {
            panic!("{body:?}");
        };
        assert_eq!(
            String::from_utf8(kept).unwrap(),
            r#"{"amount": 10.50, "customerEmail" :"xxxxxx", "card":{"cardNumber":"xxxxxxxxxxxxxxxxxxx", "n":-11.1e1,
            "t": true, "city":"xxxx"}, "orderId":"order-1", "redirectUrl":"https://shop.example", "last": ""}"#,
        );
    }

    #[test]
    fn what_needs_more_than_a_look_is_masked_at_once() {
        for json in [
            r#"{"orderId":"4000 0000 0000 0002"}"#,
            r#"{"orderId":4000000000000002}"#,
            r#"{"4000000000000002":1}"#,
            r#"{"redirectUrl":"https://shop.example/?session=1"}"#,
            r#"{"redirectUrl":"https://me:secret@shop.example"}"#,
            r#"{"order\u0049d":"a"}"#,
            r#"{"orderId":"\u0034000000000000002"}"#,
            r#"{"more":[{"amount":1},"secret"]}"#,
        ] {
            let body = assert_same(json);
            assert!(matches!(body, Body::Masked(_)), "{body:?}");
        }
    }

    fn json() -> impl Strategy<Value = serde_json::Value> {
        let text = prop_oneof![
            r#"[a-z0-9 :"/@\\-]{0,20}"#,
            Just("4000-0000-0000-0002".to_owned()),
            any::<String>(),
        ];
        let leaf = prop_oneof![
            text.prop_map(serde_json::Value::from),
            any::<i64>().prop_map(serde_json::Value::from),
            any::<bool>().prop_map(serde_json::Value::from),
            Just(serde_json::Value::Null),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            let name = prop_oneof![
                Just("amount".to_owned()),
                Just("orderId".to_owned()),
                Just("card".to_owned()),
                "[a-zA-Z0-9]{0,16}",
            ];
            let object = proptest::collection::vec((name, inner.clone()), 0..6);
            prop_oneof![
                4 => object.prop_map(|pairs| pairs.into_iter().collect()),
                1 => proptest::collection::vec(inner, 0..3).prop_map(serde_json::Value::from),
            ]
        })
    }

    proptest! {
        #[test]
        fn however_it_is_kept_the_same_is_shown(value in json(), is_pretty in any::<bool>()) {
            let text = if is_pretty {
                serde_json::to_string_pretty(&value).unwrap()
            } else {
                value.to_string()
            };
            assert_same(&text);
        }
    }
}
