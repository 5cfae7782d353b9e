use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::Barrier;
use xgateway_transport::Transport as _;
use xgateway_transport_hyper::{HyperTransport, HyperTransportBuilder};

use crate::get;

/// A server for requests without a body that notes the connection of each.
struct Server {
    url: String,
    seen: Arc<Mutex<Vec<usize>>>,
}

impl Server {
    /// Answers `together` requests at a time.
    async fn start(together: usize, headers: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let seen = Arc::<Mutex<Vec<usize>>>::default();
        let noted = Arc::clone(&seen);
        tokio::spawn(async move {
            let barrier = Arc::new(Barrier::new(together));
            for connection in 0.. {
                let (mut stream, _) = listener.accept().await.unwrap();
                let (noted, barrier) = (Arc::clone(&noted), Arc::clone(&barrier));
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    while let Ok(byte) = stream.read_u8().await {
                        head.push(byte);
                        if head.ends_with(b"\r\n\r\n") {
                            head.clear();
                            noted.lock().unwrap().push(connection);
                            barrier.wait().await;
                            let answer =
                                format!("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n{headers}\r\nok");
                            stream.write_all(answer.as_bytes()).await.unwrap();
                        }
                    }
                });
            }
        });
        Self { url, seen }
    }

    /// The connections of the requests, in order.
    fn seen(&self) -> Vec<usize> {
        self.seen.lock().unwrap().clone()
    }
}

fn build(builder: HyperTransportBuilder) -> HyperTransport {
    builder.build().unwrap()
}

#[tokio::test]
async fn calls_share_a_connection_across_clones() {
    let server = Server::start(1, "").await;
    let transport = build(HyperTransport::builder());
    for _ in 0..3 {
        transport.clone().send(get(&server.url)).await.unwrap();
    }
    assert_eq!(server.seen(), [0, 0, 0]);
}

#[tokio::test]
async fn a_connection_that_the_server_closes_is_not_used_again() {
    let server = Server::start(1, "connection: close\r\n").await;
    let transport = build(HyperTransport::builder());
    for _ in 0..3 {
        transport.send(get(&server.url)).await.unwrap();
    }
    assert_eq!(server.seen(), [0, 1, 2]);
}

#[tokio::test]
async fn no_more_connections_are_kept_than_allowed() {
    let server = Server::start(2, "").await;
    for (idle_max, want) in [(0, 6), (1, 4), (2, 2)] {
        let transport = build(HyperTransport::builder().pool_idle_per_host_max(idle_max));
        let before = server.seen().into_iter().max().map_or(0, |it| it + 1);
        for _ in 0..3 {
            let (one, two) = tokio::join!(
                transport.send(get(&server.url)),
                transport.send(get(&server.url)),
            );
            one.unwrap();
            two.unwrap();
        }
        let after = server.seen().into_iter().max().unwrap() + 1;
        assert_eq!(after - before, want, "with at most {idle_max} idle");
    }
}

#[tokio::test]
async fn a_connection_that_was_unused_for_too_long_is_not_used_again() {
    let server = Server::start(1, "").await;
    let transport = build(HyperTransport::builder().pool_idle_timeout(Duration::ZERO));
    for _ in 0..2 {
        transport.send(get(&server.url)).await.unwrap();
    }
    assert_eq!(server.seen(), [0, 1]);
}
