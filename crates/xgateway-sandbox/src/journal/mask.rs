//! JSON that a person may see.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use xgateway_api::OPEN_FIELDS;
use xgateway_core::secret::scrub;

/// What stands for a value that is not shown.
const HIDDEN: &str = "\"**\"";

/// How deep JSON may be to be shown; no request or answer of the gateway comes near.
const DEPTH_MAX: usize = 32;

/// Whose JSON it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Shown {
    /// A merchant's: only what the OpenAPI document calls harmless is shown.
    Request,
    /// Our own: all but what is a key to something. No card and no personal datum is in it.
    Answer,
}

/// The same JSON, indented and masked; `None` if it is none, or too deep to be one of ours.
///
/// Texts are scrubbed of what could be a card number, also the names of fields and those that may be shown.
pub(crate) fn mask(json: &[u8], shown: Shown) -> Option<String> {
    let raw: &RawValue = serde_json::from_slice(json).ok()?;
    let mut masked = String::with_capacity(json.len());
    write(raw, None, shown, 0, &mut masked)?;
    Some(masked)
}

fn write(
    raw: &RawValue,
    name: Option<&str>,
    shown: Shown,
    depth: usize,
    out: &mut String,
) -> Option<()> {
    if depth > DEPTH_MAX {
        return None;
    }
    let text = raw.get();
    match text.as_bytes().first()? {
        b'{' => {
            let Fields(fields) = serde_json::from_str(text).ok()?;
            out.push('{');
            for (index, (name, value)) in fields.iter().enumerate() {
                separate(index, depth + 1, out);
                out.push_str(&serde_json::to_string(&scrub(name)).ok()?);
                out.push_str(": ");
                write(value, Some(name), shown, depth + 1, out)?;
            }
            close(fields.is_empty(), depth, '}', out);
        }
        b'[' => {
            let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
            out.push('[');
            for (index, value) in items.iter().enumerate() {
                separate(index, depth + 1, out);
                write(value, name, shown, depth + 1, out)?;
            }
            close(items.is_empty(), depth, ']', out);
        }
        _ if !is_open(name, shown) => out.push_str(HIDDEN),
        b'"' => {
            let value: Cow<'_, str> = serde_json::from_str(text).ok()?;
            out.push_str(&serde_json::to_string(&harmless(&value)).ok()?);
        }
        // A number of that many digits could be a card.
        _ => match scrub(text) {
            Cow::Borrowed(number) => out.push_str(number),
            Cow::Owned(_) => out.push_str(HIDDEN),
        },
    }
    Some(())
}

fn is_open(name: Option<&str>, shown: Shown) -> bool {
    match shown {
        Shown::Request => name.is_some_and(|name| OPEN_FIELDS.binary_search(&name).is_ok()),
        // Whoever knows the hash can forge the callback.
        Shown::Answer => name != Some("hash"),
    }
}

/// Without card numbers, and of a URL only the host: what follows may hold a session, or be a key to a payment.
fn harmless(text: &str) -> String {
    let clean = scrub(text);
    let Some((scheme, rest)) = clean.split_once("://") else {
        return clean.into_owned();
    };
    let host = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let is_whole = rest.len() == host.len();
    format!("{scheme}://{host}{}", if is_whole { "" } else { "/**" })
}

fn separate(index: usize, depth: usize, out: &mut String) {
    if index > 0 {
        out.push(',');
    }
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

fn close(is_empty: bool, depth: usize, bracket: char, out: &mut String) {
    if !is_empty {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    }
    out.push(bracket);
}

/// The fields of an object as they stand, twins included.
struct Fields<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;

        impl<'de> Visitor<'de> for All {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(All)
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(json: &str, shown: Shown, want: &Expect) {
        want.assert_eq(&mask(json.as_bytes(), shown).unwrap_or_default());
    }

    #[test]
    fn of_a_request_only_what_is_harmless_is_shown() {
        check(
            r#"{"amount":10.50,"customerEmail":"a@example.com","card":{"cardNumber":"4000 0000 0000 0002",
            "cardSecurityCode":444},"orderId":"order 4000000000000002","redirectUrl":"https://shop.example/?session=1",
            "more":[1,{"amount":true}],"4000000000000408":null,"status":[],"source":{}}"#,
            Shown::Request,
            &expect![[r#"
                {
                  "amount": 10.50,
                  "customerEmail": "**",
                  "card": {
                    "cardNumber": "**",
                    "cardSecurityCode": "**"
                  },
                  "orderId": "order **",
                  "redirectUrl": "https://shop.example/**",
                  "more": [
                    "**",
                    {
                      "amount": true
                    }
                  ],
                  "**": "**",
                  "status": [],
                  "source": {}
                }"#]],
        );
    }

    #[test]
    fn a_card_number_in_the_wrong_place_is_not_shown() {
        check(
            r#"{"amount":4000000000000002,"customerId":"4000-0000-0000-0002","orderId":["4000000000000002"]}"#,
            Shown::Request,
            &expect![[r#"
                {
                  "amount": "**",
                  "customerId": "**",
                  "orderId": [
                    "**"
                  ]
                }"#]],
        );
    }

    #[test]
    fn of_our_own_only_keys_are_hidden() {
        check(
            r#"{"hash":"abc","data":{"threeDSURL":"http://127.0.0.1:1/3ds/0123","message":"ok"},"success":true}"#,
            Shown::Answer,
            &expect![[r#"
                {
                  "hash": "**",
                  "data": {
                    "threeDSURL": "http://127.0.0.1:1/**",
                    "message": "ok"
                  },
                  "success": true
                }"#]],
        );
    }

    #[test]
    fn what_is_no_json_is_not_shown() {
        for text in ["", "{", "4000000000000002 x", "{\"a\":}"] {
            assert_eq!(mask(text.as_bytes(), Shown::Request), None, "{text}");
        }
        let deep = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(mask(deep(5000).as_bytes(), Shown::Request), None);
        assert!(mask(deep(DEPTH_MAX).as_bytes(), Shown::Request).is_some());
    }
}
