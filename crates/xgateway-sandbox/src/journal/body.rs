//! The body of a request as it is kept, from which a person may see what is harmless.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use foldhash::fast::RandomState;
use memchr::{memchr, memchr2};
use xgateway_api::json::View;
use xgateway_api::operations;
use xgateway_core::rules::{Document, Kind, Schema, Value};

use super::mask::{Shown, is_open_field, mask};

use crate::hidden;

/// Which fields may be shown, by the name of their rules.
static OPEN: LazyLock<HashMap<&str, Vec<bool>, RandomState>> = LazyLock::new(|| {
    let mut open = HashMap::default();
    for operation in operations::ALL {
        operation
            .body
            .into_iter()
            .for_each(|rules| add_open(rules, &mut open));
    }
    open
});

fn add_open(schema: &'static Schema, open: &mut HashMap<&'static str, Vec<bool>, RandomState>) {
    let fields = schema.fields.iter();
    let flags = fields.map(|field| is_open_field(field.name, Shown::Request));
    open.insert(schema.name, flags.collect());
    for field in schema.fields {
        if let Kind::Object(inner) = &field.kind {
            add_open(inner, open);
        }
    }
}

/// JSON without card data, personal data and keys.
///
/// What people see of it is written when they look: of a thousand bodies hardly one is looked at.
#[derive(Clone, Debug)]
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

    /// One that was read as plain as it is written, into the memory of `room`; `None` if it is not as plain as that.
    pub(crate) fn of_view(view: &View<'_>, body: &[u8], room: Vec<u8>) -> Option<Self> {
        let mut kept = room;
        kept.clear();
        kept.extend_from_slice(body);
        let is_blanked = view.is_plain() && blank(view.schema(), view, body, &mut kept).is_some();
        is_blanked.then_some(Self::Blanked(kept))
    }

    /// Its memory, for another one.
    pub(super) fn into_room(self) -> Vec<u8> {
        match self {
            Self::Blanked(json) => json,
            Self::Masked(text) => text.into_bytes(),
        }
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

/// Replaces every character of a hidden value in `kept`, a copy of the `body` of which `document` is a view. `None` if
/// what may be shown may hold what may not.
fn blank(
    schema: &'static Schema,
    document: &dyn Document,
    body: &[u8],
    kept: &mut [u8],
) -> Option<()> {
    let open = OPEN.get(schema.name)?;
    for (index, (field, is_open)) in schema.fields.iter().zip(open).enumerate() {
        match (document.value(index, field), &field.kind) {
            (Value::Object(inner), Kind::Object(schema)) => blank(schema, inner, body, kept)?,
            (Value::Text(text) | Value::Number(text), _) if *is_open => {
                is_harmless(text).then_some(())?;
            }
            (Value::Text(text), _) => kept[place(text, body)?].fill(b'x'),
            (Value::Number(text), _) => {
                let digits = kept[place(text, body)?].iter_mut();
                digits
                    .filter(|byte| byte.is_ascii_digit())
                    .for_each(|byte| *byte = b'1');
            }
            (Value::Missing | Value::Null | Value::Boolean(_), _) => {}
            (Value::Array | Value::Object(_), _) => return None,
        }
    }
    Some(())
}

/// Where `part` stands in `whole`, which it is borrowed from.
fn place(part: &str, whole: &[u8]) -> Option<Range<usize>> {
    let start = part.as_ptr().addr().checked_sub(whole.as_ptr().addr())?;
    let end = start + part.len();
    (end <= whole.len()).then_some(start..end)
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
    let first_colon = memchr(b':', text.as_bytes());
    let after_scheme = first_colon.and_then(|at| {
        let rest = &text[at + 1..];
        // A search for all three at once takes longer, and hardly any text has a colon before the one of its scheme.
        let at_first = rest.strip_prefix("//");
        at_first.or_else(|| text.split_once("://").map(|(_, rest)| rest))
    });
    matches!(hidden::shown(text), Cow::Borrowed(_))
        && !after_scheme.is_some_and(|rest| rest.contains(['/', '?', '#', '\\', '@']))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use xgateway_api::json;
    use xgateway_api::rules::GATEWAY8_REQUEST;

    use super::*;

    /// What is kept of a view is what is kept of its text.
    #[test]
    fn a_view_hides_what_its_text_would() {
        let body = r#"{"amount": 10.50, "accountId":"a-1","baseCurrency":"EUR","customerId":"c","customerEmail":"a@b.example",
            "customerFirstName":"Jane","customerLastName":"xyz","customerPhone":"49 15123456789","customerDateOfBirth":
            "2000-02-10","userIp":"::1","orderId":"order-1","redirectUrl":"https://shop.example","billingAddress":
            {"addressLine1":"A","city":"Île","countryCode":"CZ","postalCode":"1","state":"C"},"card":{"cardNumber":
            "4000 0000 0000 0002","cardholderName":"Jane","expiryMonth":"12","expiryYear":"2028","cardSecurityCode":"444"}}"#;
        let of_view = |body: &str| {
            let view = json::view(&GATEWAY8_REQUEST, body.as_bytes()).unwrap();
            let room = b"what stood here before".to_vec();
            match Body::of_view(&view, body.as_bytes(), room)? {
                Body::Blanked(kept) => Some(String::from_utf8(kept).unwrap()),
                Body::Masked(_) => None,
            }
        };
        let kept = of_view(body).unwrap();
        assert_eq!(Some(kept.as_bytes()), blanked(body.as_bytes()).as_deref());
        assert!(!kept.contains("4000") && !kept.contains("Jane"));
        for (what, instead) in [
            ("order-1", "4000000000000002"),
            ("order-1", r"\u0041"),
            ("shop.example", "shop.example/?session=1"),
            ("{\"amount\"", "{\"more\":\"secret\",\"amount\""),
            (
                "{\"amount\"",
                "{\"orderId\":\"4000000000000002\",\"amount\"",
            ),
        ] {
            assert_eq!(of_view(&body.replacen(what, instead, 1)), None, "{instead}");
        }
    }

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
