use std::time::Duration;

use http::{HeaderValue, Request};
use xgateway_transport::{Body, Delivery, Transport as _, TransportErrorKind};
use xgateway_transport_hyper::{HyperTransport, HyperTransportBuilder};

use crate::server::Server;
use crate::{check, get, post};

fn http2() -> HyperTransportBuilder {
    HyperTransport::builder().http2_prior_knowledge(true)
}

#[tokio::test]
async fn sends_the_request_unchanged() {
    let server = Server::http2().await;
    let mut key = HeaderValue::from_static("key-of-the-test");
    key.set_sensitive(true);
    let body: Vec<u8> = b"0123456789".repeat(500_000);
    let request = Request::put(format!(
        "http://{}/v2/a%20b//c?d=e&d=%C3%A9",
        server.address
    ))
    .header("x-api-key", key)
    .body(Body::from(body.clone()))
    .unwrap();

    let answer = http2().build().unwrap().send(request).await.unwrap();

    assert_eq!(
        answer.headers()["x-seen"],
        "HTTP/2.0 PUT /v2/a%20b//c?d=e&d=%C3%A9"
    );
    assert_eq!(answer.headers()["x-seen-key"], "key-of-the-test");
    assert!(*answer.body() == body, "the body came back changed");
}

#[tokio::test]
async fn many_calls_share_one_connection() {
    let server = Server::http2().await;
    let transport = http2().build().unwrap();
    let url = format!("http://{}/", server.address);
    transport.send(get(&url)).await.unwrap();
    let calls: Vec<_> = (0..32_u8)
        .map(|call| {
            let transport = transport.clone();
            let request = post(&url, vec![call; 1000]);
            tokio::spawn(async move { transport.send(request).await })
        })
        .collect();
    for (call, answer) in (0_u8..).zip(calls) {
        assert_eq!(*answer.await.unwrap().unwrap().body(), vec![call; 1000]);
    }
    assert_eq!(server.connection_count(), 1);
}

#[tokio::test]
async fn a_dropped_call_closes_its_stream_alone() {
    let server = Server::http2().await;
    let transport = http2().build().unwrap();
    let url = format!("http://{}", server.address);
    transport.send(get(&url)).await.unwrap();
    let never = transport.send(get(&format!("{url}/never")));
    tokio::time::timeout(Duration::from_millis(20), never)
        .await
        .unwrap_err();
    transport.send(get(&url)).await.unwrap();
    assert_eq!(server.connection_count(), 1);
}

#[tokio::test]
async fn a_connection_that_does_not_answer_is_not_shared_again() {
    let server = Server::http2().await;
    let transport = http2()
        .answer_timeout(Duration::from_millis(50))
        .build()
        .unwrap();
    let url = format!("http://{}", server.address);
    let err = transport
        .send(get(&format!("{url}/never")))
        .await
        .unwrap_err();
    check(&err, TransportErrorKind::Timeout, Delivery::Unknown);
    transport.send(get(&url)).await.unwrap();
    assert_eq!(server.connection_count(), 2);
}
