//! The transport against a server on loopback that controls every byte.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

mod runtimes;
mod server;

use std::error::Error;
use std::fmt::Write as _;
use std::process::Command;

use http::{HeaderValue, Request, StatusCode};
use tokio::net::TcpListener;
use xgateway_transport::{
    Body, Delivery, SharedTransport, Transport as _, TransportError, TransportErrorKind,
};
use xgateway_transport_reqwest::ReqwestTransport;

use crate::server::{Reply, Server, answer};

fn transport() -> ReqwestTransport {
    ReqwestTransport::new().unwrap()
}

/// Trusts a CA whose key nobody has, so that it tries TLS on a machine without
/// CA certificates too.
fn tls_transport() -> ReqwestTransport {
    ReqwestTransport::builder()
        .root_certificates_pem(include_bytes!("root.pem"))
        .build()
        .unwrap()
}

fn get(url: &str) -> Request<Body> {
    Request::get(url).body(Body::empty()).unwrap()
}

/// A request with a secret in every place that has one.
fn secret_request(url: &str) -> Request<Body> {
    let mut key = HeaderValue::from_static("canary-header");
    key.set_sensitive(true);
    Request::post(format!("{url}?q=canary-query"))
        .header("x-api-key", key)
        .body(Body::from("canary-body"))
        .unwrap()
}

/// The error as a log would show it at its most talkative.
fn everything_about(err: &TransportError) -> String {
    let mut text = format!("{err}\n{err:?}\n{err:#?}\n");
    let mut cause = err.source();
    while let Some(err) = cause {
        let _ = writeln!(text, "{err}\n{err:?}");
        cause = err.source();
    }
    text
}

#[track_caller]
fn check(err: &TransportError, kind: TransportErrorKind, delivery: Delivery) {
    let text = everything_about(err);
    assert_eq!((err.kind(), err.delivery()), (kind, delivery), "{text}");
    assert!(!text.contains("canary"), "{text}");
    assert!(!text.contains("http://"), "{text}");
}

/// Sends one request to a server that gives `reply`, and checks the error.
async fn check_reply(reply: Reply, kind: TransportErrorKind) {
    let server = Server::start([reply]).await;
    let request = secret_request(&server.url("/canary-path"));
    let err = transport().send(request).await.unwrap_err();
    check(&err, kind, Delivery::Unknown);
    assert_eq!(server.seen().len(), 1, "the request was sent once");
}

#[tokio::test]
async fn sends_the_request_unchanged() {
    let server = Server::start([Reply::Keep(answer(201, "x-answer: a\r\n", "{\"b\":1}"))]).await;
    let body = [0, 0xff, b'\r', b'\n', b'{'];
    let request = Request::put(server.url("/v2/a%20b//c?d=e&d=%C3%A9"))
        .header("x-one", "1")
        .header("x-one", "2")
        .header("content-type", "application/json")
        .body(Body::from(body.to_vec()))
        .unwrap();

    let response = transport().send(request).await.unwrap();

    assert_eq!(response.status(), StatusCode::CREATED);
    assert_eq!(response.headers()["x-answer"], "a");
    assert_eq!(response.body(), "{\"b\":1}");

    let seen = server.seen().remove(0);
    let mut lines: Vec<_> = seen.head.trim_end().split("\r\n").collect();
    assert_eq!(lines.remove(0), "PUT /v2/a%20b//c?d=e&d=%C3%A9 HTTP/1.1");
    lines.sort_unstable();
    let host = format!("host: {}", &server.url("")["http://".len()..]);
    let agent = concat!("user-agent: xgateway-rust/", env!("CARGO_PKG_VERSION"));
    let want = [
        "accept: */*",
        "content-length: 5",
        "content-type: application/json",
        &host,
        agent,
        "x-one: 1",
        "x-one: 2",
    ];
    assert_eq!(lines, want);
    assert_eq!(seen.body, body);
}

#[tokio::test]
async fn every_status_is_an_answer_and_no_redirect_is_followed() {
    let headers = "location: /elsewhere\r\nset-cookie: a=b\r\n";
    let statuses = [200, 201, 302, 307, 400, 401, 404, 422, 429, 500, 503];
    let server =
        Server::start(statuses.map(|status| Reply::Keep(answer(status, headers, "body")))).await;
    let transport = transport();
    for status in statuses {
        let response = transport.send(get(&server.url("/asked"))).await.unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["location"], "/elsewhere");
        assert_eq!(response.body(), "body");
    }
    for seen in server.seen() {
        assert!(seen.head.starts_with("GET /asked HTTP/1.1"));
        assert!(!seen.head.contains("cookie"), "{}", seen.head);
        assert!(!seen.head.contains("referer"), "{}", seen.head);
    }
}

#[tokio::test]
async fn does_not_decompress() {
    let headers = "content-encoding: gzip\r\n";
    let server = Server::start([Reply::Keep(answer(200, headers, "as sent"))]).await;
    let response = transport().send(get(&server.url("/"))).await.unwrap();
    assert_eq!(response.body(), "as sent");
    assert!(!server.seen()[0].head.contains("accept-encoding"));
}

#[tokio::test]
async fn calls_share_a_connection_across_clones() {
    let server = Server::start([200, 404, 200].map(|s| Reply::Keep(answer(s, "", "body")))).await;
    let transport = SharedTransport::new(transport());
    for _ in 0..3 {
        let transport = transport.clone();
        transport.send(get(&server.url("/"))).await.unwrap();
    }
    let connections: Vec<_> = server.seen().iter().map(|seen| seen.connection).collect();
    assert_eq!(connections, [0, 0, 0]);
}

#[tokio::test]
async fn a_sensitive_header_arrives() {
    let server = Server::start([Reply::Keep(answer(200, "", ""))]).await;
    let request = secret_request(&server.url("/"));
    transport().send(request).await.unwrap();
    let seen = &server.seen()[0];
    assert!(seen.head.contains("x-api-key: canary-header\r\n"));
    assert_eq!(seen.body, b"canary-body");
}

#[tokio::test]
async fn a_refused_connection_sends_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/canary-path", listener.local_addr().unwrap());
    drop(listener);
    let err = transport().send(secret_request(&url)).await.unwrap_err();
    check(&err, TransportErrorKind::Connect, Delivery::NotSent);
}

#[tokio::test]
async fn a_failed_tls_handshake_sends_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/canary-path", listener.local_addr().unwrap());
    let transport = tls_transport();
    let (sent, ()) = tokio::join!(transport.send(secret_request(&url)), async {
        drop(listener.accept().await); // Not a TLS server.
    });
    let err = sent.unwrap_err();
    check(&err, TransportErrorKind::Connect, Delivery::NotSent);
}

// The clock is paused and jumps to the next timer, so nobody waits.
#[tokio::test(start_paused = true)]
async fn a_connect_timeout_sends_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/canary-path", listener.local_addr().unwrap());
    // Nobody accepts, so the handshake never gets an answer.
    let err = tls_transport()
        .send(secret_request(&url))
        .await
        .unwrap_err();
    check(&err, TransportErrorKind::Connect, Delivery::NotSent);
    assert!(everything_about(&err).contains("TimedOut"));
}

#[tokio::test]
async fn a_request_that_cannot_be_sent_is_refused() {
    for url in [
        "ftp://127.0.0.1/canary-path",
        "/canary-path",
        "http://127.0.0.1:1/a/../canary-path",
        "http://127.0.0.1:1/canary-path/%2e%2e/b",
        "http://127.0.0.1:1/canary-path/\"",
    ] {
        let err = transport().send(get(url)).await.unwrap_err();
        check(&err, TransportErrorKind::InvalidRequest, Delivery::NotSent);
    }
}

#[tokio::test]
async fn a_connection_lost_before_the_answer_is_unknown() {
    check_reply(Reply::Reset, TransportErrorKind::Io).await;
    check_reply(Reply::Close(Vec::new()), TransportErrorKind::Io).await;
}

#[tokio::test]
async fn a_kept_connection_lost_before_the_answer_is_unknown_and_not_repeated() {
    for lost in [Reply::Reset, Reply::Close(Vec::new())] {
        let server = Server::start([
            Reply::Keep(answer(200, "", "")),
            lost,
            Reply::Keep(answer(200, "", "")),
        ])
        .await;
        let transport = transport();
        let url = server.url("/canary-path");
        transport.send(secret_request(&url)).await.unwrap();
        let err = transport.send(secret_request(&url)).await.unwrap_err();
        check(&err, TransportErrorKind::Io, Delivery::Unknown);
        let connections: Vec<_> = server.seen().iter().map(|seen| seen.connection).collect();
        assert_eq!(connections, [0, 0]);
    }
}

#[tokio::test]
async fn a_truncated_answer_is_unknown() {
    let whole = answer(200, "", "canary-answer");
    for length in [9, whole.len() - 20, whole.len() - 1] {
        check_reply(
            Reply::Close(whole[..length].to_vec()),
            TransportErrorKind::Io,
        )
        .await;
    }
    let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n6\r\ncanary\r\n";
    check_reply(Reply::Close(chunked.to_vec()), TransportErrorKind::Io).await;
}

#[tokio::test]
async fn garbage_is_unknown() {
    for garbage in [
        "canary is not HTTP\r\n\r\n",
        "HTTP/1.1 canary\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncanary header\r\n\r\n",
    ] {
        check_reply(
            Reply::Close(garbage.into()),
            TransportErrorKind::InvalidAnswer,
        )
        .await;
    }
}

#[tokio::test]
async fn an_answer_may_reach_the_limit_and_not_pass_it() {
    let chunked =
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n";
    for reply in [answer(200, "", "abcdef"), chunked.into()] {
        let server = Server::start([Reply::Keep(reply.clone()), Reply::Keep(reply)]).await;
        let transport = |limit| {
            ReqwestTransport::builder()
                .answer_bytes_max(limit)
                .build()
                .unwrap()
        };
        let whole = transport(6).send(get(&server.url("/"))).await.unwrap();
        assert_eq!(whole.body(), "abcdef");
        let request = secret_request(&server.url("/canary-path"));
        let err = transport(5).send(request).await.unwrap_err();
        check(&err, TransportErrorKind::AnswerTooLarge, Delivery::Unknown);
    }
}

#[tokio::test]
async fn an_answer_that_announces_too_much_is_not_read() {
    // The body never comes: waiting for it would end in another error.
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", 1_u64 << 40);
    check_reply(
        Reply::Close(head.into()),
        TransportErrorKind::AnswerTooLarge,
    )
    .await;
}

#[tokio::test]
async fn a_dropped_exchange_leaves_nothing_to_the_next() {
    let server = Server::start([
        Reply::Keep(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nold".to_vec()),
        Reply::Keep(answer(200, "", "new")),
    ])
    .await;
    let transport = transport();
    let url = server.url("/");
    tokio::select! {
        _ = transport.send(get(&url)) => panic!("the answer never ends"),
        () = until_seen(&server, 1) => {}
    }
    let next = transport.send(get(&url)).await.unwrap();
    assert_eq!(next.body(), "new");
    let connections: Vec<_> = server.seen().iter().map(|seen| seen.connection).collect();
    assert_eq!(connections, [0, 1]);
}

async fn until_seen(server: &Server, count: usize) {
    while server.seen().len() < count {
        tokio::task::yield_now().await;
    }
}

#[test]
fn a_setting_that_cannot_work_is_refused() {
    let agent = ReqwestTransport::builder().user_agent("a\nb").build();
    assert_eq!(
        agent.unwrap_err().to_string(),
        "cannot set up the HTTP client"
    );
    let pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let root = ReqwestTransport::builder()
        .root_certificates_pem(pem)
        .build();
    assert!(root.unwrap_err().source().is_some());
}

// The process's environment cannot be changed safely, so the test runs itself
// once more with another one.
#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "the variable tells the two runs apart"
)]
async fn without_ca_certificates_http_works_and_https_is_refused() {
    const HERE: &str = "without_ca_certificates_http_works_and_https_is_refused";
    const NOWHERE: &str = "/nonexistent/ca.pem";
    if std::env::var("SSL_CERT_FILE").as_deref() != Ok(NOWHERE) {
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", HERE])
            .env("SSL_CERT_FILE", NOWHERE)
            .env_remove("SSL_CERT_DIR")
            .output()
            .unwrap();
        assert!(status.status.success(), "{status:?}");
        return;
    }
    let server = Server::start([Reply::Keep(answer(200, "", "plain"))]).await;
    let transport = transport();
    let plain = transport.send(get(&server.url("/"))).await.unwrap();
    assert_eq!(plain.body(), "plain");
    let err = transport
        .send(secret_request("https://127.0.0.1:1/canary-path"))
        .await
        .unwrap_err();
    check(&err, TransportErrorKind::Connect, Delivery::NotSent);
    assert!(everything_about(&err).contains("no CA certificates"));
}
