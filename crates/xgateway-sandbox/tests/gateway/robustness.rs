//! Whatever comes, there is an answer in an envelope of its own.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request};
use proptest::prelude::*;
use serde_json::Value;
use xgateway_sandbox::{Config, World};

use crate::support::{example, order};

fn path() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("/api/v2/gateway8".to_owned()),
        Just("/api/v2/transaction/simulate".to_owned()),
        Just("/api/v2/channels".to_owned()),
        Just("/_sandbox/deposits".to_owned()),
        Just("/_sandbox/clock".to_owned()),
        "/api/v[12]/exchange/rate\\?source=(EUR|BTC)&target=(UZS|ETH)&[a-zI]{1,9}=[0-9%.+&]{0,40}",
        "/public/[0-9a-f.svg-]{0,40}",
        "/api/v2/(invoices|transaction|balance/accounts)/[a-z0-9%/.-]{0,40}",
        "/3ds/[0-9a-f/]{0,40}",
        "/[a-z_%?=&0-9./-]{0,40}",
    ]
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    let text = example().to_string().into_bytes();
    let length = text.len();
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        // The example with some of its bytes changed.
        prop::collection::vec((0..length, any::<u8>()), 0..6).prop_map(move |changes| {
            let mut text = text.clone();
            for (at, byte) in changes {
                text[at] = byte;
            }
            text
        }),
        "[\\[{\"a:0,}\\]]{0,3000}".prop_map(String::into_bytes),
        (0_usize..5000).prop_map(|depth| "[".repeat(depth).into_bytes()),
    ]
}

fn method() -> impl Strategy<Value = Method> {
    prop_oneof![
        Just(Method::GET),
        Just(Method::POST),
        Just(Method::HEAD),
        Just(Method::OPTIONS),
        "[A-Z]{1,8}".prop_map(|name| name.parse().unwrap()),
    ]
}

proptest! {
    #[test]
    fn no_request_panics(
        method in method(), path in path(), body in body(),
        name in "[a-z-]{1,12}", value in prop::collection::vec(32_u8..=126, 0..30),
        has_key in any::<bool>(), content_type in prop_oneof![Just("application/json".to_owned()), "[ -~]{0,40}"],
    ) {
        let config = Config::new(1);
        let mut request = Request::new(Bytes::from(body));
        *request.method_mut() = method.clone();
        let Ok(uri) = path.parse() else { return Ok(()) };
        *request.uri_mut() = uri;
        let headers = request.headers_mut();
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_bytes(&value)) {
            headers.insert(name, value);
        }
        if let Ok(value) = HeaderValue::from_str(&content_type) {
            headers.insert("content-type", value);
        }
        if has_key {
            headers.insert("x-api-key", HeaderValue::from_str(config.api_key.expose()).unwrap());
        }
        let answer = World::new(config).handle(&request);
        prop_assert_ne!(answer.status(), 500);
        let is_json = answer.headers().get("content-type").is_some_and(|it| it == "application/json");
        if method == Method::HEAD || answer.status() == 204 {
            prop_assert!(answer.body().is_empty());
        } else if is_json {
            let json: Value = serde_json::from_slice(answer.body()).unwrap();
            prop_assert_eq!(&json["success"], answer.status().is_success());
            prop_assert!(json["data"].is_null() ^ json["errors"].is_null());
        } else {
            let is_site = path.starts_with("/3ds/") || path.starts_with("/checkout/") || path.starts_with("/openapi") || path.len() < 2 || path.starts_with("/?");
            prop_assert!(is_site, "{}", path);
        }
    }

    #[test]
    fn any_text_in_any_field_is_answered(text in "\\PC{0,40}", field in 0_usize..21) {
        let mut body = order("order-1", "three_ds");
        let mut fields = Vec::new();
        for (key, value) in body.as_object().unwrap() {
            match value.as_object() {
                Some(inner) => fields.extend(inner.keys().map(|name| format!("/{key}/{name}"))),
                None => fields.push(format!("/{key}")),
            }
        }
        *body.pointer_mut(&fields[field % fields.len()]).unwrap() = text.into();
        let mut gateway = crate::support::Gateway::new();
        let answer = gateway.deposit(&body);
        prop_assert!([201, 400, 422].contains(&answer.status), "{}", answer.text);
    }
}
