//! What the conformance suite does not see: TLS, HTTP/2, the pool and the
//! limits of time.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

mod http2;
mod limits;
mod pool;
mod server;
mod tls;

use http::Request;
use xgateway_transport::{Body, Delivery, TransportError, TransportErrorKind};

fn get(url: &str) -> Request<Body> {
    Request::get(url).body(Body::empty()).unwrap()
}

fn post(url: &str, body: Vec<u8>) -> Request<Body> {
    Request::post(url).body(Body::from(body)).unwrap()
}

#[track_caller]
fn check(err: &TransportError, kind: TransportErrorKind, delivery: Delivery) {
    assert_eq!((err.kind(), err.delivery()), (kind, delivery), "{err:?}");
}
