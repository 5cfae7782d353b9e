//! Behind hyper and axum, over loopback.

use std::sync::Arc;

use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use xgateway_callback::{BODY_BYTES_MAX, Receiver};
use xgateway_store::{Inbox as _, MemoryInbox};

use crate::fixture::{ENVIRONMENT, SEED, TestClock, ring};

fn receiver(inbox: &Arc<MemoryInbox>) -> Receiver {
    Receiver::new(inbox.clone(), ENVIRONMENT, ring(), TestClock::default())
}

/// Sends bytes on a connection of their own and reads the first line of the answer.
async fn exchange(address: std::net::SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server may answer and close before it has read all.
    let _ = stream.write_all(request).await;
    let _ = stream.shutdown().await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer)
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}

fn post(body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST /callbacks HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

fn chunked(body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST /callbacks HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n"
    )
    .into_bytes()
}

async fn check(address: std::net::SocketAddr, inbox: &MemoryInbox) {
    assert_eq!(exchange(address, &post(SEED)).await, "HTTP/1.1 200 OK");
    assert_eq!(exchange(address, &chunked(SEED)).await, "HTTP/1.1 200 OK");
    let large = format!("{SEED}{}", " ".repeat(BODY_BYTES_MAX));
    assert_eq!(
        exchange(address, &chunked(&large)).await,
        "HTTP/1.1 413 Payload Too Large"
    );
    assert_eq!(
        exchange(address, &post("{}")).await,
        "HTTP/1.1 400 Bad Request"
    );
    let mut cut = post(SEED);
    cut.truncate(cut.len() - 10);
    let answer = exchange(address, &cut).await;
    assert!(answer.is_empty() || answer.contains("400"), "{answer}");
    assert_eq!(inbox.counts().await.unwrap().open, 1);
}

#[tokio::test]
async fn works_behind_hyper() {
    let inbox = Arc::new(MemoryInbox::new());
    let receiver = receiver(&inbox);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let service = TowerToHyperService::new(receiver.clone());
            let connection = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service);
            tokio::spawn(async move {
                // A client that cuts its request ends the connection with an error.
                let _ = connection.await;
            });
        }
    });
    check(address, &inbox).await;
    server.abort();
}

#[tokio::test]
async fn works_in_a_router_of_axum() {
    let inbox = Arc::new(MemoryInbox::new());
    let router: axum::Router = receiver(&inbox).router("/callbacks");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    check(address, &inbox).await;
    let elsewhere = exchange(
        address,
        b"POST /else HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    )
    .await;
    assert_eq!(elsewhere, "HTTP/1.1 404 Not Found");
    server.abort();
}
