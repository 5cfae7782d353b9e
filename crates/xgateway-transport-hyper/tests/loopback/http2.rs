use std::sync::Arc;
use std::time::Duration;

use http::{HeaderValue, Request};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use xgateway_transport::{Body, Delivery, Transport as _, TransportErrorKind};
use xgateway_transport_hyper::{HyperTransport, HyperTransportBuilder};

use crate::server::{Server, one_stream};
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
async fn what_was_given_up_before_it_got_a_stream_is_never_sent_whole() {
    let go_on = Arc::new(Notify::new());
    let (address, sent) = one_stream(Arc::clone(&go_on)).await;
    let transport = http2().build().unwrap();
    let url = format!("http://{address}/");
    // From here on it is known that there is one stream only.
    transport.send(get(&url)).await.unwrap();

    let held = format!("{url}held");
    let mut holds = transport.send(post(&held, b"holds the stream".to_vec()));
    let mut waits = transport.send(post(&url, b"is given up".to_vec()));
    for call in [&mut holds, &mut waits] {
        tokio::time::timeout(Duration::from_millis(20), call)
            .await
            .unwrap_err();
    }
    drop(waits);
    go_on.notify_one();
    holds.await.unwrap();
    // Whatever was to be sent before this one has been.
    transport
        .send(post(&url, b"comes last".to_vec()))
        .await
        .unwrap();
    let sent = sent.lock().unwrap();
    let has_come = |body: &[u8]| sent.windows(body.len()).any(|it| it == body);
    assert!(has_come(b"holds the stream") && has_come(b"comes last"));
    assert!(!has_come(b"is given up"));
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

/// The frames of HTTP/2 that a server may send before it gives up.
#[tokio::test]
async fn what_the_server_says_of_a_lost_request_is_no_proof() {
    const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];
    // Stream 1, REFUSED_STREAM: "not processed".
    const REFUSED: &[u8] = &[0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 7];
    // Last stream 0, NO_ERROR: "none was processed".
    const GO_AWAY: &[u8] = &[0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    for frames in [REFUSED, GO_AWAY, b"this is no frame of HTTP/2"] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move {
            let mut connections = 0;
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                connections += 1;
                assert_eq!(connections, 1, "sent again");
                stream.write_all(SETTINGS).await.unwrap();
                let mut seen = Vec::new();
                // A frame of headers on stream 1.
                while !seen
                    .windows(9)
                    .any(|it| it[3] == 1 && it[5..] == [0, 0, 0, 1])
                {
                    stream.read_buf(&mut seen).await.unwrap();
                }
                stream.write_all(frames).await.unwrap();
                // Until the client has understood and goes.
                let _: std::io::Result<usize> = stream.read_to_end(&mut seen).await;
            }
        });
        let transport = http2().build().unwrap();
        let err = transport
            .send(post(&url, b"body".to_vec()))
            .await
            .unwrap_err();
        check(&err, TransportErrorKind::Io, Delivery::Unknown);
        assert!(!serving.is_finished());
        serving.abort();
    }
}
