//! Addresses, rates, balances and watching, against a sandbox in this process.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::sync::mpsc;

use jiff::SignedDuration;
use tokio::sync::oneshot;
use xgateway_sandbox::{Config, Sandbox};

use crate::fixture::Cli;

/// A sandbox on a socket, with the keys of the default seed.
struct Served {
    sandbox: Sandbox,
    url: String,
    _stop: oneshot::Sender<()>,
}

impl Served {
    fn new() -> Self {
        let sandbox = Sandbox::new(Config::new(1));
        let (stop, stopped) = oneshot::channel::<()>();
        let (ready, is_ready) = mpsc::channel();
        let shared = sandbox.clone();
        std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap()
                .block_on(async {
                    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                    let server = shared.serve(listener, async {
                        let _ = stopped.await;
                    });
                    ready.send(()).unwrap();
                    server.await.unwrap();
                });
        });
        is_ready.recv().unwrap();
        Self {
            url: sandbox.world(|world| world.public_url().to_owned()),
            sandbox,
            _stop: stop,
        }
    }

    fn cli(&self) -> Cli {
        Cli::new().variable("XGATEWAY_URL", &self.url)
    }

    /// Pays to an address and says the transaction's id.
    fn pay(&self, address: &str, outcome: &str) -> String {
        let body = serde_json::json!({"address": address, "amount": "25.5", "outcome": outcome})
            .to_string();
        let request = http::Request::post("/_sandbox/deposits")
            .header("content-type", "application/json")
            .body(body.into())
            .unwrap();
        let answer = self.sandbox.world(|world| world.handle(&request));
        let answer: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
        answer["data"]["transactionId"].as_str().unwrap().to_owned()
    }

    fn wait(&self) {
        self.sandbox
            .world(|world| world.advance(SignedDuration::from_mins(10)));
    }

    fn address(&self) -> String {
        let outcome = self.cli().run(&["address", "tUSDT", "customer-1"]).ends(0);
        outcome.stdout.trim().to_owned()
    }
}

#[test]
fn an_address_alone_is_on_stdout_and_the_rest_is_for_people() {
    let served = Served::new();
    let cli = served.cli();
    let outcome = cli.run(&["address", "tUSDT", "customer-1"]).ends(0);
    let address = outcome.stdout.trim();
    assert!(address.starts_with('T') && address.len() == 34, "{address}");
    assert!(outcome.stderr.contains("████"));
    assert!(outcome.stderr.contains("pay tUSDT on the network tron"));
    for more in ["--v1", "--no-qr"] {
        let again = cli.run(&["address", "tUSDT", "customer-1", more]).ends(0);
        assert_eq!(again.stdout.trim(), address);
        assert_eq!(again.stderr.contains("████"), more == "--v1");
    }
    let document = cli
        .run(&["address", "tUSDT", "customer-1", "--json"])
        .ends(0)
        .json();
    assert_eq!(document["ok"], true);
    assert_eq!(document["address"], address);
    assert_eq!(document["network"], "tron");
    let image = document["qrCodeURL"].as_str().unwrap();
    assert!(image.starts_with(&served.url), "{image}");
}

#[test]
fn what_nobody_can_pay_to_an_address_is_refused_before_it_is_sent() {
    let cli = Served::new().cli();
    cli.run(&["address", "EUR", "customer-1"])
        .ends(3)
        .says("currency");
    cli.run(&["address", "BTC", "customer.9"])
        .ends(2)
        .says("dot before a digit");
}

#[test]
fn a_rate_needs_no_key() {
    let served = Served::new();
    let cli = served.cli();
    let outcome = cli
        .run(&["rate", "EUR", "EUR", "--amount", "12.50"])
        .ends(0);
    assert_eq!(outcome.stdout, "12.50 EUR = 12.50 EUR\n");
    let arguments = [
        "rate",
        "RUB",
        "EUR",
        "--amount",
        "1",
        "--to-source",
        "--json",
    ];
    let document = cli.run(&arguments).ends(0).json();
    assert_eq!(document["rate"]["targetAmount"], "1");
    let roubles = document["rate"]["sourceAmount"].as_str().unwrap();
    assert!(roubles.len() > 20, "{roubles}");
    cli.run(&["rate", "RUB", "EUR", "--amount", "1e3"])
        .ends(3)
        .says("amount");
    cli.run(&["rate", "RUB", "EUR", "--invoice", "nobody"])
        .ends(5);
}

#[test]
fn balances_are_a_line_each() {
    let served = Served::new();
    let cli = served.cli();
    served.pay(&served.address(), "confirmed");
    served.wait();
    let outcome = cli.run(&["balance"]).ends(0);
    let line = outcome.stdout.lines().find(|it| it.contains(" tUSDT "));
    let words: Vec<_> = line.unwrap().split_whitespace().collect();
    assert!(
        words[0].starts_with("24.") || words[0].starts_with("25."),
        "{words:?}"
    );
    let one = cli.run(&["balance", words[2], "--json"]).ends(0).json();
    assert_eq!(one["account"]["balance"], words[0]);
    let all = cli.run(&["balance", "--json"]).ends(0).json();
    assert_eq!(
        all["accounts"].as_array().unwrap().len(),
        outcome.stdout.lines().count()
    );
    cli.run(&["balance", "nobody"]).ends(5);
}

#[test]
fn a_transaction_is_watched_until_it_is_final() {
    let served = Served::new();
    let cli = served.cli();
    let address = served.address();
    let id = served.pay(&address, "confirmed");
    let lost = served.pay(&address, "failed");
    let watch = |id: &str, more: &[&str]| {
        let arguments = ["transaction", "watch", id, "--every-seconds", "1"];
        cli.run(&[&arguments, more].concat())
    };
    let outcome = watch(&id, &["--for-seconds", "0"]).ends(8);
    assert_eq!(outcome.stdout, "processing: 25.5 tUSDT\n");
    assert!(outcome.stderr.contains("not final"));

    let mut child = cli
        .command()
        .args(["transaction", "watch", &id, "--every-seconds", "1"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "processing: 25.5 tUSDT");
    served.wait();
    assert_eq!(lines.next().unwrap().unwrap(), "confirmed: 25.5 tUSDT");
    assert!(child.wait().unwrap().success() && lines.next().is_none());

    let document = watch(&lost, &["--json"]).ends(5).json();
    assert_eq!(document["ok"], false);
    assert_eq!(document["status"], "failed");
    watch("00000000-0000-4000-8000-000000000000", &[]).ends(5);
}
