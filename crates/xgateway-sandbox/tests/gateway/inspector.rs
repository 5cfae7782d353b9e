//! What a person sees of the world, and does to it.

use std::fmt::Write as _;

use bytes::Bytes;
use expect_test::{Expect, expect};
use http::Method;

use crate::support::{Gateway, order, with_card};

/// A world in which a customer has paid, and another request was refused.
fn lived_in() -> Gateway {
    let mut gateway = Gateway::new();
    gateway.deposit(&order("order-1", "frictionless"));
    let mut invalid = with_card("three_ds");
    invalid["card"]["expiryYear"] = "20288".into();
    gateway.deposit(&invalid);
    gateway
}

/// Each entry of the timeline, the newest first: what it is, what it says, and why.
fn entries(html: &str) -> String {
    let mut entries = String::new();
    let inside = |part: &str, start: &str, end: &str| {
        let (_, rest) = part.split_once(start).unwrap_or_default();
        rest.split_once(end).unwrap_or_default().0.to_owned()
    };
    for part in html.split("<li ").skip(1) {
        let _ = writeln!(
            entries,
            "{}: {} | {}",
            inside(part, "\"kind\">", "<"),
            inside(part, "\"title\">", "<"),
            inside(part, "\"why\">", "<")
        );
    }
    entries
}

#[track_caller]
fn check(query: &str, want: &Expect) {
    let mut gateway = lived_in();
    let page = gateway.get(&format!("/inspector{query}"));
    assert_eq!(page.status, 200);
    want.assert_eq(&entries(&page.text));
}

#[test]
fn everything_has_its_why() {
    check(
        "",
        &expect![[r"
            request: POST /api/v2/gateway8 → 422 | Takes a card deposit, host to host. Refused: card.expiryYear: String must contain at most 4 character(s). Nothing changed.
            request: POST /api/v2/gateway8 → 201 | Takes a card deposit, host to host. It changed 5 things.
            change: Order id remembered | The order id is the idempotency key: a repetition of the request will be told by it.
            callback: Callback 1 made | A transaction reached a final status. The callback tells it as it stood then; its hash does not cover the status.
            change: Invoice completed | Its transaction is confirmed.
            change: Transaction confirmed | The money is there. Only a read of this transaction proves it to a merchant.
            change: Invoice opened: 10.00 EUR | A deposit by card &quot;frictionless&quot;: no 3DS in either mode: `threeDSURL` is null and the invoice is completed. At a fixed rate it lives for 15 minutes.
        "]],
    );
}

#[test]
fn a_filter_shows_one_kind() {
    check(
        "?kind=callback",
        &expect![[r"
        callback: Callback 1 made | A transaction reached a final status. The callback tells it as it stood then; its hash does not cover the status.
    "]],
    );
}

#[test]
fn a_filter_shows_what_is_about_something() {
    check("?about=nobody", &expect![""]);
    check("?about=order-1&kind=request", &expect![["
        request: POST /api/v2/gateway8 → 201 | Takes a card deposit, host to host. It changed 5 things.
    "]]);
}

#[test]
fn payloads_are_masked_and_whole() {
    let mut gateway = lived_in();
    let page = gateway.get("/inspector?kind=request").text;
    assert!(page.contains("&quot;orderId&quot;: &quot;order-1&quot;"));
    assert!(page.contains("&quot;cardSecurityCode&quot;: &quot;**&quot;"));
    assert!(page.contains("&quot;customerEmail&quot;: &quot;**&quot;"));
    let page = gateway.get("/inspector?kind=callback").text;
    assert!(page.contains("&quot;hash&quot;: &quot;**&quot;"));
    assert!(page.contains("&quot;status&quot;: &quot;confirmed&quot;"));
}

#[test]
fn a_callback_is_sent_again_as_often_as_somebody_wants() {
    let mut gateway = lived_in();
    let number = gateway.world.take_callbacks()[0].number();
    gateway.world.record_callback_attempt(number, Some(200));
    for _ in 0..2 {
        let answer = gateway.send(
            Method::POST,
            &format!("/inspector/callbacks/{number}/resend"),
            Bytes::new(),
        );
        assert_eq!(answer.status(), 303);
        let again = gateway.world.take_callbacks();
        assert_eq!(again.len(), 1);
        assert_eq!(again[0].number(), number);
        gateway.world.record_callback_attempt(number, Some(200));
    }
    // Each of them is something that happened, and explained.
    let explained = gateway.get(&format!("/_sandbox/explain/{number}")).json();
    let names: Vec<_> = explained["data"]["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .filter(|name| name.starts_with("callback"))
        .collect();
    let want = [
        "callback_queued",
        "callback_attempted",
        "callback_resent",
        "callback_attempted",
        "callback_resent",
        "callback_attempted",
    ];
    assert_eq!(names, want);
    for nobody in ["0", "99", "x", "-1"] {
        let path = format!("/inspector/callbacks/{nobody}/resend");
        let answer = gateway.send(Method::POST, &path, Bytes::new());
        assert_eq!(answer.status(), 404, "{nobody}");
    }
}

#[test]
fn every_entry_leads_to_its_explanation() {
    let mut gateway = lived_in();
    gateway.post(
        "/api/v2/channels",
        &serde_json::json!({"currency": "ETH", "customerId": "a b/c"}),
    );
    gateway.post(
        "/_sandbox/withdrawals",
        &serde_json::json!({"customerId": "c", "currency": "EUR", "amount": "1"}),
    );
    let page = gateway.get("/inspector").text;
    let links: Vec<_> = page
        .split("href=\"/_sandbox/explain/")
        .skip(1)
        .map(|rest| rest.split_once('"').unwrap().0)
        .collect();
    assert!(links.len() > 10, "{}", links.len());
    assert!(links.contains(&"a%20b%2Fc"), "{links:?}");
    for link in links {
        let answer = gateway.get(&format!("/_sandbox/explain/{link}"));
        assert_eq!(answer.status, 200, "{link}: {}", answer.text);
    }
}

#[test]
fn a_form_moves_the_clock() {
    let mut gateway = Gateway::new();
    let before = gateway.world.now();
    let mut press = |seconds: &str| {
        let answer = gateway.send(
            Method::POST,
            "/inspector/clock",
            format!("seconds={seconds}"),
        );
        let now = gateway.world.now();
        (
            answer.status().as_u16(),
            now.duration_since(before).as_secs(),
        )
    };
    assert_eq!(press("900"), (303, 900));
    for refused in ["0", "-5", "", "1e3", "999999999999"] {
        assert_eq!(press(refused), (400, 900), "{refused}");
    }
}

#[test]
fn whatever_the_merchant_wrote_is_text() {
    let mut gateway = Gateway::new();
    let mut body = order("<script>alert('x')</script>\"&", "frictionless");
    body["customerId"] = "<img src=x onerror=alert(1)>".into();
    gateway.deposit(&body);
    gateway.post(
        "/api/v2/channels",
        &serde_json::json!({"currency": "ETH", "customerId": "<i>x</i>"}),
    );
    gateway.get("/api/v2/invoices/%3Cb%3E");
    for page in [
        "",
        "/payments",
        "/customers",
        "?about=%22%3E%3Cscript%3E",
        "?kind=%3Cscript%3E",
    ] {
        let html = gateway.get(&format!("/inspector{page}")).text;
        for markup in ["<script>", "<img", "<i>", "<b>"] {
            assert!(!html.contains(markup), "{page}: {markup}");
        }
    }
}

#[test]
fn an_id_that_turns_the_direction_of_text_looks_like_no_other() {
    let mut gateway = Gateway::new();
    gateway.deposit(&order("a\u{202e}b", "frictionless"));
    for path in ["/inspector/payments", "/inspector"] {
        let page = gateway.get(path).text;
        assert!(!page.contains('\u{202e}'), "{path}");
    }
    let payments = gateway.get("/inspector/payments").text;
    assert!(payments.contains(r"a\u{202e}b"), "{payments}");
}

#[test]
fn pages_of_the_inspector_cannot_be_framed() {
    let mut gateway = Gateway::new();
    let answer = gateway.send(Method::GET, "/inspector/controls", Bytes::new());
    let policy = answer.headers()["content-security-policy"]
        .to_str()
        .unwrap();
    assert!(policy.contains("frame-ancestors 'none'"));
    assert!(!policy.contains("unsafe"));
    assert_eq!(gateway.get("/inspector/nothing").status, 404);
    let answer = gateway.send(Method::POST, "/inspector", Bytes::new());
    assert_eq!(answer.headers()["allow"], "GET, HEAD, OPTIONS");
}

#[test]
fn what_is_about_a_customer_names_the_customer() {
    let mut gateway = Gateway::new();
    let profile = serde_json::json!({
        "firstName": "Jane", "lastName": "Roe", "email": "jane.roe@example.com", "country": "GB", "currency": "EUR",
    });
    let path = "/api/v2/customer/customer-9/bank-transfer/user";
    assert_eq!(gateway.post(path, &profile).status, 201);
    let callbacks = gateway.world.take_callbacks();
    assert_eq!(callbacks.len(), 1);
    gateway
        .world
        .record_callback_attempt(callbacks[0].number(), Some(200));
    let table = gateway.get("/inspector/customers").text;
    for part in [
        "href=\"/inspector?about=customer-9\"",
        "<span class=\"badge CREATED\">CREATED</span>",
    ] {
        assert!(table.contains(part), "{table}");
    }
    let table = gateway.get("/inspector/payments").text;
    let row = "<td role=\"cell\" data-label=\"Kind\">KYC</td><td role=\"cell\" data-label=\"About\">customer-9</td>";
    assert!(table.contains(row), "{table}");
    let timeline = gateway.get("/inspector?kind=callback").text;
    let entries = timeline.matches("<li ").count();
    assert!(entries >= 2, "made and attempted: {timeline}");
    let named = timeline
        .matches("<span class=\"subject\">customer-9</span>")
        .count();
    assert_eq!(named, entries, "{timeline}");
}
