//! The 3DS pages, as a browser meets them.

use bytes::Bytes;
use expect_test::{Expect, expect};
use http::{Method, Request, Response};
use jiff::SignedDuration;

use crate::support::{Gateway, order};

const SHOP: &str = "https://shop.example/thanks?session=1&x=<2>";

fn open(gateway: &mut Gateway, card: &str) -> String {
    let mut body = order("order-1", card);
    body["redirectUrl"] = SHOP.into();
    gateway.deposit(&body).url().unwrap()
}

fn heading(answer: &Response<Bytes>) -> String {
    let html = std::str::from_utf8(answer.body()).unwrap();
    match html.split_once("<h1>") {
        Some((_, rest)) => rest.split_once("</h1>").unwrap().0.to_owned(),
        None => String::new(),
    }
}

fn location(answer: &Response<Bytes>) -> &str {
    answer
        .headers()
        .get("location")
        .map_or("", |to| to.to_str().unwrap())
}

/// What each step of a visit shows, or where it leads.
#[track_caller]
fn check(card: &str, steps: &[&str], want: &Expect) {
    let mut gateway = Gateway::new();
    let url = open(&mut gateway, card);
    let token = url.rsplit('/').next().unwrap().to_owned();
    let mut seen = String::new();
    for step in steps {
        let answer = gateway.page(&url, step);
        let to = location(&answer).replace(&token, "TOKEN");
        let name = if step.is_empty() { "open" } else { step };
        let line = format!(
            "{name}: {} {}{to}\n",
            answer.status().as_u16(),
            heading(&answer)
        );
        seen.push_str(&line);
    }
    let end = format!(
        "{}, callbacks {:?}\n",
        gateway.standing("order-1"),
        gateway.callbacks()
    );
    seen.push_str(&end);
    want.assert_eq(&seen);
}

#[test]
fn a_person_approves() {
    check(
        "three_ds",
        &["", "/approve", ""],
        &expect![[r#"
        open: 200 Approve this payment?
        /approve: 303 https://shop.example/thanks?session=1&x=<2>
        open: 200 Payment approved
        completed [confirmed], callbacks ["confirmed 10"]
    "#]],
    );
}

#[test]
fn a_person_declines() {
    check(
        "three_ds",
        &["", "/decline", ""],
        &expect![[r#"
        open: 200 Approve this payment?
        /decline: 303 ../TOKEN
        open: 200 Payment declined
        canceled [failed], callbacks ["failed 10"]
    "#]],
    );
}

#[test]
fn a_person_leaves_and_comes_back() {
    check(
        "three_ds",
        &["/leave", "", "/leave", "/approve"],
        &expect![[r#"
            /leave: 303 ../TOKEN
            open: 200 Approve this payment?
            /leave: 303 ../TOKEN
            /approve: 303 https://shop.example/thanks?session=1&x=<2>
            completed [confirmed], callbacks ["confirmed 10"]
        "#]],
    );
}

#[test]
fn a_second_press_and_the_back_button_change_nothing() {
    check(
        "three_ds",
        &["/approve", "/approve", "", "/decline", "/leave", ""],
        &expect![[r#"
            /approve: 303 https://shop.example/thanks?session=1&x=<2>
            /approve: 303 https://shop.example/thanks?session=1&x=<2>
            open: 200 Payment approved
            /decline: 303 https://shop.example/thanks?session=1&x=<2>
            /leave: 303 https://shop.example/thanks?session=1&x=<2>
            open: 200 Payment approved
            completed [confirmed], callbacks ["confirmed 10"]
        "#]],
    );
    check(
        "three_ds",
        &["/decline", "/approve", ""],
        &expect![[r#"
        /decline: 303 ../TOKEN
        /approve: 303 ../TOKEN
        open: 200 Payment declined
        canceled [failed], callbacks ["failed 10"]
    "#]],
    );
}

#[test]
fn the_card_that_is_not_enrolled_passes_by_itself() {
    check(
        "not_enrolled",
        &["", ""],
        &expect![[r#"
        open: 303 https://shop.example/thanks?session=1&x=<2>
        open: 200 Payment approved
        completed [confirmed], callbacks ["confirmed 10"]
    "#]],
    );
}

#[test]
fn the_bank_has_the_last_word() {
    check(
        "three_ds_then_declined",
        &["/approve", ""],
        &expect![[r#"
        /approve: 303 ../TOKEN
        open: 200 Payment declined
        canceled [failed], callbacks ["failed 10"]
    "#]],
    );
    check(
        "three_ds_then_slow",
        &["/approve", ""],
        &expect![[r"
        /approve: 303 https://shop.example/thanks?session=1&x=<2>
        open: 200 Payment in progress
        processing [processing], callbacks []
    "]],
    );
}

#[test]
fn an_expired_page_decides_nothing() {
    let mut gateway = Gateway::new();
    let url = open(&mut gateway, "three_ds");
    gateway.world.advance(SignedDuration::from_mins(15));
    gateway.page(&url, "/approve");
    assert_eq!(heading(&gateway.page(&url, "")), "Payment canceled");
    assert_eq!(gateway.standing("order-1"), "canceled []");
}

#[test]
fn a_look_at_the_head_passes_nothing() {
    let mut gateway = Gateway::new();
    let url = open(&mut gateway, "not_enrolled");
    let path = url.strip_prefix("http://sandbox.invalid").unwrap();
    let request = Request::head(path).body(Bytes::new()).unwrap();
    let answer = gateway.world.handle(&request);
    assert_eq!((answer.status().as_u16(), answer.body().len()), (200, 0));
    assert_eq!(gateway.standing("order-1"), "active []");
}

#[test]
fn browsers_are_sent_to_http_only() {
    for (url, want) in [
        ("https://shop.example", "https://shop.example"),
        (
            "HTTP://shop.example/a b?ü=1",
            "HTTP://shop.example/a%20b?%C3%BC=1",
        ),
        ("javascript:alert(1)", "../TOKEN"),
        ("mailto:a@shop.example", "../TOKEN"),
        ("data:text/html,x", "../TOKEN"),
    ] {
        let mut gateway = Gateway::new();
        let mut body = order("order-1", "three_ds");
        body["redirectUrl"] = url.into();
        let page = gateway.deposit(&body).url().unwrap();
        let token = page.rsplit('/').next().unwrap().to_owned();
        let answer = gateway.page(&page, "/approve");
        assert_eq!(location(&answer).replace(&token, "TOKEN"), want, "{url}");
        let html = String::from_utf8(gateway.page(&page, "").body().to_vec()).unwrap();
        assert!(
            !html.contains("javascript:") && !html.contains("data:"),
            "{url}"
        );
        // And that is said.
        let is_said = html.contains("its scheme is neither http nor https");
        assert_eq!(is_said, want == "../TOKEN", "{url}");
    }
}

#[test]
fn a_page_keeps_to_itself() {
    let mut gateway = Gateway::new();
    let url = open(&mut gateway, "three_ds");
    let page = gateway.page(&url, "");
    let redirect = gateway.page(&url, "/approve");
    for answer in [&page, &redirect] {
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert!(header("content-security-policy").starts_with("default-src 'none';"));
        // Less would hide from us which site sent one of our forms.
        assert_eq!(header("referrer-policy"), "same-origin");
        assert_eq!(header("cache-control"), "no-store");
        assert_eq!(header("x-content-type-options"), "nosniff");
    }
    let html = String::from_utf8(page.body().to_vec()).unwrap();
    for inline in ["<style", "style=", "<script>", "onclick="] {
        assert!(!html.contains(inline), "{inline}");
    }
    for loaded in ["src=\"", "<link rel=\"stylesheet\" href=\""] {
        for (at, _) in html.match_indices(loaded) {
            assert!(
                html[at + loaded.len()..].starts_with("/assets/"),
                "{loaded}"
            );
        }
    }
    assert_eq!(html.matches("<form method=\"post\"").count(), 3);
}

#[test]
fn whatever_the_merchant_wrote_is_text() {
    let mut gateway = Gateway::new();
    let mut body = order("<script>alert('x')</script>\"&", "three_ds");
    body["redirectUrl"] = SHOP.into();
    let url = gateway.deposit(&body).url().unwrap();
    let open = String::from_utf8(gateway.page(&url, "").body().to_vec()).unwrap();
    assert!(open.contains("&lt;script&gt;alert('x')&lt;/script&gt;&quot;&amp;"));
    assert!(open.contains("10.00 EUR") && open.contains("ending in 0002"));
    gateway.page(&url, "/approve");
    let done = String::from_utf8(gateway.page(&url, "").body().to_vec()).unwrap();
    assert!(done.contains("href=\"https://shop.example/thanks?session=1&amp;x=&lt;2&gt;\""));
    assert!(!open.contains("<script>") && !done.contains("<script>"));
}

#[test]
fn the_reference_shows_markdown_as_what_it_means() {
    let mut gateway = Gateway::new();
    let html = gateway.get("/docs").text;
    assert!(
        html.contains("<strong>Where facts come from.</strong>"),
        "{html}"
    );
    assert!(html.contains("Send the customer to <code>threeDSURL</code>"));
    // Examples are code, in which marks mean themselves.
    let words = html
        .split("<pre")
        .map(|part| part.rsplit("</pre>").next().unwrap());
    let words: String = words.collect();
    assert!(!words.contains('`') && !words.contains("**"));
}

#[test]
fn an_unknown_page_is_a_page() {
    let mut gateway = Gateway::new();
    let url = open(&mut gateway, "three_ds");
    let guessed = format!("{}0", &url[..url.len() - 1]);
    for url in [
        guessed.as_str(),
        "http://sandbox.invalid/3ds/",
        "http://sandbox.invalid/checkout/x",
    ] {
        let answer = gateway.page(url, "");
        assert_eq!(answer.status(), 404, "{url}");
        assert_eq!(heading(&answer), "Unknown page");
    }
    assert_eq!(gateway.page(&url, "/steal").status(), 404);
    let path = url.strip_prefix("http://sandbox.invalid").unwrap();
    let answer = gateway.send(Method::DELETE, path, Bytes::new());
    assert_eq!(answer.headers()["allow"], "GET, HEAD, OPTIONS");
    let answer = gateway.send(Method::GET, &format!("{path}/approve"), Bytes::new());
    assert_eq!(answer.headers()["allow"], "POST, OPTIONS");
    assert_eq!(gateway.standing("order-1"), "active []");
}

#[test]
fn the_windows_into_the_world_answer() {
    let mut gateway = Gateway::new();
    open(&mut gateway, "three_ds");
    assert_eq!(
        gateway.get("/_sandbox/health").text,
        r#"{"data":"ok","success":true}"#
    );
    assert!(gateway.get("/").text.contains("http://sandbox.invalid/api"));
    assert!(gateway.get("/openapi.yaml").text.contains("openapi: 3.0.3"));
    let id = gateway.id("order-1");
    assert!(
        gateway
            .get(&format!("/checkout/{id}"))
            .text
            .contains("<strong>active</strong>")
    );
    let events = |gateway: &mut Gateway, query: &str| {
        let answer = gateway.get(&format!("/_sandbox/events{query}"));
        answer.json()["data"].as_array().unwrap().len()
    };
    assert_eq!(events(&mut gateway, ""), 3);
    assert_eq!(events(&mut gateway, "?after=1"), 2);
    assert_eq!(events(&mut gateway, "?after=9"), 0);
    assert_eq!(events(&mut gateway, "?after=1&limit=1"), 1);
    for (query, words) in [
        ("?after=x", "parameter after must be a whole number"),
        ("?after=-1", "parameter after must be a whole number"),
        ("?limit=", "parameter limit must be a whole number"),
        ("?afer=1", "other than after and limit"),
        ("?after=1&limits=1", "other than after and limit"),
    ] {
        let answer = gateway.get(&format!("/_sandbox/events{query}"));
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.text.contains(words), "{}", answer.text);
    }
}

#[test]
fn the_page_of_an_invoice_leads_to_its_3ds_page_as_long_as_somebody_may_decide() {
    let mut gateway = Gateway::new();
    let url = open(&mut gateway, "three_ds");
    let link = url.strip_prefix("http://sandbox.invalid").unwrap();
    let checkout = format!("/checkout/{}", gateway.id("order-1"));
    let page = gateway.get(&checkout).text;
    assert!(page.contains(&format!("href=\"{link}\"")), "{page}");
    gateway.page(&url, "/approve");
    let page = gateway.get(&checkout).text;
    assert!(!page.contains("/3ds/"), "{page}");
}
