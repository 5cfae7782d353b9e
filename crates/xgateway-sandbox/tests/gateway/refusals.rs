//! Everything that is refused, each with its own answer, and in its order.

use bytes::Bytes;
use expect_test::{Expect, expect};
use http::{HeaderMap, Method, Request};
use serde_json::{Value, json};
use xgateway_api::OPENAPI;
use xgateway_core::money::Currency;
use xgateway_sandbox::{Config, World};

use crate::support::{Gateway, changes, example, order, with_card};

/// A request with all that may be wrong about it.
struct Asked<'a> {
    method: Method,
    path: &'a str,
    key: Option<&'a str>,
    content_type: Option<&'a str>,
    body: Bytes,
}

impl Default for Asked<'_> {
    fn default() -> Self {
        Self {
            method: Method::POST,
            path: "/api/v2/gateway8",
            key: Some("right"),
            content_type: Some("application/json"),
            body: example().to_string().into(),
        }
    }
}

impl Asked<'_> {
    fn answer(self) -> (u16, HeaderMap, String) {
        let config = Config::new(1);
        let mut request = Request::builder().method(self.method).uri(self.path);
        match self.key {
            Some("right") => request = request.header("x-api-key", config.api_key.expose()),
            Some(key) => request = request.header("x-api-key", key),
            None => {}
        }
        if let Some(content_type) = self.content_type {
            request = request.header("content-type", content_type);
        }
        let mut world = World::new(config);
        let answer = world.handle(&request.body(self.body).unwrap());
        assert!(changes(&world) == 0 || answer.status().is_success());
        let (head, body) = answer.into_parts();
        let text = String::from_utf8(body.to_vec()).unwrap();
        (head.status.as_u16(), head.headers, text)
    }
}

#[test]
fn two_keys_are_none_and_a_coded_body_is_no_json() {
    let answer = |name: &'static str, value: &str| {
        let config = Config::new(1);
        let request = Request::post("/api/v2/gateway8")
            .header("x-api-key", config.api_key.expose())
            .header("content-type", "application/json")
            .header(name, value)
            .body(Bytes::from(example().to_string()))
            .unwrap();
        World::new(config).handle(&request).status().as_u16()
    };
    assert_eq!(answer("x-api-key", "another"), 401);
    assert_eq!(answer("x-api-key", Config::new(1).api_key.expose()), 401);
    assert_eq!(answer("content-encoding", "gzip"), 415);
    assert_eq!(answer("content-encoding", "identity"), 201);
}

#[test]
fn the_bare_address_serves_as_base_url_too() {
    let below_api = Asked::default().answer();
    let bare = Asked {
        path: "/v2/gateway8",
        ..Asked::default()
    };
    assert_eq!(below_api.0, 201);
    assert_eq!(bare.answer(), below_api);
}

#[track_caller]
fn check(asked: Asked<'_>, want: &Expect) {
    let (status, _, text) = asked.answer();
    want.assert_eq(&format!("{status} {text}"));
}

#[track_caller]
fn check_body(body: &Value, want: &Expect) {
    let asked = Asked {
        body: body.to_string().into(),
        ..Asked::default()
    };
    check(asked, want);
}

#[test]
fn a_missing_or_wrong_key() {
    let want = expect![[
        r#"401 {"errors":[{"code":"unauthorized","message":"Unauthorized"}],"success":false}"#
    ]];
    for key in [None, Some("wrong"), Some("")] {
        check(
            Asked {
                key,
                ..Asked::default()
            },
            &want,
        );
    }
}

#[test]
fn an_unknown_path() {
    let want = expect![[
        r#"404 {"errors":[{"code":"not_found","message":"There is no such path."}],"success":false}"#
    ]];
    for path in [
        "/api/v2/gateway9",
        "/api/v1/gateway8",
        "/api/",
        "/api",
        "/v3/gateway8",
        "/api/v2/invoices/",
        "/api/v2/invoices/%FF",
        "/api/v2/gateway8/",
        "/_sandbox",
        "/favicon.png",
    ] {
        check(
            Asked {
                path,
                ..Asked::default()
            },
            &want,
        );
    }
}

#[test]
fn what_the_gateway_has_and_the_document_lacks_is_no_proof_of_absence() {
    let mut gateway = Gateway::new();
    for path in [
        "v2/invoices",
        "v2/invoices/extended",
        "v2/gateway10",
        "v2/gateway9/deposit/confirm",
        "v1/invoice",
        "v2/withdrawal",
        "v1/withdrawal",
        "v2/customer/c/bank-transfer/destination-bank-account/setup",
    ] {
        let answer = gateway.post(&format!("/api/{path}"), &json!({}));
        assert_eq!(answer.status, 501, "{path}: {}", answer.text);
        assert!(
            answer.text.contains(r#""code":"not_played""#),
            "{}",
            answer.text
        );
    }
    let details = "/api/v2/gateway9/deposit/2ab1fcbe-6044-420b-8457-2d26bf58d70a/recipient-details";
    assert_eq!(gateway.get(details).status, 501);
    // As everywhere, only to whoever has the key.
    let nobody = Asked {
        path: "/api/v2/withdrawal",
        key: None,
        ..Asked::default()
    };
    assert_eq!(nobody.answer().0, 401);
}

#[test]
fn a_wrong_method_with_the_right_ones() {
    let asked = |method, path| Asked {
        method,
        path,
        ..Asked::default()
    };
    check(
        asked(Method::PUT, "/api/v2/gateway8"),
        &expect![[
            r#"405 {"errors":[{"code":"method_not_allowed","message":"The path does not admit this method."}],"success":false}"#
        ]],
    );
    let allow = |method, path| {
        let (_, headers, _) = asked(method, path).answer();
        headers["allow"].to_str().unwrap().to_owned()
    };
    assert_eq!(allow(Method::GET, "/api/v2/gateway8"), "POST, OPTIONS");
    assert_eq!(
        allow(Method::POST, "/api/v2/invoices/1"),
        "GET, HEAD, OPTIONS"
    );
    assert_eq!(
        allow(Method::PUT, "/api/v2/transaction/simulate"),
        "POST, OPTIONS"
    );
    assert_eq!(
        allow(Method::POST, "/_sandbox/health"),
        "GET, HEAD, OPTIONS"
    );
}

#[test]
fn options_tells_the_methods_without_a_key() {
    let (status, headers, text) = Asked {
        method: Method::OPTIONS,
        key: None,
        ..Asked::default()
    }
    .answer();
    assert_eq!((status, text.as_str()), (204, ""));
    assert_eq!(headers["allow"], "POST, OPTIONS");
}

#[test]
fn head_tells_the_length_without_the_body() {
    let path = "/api/v2/invoices/none";
    let (status, headers, text) = Asked {
        method: Method::HEAD,
        path,
        ..Asked::default()
    }
    .answer();
    assert_eq!((status, text.as_str()), (404, ""));
    let (_, _, full) = Asked {
        method: Method::GET,
        path,
        ..Asked::default()
    }
    .answer();
    assert_eq!(headers["content-length"], full.len().to_string().as_str());
}

#[test]
fn a_body_over_a_mebibyte() {
    let body = |length: usize| {
        let mut text = example().to_string();
        text.push_str(&" ".repeat(length - text.len()));
        Asked {
            body: text.into(),
            ..Asked::default()
        }
    };
    assert_eq!(body(1 << 20).answer().0, 201);
    check(
        body((1 << 20) + 1),
        &expect![[
            r#"413 {"errors":[{"code":"content_too_large","message":"The request body is too large."}],"success":false}"#
        ]],
    );
}

#[test]
fn a_wrong_content_type() {
    let want = expect![[
        r#"415 {"errors":[{"code":"unsupported_media_type","message":"The request body must be application/json."}],"success":false}"#
    ]];
    for content_type in [
        None,
        Some("text/plain"),
        Some("application/jsonp"),
        Some("application/json; charset=latin1"),
        Some("multipart/form-data"),
    ] {
        check(
            Asked {
                content_type,
                ..Asked::default()
            },
            &want,
        );
    }
    for content_type in [
        "application/json",
        "Application/JSON; charset=utf-8",
        "application/json;charset=\"UTF-8\"",
        "application/json; x=y",
    ] {
        let asked = Asked {
            content_type: Some(content_type),
            ..Asked::default()
        };
        assert_eq!(asked.answer().0, 201, "{content_type}");
    }
}

#[test]
fn malformed_json() {
    let want = expect![[
        r#"400 {"errors":[{"code":"bad_request","message":"The request body is not valid JSON."}],"success":false}"#
    ]];
    for body in ["", "{", "{\"amount\":}", "nope", "{} {}", "\u{feff}{}"] {
        check(
            Asked {
                body: Bytes::from(body),
                ..Asked::default()
            },
            &want,
        );
    }
    check(
        Asked {
            body: Bytes::from_static(b"{\"orderId\":\"\xff\"}"),
            ..Asked::default()
        },
        &want,
    );
}

#[test]
fn the_expiry_year_of_the_seed_byte_for_byte() {
    let seed = r#"{
  "errors": [
    {
      "code": "too_big",
      "maximum": 4,
      "type": "string",
      "inclusive": true,
      "exact": false,
      "message": "String must contain at most 4 character(s)",
      "path": [
        "card",
        "expiryYear"
      ]
    }
  ],
  "success": false
}"#;
    let mut body = example();
    body["card"]["expiryYear"] = "20288".into();
    let answer = Gateway::new().deposit(&body);
    assert_eq!(answer.status, 422);
    // White space between the tokens, none inside the texts.
    let lines: Vec<_> = seed.lines().map(str::trim).collect();
    assert_eq!(answer.text, lines.join("").replace("\": ", "\":"));
}

#[test]
fn all_broken_rules_at_once() {
    check_body(
        &json!({"amount": "10"}),
        &expect![[
            r#"422 {"errors":[{"code":"invalid_type","expected":"number","received":"string","path":["amount"],"message":"Expected number, received string"},{"code":"invalid_type","expected":"string","received":"undefined","path":["accountId"],"message":"Required"},{"expected":"'EUR' | 'USD'","received":"undefined","code":"invalid_type","path":["baseCurrency"],"message":"Required"},{"code":"invalid_type","expected":"string","received":"undefined","path":["customerId"],"message":"Required"},{"code":"invalid_type","expected":"string","received":"undefined","path":["customerDateOfBirth"],"message":"Required"},{"code":"invalid_type","expected":"string","received":"undefined","path":["customerEmail"],"message":"Required"},{"code":"invalid_type","expected":"string","received":"undefined","path":["customerFirstName"],"message":"Required"},{"code":"invalid_type","expected":"string","received":"undefined","path":["customerLastName"],"message":"Required"},{"code":"invalid_type","expected":"string","received":"undefined","path":["customerPhone"],"message":"Required"},{"code":"invalid_type","expected":"string","received":"undefined","path":["userIp"],"message":"Required"},{"code":"invalid_type","expected":"object","received":"undefined","path":["billingAddress"],"message":"Required"},{"code":"invalid_type","expected":"object","received":"undefined","path":["card"],"message":"Required"}],"success":false}"#
        ]],
    );
    check_body(
        &json!([]),
        &expect![[
            r#"422 {"errors":[{"code":"invalid_type","expected":"object","received":"array","path":[],"message":"Expected object, received array"}],"success":false}"#
        ]],
    );
}

#[test]
fn an_account_or_currency_that_does_not_fit() {
    let mut body = example();
    body["accountId"] = "00000000-0000-4000-8000-000000000000".into();
    check_body(
        &body,
        &expect![[
            r#"400 {"errors":[{"code":"db_violation","message":"The request failed because it violated a database constraint."}],"success":false}"#
        ]],
    );
    let mut gateway = Gateway::with(|config| config.accounts[0].currencies = vec![Currency::Usd]);
    let want = expect![[
        r#"400 {"errors":[{"code":"bad_request","message":"The request is not valid."}],"success":false}"#
    ]];
    want.assert_eq(&gateway.deposit(&example()).both());
}

#[test]
fn an_amount_outside_the_limits_of_the_account() {
    let mut gateway = Gateway::with(|config| {
        config.accounts[0].amount_min = Some(20.into());
        config.accounts[0].amount_max = Some(150.into());
    });
    let want = expect![[
        r#"400 {"errors":[{"code":"bad_request","message":"The amount is outside the limits of the account."}],"success":false}"#
    ]];
    for (amount, status) in [("19.99", 400), ("20", 201), ("150", 201), ("150.01", 400)] {
        let mut body = example();
        body["amount"] = serde_json::from_str(amount).unwrap();
        let answer = gateway.deposit(&body);
        assert_eq!(answer.status, status, "{amount}");
        if status == 400 {
            want.assert_eq(&answer.both());
        }
    }
}

#[test]
fn cards_that_are_not_taken() {
    let mut body = example();
    // Valid, and nobody's test card here.
    body["card"]["cardNumber"] = "4242424242424242".into();
    check_body(
        &body,
        &expect![[
            r#"400 {"errors":[{"code":"bad_request","message":"Card details are invalid. Please check and try again."}],"success":false}"#
        ]],
    );
    check_body(
        &with_card("insufficient_funds"),
        &expect![[
            r#"400 {"errors":[{"code":"bad_request","message":"The card was declined: insufficient funds."}],"success":false}"#
        ]],
    );
    check_body(
        &with_card("lost_card"),
        &expect![[
            r#"400 {"errors":[{"code":"bad_request","message":"The card was declined: reported lost."}],"success":false}"#
        ]],
    );
}

#[test]
fn a_card_whose_expiry_is_no_month_or_past() {
    // It is January 2026 there.
    for (month, year, status) in [
        ("01", "2026", 201),
        ("12", "2099", 201),
        ("12", "2025", 400),
        ("06", "2001", 400),
        ("00", "2028", 400),
        ("13", "2028", 400),
    ] {
        let mut body = example();
        body["card"]["expiryMonth"] = month.into();
        body["card"]["expiryYear"] = year.into();
        let answer = Gateway::new().deposit(&body);
        assert_eq!(answer.status, status, "{month}/{year}: {}", answer.text);
        assert_eq!(answer.text.contains("Card details"), status == 400);
    }
}

#[test]
fn a_bank_that_fails() {
    let mut gateway = Gateway::new();
    let want = expect![[
        r#"500 {"errors":[{"code":"internal_server_error","message":"Internal server error."}],"success":false}"#
    ]];
    want.assert_eq(&gateway.deposit(&with_card("partner_failure")).both());
    want.assert_eq(&gateway.deposit(&order("order-1", "partner_failure")).both());
    assert!(gateway.world.invoice("order-1").is_none());
    want.assert_eq(&gateway.deposit(&order("order-2", "answer_lost")).both());
    assert_eq!(gateway.standing("order-2"), "completed [confirmed]");
}

#[test]
fn ids_that_nothing_has() {
    let mut gateway = Gateway::new();
    let unknown = "/api/v2/transaction/00000000-0000-4000-8000-000000000000";
    let missing = expect![[
        r#"404 {"errors":[{"code":"not_found","message":"There is nothing with this id."}],"success":false}"#
    ]];
    missing.assert_eq(&gateway.get("/api/v2/invoices/none").both());
    missing.assert_eq(&gateway.get(unknown).both());
    let odd = expect![[
        r#"400 {"errors":[{"code":"bad_request","message":"The request is not valid."}],"success":false}"#
    ]];
    odd.assert_eq(&gateway.get("/api/v2/transaction/none").both());
}

#[test]
fn refusals_come_in_their_order() {
    let wrong = || Asked {
        key: None,
        method: Method::PUT,
        path: "/api/none",
        content_type: None,
        body: vec![b'x'; 2 << 20].into(),
    };
    let mut statuses = vec![wrong().answer().0];
    statuses.push(
        Asked {
            key: Some("right"),
            ..wrong()
        }
        .answer()
        .0,
    );
    let path = "/api/v2/gateway8";
    statuses.push(
        Asked {
            key: Some("right"),
            path,
            ..wrong()
        }
        .answer()
        .0,
    );
    let post = || Asked {
        key: Some("right"),
        path,
        method: Method::POST,
        ..wrong()
    };
    statuses.push(post().answer().0);
    statuses.push(
        Asked {
            body: Bytes::from("x"),
            ..post()
        }
        .answer()
        .0,
    );
    let typed = || Asked {
        content_type: Some("application/json"),
        ..post()
    };
    statuses.push(
        Asked {
            body: Bytes::from("x"),
            ..typed()
        }
        .answer()
        .0,
    );
    statuses.push(
        Asked {
            body: Bytes::from("{}"),
            ..typed()
        }
        .answer()
        .0,
    );
    assert_eq!(statuses, [401, 404, 405, 413, 415, 400, 422]);
}

#[test]
fn an_order_id_that_is_refused_stays_free() {
    let mut gateway = Gateway::new();
    let mut invalid = order("order-1", "three_ds");
    invalid["card"]["expiryYear"] = "28".into();
    assert_eq!(gateway.deposit(&invalid).status, 422);
    assert_eq!(
        gateway
            .deposit(&order("order-1", "insufficient_funds"))
            .status,
        400
    );
    assert_eq!(gateway.deposit(&order("order-1", "three_ds")).status, 201);
}

#[test]
fn the_words_are_those_of_the_openapi_document() {
    for words in [
        "Unauthorized",
        "There is no such path.",
        "There is nothing with this id.",
        "The path does not admit this method.",
        "The request body is too large.",
        "The request body must be application/json.",
        "The request body is not valid JSON.",
        "The order id was used before with another body.",
        "The request failed because it violated a database constraint.",
        "The request is not valid.",
        "Card details are invalid. Please check and try again.",
        "The invoice is in no state that can be simulated.",
        "Internal server error.",
        "Invoice has been successfully activated. 3DS verification is required.",
        "The invoice has been successfully finalized.",
        "Transaction has been simulated.",
    ] {
        assert!(OPENAPI.contains(&format!(": {words}\n")), "{words}");
    }
}
