//! What goes on ends when it should, and not before.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use xgateway_sandbox::{Config, Damage, Failure, Fault, FaultRule, Sandbox};

use crate::support::order;

/// A served sandbox, and how to stop it.
struct Served {
    sandbox: Sandbox,
    stream: TcpStream,
    stop: oneshot::Sender<()>,
    task: tokio::task::JoinHandle<std::io::Result<()>>,
}

async fn serve(sandbox: Sandbox) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let server = sandbox.serve(listener, async move {
        let _ = stopped.await;
    });
    let task = tokio::spawn(server);
    Served {
        sandbox,
        stream: TcpStream::connect(address).await.unwrap(),
        stop,
        task,
    }
}

impl Served {
    async fn send(&mut self, line: &str, body: &str) {
        let key = Config::new(1).api_key.expose().to_owned();
        let request = format!(
            "{line} HTTP/1.1\r\nhost: localhost\r\nx-api-key: {key}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len(),
        );
        self.stream.write_all(request.as_bytes()).await.unwrap();
    }

    /// What comes until the connection ends, and how that does.
    async fn rest(&mut self) -> (String, Option<std::io::ErrorKind>) {
        let mut answer = Vec::new();
        let end = self.stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8(answer).unwrap();
        (answer, end.err().map(|error| error.kind()))
    }

    async fn stop(self) {
        self.stop.send(()).unwrap();
        self.task.await.unwrap().unwrap();
    }
}

fn with(fault: Fault) -> Sandbox {
    let sandbox = Sandbox::new(Config::new(1));
    sandbox.world(|world| world.add_faults(FaultRule::new(fault)));
    sandbox
}

#[tokio::test]
async fn an_answer_that_never_comes_does_not_keep_the_server() {
    for fault in [
        Fault::BeforeCommit(Failure::Hang),
        Fault::AfterCommit(Failure::Hang),
    ] {
        let mut served = serve(with(fault)).await;
        served.send("GET /api/v2/balance/accounts", "").await;
        let is_asked = |sandbox: &Sandbox| {
            let is_asked = |event: &xgateway_sandbox::Event| event.name() == "request_answered";
            sandbox.world(|world| world.events().iter().any(is_asked))
        };
        while !is_asked(&served.sandbox) {
            tokio::task::yield_now().await;
        }
        served.stop().await;
    }
}

#[tokio::test]
async fn an_answer_without_a_body_can_be_damaged_too() {
    for (damage, end) in [
        (Damage::Truncate, None),
        (Damage::Reset, Some(std::io::ErrorKind::ConnectionReset)),
    ] {
        let sandbox = Sandbox::new(Config::new(1));
        let mut served = serve(sandbox).await;
        let path = "/api/v2/customer/c/bank-transfer";
        served
            .send(&format!("POST {path}/user"), r#"{"firstName":"Jane"}"#)
            .await;
        let mut answer = [0; 12];
        served.stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 201");
        let rule = FaultRule::new(Fault::MidAnswer(damage)).on("correct_profile");
        served.sandbox.world(|world| world.add_faults(rule));
        served
            .send(&format!("PATCH {path}"), r#"{"firstName":"Joan"}"#)
            .await;
        let (rest, how) = served.rest().await;
        assert!(!rest.contains("HTTP/1.1"), "{damage:?}: {rest}");
        assert_eq!(how, end, "{damage:?}");
        served.stop().await;
    }
}

#[tokio::test]
async fn a_page_of_a_mounted_sandbox_goes_on_following() {
    let sandbox = Sandbox::new(Config::new(1));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = sandbox.router();
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = "GET /inspector/changes HTTP/1.1\r\nhost: localhost\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut seen = Vec::new();
    for event in [": ok", "id: 1", "id: 2"] {
        while !String::from_utf8_lossy(&seen).contains(event) {
            let count = stream.read_buf(&mut seen).await.unwrap();
            assert!(
                count > 0 && !seen.ends_with(b"\r\n0\r\n\r\n"),
                "it ended before {event}"
            );
        }
        sandbox.world(|world| world.advance(jiff::SignedDuration::from_secs(1)));
    }
    server.abort();
}

/// The status of an answer that may never end.
async fn status(address: std::net::SocketAddr, path: &str) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    let status = String::from_utf8_lossy(&answer[9..]).into_owned();
    (stream, status)
}

#[tokio::test]
async fn pages_of_customers_keep_the_inspector_from_nothing() {
    let mut served = serve(Sandbox::new(Config::new(1))).await;
    let address = served.stream.peer_addr().unwrap();
    let body = order("order-1", "three_ds").to_string();
    served.send("POST /api/v2/gateway8", &body).await;
    let mut answer = [0; 12];
    served.stream.read_exact(&mut answer).await.unwrap();
    let invoice = served.sandbox.world(|world| world.invoice("order-1"));
    let page = format!("/checkout/{}/changes", invoice.unwrap().id);
    // Nobody follows a page that is not there.
    for path in ["/checkout/x/changes", "/kyc/x/changes", "/kyc/changes"] {
        assert_eq!(status(address, path).await.1, "404", "{path}");
    }
    let mut followers = Vec::new();
    loop {
        let (stream, status) = status(address, &page).await;
        if status == "503" {
            break;
        }
        assert_eq!(status, "200");
        followers.push(stream);
    }
    assert_eq!(followers.len(), 48);
    for path in ["/inspector/changes", "/inspector/live"] {
        assert_eq!(status(address, path).await.1, "200", "{path}");
    }
    drop(followers);
    served.stop().await;
}
