use http::{HeaderValue, Method, Request};
use xgateway_transport::{Body, Transport};

use crate::Violation;
use crate::server::{Seen, Server, answer};

/// As large as a request may get, and larger than any buffer on its way.
const LARGE_BYTES: usize = 5 << 20;

/// The method on the wire is the one that was given.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn sends_the_method(transport: &dyn Transport) -> Result<(), Violation> {
    for method in [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ] {
        let seen = sent(transport, "/v2/method", |request| {
            request.method(method.clone()).body(Body::empty())
        })
        .await?;
        Violation::unless_equal("method", &seen.method.as_str(), &method.as_str())?;
    }
    Ok(())
}

/// Path and query arrive byte for byte: no decoding, encoding, sorting or
/// joining of slashes.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn sends_path_and_query_to_the_letter(
    transport: &dyn Transport,
) -> Result<(), Violation> {
    for target in [
        "/",
        "/V2/aB",
        "/v2//a%20b/%2F/c;d=e",
        "/v2/~a/-._!$&'()*+,:@",
        "/v2/a/",
        "/v2/a?",
        "/v2/a?z=1&a=%C3%A9&z=2&empty=&bare&plus=a+b&url=http://b/?c",
    ] {
        let seen = sent(transport, target, |request| request.body(Body::empty())).await?;
        Violation::unless_equal("request target", &seen.target.as_str(), &target)?;
    }
    Ok(())
}

/// Every header arrives, with its value byte for byte, repeated ones in their
/// order, and those that are marked sensitive.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn sends_every_header(transport: &dyn Transport) -> Result<(), Violation> {
    let mut secret = HeaderValue::from_static("key-of-the-test");
    secret.set_sensitive(true);
    let opaque = HeaderValue::from_bytes(b"caf\xC3\xA9").map_err(invalid)?;
    let seen = sent(transport, "/v2/headers", |request| {
        request
            .method(Method::POST)
            .header("x-api-key", secret)
            .header("X-Mixed-Case", "Value, With; Signs=\"1\"")
            .header("x-repeated", "2")
            .header("x-repeated", "1")
            .header("x-opaque", opaque)
            .header("x-empty", "")
            .header("content-type", "application/json")
            .header("accept", "application/json")
            .header("user-agent", "suite/1")
            .body(Body::from("{}"))
    })
    .await?;
    for (name, want) in [
        ("x-api-key", &[b"key-of-the-test".as_slice()][..]),
        ("x-mixed-case", &[b"Value, With; Signs=\"1\""]),
        ("x-repeated", &[b"2", b"1"]),
        ("x-opaque", &[b"caf\xC3\xA9"]),
        ("x-empty", &[b""]),
        ("content-type", &[b"application/json"]),
        ("accept", &[b"application/json"]),
        ("user-agent", &[b"suite/1"]),
        ("content-length", &[b"2"]),
    ] {
        Violation::unless_equal(
            &format!("header {name}"),
            &seen.values(name).as_slice(),
            &want,
        )?;
    }
    Ok(())
}

/// Nothing is added but `host`, `content-length`, `user-agent` and
/// `accept: */*`.
///
/// Above all no `accept-encoding`: the answer would come compressed.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn adds_only_what_http_asks_for(transport: &dyn Transport) -> Result<(), Violation> {
    for (method, body) in [(Method::GET, ""), (Method::POST, "{}")] {
        let seen = sent(transport, "/v2/added", |request| {
            request.method(method).body(Body::from(body))
        })
        .await?;
        for (name, value) in &seen.headers {
            let may_be_added = match name.as_str() {
                "host" | "user-agent" => true,
                "content-length" => *value == body.len().to_string().into_bytes(),
                "accept" => value == b"*/*",
                _ => false,
            };
            Violation::unless(may_be_added, || {
                let value = String::from_utf8_lossy(value);
                format!("added the header {name}: {value}")
            })?;
        }
    }
    Ok(())
}

/// The body arrives byte for byte, also where it is no text.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn sends_the_bytes_of_the_body(transport: &dyn Transport) -> Result<(), Violation> {
    let bytes: Vec<u8> = (0..=u8::MAX).chain(*b"\r\n\r\n0\r\n").collect();
    let seen = post(transport, "/v2/body", bytes.clone()).await?;
    Violation::unless_equal("body", &seen.body, &bytes)
}

/// A body of no bytes arrives as such.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn sends_an_empty_body(transport: &dyn Transport) -> Result<(), Violation> {
    let seen = post(transport, "/v2/empty", Vec::new()).await?;
    Violation::unless_equal("body", &seen.body, &Vec::new())
}

/// A body of 5 MiB arrives whole.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn sends_a_large_body(transport: &dyn Transport) -> Result<(), Violation> {
    let bytes = large();
    let seen = post(transport, "/v2/large", bytes.clone()).await?;
    Violation::unless_equal("bytes of the body", &seen.body.len(), &bytes.len())?;
    Violation::unless(seen.body == bytes, || "the body arrived changed")
}

/// 5 MiB of text.
pub(super) fn large() -> Vec<u8> {
    b"large body, \n".repeat(LARGE_BYTES / 13)
}

async fn post(transport: &dyn Transport, target: &str, body: Vec<u8>) -> Result<Seen, Violation> {
    sent(transport, target, |request| {
        request.method(Method::POST).body(Body::from(body))
    })
    .await
}

/// What arrives of a request for `target`.
async fn sent(
    transport: &dyn Transport,
    target: &str,
    request: impl FnOnce(http::request::Builder) -> http::Result<Request<Body>>,
) -> Result<Seen, Violation> {
    let server = Server::answering(|_| answer(200, "", ""))?;
    let builder = Request::builder().uri(server.url("http", target));
    let request = request(builder).map_err(invalid)?;
    transport
        .send(request)
        .await
        .map_err(|err| Violation::new(format!("no answer for {target}: {err:?}")))?;
    let mut record = server.record();
    record
        .seen
        .pop()
        .ok_or_else(|| Violation::new("an answer without a request"))
}

fn invalid(err: impl Into<http::Error>) -> Violation {
    let err: http::Error = err.into();
    Violation::new(format!("the suite is wrong: {err}"))
}
