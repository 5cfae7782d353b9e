//! What no client should send, on a socket: each gets an answer or an end, and the server goes on.

use http::{Method, StatusCode};
use xgateway_sandbox::{Config, Sandbox};

use crate::server::Served;
use crate::support::{Gateway, order};

/// Paths of every kind, known and unknown.
const PATHS: [&str; 28] = [
    "/",
    "/docs",
    "/openapi.json",
    "/_sandbox/health",
    "/_sandbox/events",
    "/_sandbox/faults",
    "/_sandbox/faults/1",
    "/_sandbox/clock",
    "/_sandbox/clock/advance",
    "/_sandbox/deposits",
    "/_sandbox/explain/x",
    "/inspector",
    "/inspector/clock",
    "/3ds/x",
    "/3ds/x/approve",
    "/kyc/x",
    "/checkout/x",
    "/checkout/x/pay",
    "/public/x.svg",
    "/assets/style.css",
    "/api/v2/gateway8",
    "/api/v2/invoices/x",
    "/api/v2/invoices/%",
    "/api/v2/invoices/%FF",
    "/api/v2/invoices/%00%2e%2e",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/_sandbox%2Fhealth",
    "//",
];

/// A head of a deposit, without what tells the length of its body.
fn head(served: &Served, more: &str) -> String {
    format!(
        "POST /api/v2/gateway8 HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx-api-key: {}\r\n\
         content-type: application/json\r\n{more}\r\n",
        served.key
    )
}

async fn is_alive(served: &Served) -> bool {
    let ask = b"GET /_sandbox/health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    served.raw(ask).await.starts_with("HTTP/1.1 200")
}

#[tokio::test]
async fn lengths_that_contradict_each_other_or_are_none_do_nothing() {
    let served = Served::start(Sandbox::new(Config::new(1))).await;
    let before = served
        .sandbox
        .world(|world| world.invoice("order-1").is_none());
    assert!(before);
    let body = order("order-1", "frictionless").to_string();
    let long = "x".repeat(60_000);
    let trailers = "a: b\r\n".repeat(3000);
    for (length, body) in [
        ("content-length: 5\r\ncontent-length: 6\r\n", &*body),
        ("content-length: -5\r\n", &body),
        ("content-length: 1e3\r\n", &body),
        ("transfer-encoding: gzip\r\n", &body),
        ("transfer-encoding: chunked\r\n", &body),
        ("transfer-encoding: chunked\r\n", "ZZ\r\nabc"),
        (
            "transfer-encoding: chunked\r\n",
            "FFFFFFFFFFFFFFFFFF\r\nabc",
        ),
        (
            "transfer-encoding: chunked\r\n",
            &format!("2;{long}\r\n{{}}\r\n0\r\n\r\n"),
        ),
        (
            "transfer-encoding: chunked\r\n",
            &format!("2\r\n{{}}\r\n0\r\n{trailers}\r\n"),
        ),
        // Whoever takes the length for the body's and whoever takes the pieces must not read two requests.
        (
            "content-length: 5\r\ntransfer-encoding: chunked\r\n",
            "0\r\n\r\n",
        ),
    ] {
        let request = head(&served, length) + body;
        let answer = served.raw(request.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{length}: {answer}");
        assert!(
            answer.contains(r#"{"errors":[{"code":"bad_request""#),
            "{answer}"
        );
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
    }
    assert!(is_alive(&served).await);
    let after = served
        .sandbox
        .world(|world| world.invoice("order-1").is_none());
    assert!(after);
    served.stop().await;
}

#[tokio::test]
async fn what_speaks_another_language_is_sent_away() {
    let served = Served::start(Sandbox::new(Config::new(1))).await;
    for other in [
        // A greeting of TLS.
        &b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03\r\n\r\n"[..],
        b"GET /\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
    ] {
        let answer = served.raw(other).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    }
    // HTTP/2 without a word before it: there is nobody who could read an answer in HTTP/1.1.
    let answer = served.raw(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    assert!(!answer.contains("200"), "{answer}");
    // A wish to change to it may be passed over.
    let ask = b"GET /_sandbox/health HTTP/1.1\r\nhost: localhost\r\nconnection: close, upgrade, http2-settings\r\n\
                upgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n\r\n";
    assert!(served.raw(ask).await.starts_with("HTTP/1.1 200"));
    assert!(is_alive(&served).await);
    served.stop().await;
}

#[tokio::test]
async fn who_asks_whether_to_go_on_is_told_so() {
    let served = Served::start(Sandbox::new(Config::new(1))).await;
    let body = order("order-1", "frictionless").to_string();
    let more = format!("expect: 100-continue\r\ncontent-length: {}\r\n", body.len());
    let answer = served.raw((head(&served, &more) + &body).as_bytes()).await;
    let (first, rest) = answer.split_once("\r\n\r\n").unwrap();
    assert_eq!(first, "HTTP/1.1 100 Continue");
    assert!(rest.starts_with("HTTP/1.1 201"), "{rest}");
    served.stop().await;
}

#[tokio::test]
async fn requests_that_come_together_are_answered_in_their_order() {
    let served = Served::start(Sandbox::new(Config::new(1))).await;
    let mut requests = String::new();
    for number in 0..100 {
        let last = if number == 99 {
            "connection: close\r\n"
        } else {
            ""
        };
        let ask =
            format!("GET /_sandbox/explain/{number} HTTP/1.1\r\nhost: localhost\r\n{last}\r\n");
        let body = order(&format!("order-{number}"), "frictionless").to_string();
        let deposit = head(&served, &format!("content-length: {}\r\n", body.len()));
        requests.push_str(&deposit.replace("connection: close\r\n", ""));
        requests.push_str(&body);
        requests.push_str(&ask);
    }
    let answers = served.raw(requests.as_bytes()).await;
    let statuses: Vec<_> = answers
        .match_indices("HTTP/1.1 ")
        .map(|(at, start)| &answers[at + start.len()..][..3])
        .collect();
    assert_eq!(statuses.len(), 200);
    // There is no callback 0 yet; each deposit makes the next one.
    assert_eq!(&statuses[..4], ["201", "404", "201", "200"]);
    assert!(statuses.iter().step_by(2).all(|status| *status == "201"));
    served.stop().await;
}

#[test]
fn a_head_has_no_body_and_options_tell_what_a_path_admits() {
    let mut gateway = Gateway::new();
    for path in PATHS {
        let head = gateway.send(Method::HEAD, path, "");
        assert!(head.body().is_empty(), "{path}");
        let get = gateway.send(Method::GET, path, "");
        assert_eq!(head.status(), get.status(), "{path}");
        let options = gateway.send(Method::OPTIONS, path, "");
        let allow = options.headers().get("allow").cloned();
        match options.status() {
            StatusCode::NO_CONTENT => {
                let allow = allow.unwrap();
                let allow = allow.to_str().unwrap();
                let is_read = allow.split(", ").any(|method| method == "GET");
                assert_eq!(get.status() == 405, !is_read, "{path}: {allow}");
                let other = gateway.send("FOO".parse().unwrap(), path, "");
                assert_eq!(other.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
                assert_eq!(other.headers()["allow"], allow, "{path}");
            }
            status => assert_eq!((status, allow), (StatusCode::NOT_FOUND, None), "{path}"),
        }
    }
}

#[tokio::test]
async fn what_a_page_follows_is_only_read() {
    let served = Served::start(Sandbox::new(Config::new(1))).await;
    for path in [
        "/inspector/live",
        "/inspector/changes",
        "/checkout/x/changes",
    ] {
        for (method, status) in [("HEAD", "405"), ("DELETE", "405"), ("OPTIONS", "204")] {
            let ask =
                format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
            let answer = served.raw(ask.as_bytes()).await;
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {status}")),
                "{answer}"
            );
            assert!(answer.contains("allow: GET, OPTIONS\r\n"), "{answer}");
        }
    }
    served.stop().await;
}

#[test]
fn things_that_lie_deep_in_each_other_are_not_followed_down() {
    let mut gateway = Gateway::new();
    for body in ["[".repeat(300_000), r#"{"amount":"#.repeat(100_000)] {
        for path in [
            "/api/v2/gateway8",
            "/api/v2/channels",
            "/_sandbox/faults",
            "/_sandbox/deposits",
            "/_sandbox/withdrawals",
            "/_sandbox/clock/advance",
        ] {
            let answer = gateway.send(Method::POST, path, body.clone());
            assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{path}");
        }
    }
}
