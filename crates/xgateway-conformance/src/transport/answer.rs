use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use xgateway_transport::{Body, Delivery, Transport, TransportError};

use crate::Violation;
use crate::server::{Server, Step, answer};
use crate::transport::request::large;

/// `as sent`, compressed.
const GZIP: &[u8] = &[
    0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0x02, 0xff, 0x4b, 0x2c, 0x56, 0x28, 0x4e, 0xcd, 0x2b, 0x01, 0,
    0xab, 0xd1, 0xb2, 0x75, 0x07, 0, 0, 0,
];

/// More than any transport should take.
const FLOOD_BYTES: usize = 64 << 20;

/// Whatever the status, it is an answer and no error.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn returns_every_status(transport: &dyn Transport) -> Result<(), Violation> {
    for status in [
        200, 201, 202, 203, 204, 206, 299, 300, 301, 302, 303, 304, 307, 308, 400, 401, 402, 403,
        404, 405, 409, 410, 413, 415, 418, 422, 451, 499, 500, 501, 502, 505, 511, 520, 599,
    ] {
        let body: &[u8] = if matches!(status, 204 | 304) {
            b""
        } else {
            b"{}"
        };
        let got = get(transport, answer(status, "", body)).await?;
        Violation::unless_equal("status", &got.status().as_u16(), &status)?;
    }
    Ok(())
}

/// Every header of the answer is there, under its name in whatever case,
/// repeated ones in their order.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn returns_every_header(transport: &dyn Transport) -> Result<(), Violation> {
    let headers = "X-Mixed-CASE: Value\r\nx-repeated: 2\r\nX-Repeated: 1\r\nX-Empty:\r\n\
                   x-opaque: caf\u{e9}\r\nContent-Type: application/json\r\n";
    let got = get(transport, answer(200, headers, "{}")).await?;
    for (name, want) in [
        ("x-mixed-case", &[b"Value".as_slice()][..]),
        ("x-repeated", &[b"2", b"1"]),
        ("x-empty", &[b""]),
        ("x-opaque", &["caf\u{e9}".as_bytes()]),
        ("content-type", &[b"application/json"]),
    ] {
        let values: Vec<_> = got
            .headers()
            .get_all(name)
            .iter()
            .map(HeaderValue::as_bytes)
            .collect();
        Violation::unless_equal(&format!("header {name}"), &values.as_slice(), &want)?;
    }
    Ok(())
}

/// The body of the answer is returned byte for byte, also where it is no text.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn returns_the_bytes_of_the_body(transport: &dyn Transport) -> Result<(), Violation> {
    let bytes: Vec<u8> = (0..=u8::MAX).chain(*b"\r\n\r\n0\r\n").collect();
    let got = get(transport, answer(200, "", &bytes)).await?;
    Violation::unless_equal("body", &got.body().as_ref(), &bytes.as_slice())?;
    let got = get(transport, chunked(&[&bytes, b"0\r\n", &bytes])).await?;
    let twice = [&bytes, b"0\r\n".as_slice(), &bytes].concat();
    Violation::unless_equal("body in chunks", &got.body().as_ref(), &twice.as_slice())
}

/// An answer without a body is returned with none.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn returns_an_empty_body(transport: &dyn Transport) -> Result<(), Violation> {
    for bytes in [answer(200, "", ""), answer(204, "", ""), chunked(&[])] {
        let got = get(transport, bytes).await?;
        Violation::unless_equal("body", &got.body().as_ref(), &b"".as_slice())?;
    }
    Ok(())
}

/// A body of 5 MiB is returned whole.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn returns_a_large_body(transport: &dyn Transport) -> Result<(), Violation> {
    let bytes = large();
    let chunks: Vec<_> = bytes.chunks(100_000).collect();
    for reply in [answer(200, "", &bytes), chunked(&chunks)] {
        let got = get(transport, reply).await?;
        Violation::unless_equal("bytes of the body", &got.body().len(), &bytes.len())?;
        Violation::unless(*got.body() == bytes, || "the body was returned changed")?;
    }
    Ok(())
}

/// An answer that comes byte by byte is returned whole.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn waits_for_a_dripping_answer(transport: &dyn Transport) -> Result<(), Violation> {
    for reply in [answer(200, "", "drip drip"), chunked(&[b"drip ", b"drip"])] {
        let server = Server::start(vec![Step::Read, Step::Drip(reply)])?;
        let got = transport
            .send(request(&server, "/v2/dripping")?)
            .await
            .map_err(no_answer)?;
        Violation::unless_equal("body", &got.body().as_ref(), &b"drip drip".as_slice())?;
    }
    Ok(())
}

/// A compressed body is returned as it came, with the header that says so.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn does_not_decompress(transport: &dyn Transport) -> Result<(), Violation> {
    let got = get(transport, answer(200, "content-encoding: gzip\r\n", GZIP)).await?;
    Violation::unless_equal("body", &got.body().as_ref(), &GZIP)?;
    let encoding = got
        .headers()
        .get("content-encoding")
        .map(HeaderValue::as_bytes);
    Violation::unless_equal(
        "header content-encoding",
        &encoding,
        &Some(b"gzip".as_slice()),
    )
}

/// An answer of 64 MiB fails as `Unknown`, whether it announced its length or
/// not. It is neither returned nor cut.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn limits_the_answer(transport: &dyn Transport) -> Result<(), Violation> {
    let endless = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    let data = b"a".repeat(1 << 20);
    let chunk = [b"100000\r\n".as_slice(), &data, b"\r\n"].concat();
    let flood = vec![
        Step::Read,
        Step::Send(endless),
        Step::Flood(chunk, FLOOD_BYTES >> 20),
        Step::Send(b"0\r\n\r\n".to_vec()),
    ];
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {FLOOD_BYTES}\r\n\r\n");
    let announced = vec![
        Step::Read,
        Step::Send(head.into_bytes()),
        Step::Flood(data, FLOOD_BYTES >> 20),
    ];
    for steps in [flood, announced] {
        let server = Server::start(steps)?;
        match transport.send(request(&server, "/v2/too-large")?).await {
            Ok(got) => {
                let length = got.body().len();
                return Err(Violation::new(format!("returned {length} bytes")));
            }
            Err(err) => Violation::unless_equal("delivery", &err.delivery(), &Delivery::Unknown)?,
        }
    }
    Ok(())
}

/// What the transport makes of `reply`.
async fn get(transport: &dyn Transport, reply: Vec<u8>) -> Result<Response<Bytes>, Violation> {
    let server = Server::answering(move |_| reply.clone())?;
    transport
        .send(request(&server, "/v2/answer")?)
        .await
        .map_err(no_answer)
}

fn request(server: &Server, target: &str) -> Result<Request<Body>, Violation> {
    Request::get(server.url("http", target))
        .body(Body::empty())
        .map_err(|err| Violation::new(format!("the suite is wrong: {err}")))
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "fits where an error is converted"
)]
fn no_answer(err: TransportError) -> Violation {
    Violation::new(format!("no answer: {err:?}"))
}

/// A 200 whose body comes in these chunks.
fn chunked(chunks: &[&[u8]]) -> Vec<u8> {
    let mut bytes = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for chunk in chunks {
        bytes.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        bytes.extend_from_slice(chunk);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"0\r\n\r\n");
    bytes
}
