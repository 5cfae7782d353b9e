//! The log at its most talkative. A process of its own, because what is logged is decided once for a whole process.

use std::sync::Mutex;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tracing_subscriber::fmt::MakeWriter;
use xgateway_sandbox::{Config, SANDBOX_CARDS, Sandbox};

use crate::canary::{assert_clean, canary_body};

#[path = "gateway/canary.rs"]
mod canary;

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

#[tokio::test]
async fn nothing_secret_is_logged_at_trace() {
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(|| LOG.make_writer())
        .init();
    let sandbox = Sandbox::new(Config::new(1));
    let key = sandbox.world(|world| world.config().api_key.expose().to_owned());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(sandbox.serve(listener, std::future::pending()));
    for card in SANDBOX_CARDS {
        let body = canary_body(card.number, card.name).to_string();
        let request = format!(
            "POST /api/v2/gateway8 HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx-api-key: {key}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len(),
        );
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 "));
    }
    server.abort();
    let text = String::from_utf8(LOG.lock().unwrap().clone()).unwrap();
    assert!(text.contains("create_card_deposit"), "the log works");
    assert_clean("the log", &text);
    assert!(!text.contains(&key), "the log tells the key");
}
