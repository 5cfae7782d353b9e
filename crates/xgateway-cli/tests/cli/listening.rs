//! `xgateway callback listen` between a gateway and a merchant, each on a port of its own.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use http::{HeaderMap, Request, StatusCode};
use jiff::SignedDuration;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use xgateway::ReqwestTransport;
use xgateway::callback::sign;
use xgateway::core::secret::SecretKey;
use xgateway::transport::{Body, Transport as _};
use xgateway_sandbox::{Config, OutgoingCallback, Sandbox, World};

use crate::fixture::{Cli, body};

/// Far more than anything here takes: a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_mins(1);

/// A sandbox, and the means to deliver its callbacks by hand.
pub(crate) struct Gateway {
    sandbox: Sandbox,
    runtime: Runtime,
}

impl Gateway {
    pub(crate) fn new() -> Self {
        Self::with(Config::new(1))
    }

    pub(crate) fn with(config: Config) -> Self {
        let runtime = Runtime::new().unwrap();
        let sandbox = Sandbox::new(config);
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let guard = runtime.enter();
        runtime.spawn(sandbox.serve(listener, std::future::pending()));
        drop(guard);
        Self { sandbox, runtime }
    }

    /// A command line that is set up for it. The keys come by the default seed.
    pub(crate) fn cli(&self) -> Cli {
        Cli::new().variable("XGATEWAY_URL", &self.sandbox.base_url())
    }

    /// Where its API is.
    pub(crate) fn url(&self) -> String {
        self.sandbox.base_url()
    }

    /// The customer declines at a 3DS page.
    pub(crate) fn decline(&self, page: &str) {
        self.sandbox.three_ds(page).decline();
    }

    /// The customer pays at a 3DS page.
    pub(crate) fn approve(&self, page: &str) {
        self.sandbox.three_ds(page).approve();
    }

    /// The gateway confirms what it had declined, as it may.
    pub(crate) fn confirm(&self, order_id: &str) {
        self.sandbox.world(|world| {
            let invoice = world.invoice(order_id).unwrap();
            let body = serde_json::json!({
                "amount": "25", "invoiceId": invoice.id, "status": "confirmed",
            });
            let request = Request::post("/api/v2/transaction/simulate")
                .header("x-api-key", world.config().api_key.expose())
                .header("content-type", "application/json")
                .body(Bytes::from(body.to_string()))
                .unwrap();
            assert!(world.handle(&request).status().is_success());
        });
    }

    /// Somebody pays 25 to an address, and it is confirmed.
    pub(crate) fn pay(&self, address: &str) {
        let paid = serde_json::json!({"address": address, "amount": "25", "outcome": "confirmed"});
        let request = Request::post("/_sandbox/deposits")
            .header("content-type", "application/json")
            .body(Bytes::from(paid.to_string()))
            .unwrap();
        let answer = self.sandbox.world(|world| world.handle(&request));
        assert!(answer.status().is_success(), "{}", answer.status());
        self.pass(SignedDuration::from_mins(30));
    }

    /// Time passes at the gateway.
    pub(crate) fn pass(&self, time: SignedDuration) {
        self.sandbox.world(|world| world.advance(time));
    }

    /// All that it has to tell now.
    pub(crate) fn callbacks(&self) -> Vec<String> {
        let callbacks = self.sandbox.world(World::take_callbacks);
        let body = |callback: &OutgoingCallback| String::from_utf8(callback.body().to_vec());
        callbacks.iter().map(|it| body(it).unwrap()).collect()
    }

    pub(crate) fn secret_key(&self) -> SecretKey {
        self.sandbox
            .world(|world| world.config().secret_key.clone())
    }

    /// Takes a deposit that needs no person, and returns its callback.
    pub(crate) fn deposit(&self, order_id: &str) -> String {
        let body = body(order_id).replace("4000 0000 0000 0002", "4000 0000 0001 1017");
        self.sandbox.world(|world| {
            let request = Request::post("/api/v2/gateway8")
                .header("x-api-key", world.config().api_key.expose())
                .header("content-type", "application/json")
                .body(Bytes::from(body))
                .unwrap();
            assert!(world.handle(&request).status().is_success());
            let callback = world.take_callbacks().pop().unwrap();
            String::from_utf8(callback.body().to_vec()).unwrap()
        })
    }

    /// Delivers a body, and says with which status it was answered.
    pub(crate) fn deliver(&self, body: &str, url: &str) -> u16 {
        let request = Request::post(format!("{url}/any/path"))
            .header("content-type", "application/json")
            .body(Body::from(body.to_owned()))
            .unwrap();
        let transport = ReqwestTransport::new().unwrap();
        let answer = self.runtime.block_on(transport.send(request)).unwrap();
        answer.status().as_u16()
    }
}

/// What the merchant's server got.
pub(crate) struct Forwarded {
    pub(crate) body: String,
    pub(crate) idempotency_key: String,
}

/// What it answers, and whom it tells.
#[derive(Clone)]
struct Script {
    answers: Arc<Mutex<VecDeque<u16>>>,
    at_last: u16,
    sender: Sender<Forwarded>,
}

/// The merchant's own server.
pub(crate) struct Merchant {
    url: String,
    forwarded: Receiver<Forwarded>,
    _runtime: Runtime,
}

impl Merchant {
    /// One that takes whatever comes.
    pub(crate) fn obliging() -> Self {
        Self::answering(VecDeque::new(), 200)
    }

    /// One that gives these answers, and then refuses.
    pub(crate) fn new<const N: usize>(answers: [u16; N]) -> Self {
        Self::answering(answers.into(), 410)
    }

    fn answering(answers: VecDeque<u16>, at_last: u16) -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}/hook?token=1", listener.local_addr().unwrap());
        let (sender, forwarded) = channel();
        let script = Script {
            answers: Arc::new(Mutex::new(answers)),
            at_last,
            sender,
        };
        let router = Router::new()
            .route("/hook", post(answer))
            .with_state(script);
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self {
            url,
            forwarded,
            _runtime: runtime,
        }
    }

    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    pub(crate) fn next(&self) -> Forwarded {
        self.forwarded.recv_timeout(PATIENCE).unwrap()
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.forwarded.try_recv().is_err()
    }
}

async fn answer(State(script): State<Script>, headers: HeaderMap, body: String) -> StatusCode {
    let key = headers.get("idempotency-key").map(|key| key.to_str());
    let idempotency_key = key.transpose().unwrap().unwrap_or_default().to_owned();
    let status = script.answers.lock().unwrap().pop_front();
    let status = status.unwrap_or(script.at_last);
    script
        .sender
        .send(Forwarded {
            body,
            idempotency_key,
        })
        .unwrap();
    StatusCode::from_u16(status).unwrap()
}

/// A running `xgateway callback listen`, ended when it is dropped.
pub(crate) struct Listening {
    child: Child,
    lines: Receiver<String>,
    start: String,
    url: String,
    seen: Mutex<String>,
}

impl Listening {
    pub(crate) fn start(cli: &Cli, more: &[&str]) -> Self {
        Self::spawn(cli, &[more, &["--json"]].concat(), |line| {
            let start: Value = serde_json::from_str(line).expect("the first line is JSON");
            start["url"].as_str().unwrap().to_owned()
        })
    }

    pub(crate) fn for_people(cli: &Cli, more: &[&str]) -> Self {
        Self::spawn(cli, more, |line| {
            let word = line.split(' ').find(|word| word.starts_with("http://"));
            word.unwrap().to_owned()
        })
    }

    fn spawn(cli: &Cli, more: &[&str], url: impl FnOnce(&str) -> String) -> Self {
        let mut child = cli
            .command()
            .args(["callback", "listen", "--listen", "127.0.0.1:0"])
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in stdout.lines() {
                // The test may have seen enough.
                let _ = sender.send(line.unwrap());
            }
        });
        let start = lines.recv_timeout(PATIENCE).unwrap();
        Self {
            url: url(&start),
            child,
            lines,
            start,
            seen: Mutex::default(),
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn start_line(&self) -> &str {
        &self.start
    }

    fn line(&self) -> String {
        let line = self.lines.recv_timeout(PATIENCE).unwrap();
        self.seen.lock().unwrap().push_str(&line);
        line
    }

    /// The next line that holds a word.
    pub(crate) fn line_with(&self, word: &str) -> String {
        loop {
            let line = self.line();
            if line.contains(word) {
                return line;
            }
        }
    }

    /// The next event, whatever it is.
    pub(crate) fn any(&self) -> Value {
        serde_json::from_str(&self.line()).expect("every line is JSON")
    }

    /// The next event, which must be of this kind.
    #[track_caller]
    pub(crate) fn next(&self, event: &str) -> Value {
        let next = self.any();
        assert_eq!(next["event"], event, "{next}");
        next
    }

    /// Ends it as a person or a service manager does, and tells its code and all that it said.
    pub(crate) fn stop(mut self, signal: &str) -> (Option<i32>, String) {
        let killed = Command::new("kill")
            .args([signal, &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(killed.success());
        let mut output = String::new();
        let mut pipe = self.child.stderr.take().unwrap();
        pipe.read_to_string(&mut output).unwrap();
        let code = self.child.wait().unwrap().code();
        output.push_str(&self.seen.lock().unwrap());
        output.extend(self.lines.iter());
        (code, output)
    }
}

/// A pipe that nobody empties takes some 1200 lines, and 1024 more may wait: neither strangers nor the gateway must stop
/// the receiver by that, nor keep it from being stopped.
#[test]
fn a_stdout_that_stands_still_neither_stops_it_nor_keeps_it_from_being_stopped() {
    let gateway = Gateway::new();
    flood(&gateway, b"{", " 400 ");
    let body = br#"{"callbackType":"kyc","customerId":"joe","status":"KYC_PENDING"}"#;
    flood(
        &gateway,
        &sign(body, &gateway.secret_key()).unwrap(),
        " 200 ",
    );
}

/// Nothing that is answered may be lost with the process.
#[test]
fn production_is_told_where_to_keep_callbacks() {
    let cli = Cli::new()
        .variable("XGATEWAY_ENVIRONMENT", "production")
        .variable("XGATEWAY_API_KEY", "canary-api-key")
        .variable("XGATEWAY_SECRET_KEY", "canary-secret-key");
    let listen = ["callback", "listen", "--listen", "127.0.0.1:0"];
    cli.run(&listen).ends(2).says("--store");
}

fn flood(gateway: &Gateway, body: &[u8], status: &str) {
    let mut child = gateway
        .cli()
        .command()
        .args(["callback", "listen", "--listen", "127.0.0.1:0", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut start = String::new();
    stdout.read_line(&mut start).unwrap();
    let start: Value = serde_json::from_str(&start).unwrap();
    let address = start["url"].as_str().unwrap().strip_prefix("http://");
    let address = address.unwrap().trim_end_matches('/').to_owned();
    let mut stream = BufReader::new(TcpStream::connect(address).unwrap());
    stream.get_ref().set_read_timeout(Some(PATIENCE)).unwrap();
    for _ in 0..3000 {
        let length = body.len();
        let head =
            format!("POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: {length}\r\n\r\n");
        let request = [head.as_bytes(), body].concat();
        stream.get_mut().write_all(&request).unwrap();
        let mut line = String::new();
        stream.read_line(&mut line).unwrap();
        assert!(line.contains(status), "{line}");
        let mut length = 0;
        while !line.trim().is_empty() {
            line.clear();
            stream.read_line(&mut line).unwrap();
            if let Some(text) = line.to_lowercase().strip_prefix("content-length:") {
                length = text.trim().parse().unwrap();
            }
        }
        stream.read_exact(&mut vec![0; length]).unwrap();
    }
    drop(stream);
    let killed = Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status();
    assert!(killed.unwrap().success());
    let mut told = String::new();
    let mut stderr = child.stderr.take().unwrap();
    stderr.read_to_string(&mut told).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{told}");
    assert!(told.contains("stdout stands still"), "{told}");
}

impl Drop for Listening {
    fn drop(&mut self) {
        // One that has ended already cannot be ended again.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
