//! What the libraries below write into logs at their most talkative.

use std::io;
use std::sync::{Arc, Mutex};

use http::{HeaderValue, Request};
use tokio::net::TcpListener;
use tokio::time::Duration;
use tracing_subscriber::filter::LevelFilter;
use xgateway_transport::{Body, Transport as _};
use xgateway_transport_hyper::HyperTransport;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .expect("nobody panics while it logs")
            .write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_secret_is_logged() {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_writer(move || writer.clone())
        .init();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    for http2 in [false, true] {
        let mut key = HeaderValue::from_static("canary-header");
        key.set_sensitive(true);
        let request = Request::post(format!("http://{}/", listener.local_addr().unwrap()))
            .header("x-api-key", key)
            .body(Body::from("canary-body"))
            .unwrap();
        // Nobody answers; the request is written all the same.
        let transport = HyperTransport::builder()
            .http2_prior_knowledge(http2)
            .answer_timeout(Duration::from_millis(50))
            .build()
            .unwrap();
        transport.send(request).await.unwrap_err();
    }
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("h2::"), "the log of HTTP/2 is on");
    assert!(!text.contains("canary"), "{text}");
}
