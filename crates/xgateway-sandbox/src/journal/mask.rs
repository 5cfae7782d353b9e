//! JSON that a person may see.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use foldhash::fast::RandomState;
use serde_json::value::RawValue;
use xgateway_api::OPEN_FIELDS;

use crate::hidden;

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
    // It is JSON from here on, so that one way through it suffices.
    let raw: &RawValue = serde_json::from_slice(json).ok()?;
    let mut masker = Masker {
        text: raw.get(),
        at: 0,
        shown,
        out: String::with_capacity(2 * json.len()),
    };
    masker.value(shown == Shown::Answer, 0)?;
    Some(masker.out)
}

/// The fields of a request that are shown, to be found quickly: every name in every request is looked up.
static OPEN: LazyLock<HashSet<&str, RandomState>> =
    LazyLock::new(|| OPEN_FIELDS.iter().copied().collect());

/// On its way through JSON.
struct Masker<'a> {
    text: &'a str,
    at: usize,
    shown: Shown,
    out: String,
}

impl<'a> Masker<'a> {
    fn value(&mut self, is_open: bool, depth: usize) -> Option<()> {
        if depth > DEPTH_MAX {
            return None;
        }
        match self.next()? {
            b'{' => {
                let is_empty = self.items(b'{', depth, |masker| {
                    let name = masker.string()?;
                    let plain = plain(name)?;
                    let is_open = is_open_field(&plain, masker.shown);
                    masker.write_text(name, &plain, &hidden::shown(&plain))?;
                    masker.out.push_str(": ");
                    masker.next()?;
                    masker.at += 1;
                    masker.value(is_open, depth + 1)
                })?;
                close(is_empty, depth, '}', &mut self.out);
            }
            b'[' => {
                let each = |masker: &mut Self| masker.value(is_open, depth + 1);
                let is_empty = self.items(b'[', depth, each)?;
                close(is_empty, depth, ']', &mut self.out);
            }
            b'"' => {
                let text = self.string()?;
                if is_open {
                    let plain = plain(text)?;
                    self.write_text(text, &plain, &harmless(&plain))?;
                } else {
                    self.out.push_str(HIDDEN);
                }
            }
            _ => {
                let rest = &self.text[self.at..];
                let end = rest.find([',', '}', ']', ' ', '\t', '\r', '\n']);
                let word = &rest[..end.unwrap_or(rest.len())];
                self.at += word.len();
                // A number of that many digits could be a card.
                let may_be_shown = is_open && matches!(hidden::shown(word), Cow::Borrowed(_));
                self.out.push_str(if may_be_shown { word } else { HIDDEN });
            }
        }
        Some(())
    }

    /// What stands between brackets, item by item; whether there was nothing.
    fn items(
        &mut self,
        bracket: u8,
        depth: usize,
        mut each: impl FnMut(&mut Self) -> Option<()>,
    ) -> Option<bool> {
        self.out.push(char::from(bracket));
        self.at += 1;
        let mut count = 0;
        loop {
            match self.next()? {
                b'}' | b']' => {
                    self.at += 1;
                    return Some(count == 0);
                }
                b',' => self.at += 1,
                _ => {
                    separate(count, depth + 1, &mut self.out);
                    each(self)?;
                    count += 1;
                }
            }
        }
    }

    /// The next byte that is no space.
    fn next(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at)?.is_ascii_whitespace() {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    /// The string that begins here, with its quotes.
    fn string(&mut self) -> Option<&'a str> {
        let rest = &self.text[self.at..];
        let mut bytes = rest.bytes().enumerate().skip(1);
        while let Some((index, byte)) = bytes.next() {
            match byte {
                b'\\' => drop(bytes.next()),
                b'"' => {
                    self.at += index + 1;
                    return rest.get(..=index);
                }
                _ => {}
            }
        }
        None
    }

    /// A text as it may be shown: as it stood if it was `plain` and still is.
    fn write_text(&mut self, json: &str, plain: &str, shown: &str) -> Option<()> {
        let is_as_it_was = shown == plain && plain.len() + 2 == json.len();
        if is_as_it_was {
            self.out.push_str(json);
        } else {
            self.out.push_str(&serde_json::to_string(shown).ok()?);
        }
        Some(())
    }
}

/// What a string of JSON says.
fn plain(json: &str) -> Option<Cow<'_, str>> {
    if json.contains('\\') {
        return serde_json::from_str(json).ok().map(Cow::Owned);
    }
    json.get(1..json.len() - 1).map(Cow::Borrowed)
}

pub(super) fn is_open_field(name: &str, shown: Shown) -> bool {
    match shown {
        Shown::Request => OPEN.contains(name),
        // Whoever knows the hash can forge the callback.
        Shown::Answer => name != "hash",
    }
}

/// Without card numbers, and of a URL only the host: what follows may hold a session, or be a key to a payment.
fn harmless(text: &str) -> Cow<'_, str> {
    let clean = hidden::shown(text);
    let Some((scheme, rest)) = clean.split_once("://") else {
        return clean;
    };
    let host = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let is_whole = rest.len() == host.len();
    Cow::Owned(format!(
        "{scheme}://{host}{}",
        if is_whole { "" } else { "/**" }
    ))
}

fn separate(index: usize, depth: usize, out: &mut String) {
    if index > 0 {
        out.push(',');
    }
    new_line(depth, out);
}

fn close(is_empty: bool, depth: usize, bracket: char, out: &mut String) {
    if !is_empty {
        new_line(depth, out);
    }
    out.push(bracket);
}

fn new_line(depth: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
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
    fn however_it_is_written_it_is_shown_the_same() {
        let want = expect![[r#"
            {
              "amount": 1,
              "orderId": "A\"B",
              "status": [
                null,
                {}
              ],
              "**": "**"
            }"#]];
        check(
            "{\"amount\":1,\"orderId\":\"A\\\"B\",\"status\":[null,{}],\"4000000000000002\":\"\\\"amount\\\":1\"}",
            Shown::Request,
            &want,
        );
        check(
            "\r\n { \"am\\u006funt\" : 1 ,\t\"orderId\":\"\\u0041\\\"B\", \"status\" :[ null , { } ] ,\"400000000000000\\u0032\" : \"\\\\\" } ",
            Shown::Request,
            &want,
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
