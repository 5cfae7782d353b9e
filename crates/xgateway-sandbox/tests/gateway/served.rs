//! The sandbox on a socket, and its callbacks.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use xgateway_sandbox::{Config, Sandbox};
use xgateway_transport::test_util::NeverTransport;
use xgateway_transport::{Body, SharedTransport, Transport, TransportError, TransportErrorKind};

use crate::server::Served;
use crate::support::order;

#[tokio::test]
async fn a_page_is_where_the_sandbox_is_served() {
    let served = Served::start(Sandbox::new(Config::new(1))).await;
    assert_eq!(
        served.sandbox.base_url(),
        format!("http://{}/api", served.address)
    );
    let answer = served
        .post(
            "/api/v2/gateway8",
            &order("order-1", "three_ds").to_string(),
        )
        .await;
    let url = format!("http://{}/3ds/", served.address);
    let (_, rest) = answer.split_once(&url).unwrap();
    let (token, _) = rest.split_once('"').unwrap();
    let page = served
        .raw(
            format!("GET /3ds/{token} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
                .as_bytes(),
        )
        .await;
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("Approve this payment?"));
    let form = format!(
        "POST /3ds/{token}/approve HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: 0\r\n\r\n"
    );
    assert!(
        served
            .raw(form.as_bytes())
            .await
            .starts_with("HTTP/1.1 303")
    );
    served.sandbox.world(|world| {
        assert_eq!(
            world.invoice("order-1").unwrap().status.as_str(),
            "completed"
        );
    });
    served.stop().await;
}

#[tokio::test]
async fn a_head_has_the_length_of_the_body_it_lacks() {
    let served = Served::start(Sandbox::new(Config::new(1))).await;
    let ask = |method: &str| {
        format!(
            "{method} /_sandbox/health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
        )
    };
    let get = served.raw(ask("GET").as_bytes()).await;
    let head = served.raw(ask("HEAD").as_bytes()).await;
    let (_, body) = get.split_once("\r\n\r\n").unwrap();
    assert!(head.ends_with("\r\n\r\n"), "{head}");
    assert!(
        head.contains(&format!("content-length: {}\r\n", body.len())),
        "{head}"
    );
    served.stop().await;
}

#[tokio::test]
async fn a_body_that_is_far_too_large_gets_its_answer() {
    let served = Served::start(Sandbox::new(Config::new(1))).await;
    let answer = served.post("/api/v2/gateway8", &" ".repeat(8 << 20)).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(answer.contains("content_too_large"));
    served.stop().await;
}

#[tokio::test]
async fn a_body_in_pieces_is_put_together() {
    let served = Served::start(Sandbox::new(Config::new(1))).await;
    let body = order("order-1", "frictionless").to_string();
    let mut request = format!(
        "POST /api/v2/gateway8 HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx-api-key: {}\r\n\
         content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
        served.key,
    );
    for piece in body.as_bytes().chunks(100) {
        let text = std::str::from_utf8(piece).unwrap();
        let chunk = format!("{:x}\r\n{text}\r\n", piece.len());
        request.push_str(&chunk);
    }
    request.push_str("0\r\n\r\n");
    let answer = served.raw(request.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    served.stop().await;
}

#[tokio::test]
async fn a_body_that_never_comes_is_not_waited_for_for_ever() {
    let served = Served::start(Sandbox::new(Config::new(1))).await;
    let mut stream = TcpStream::connect(&served.address).await.unwrap();
    let head = format!(
        "POST /api/v2/gateway8 HTTP/1.1\r\nhost: localhost\r\nx-api-key: {}\r\ncontent-type: application/json\r\n\
         content-length: 100\r\n\r\n{{",
        served.key,
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // Let the server meet the body before time is made to fly.
    tokio::task::yield_now().await;
    tokio::time::pause();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("The request body took too long."));
    tokio::time::resume();
    served.stop().await;
}

/// A merchant that answers with a status and passes on what came.
#[derive(Debug)]
struct Merchant {
    status: u16,
    seen: mpsc::UnboundedSender<String>,
}

#[async_trait]
impl Transport for Merchant {
    async fn send(&self, request: Request<Body>) -> Result<Response<Bytes>, TransportError> {
        if self.status == 0 {
            return Err(TransportError::not_sent(TransportErrorKind::Connect));
        }
        let body = request.body().as_bytes().unwrap_or_default();
        let seen = format!(
            "{} {} {}",
            request.method(),
            request.uri(),
            String::from_utf8_lossy(body)
        );
        self.seen.send(seen).unwrap();
        let mut answer = Response::new(Bytes::new());
        *answer.status_mut() = http::StatusCode::from_u16(self.status).unwrap();
        Ok(answer)
    }
}

fn merchant(status: u16) -> (SharedTransport, mpsc::UnboundedReceiver<String>) {
    let (seen, receiver) = mpsc::unbounded_channel();
    (SharedTransport::new(Merchant { status, seen }), receiver)
}

fn with_callbacks() -> Sandbox {
    let mut config = Config::new(1);
    config.callback_url = Some("http://merchant.invalid/hook".parse().unwrap());
    Sandbox::new(config)
}

fn pay(sandbox: &Sandbox, id: &str) {
    sandbox.world(|world| {
        let request = Request::post("/api/v2/gateway8")
            .header("x-api-key", world.config().api_key.expose())
            .header("content-type", "application/json")
            .body(Bytes::from(order(id, "frictionless").to_string()))
            .unwrap();
        assert_eq!(world.handle(&request).status(), 201);
    });
}

fn attempts(sandbox: &Sandbox) -> Vec<String> {
    sandbox.world(|world| {
        world
            .events()
            .iter()
            .filter(|event| event.name() == "callback_attempted")
            .map(|event| {
                let json = serde_json::to_value(event).unwrap();
                format!("{} {}", json["callback"], json["status"])
            })
            .collect()
    })
}

#[tokio::test]
async fn each_callback_is_attempted_once_and_noted() {
    let sandbox = with_callbacks();
    pay(&sandbox, "order-1");
    pay(&sandbox, "order-2");
    let (transport, mut seen) = merchant(204);
    assert_eq!(sandbox.deliver_callbacks(&transport).await, 2);
    assert_eq!(sandbox.deliver_callbacks(&transport).await, 0);
    let first = seen.recv().await.unwrap();
    assert!(
        first.starts_with("POST http://merchant.invalid/hook {\"callbackType\":\"transaction\",")
    );
    assert!(first.contains("\"orderId\":\"order-1\""));
    assert_eq!(attempts(&sandbox), ["1 204", "2 204"]);
}

/// Answers all but the first callback.
#[derive(Debug)]
struct Deaf;

#[async_trait]
impl Transport for Deaf {
    async fn send(&self, request: Request<Body>) -> Result<Response<Bytes>, TransportError> {
        let body = request.body().as_bytes().unwrap_or_default();
        if String::from_utf8_lossy(body).contains("order-1") {
            std::future::pending::<()>().await;
        }
        Ok(Response::new(Bytes::new()))
    }
}

#[tokio::test(start_paused = true)]
async fn a_callback_that_is_not_answered_holds_up_no_other() {
    let sandbox = with_callbacks();
    for order in ["order-1", "order-2", "order-3", "order-4"] {
        pay(&sandbox, order);
    }
    let (transport, begun) = (SharedTransport::new(Deaf), tokio::time::Instant::now());
    let second = std::time::Duration::from_secs(1);
    let delivered = sandbox.deliver_callbacks(&transport);
    assert!(tokio::time::timeout(second, delivered).await.is_err());
    assert_eq!(begun.elapsed(), second);
    assert_eq!(attempts(&sandbox), ["2 200", "3 200", "4 200"]);
}

#[tokio::test]
async fn callbacks_about_one_thing_keep_their_order() {
    let sandbox = with_callbacks();
    sandbox.world(|world| {
        let ask = |tail: &str| {
            Request::post(format!("/api/v2/customer/c/bank-transfer{tail}"))
                .header("x-api-key", world.config().api_key.expose())
                .header("content-type", "application/json")
                .body(Bytes::from("{}"))
                .unwrap()
        };
        for request in [ask("/user"), ask("/kyc/initiate")] {
            assert_eq!(world.handle(&request).status(), 201);
        }
    });
    let (transport, mut seen) = merchant(204);
    assert_eq!(sandbox.deliver_callbacks(&transport).await, 2);
    for status in ["CREATED", "KYC_NEEDED"] {
        let callback = seen.recv().await.unwrap();
        assert!(callback.contains(status), "{callback}");
    }
}

#[tokio::test]
async fn a_merchant_who_fails_is_noted_too() {
    let sandbox = with_callbacks();
    pay(&sandbox, "order-1");
    sandbox.deliver_callbacks(&merchant(500).0).await;
    pay(&sandbox, "order-2");
    sandbox.deliver_callbacks(&merchant(0).0).await;
    tokio::time::pause();
    pay(&sandbox, "order-3");
    sandbox
        .deliver_callbacks(&SharedTransport::new(NeverTransport))
        .await;
    assert_eq!(attempts(&sandbox), ["1 500", "2 null", "3 null"]);
}

#[tokio::test]
async fn what_failed_is_delivered_again_once_time_has_passed() {
    let sandbox = with_callbacks();
    pay(&sandbox, "order-1");
    assert_eq!(sandbox.deliver_callbacks(&merchant(503).0).await, 1);
    let (transport, mut seen) = merchant(200);
    assert_eq!(sandbox.deliver_callbacks(&transport).await, 0);
    sandbox.world(|world| world.advance(jiff::SignedDuration::from_secs(1)));
    assert_eq!(sandbox.deliver_callbacks(&transport).await, 1);
    assert!(seen.recv().await.unwrap().contains("order-1"));
    assert_eq!(attempts(&sandbox), ["1 503", "1 200"]);
}

#[tokio::test]
async fn without_a_url_callbacks_wait() {
    let sandbox = Sandbox::new(Config::new(1));
    pay(&sandbox, "order-1");
    assert_eq!(sandbox.deliver_callbacks(&merchant(200).0).await, 0);
    assert_eq!(sandbox.world(|world| world.take_callbacks().len()), 1);
}

#[tokio::test]
async fn a_server_delivers_callbacks_as_they_arise() {
    let (transport, mut seen) = merchant(200);
    let sandbox = with_callbacks().with_callback_transport(transport);
    pay(&sandbox, "before");
    let served = Served::start(sandbox).await;
    assert!(
        seen.recv()
            .await
            .unwrap()
            .contains("\"orderId\":\"before\"")
    );
    served
        .post(
            "/api/v2/gateway8",
            &order("after", "frictionless").to_string(),
        )
        .await;
    assert!(seen.recv().await.unwrap().contains("\"orderId\":\"after\""));
    pay(&served.sandbox, "in-process");
    assert!(
        seen.recv()
            .await
            .unwrap()
            .contains("\"orderId\":\"in-process\"")
    );
    served.stop().await;
}

#[tokio::test]
async fn the_transport_needs_no_socket() {
    let sandbox = Sandbox::new(Config::new(1));
    let transport: Arc<dyn Transport> = Arc::new(sandbox.transport());
    let key = sandbox.world(|world| world.config().api_key.expose().to_owned());
    let request = Request::post(format!("{}/v2/gateway8", sandbox.base_url()))
        .header("x-api-key", key)
        .header("content-type", "application/json")
        .body(Body::from(order("order-1", "three_ds").to_string()))
        .unwrap();
    let answer = transport.send(request).await.unwrap();
    assert_eq!(answer.status(), 201);
    let json: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
    let page = sandbox.three_ds(json["data"]["threeDSURL"].as_str().unwrap());
    assert!(page.visit().html().contains("Approve this payment?"));
    assert!(page.leave().redirect().is_some());
    assert_eq!(page.approve().status(), 303);
    let relative = Request::get("/_sandbox/health")
        .body(Body::empty())
        .unwrap();
    let error = transport.send(relative).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::InvalidRequest);
    assert_eq!(sandbox.three_ds("no url").visit().status(), 404);
}

/// Reads from a stream until a text has come.
async fn read_until(stream: &mut TcpStream, text: &str) -> String {
    let mut seen = Vec::new();
    loop {
        let count = stream.read_buf(&mut seen).await.unwrap();
        let so_far = String::from_utf8_lossy(&seen).into_owned();
        if so_far.contains(text) {
            return so_far;
        }
        assert!(count > 0, "it ended without {text}: {so_far}");
    }
}

#[tokio::test]
async fn the_timeline_comes_live_and_ends_with_the_server() {
    let served = Served::start(Sandbox::new(Config::new(1))).await;
    let mut stream = TcpStream::connect(&served.address).await.unwrap();
    let ask = "GET /inspector/live?kind=change HTTP/1.1\r\nhost: localhost\r\n\r\n";
    stream.write_all(ask.as_bytes()).await.unwrap();
    read_until(&mut stream, ": ok").await;
    let body = order("<b>order</b>\u{202e}1", "three_ds").to_string();
    served.post("/api/v2/gateway8", &body).await;
    let seen = read_until(&mut stream, "</li>").await;
    assert!(seen.contains("Invoice opened"), "{seen}");
    assert!(seen.contains("event: item\nid: 3\ndata: <li"), "{seen}");
    assert!(!seen.contains("<b>"), "{seen}");
    // As on the page itself.
    assert!(seen.contains(r"\u{202e}1"), "{seen}");
    assert!(!seen.contains('\u{202e}'), "{seen}");
    // The request itself is filtered out.
    assert!(!seen.contains("POST /api"), "{seen}");
    served.stop().await;
}

#[tokio::test]
async fn what_happens_before_a_page_follows_is_not_missed() {
    let served = Served::start(Sandbox::new(Config::new(1))).await;
    let page = async || {
        let ask =
            "GET /inspector/payments HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        let page = served.raw(ask.as_bytes()).await;
        let (_, link) = page.split_once("data-follow=\"").unwrap();
        link.split_once('"').unwrap().0.to_owned()
    };
    let link = page().await;
    // Looking is no change, or a page would load itself for ever.
    assert_eq!(page().await, link);
    let body = order("order-1", "three_ds").to_string();
    served.post("/api/v2/gateway8", &body).await;
    let mut stream = TcpStream::connect(&served.address).await.unwrap();
    let ask = format!("GET {link} HTTP/1.1\r\nhost: localhost\r\n\r\n");
    stream.write_all(ask.as_bytes()).await.unwrap();
    read_until(&mut stream, "event: change").await;
    served.stop().await;
}

#[tokio::test]
async fn strangers_are_refused() {
    let served = Served::start(Sandbox::new(Config::new(1))).await;
    let ask = |head: &str| format!("{head}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    for head in [
        "GET /inspector HTTP/1.1\r\nhost: rebound.example",
        "GET /api/v2/balance/accounts HTTP/1.1\r\nhost: rebound.example",
        "POST /inspector/clock HTTP/1.1\r\nhost: localhost\r\norigin: http://evil.example",
        "POST /inspector/clock HTTP/1.1\r\nhost: localhost\r\nsec-fetch-site: cross-site",
    ] {
        let answer = served.raw(ask(head).as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 403"), "{head}: {answer}");
    }
    served.stop().await;
}

#[tokio::test]
async fn a_sandbox_for_others_asks_for_its_token() {
    let token = xgateway_sandbox::AccessToken::parse("open-sesame").unwrap();
    let served = Served::start(Sandbox::new(Config::new(1)).with_access_token(token)).await;
    let get = |path: &str, more: &str| {
        format!("GET {path} HTTP/1.1\r\nhost: team.example\r\nconnection: close\r\n{more}\r\n")
    };
    let closed = served.raw(get("/inspector", "").as_bytes()).await;
    assert!(closed.starts_with("HTTP/1.1 401"), "{closed}");
    assert!(closed.contains("action=\"/token\"") && !closed.contains("open-sesame"));
    let form = |token: &str| {
        let body = format!("token={token}");
        format!(
            "POST /token HTTP/1.1\r\nhost: team.example\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let wrong = served.raw(form("wrong").as_bytes()).await;
    assert!(
        wrong.starts_with("HTTP/1.1 401") && !wrong.contains("set-cookie"),
        "{wrong}"
    );
    let right = served.raw(form("open-sesame").as_bytes()).await;
    assert!(right.starts_with("HTTP/1.1 303"), "{right}");
    let (_, cookie) = right.split_once("set-cookie: ").unwrap();
    let (cookie, flags) = cookie.split_once(';').unwrap();
    assert!(
        flags.starts_with(" Path=/; HttpOnly; SameSite=Lax\r\n"),
        "{right}"
    );
    assert!(!cookie.contains("open-sesame"), "{right}");
    let with_cookie = get("/inspector", &format!("cookie: {cookie}\r\n"));
    let open = served.raw(with_cookie.as_bytes()).await;
    assert!(open.starts_with("HTTP/1.1 200"), "{open}");
    served.stop().await;
}

#[tokio::test]
async fn whatever_stands_in_a_token_lets_a_browser_in() {
    let token = xgateway_sandbox::AccessToken::parse("ab;cd,\"=").unwrap();
    let served = Served::start(Sandbox::new(Config::new(1)).with_access_token(token)).await;
    let body = "token=ab%3Bcd%2C%22%3D";
    let form = format!(
        "POST /token HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let welcome = served.raw(form.as_bytes()).await;
    let (_, cookie) = welcome.split_once("set-cookie: ").unwrap();
    let (cookie, _) = cookie.split_once(';').unwrap();
    let get = format!(
        "GET /inspector HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncookie: {cookie}\r\n\r\n"
    );
    let open = served.raw(get.as_bytes()).await;
    assert!(open.starts_with("HTTP/1.1 200"), "{open}");
    served.stop().await;
}

#[tokio::test]
async fn an_order_id_adds_no_fields_to_the_live_timeline() {
    let served = Served::start(Sandbox::new(Config::new(1))).await;
    let mut stream = TcpStream::connect(&served.address).await.unwrap();
    let ask = "GET /inspector/live?kind=change HTTP/1.1\r\nhost: localhost\r\n\r\n";
    stream.write_all(ask.as_bytes()).await.unwrap();
    read_until(&mut stream, ": ok").await;
    let body = order("a\rretry: 9\rdata: xx", "three_ds").to_string();
    served.post("/api/v2/gateway8", &body).await;
    let seen = read_until(&mut stream, "xx").await;
    let seen = seen.replace("\r\n", "\n");
    assert!(!seen.contains('\r'), "{seen:?}");
    assert!(seen.contains("\ndata: retry: 9\n"), "{seen:?}");
    served.stop().await;
}

#[tokio::test]
async fn a_form_that_is_too_large_is_told_so() {
    let served = Served::start(Sandbox::new(Config::new(1))).await;
    let body = "x".repeat(2 << 20);
    let form = format!(
        "POST /inspector/clock HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = served.raw(form.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    served.stop().await;
}

#[tokio::test]
async fn the_windows_into_the_world_change_nothing_and_tell_as_much_as_is_asked() {
    let sandbox = with_callbacks();
    pay(&sandbox, "order-1");
    let served = Served::start(sandbox).await;
    let before = served.sandbox.world(|world| world.events().last());
    let get =
        |path: &str| format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    let two = served
        .raw(get("/_sandbox/events?after=1&limit=2").as_bytes())
        .await;
    assert!(
        two.contains("\"sequence\":2,") && two.contains("\"sequence\":3,"),
        "{two}"
    );
    assert!(!two.contains("\"sequence\":4,"), "{two}");
    for path in [
        "/inspector",
        "/inspector/payments",
        "/_sandbox/explain/order-1",
    ] {
        let answer = served.raw(get(path).as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains("order-1"), "{answer}");
    }
    assert_eq!(served.sandbox.world(|world| world.events().last()), before);
    served.stop().await;
}

#[tokio::test]
async fn pages_on_this_machine_may_use_the_api_from_a_script() {
    let served = Served::start(Sandbox::new(Config::new(1))).await;
    let ask = |origin: &str| {
        format!(
            "OPTIONS /api/v2/gateway8 HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\norigin: {origin}\r\n\
             access-control-request-method: POST\r\naccess-control-request-headers: x-api-key\r\n\r\n"
        )
    };
    let near = served.raw(ask("http://localhost:3000").as_bytes()).await;
    assert!(near.starts_with("HTTP/1.1 204"), "{near}");
    for line in [
        "access-control-allow-origin: http://localhost:3000",
        "access-control-allow-headers: x-api-key, content-type",
    ] {
        assert!(near.contains(line), "{line} in {near}");
    }
    let far = served.raw(ask("https://shop.example").as_bytes()).await;
    assert!(!far.contains("access-control-allow-origin"), "{far}");
    served.stop().await;
}

/// Sends a head that is refused while it is still being sent, and reads what comes until the connection is gone.
async fn refused(served: &Served, head: &str) -> String {
    let mut stream = TcpStream::connect(&served.address).await.unwrap();
    // Who is refused early may be cut off.
    let _ = stream.write_all(head.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn a_head_with_too_many_or_too_long_fields_is_refused_in_the_envelope() {
    let served = Served::start(Sandbox::new(Config::new(1))).await;
    let many = "x-more: 1\r\n".repeat(200);
    let long = format!("x-long: {}\r\n", "x".repeat(256 << 10));
    for fields in [many, long] {
        let head = format!("GET /_sandbox/health HTTP/1.1\r\nhost: localhost\r\n{fields}\r\n");
        let answer = refused(&served, &head).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(
            head.starts_with("HTTP/1.1 431 Request Header Fields Too Large\r\n"),
            "{head}"
        );
        assert!(head.contains("content-type: application/json"), "{head}");
        assert!(head.contains("connection: close"), "{head}");
        assert_eq!(
            body,
            r#"{"errors":[{"code":"bad_request","message":"The head of the request has too many fields, or is too long."}],"success":false}"#
        );
    }
    served.stop().await;
}

#[tokio::test]
async fn a_head_may_have_as_many_bytes_as_the_guide_says() {
    let served = Served::start(Sandbox::new(Config::new(1))).await;
    let head = |bytes: usize| {
        let start =
            "GET /_sandbox/health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx-long: ";
        let fill = bytes - start.len() - "\r\n\r\n".len();
        format!("{start}{}\r\n\r\n", "x".repeat(fill))
    };
    for (bytes, status) in [
        (64 << 10, "200 OK"),
        ((64 << 10) + 1, "431 "),
        (70_000, "431 "),
    ] {
        let answer = refused(&served, &head(bytes)).await;
        let line = answer.lines().next().unwrap_or_default();
        assert!(
            line.starts_with(&format!("HTTP/1.1 {status}")),
            "{bytes}: {line}"
        );
    }
    served.stop().await;
}

#[tokio::test]
async fn programs_are_asked_for_the_token_in_the_envelope_and_people_by_a_form() {
    let token = xgateway_sandbox::AccessToken::parse("open-sesame").unwrap();
    let sandbox = Sandbox::new(Config::new(1)).with_access_token(token);
    let served = Served::start(sandbox).await;
    let ask =
        |path: &str| format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    for path in ["/_sandbox/clock", "/_sandbox/events"] {
        let answer = served.raw(ask(path).as_bytes()).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 401 "), "{head}");
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["success"], false);
        assert_eq!(body["errors"][0]["code"], "unauthorized");
        let message = body["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains("x-sandbox-token"), "{message}");
    }
    let page = served.raw(ask("/inspector").as_bytes()).await;
    assert!(
        page.starts_with("HTTP/1.1 401 ") && page.contains("<form"),
        "{page}"
    );
    served.stop().await;
    // The same for names of other machines.
    let served = Served::start(Sandbox::new(Config::new(1))).await;
    let strange = ask("/_sandbox/clock").replace("localhost", "rebound.example");
    let answer = served.raw(strange.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    assert!(answer.contains("\"code\":\"forbidden\""), "{answer}");
    served.stop().await;
}
