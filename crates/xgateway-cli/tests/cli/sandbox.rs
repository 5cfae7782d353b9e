//! Commands against a sandbox that `xgateway sandbox` serves.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::fixture::{CANARIES, Cli, body};
use crate::listening::Merchant;

/// A served sandbox, ended when it is dropped.
pub(crate) struct Served {
    child: Child,
    stdout: BufReader<ChildStdout>,
    start: Value,
}

impl Served {
    pub(crate) fn new(more: &[&str]) -> Self {
        Self::with(&Cli::new(), more)
    }

    pub(crate) fn with(cli: &Cli, more: &[&str]) -> Self {
        let listen = if more.contains(&"--listen") {
            &[][..]
        } else {
            &["--listen", "127.0.0.1:0"]
        };
        let mut child = cli
            .command()
            .args(["sandbox", "--json"])
            .args(listen)
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let start = serde_json::from_str(&line).expect("the first line is JSON");
        Self {
            child,
            stdout,
            start,
        }
    }

    pub(crate) fn url(&self) -> &str {
        self.start["url"].as_str().unwrap()
    }

    pub(crate) fn api_key(&self) -> &str {
        self.start["apiKey"].as_str().unwrap()
    }

    /// A client of it. The key comes by the default seed.
    pub(crate) fn cli(&self) -> Cli {
        Cli::new().variable("XGATEWAY_URL", self.url())
    }

    pub(crate) fn address(&self) -> &str {
        self.url().strip_prefix("http://").unwrap()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as a service manager does, and tells its code and what it said after the first line.
    fn stop(mut self, signal: &str) -> (Option<i32>, String, String) {
        let killed = Command::new("kill")
            .args([signal, &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(killed.success());
        let code = self.child.wait().unwrap().code();
        let (mut stdout, mut stderr) = (String::new(), String::new());
        self.stdout.read_to_string(&mut stdout).unwrap();
        let mut pipe = self.child.stderr.take().unwrap();
        pipe.read_to_string(&mut stderr).unwrap();
        (code, stdout, stderr)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // One that has ended already cannot be ended again.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_says_where_it_is_and_ends_cleanly() {
    for signal in ["-TERM", "-INT"] {
        let served = Served::new(&["--seed", "9"]);
        let config = xgateway_sandbox::Config::new(9);
        assert_eq!(served.start["apiKey"], config.api_key.expose());
        assert_eq!(served.start["secretKey"], config.secret_key.expose());
        assert!(served.url().starts_with("http://127.0.0.1:"));
        let keys: Vec<_> = served.start.as_object().unwrap().keys().collect();
        assert_eq!(keys.len(), 4);
        let accounts = serde_json::json!([xgateway_sandbox::EXAMPLE_ACCOUNT_ID]);
        assert_eq!(served.start["accounts"], accounts);
        let said = served.stop(signal);
        assert_eq!(said, (Some(0), String::new(), String::new()), "{signal}");
    }
}

#[test]
fn the_guide_lists_every_test_card() {
    let guide = include_str!("../../../../docs/guides/command-line.md");
    for card in xgateway_sandbox::SANDBOX_CARDS {
        let row = format!("| `{}` | `{}` | {} |", card.name, card.number, card.meaning);
        assert!(guide.contains(&row), "missing in the guide: {row}");
    }
}

#[test]
fn its_log_shows_no_secrets() {
    let served = Served::new(&["-vvv"]);
    served
        .cli()
        .run_with(&["card", "deposit", "-"], body("order-1").as_bytes())
        .ends(0);
    let key = served.start["apiKey"].as_str().unwrap().to_owned();
    let (code, stdout, stderr) = served.stop("-TERM");
    assert_eq!(code, Some(0));
    assert!(stderr.contains("create_card_deposit"), "{stderr}");
    assert!(!stderr.contains(&key) && !stdout.contains(&key));
    for canary in CANARIES {
        assert!(
            !stderr.contains(canary) && !stdout.contains(canary),
            "{canary}"
        );
    }
}

#[test]
fn callbacks_go_where_they_are_wanted() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let merchant = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut head = [0; 11];
        stream.read_exact(&mut head).unwrap();
        String::from_utf8_lossy(&head).into_owned()
    });
    let served = Served::new(&["--callback-url", &url]);
    let frictionless = body("order-1").replace("4000 0000 0000 0002", "4000 0000 0001 1017");
    served
        .cli()
        .run_with(&["card", "deposit", "-"], frictionless.as_bytes())
        .ends(0);
    assert_eq!(merchant.join().unwrap(), "POST /hook ");
}

#[test]
fn an_address_that_is_taken_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let cli = Cli::new();
    cli.run(&["sandbox", "--listen", &address])
        .ends(10)
        .says(&format!("error: cannot listen on {address}"))
        .says("hint: another program listens there");
    let outcome = cli
        .run(&["sandbox", "--json", "--listen", &address])
        .ends(10);
    assert_eq!(outcome.json()["error"]["kind"], "io");
}

#[test]
fn only_this_machine_may_reach_it() {
    let page = |served: &Served, token: &str| {
        let mut stream = std::net::TcpStream::connect(served.address()).unwrap();
        let head = format!(
            "GET /_sandbox/events HTTP/1.1\r\nhost: sandbox.example\r\nconnection: close\r\n\
             x-sandbox-token: {token}\r\n\r\n"
        );
        std::io::Write::write_all(&mut stream, head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer[9..12].to_owned()
    };
    // One is made if nobody gives one, each time another.
    let made = [(); 2].map(|()| {
        let served = Served::new(&["--listen", "0.0.0.0:0"]);
        let token = served.start["accessToken"].as_str().unwrap().to_owned();
        assert_eq!(page(&served, &token), "200");
        assert_eq!(page(&served, "another"), "401");
        token
    });
    assert_eq!(made[0].len(), 48);
    assert_ne!(made[0], made[1]);
    // Everybody knows the keys of the usual seed, and the API asks for no token.
    let usual = xgateway_sandbox::Config::new(1);
    let everywhere = ["--listen", "0.0.0.0:0"];
    let drawn = [(); 2].map(|()| {
        let served = Served::new(&everywhere);
        let config = xgateway_sandbox::Config::new(served.start["seed"].as_u64().unwrap());
        assert_eq!(served.api_key(), config.api_key.expose());
        assert_ne!(served.api_key(), usual.api_key.expose());
        served.api_key().to_owned()
    });
    assert_ne!(drawn[0], drawn[1]);
    let served = Served::new(&[&everywhere[..], &["--seed", "1"]].concat());
    assert_eq!(served.api_key(), usual.api_key.expose());
    let (_, _, said) = served.stop("-TERM");
    assert!(said.contains("knows its seed has both keys"), "{said}");
    let cli = Cli::new().variable("XGATEWAY_SANDBOX_TOKEN", "canary-token");
    let served = Served::with(&cli, &["--listen", "0.0.0.0:0"]);
    assert!(served.start["accessToken"].is_null(), "it is known already");
    assert_eq!(page(&served, "canary-token"), "200");
    assert_eq!(page(&served, "another"), "401");
    Cli::new()
        .variable("XGATEWAY_SANDBOX_TOKEN", "two words")
        .run(&["sandbox"])
        .ends(2)
        .says("XGATEWAY_SANDBOX_TOKEN holds no token");
    let short = Cli::new().file("token", "1\n");
    let token = ["sandbox", "--listen", "0.0.0.0:0", "--token-file", "token"];
    short
        .run(&token)
        .ends(2)
        .says("the token's file holds a token of less than 12 characters");
    // On a port of its own: whoever runs these tests may be serving a sandbox on the usual one.
    for (callback_url, words) in [
        ("http://192.0.2.1/hook", "callbacks go to this machine only"),
        ("nowhere", "a callback URL is an absolute http or https URL"),
    ] {
        let listen = ["--listen", "127.0.0.1:0"];
        let arguments = [&["sandbox", "--callback-url", callback_url], &listen[..]].concat();
        Cli::new().run(&arguments).ends(2).says(words);
    }
}

#[test]
fn callbacks_travel_as_badly_as_they_are_dialled() {
    let merchant = Merchant::new([200, 200, 200]);
    let served = Served::new(&[
        "--callback-url",
        &merchant.url(),
        "--callback-duplicate-percent",
        "100",
        "--callback-burst-seconds",
        "1",
    ]);
    let frictionless = body("order-1").replace("4000 0000 0000 0002", "4000 0000 0001 1017");
    served
        .cli()
        .run_with(&["card", "deposit", "-"], frictionless.as_bytes())
        .ends(0);
    let [first, second] = [merchant.next(), merchant.next()];
    assert_eq!(first.body, second.body);
    assert!(merchant.is_idle());

    let url = merchant.url();
    let sandbox = ["sandbox", "--callback-url", &url];
    Cli::new()
        .run(&[&sandbox[..], &["--callback-loss-percent", "101"]].concat())
        .ends(9)
        .says("`callback_loss_percent` from the command line must be a whole number from 0 to 100");
    Cli::new()
        .file("xgateway.toml", "callback_backoff_seconds = 0\n")
        .run(&sandbox)
        .ends(9)
        .says("`callback_backoff_seconds` from xgateway.toml must be a whole number of seconds");
}

#[test]
fn one_that_is_not_there_is_named() {
    for arguments in [&["invoice", "get", "1"][..], &["rate", "EUR", "USD"]] {
        Cli::new()
            .variable("XGATEWAY_URL", "http://127.0.0.1:9")
            .run(arguments)
            .ends(7)
            .says("  at: http://127.0.0.1:9/api")
            .says("is the sandbox running? `xgateway sandbox` serves one");
    }
    let balance = ["balance", "--url", "https://127.0.0.1:9"];
    Cli::new()
        .run(&balance)
        .ends(7)
        .says("What `xgateway sandbox` serves is plain: --url http://");
    let error = Cli::new().run(&[&balance[..], &["--json"]].concat()).json();
    assert_eq!(error["error"]["url"], "https://127.0.0.1:9/api");
    for arguments in ["sandbox clock", "trigger card"] {
        let arguments: Vec<_> = arguments
            .split(' ')
            .chain(["--url", "http://127.0.0.1:9"])
            .collect();
        Cli::new()
            .run(&arguments)
            .ends(7)
            .says("cannot reach the sandbox at http://127.0.0.1:9")
            .says("start one with `xgateway sandbox`");
    }
}

#[test]
fn a_story_can_be_told_without_a_log() {
    let run = ["sandbox", "run", "tab_closed"];
    let plain = Cli::new().run(&run).ends(0);
    let story = Cli::new().run(&[&run[..], &["--story"]].concat()).ends(0);
    assert!(story.stdout.contains("  0. ") && !plain.stdout.contains("  0. "));
    assert!(!story.stderr.contains("DEBUG"), "{}", story.stderr);
}

#[test]
fn a_card_that_the_sandbox_does_not_know_is_explained() {
    let served = Served::new(&[]);
    let other = body("order-1").replace("4000 0000 0000 0002", "4111 1111 1111 1111");
    let deposit = ["card", "deposit", "-"];
    served
        .cli()
        .run_with(&deposit, other.as_bytes())
        .ends(5)
        .says("a sandbox takes its test cards only");
}

#[test]
fn too_many_invoices_are_no_end() {
    let served = Served::new(&[]);
    let trigger = ["trigger", "card", "--outcome", "abandoned"];
    for _ in 0..10 {
        served.cli().run(&trigger).ends(0);
    }
    served
        .cli()
        .run(&trigger)
        .says("give another --customer")
        .says("`xgateway sandbox clock +15m`");
    // The deposit's customer has as many.
    let cli = served.cli();
    let deposit = ["card", "deposit", "-"];
    cli.run_with(&deposit, body("order-1").as_bytes())
        .ends(5)
        .says("the same request is refused again as long as that holds");
    // What is looked at later is the order, and not why it was refused.
    let resumed = cli.run(&["card", "resume", "order-1"]).ends(0).stdout;
    let words = "the gateway holds nothing under this order id: it may be sent again";
    assert!(resumed.contains(words), "{resumed}");
}

#[test]
fn a_deposit_goes_through_and_can_be_read() {
    let served = Served::new(&[]);
    let cli = served.cli();
    let frictionless = body("order-1").replace("4000 0000 0000 0002", "4000 0000 0001 1017");
    let outcome = cli
        .run_with(
            &["card", "deposit", "-", "--json", "-vvv"],
            frictionless.as_bytes(),
        )
        .ends(0);
    let document = outcome.json();
    assert_eq!(document["outcome"], "deposited");
    assert_eq!(document["orderId"], "order-1");
    assert_eq!(document["amount"], "25.00");
    let transaction = document["transactionId"].as_str().unwrap();

    let invoice = cli
        .run(&["invoice", "get", "order-1", "--json"])
        .ends(0)
        .json();
    assert_eq!(invoice["ok"], true);
    assert_eq!(invoice["invoice"]["id"], document["invoiceId"]);
    assert_eq!(invoice["invoice"]["status"], "completed");
    let by_id = document["invoiceId"].as_str().unwrap();
    let again = cli.run(&["invoice", "get", by_id, "--json"]).ends(0).json();
    assert_eq!(again, invoice);

    let read = cli
        .run(&["transaction", "get", transaction, "--json"])
        .ends(0)
        .json();
    assert_eq!(read["transaction"]["status"], "confirmed");
    assert_eq!(read["transaction"].get("hash"), None);
    let lines = cli.run(&["transaction", "get", transaction]).ends(0);
    let is_status = |line: &str| line.split_whitespace().eq(["status", "confirmed"]);
    assert!(lines.stdout.lines().any(is_status), "{}", lines.stdout);

    // The same order again charges nobody: the stored answer leads to the same transaction.
    let again = cli
        .run_with(&["card", "deposit", "-", "--json"], frictionless.as_bytes())
        .ends(0)
        .json();
    assert_eq!(again["transactionId"], document["transactionId"]);
}

#[test]
fn a_customer_is_sent_to_the_3ds_page() {
    let served = Served::new(&[]);
    let cli = served.cli().file("body.json", &body("order-1"));
    let document = cli
        .run(&["card", "deposit", "body.json", "--json"])
        .ends(0)
        .json();
    assert_eq!(document["outcome"], "three_ds_required");
    let url = document["threeDSURL"].as_str().unwrap();
    assert!(url.starts_with(served.url()), "{url}");

    let invoice = cli
        .run(&["invoice", "get", "order-1", "--json"])
        .ends(0)
        .json();
    let id = invoice["invoice"]["id"].as_str().unwrap();
    let simulate = [
        "transaction",
        "simulate",
        "--invoice",
        id,
        "--amount",
        "25",
        "--status",
        "confirmed",
    ];
    cli.run(&simulate).ends(0);
    let document = cli.run(&[&simulate[..], &["--json"]].concat()).json();
    assert!(document["ok"].is_boolean());
    let invoice = cli
        .run(&["invoice", "get", "order-1", "--json"])
        .ends(0)
        .json();
    assert_eq!(invoice["invoice"]["transactions"][0]["status"], "confirmed");
}

#[test]
fn refusals_have_their_codes() {
    let served = Served::new(&[]);
    let refused = body("order-2").replace("4000 0000 0000 0002", "4000 0000 0001 1041");
    served
        .cli()
        .run_with(&["card", "deposit", "-"], refused.as_bytes())
        .ends(5)
        .says("error: the deposit was refused; nothing was charged")
        .says("caused by: the gateway refused: create_card_deposit was answered with status 400")
        .says("insufficient funds")
        .says("hint: ");
    let outcome = served
        .cli()
        .run_with(&["card", "deposit", "-", "--json"], refused.as_bytes())
        .ends(5);
    let error = outcome.json()["error"].clone();
    assert_eq!(error["kind"], "refused");
    assert_eq!(error["status"], 400);
    assert_eq!(error["reasons"][0]["code"], "bad_request");

    let cli = served.cli().variable("XGATEWAY_API_KEY", "canary-api-key");
    let outcome = cli
        .run(&["invoice", "get", "order-1", "-vvv", "--json"])
        .ends(4);
    assert_eq!(outcome.json()["error"]["kind"], "authentication");
    served
        .cli()
        .run(&["invoice", "get", "nobody"])
        .ends(5)
        .says("not_found")
        .says("hint: check the id");
    let simulate = [
        "transaction",
        "simulate",
        "--invoice",
        "nobody",
        "--amount",
        "x",
        "--status",
        "failed",
    ];
    served
        .cli()
        .run(&[&simulate[..], &["--json"]].concat())
        .ends(3);
}

#[test]
fn what_the_bank_lost_is_found_again() {
    let served = Served::new(&[]);
    // Charged, and answered with 500.
    let lost = body("order-3").replace("4000 0000 0000 0002", "4000 0000 0001 1074");
    let document = served
        .cli()
        .run_with(&["card", "deposit", "-", "--json"], lost.as_bytes())
        .ends(0)
        .json();
    assert_eq!(document["outcome"], "deposited");
    // Answered with 500, and not charged: nobody can tell, so nobody may send again.
    let failed = body("order-4").replace("4000 0000 0000 0002", "4000 0000 0001 1066");
    let outcome = served
        .cli()
        .run_with(&["card", "deposit", "-", "--json"], failed.as_bytes())
        .ends(8);
    let error = outcome.json()["error"].clone();
    assert_eq!(error["kind"], "unknown");
    assert_eq!(error["orderId"], "order-4");
    assert!(
        error["advice"]
            .as_str()
            .unwrap()
            .contains("card resume order-4")
    );
}

#[test]
fn a_sandbox_answers_at_the_address_that_it_says() {
    let served = Served::new(&[]);
    assert!(std::net::TcpStream::connect(served.address()).is_ok());
    let url = format!("{}/api", served.url());
    Cli::new()
        .run(&["invoice", "get", "nobody", "--url", &url])
        .ends(5);
}

#[test]
fn the_clock_of_a_served_sandbox_can_be_moved() {
    let served = Served::new(&["--clock", "manual"]);
    let cli = served.cli();
    cli.run_with(&["card", "deposit", "-"], body("order-1").as_bytes())
        .ends(0);
    let before = cli.run(&["sandbox", "clock", "--json"]).ends(0).json();
    assert_eq!(before["clock"]["mode"], "manual");
    let after = cli
        .run(&["sandbox", "clock", "+6h", "--json"])
        .ends(0)
        .json();
    assert_ne!(after["clock"]["now"], before["clock"]["now"]);
    let invoice = cli
        .run(&["invoice", "get", "order-1", "--json"])
        .ends(0)
        .json();
    assert_eq!(invoice["invoice"]["status"], "canceled");
    cli.run(&["sandbox", "clock", "6"])
        .ends(2)
        .says("write it as +90s, +15m, +6h or +2d");
    Cli::new()
        .run(&["sandbox", "clock", "--environment", "demo"])
        .ends(2)
        .says("only a sandbox has a clock that can be moved");
    Cli::new()
        .run(&["sandbox", "clock", "--url", "http://127.0.0.1:9"])
        .ends(7)
        .says("hint: start one with `xgateway sandbox`");
}

#[test]
fn what_is_kept_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    let served = Served::new(&["--data", data, "--seed", "1"]);
    let frictionless = body("order-1").replace("4000 0000 0000 0002", "4000 0000 0001 1017");
    let deposit = ["card", "deposit", "-", "--json"];
    let first = served.cli().run_with(&deposit, frictionless.as_bytes());
    let first = first.ends(0).json();
    let taken = Cli::new().run(&["sandbox", "--listen", "127.0.0.1:0", "--data", data]);
    taken
        .ends(10)
        .says("is in use by another sandbox")
        .says("hint: stop the other one");
    // Not even a chance to say goodbye.
    served.stop("-KILL");
    let served = Served::new(&["--data", data]);
    let again = served.cli().run_with(&deposit, frictionless.as_bytes());
    assert_eq!(again.ends(0).json(), first);
    drop(served);
    Cli::new()
        .run(&["sandbox", "--data", data, "--seed", "2"])
        .ends(10)
        .says("is of seed 1")
        .says("hint: use --seed 1");
}

#[test]
fn faults_can_be_dialled_from_the_start() {
    let served = Served::new(&["--fault", "at=before_commit,do=status,status=503,times=1"]);
    // The check whether it is ready meets none.
    let cli = served.cli();
    cli.run(&["invoice", "get", "nobody"])
        .ends(5)
        .says("after 2 attempts");
    Cli::new()
        .run(&["sandbox", "--fault", "at=connect,do=drip"])
        .ends(2)
        .says("drip does not happen at connect");
}

#[test]
fn every_scenario_ends_with_no_money_doubled_or_lost() {
    let list = Cli::new()
        .run(&["sandbox", "run", "--list", "--json"])
        .ends(0);
    let scenarios = list.json()["scenarios"].as_array().unwrap().clone();
    assert!(scenarios.len() >= 12);
    for scenario in scenarios {
        let name = scenario["name"].as_str().unwrap();
        for seed in ["1", "2", "3"] {
            let arguments = ["sandbox", "run", name, "--seed", seed, "--json"];
            let report = Cli::new().run(&arguments).ends(0).json();
            assert_eq!(report["ok"], true, "{report}");
            assert_eq!(report["verdict"], "as_expected");
            assert_eq!(report["notDone"], serde_json::json!([]), "{report}");
            let replay = format!("xgateway sandbox run {name} --seed {seed}");
            assert_eq!(report["replay"], replay);
            // The same again, to the number of events.
            assert_eq!(Cli::new().run(&arguments).ends(0).json(), report);
        }
    }
}

#[test]
fn a_scenario_may_be_a_file_and_may_fail() {
    let file = "name: mine\nsummary: Somebody pays.\nsteps:\n  - deposit: {order: a, card: frictionless}\n  - press: \
         {order: a, button: approve}\nexpect: [{order: a, paid: false}]\n";
    let cli = Cli::new().file("mine.yaml", file);
    let run = ["sandbox", "run", "mine.yaml"];
    let failed = cli.run(&run).ends(1);
    for said in [
        "a: charged once (25), credited once (25); the scenario expects that it is not paid\n",
        "not done: steps[1]: a has no 3DS page\n",
        "No money was doubled or lost, but the scenario expects something else. Again: xgateway sandbox run mine.yaml \
         --seed 1\n",
    ] {
        assert!(failed.stdout.contains(said), "{}", failed.stdout);
    }
    let report = cli.run(&[&run[..], &["--json"]].concat()).ends(1).json();
    assert_eq!(report["verdict"], "other_than_expected");
    assert_eq!(report.get("story"), None);

    // Charged, and nobody looks any more.
    let lost = "name: lost\nsummary: Nobody looks.\nsteps:\n  - deposit: {order: a, card: three_ds}\n  - press: \
         {order: a, button: approve}\nexpect: [{order: a, paid: true}]\n";
    let cli = Cli::new().file("mine.yaml", lost);
    let failed = cli.run(&run).ends(13);
    let said = "Money was doubled or lost. Again: xgateway sandbox run mine.yaml --seed 1\n";
    assert!(failed.stdout.contains(said), "{}", failed.stdout);

    let cli = Cli::new().file("mine.yaml", &file.replace("steps", "step"));
    cli.run(&run)
        .ends(2)
        .says("unknown field `step`")
        .says("line 3");
    let card = file.replace("frictionless", "4000000000011017");
    let refused = Cli::new().file("mine.yaml", &card).run(&run).ends(2);
    refused.says("line 4: a card number could hide in it");
    cli.run(&["sandbox", "run", "nothing"])
        .ends(2)
        .says("there is no scenario of that name");
}

#[test]
fn a_scenario_tells_its_story_if_it_is_asked() {
    let run = ["sandbox", "run", "tab_closed", "-v"];
    let told = Cli::new().run(&run).ends(0).stdout;
    for said in [
        "  0. the merchant deposits order-1 with three_ds\n",
        "  2. the customer approves on the 3DS page of order-1, 2 times\n     3DS approved: ",
        "  3. callbacks that are due go out\n",
    ] {
        assert!(told.contains(said), "{told}");
    }
    let report = Cli::new().run(&[&run[..], &["--json"]].concat());
    let report = report.ends(0).json();
    let step = &report["story"][2];
    assert_eq!(
        step["step"],
        "the customer approves on the 3DS page of order-1, 2 times"
    );
    assert!(!step["events"].as_array().unwrap().is_empty());
}

#[test]
fn it_says_how_it_runs_where_that_is_not_as_usual() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    let served = Served::new(&[
        "--clock",
        "manual",
        "--data",
        data,
        "--kyc-order",
        "kyc-first",
        "--kyc-threshold-eur",
        "300.50",
        "--fault",
        "at=connect,do=refuse,order=o,times=1",
        "--callback-url",
        "http://127.0.0.1:9/hook?token=canary-token",
        "--callback-loss-percent",
        "30",
    ]);
    let mut start = served.start.clone();
    for key in ["url", "apiKey", "secretKey", "accounts"] {
        start.as_object_mut().unwrap().remove(key);
    }
    assert_eq!(
        start,
        serde_json::json!({
            "clock": "manual",
            "data": data,
            "faults": ["at=connect,do=refuse,order=o,times=1"],
            "callbackUrl": "http://127.0.0.1:9/hook",
            "dials": ["callback_loss_percent 30"],
            "undocumented": ["kyc-order kyc-first", "kyc-threshold-eur 300.50"],
        })
    );
    drop(served);

    // The same for people.
    let mut child = Cli::new()
        .command()
        .args(["sandbox", "--listen", "127.0.0.1:0", "--clock", "auto"])
        .args(["--callback-url", "http://127.0.0.1:9/hook"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut told = String::new();
    while !told.contains("  clock") && stdout.read_line(&mut told).unwrap() > 0 {}
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(
        told.contains("  callbacks   to http://127.0.0.1:9/hook\n"),
        "{told}"
    );
    assert!(
        told.ends_with("  clock       auto: it jumps to what falls due when nothing is asked\n"),
        "{told}"
    );
}

/// With no room for more than a few kilobytes in a file: a full disk, for this process alone.
#[cfg(unix)]
#[test]
fn a_full_disk_is_told_and_ends_with_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    let cli = Cli::new();
    let inner = cli.command();
    let mut command = Command::new("sh");
    command
        .arg("-c")
        // Half-kilobytes. A write beyond that fails like one to a full disk, if nobody minds the signal.
        .arg("trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\"")
        .arg(inner.get_program())
        .args(["sandbox", "--json", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder.path().join("data"))
        .current_dir(inner.get_current_dir().unwrap_or(folder.path()));
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    let served = Served {
        child,
        stdout,
        start: serde_json::from_str(&line).expect("the first line is JSON"),
    };
    let is_refused = (0..50).any(|number| {
        let order = body(&format!("order-{number}"));
        let deposit = ["card", "deposit", "-"];
        served.cli().run_with(&deposit, order.as_bytes()).code != 0
    });
    assert!(is_refused, "there is no room for fifty");
    // Nothing can be kept any more, so nothing is done or told.
    served
        .cli()
        .run(&["sandbox", "clock"])
        .ends(10)
        .says("status 503");
    let (code, stdout, stderr) = served.stop("-TERM");
    assert_eq!(code, Some(10), "{stderr}");
    assert_eq!(
        stderr
            .matches("warning: the world cannot be kept: ")
            .count(),
        1,
        "{stderr}"
    );
    let report: Value = serde_json::from_str(&stdout).unwrap();
    let message = report["error"]["message"].as_str().unwrap();
    assert!(
        message.starts_with("cannot keep the sandbox in "),
        "{message}"
    );
}

#[test]
fn a_key_that_is_not_its_own_is_explained() {
    let served = Served::new(&["--seed", "7"]);
    served
        .cli()
        .run(&["invoice", "get", "order-1"])
        .ends(4)
        .says("was it started with another --seed?");
}

#[test]
fn links_begin_with_the_url_by_which_others_reach_it() {
    let cli = Cli::new().variable("XGATEWAY_SANDBOX_TOKEN", "canary-token");
    let public = "http://sandbox.team.example:4010";
    let served = Served::with(&cli, &["--public-url", public]);
    assert_eq!(served.url(), public);
    for wrong in [
        "sandbox.team.example",
        "http://host/path",
        "ftp://host",
        "http://host/?a=b",
    ] {
        Cli::new()
            .run(&["sandbox", "--public-url", wrong])
            .ends(2)
            .says("--public-url is no URL of a host");
    }
}

#[test]
fn what_nobody_has_documented_can_be_chosen() {
    let served = Served::new(&[
        "--clock",
        "manual",
        "--idempotency",
        "reject",
        "--idempotency-life-seconds",
        "60",
        "--invoice-life-seconds",
        "30",
        "--mode",
        "live",
        "--refusals-take-orders",
        "--floating-invoice-life-seconds",
        "40",
        "--old-callbacks",
        "--processing-callbacks",
        "--utr",
        "111111111111",
        "--missing-documents-as-texts",
        "--pending-accounts",
        "--application-id",
        "shop-app",
        "--no-linked-invoices",
        "--channel-order-ids",
        "--channel-currency",
        "reference",
        "--card-currency",
        "moved",
    ]);
    let want = [
        "idempotency reject",
        "idempotency-life-seconds 60",
        "refusals-take-orders",
        "invoice-life-seconds 30",
        "floating-invoice-life-seconds 40",
        "old-callbacks",
        "processing-callbacks",
        "utr",
        "missing-documents-as-texts",
        "pending-accounts",
        "application-id",
        "no-linked-invoices",
        "channel-order-ids",
        "channel-currency reference",
        "card-currency moved",
        "mode live",
    ];
    assert_eq!(served.start["undocumented"], serde_json::json!(want));
    let cli = served.cli();
    let deposit = |order: &str, card: &str| {
        let body = body(order).replace("4000 0000 0000 0002", card);
        cli.run_with(&["card", "deposit", "-", "--json"], body.as_bytes())
    };
    let live = deposit("order-1", "4000000000000408");
    assert!(!live.stdout.contains("/3ds/"), "{}", live.stdout);
    deposit("order-2", "4000000000000002");
    cli.run(&["sandbox", "clock", "+31s"]).ends(0);
    let expired = cli
        .run(&["invoice", "get", "order-2", "--json"])
        .ends(0)
        .json();
    assert_eq!(expired["invoice"]["status"], "canceled");
}

#[test]
fn a_second_wish_to_stop_is_not_waited_for() {
    let mut served = Served::new(&[]);
    let mut stream = std::net::TcpStream::connect(served.address()).unwrap();
    // Its body is waited for.
    let ask = format!(
        "POST /api/v2/gateway8 HTTP/1.1\r\nhost: localhost\r\nx-api-key: {}\r\ncontent-type: application/json\r\n\
         content-length: 100\r\n\r\n",
        served.api_key()
    );
    std::io::Write::write_all(&mut stream, ask.as_bytes()).unwrap();
    let code = loop {
        let pid = served.pid().to_string();
        let sent = Command::new("kill").args(["-INT", &pid]).status();
        drop(sent);
        if let Some(ended) = served.child.try_wait().unwrap() {
            break ended.code();
        }
    };
    // With a single one it would wait for the request, and end with 0.
    assert_eq!(code, Some(130));
}

#[test]
fn a_customer_without_a_profile_has_no_status() {
    let served = Served::new(&[]);
    let kyc = served
        .cli()
        .run(&["kyc", "status", "nobody", "--json"])
        .ends(0);
    let want = serde_json::json!({"ok": true, "kyc": {"id": "nobody", "status": null}});
    assert_eq!(kyc.json(), want);
}

#[test]
fn accounts_can_be_named() {
    let other = "00000000-0000-4000-8000-000000000001";
    let served = Served::new(&[
        "--account",
        &format!("id={other},currencies=USD+EUR,amountMin=20,amountMax=25"),
        "--account",
        "id=a67ec03c-0253-4c14-9961-28985186f90c,currencies=USD",
    ]);
    let accounts = [other, "a67ec03c-0253-4c14-9961-28985186f90c"];
    assert_eq!(served.start["accounts"], serde_json::json!(accounts));
    let cli = served.cli();
    let deposit = |order: &str, account: &str, amount: &str| {
        let body = body(order).replace(accounts[1], account);
        let body = body.replace("\"amount\":25.00", &format!("\"amount\":{amount}"));
        cli.run_with(&["card", "deposit", "-", "--json"], body.as_bytes())
    };
    let in_time = deposit("order-1", other, "25");
    assert!(in_time.stdout.contains("/3ds/"), "{}", in_time.stdout);
    let outside = deposit("order-2", other, "26").ends(5).stdout;
    assert!(outside.contains("outside the limits"), "{outside}");
    // The account of the examples has lost its euro.
    let euro = deposit("order-3", accounts[1], "25").ends(5).stdout;
    assert!(euro.contains("The request is not valid."), "{euro}");

    for (flags, says) in [
        (
            ["--account", "id=x"],
            "an account (currencies: are missing)",
        ),
        (
            ["--kyc-threshold-eur", "7e2"],
            "must be an amount, such as 10.50",
        ),
        (
            ["--kyc-payment-min", "60000"],
            "more than --kyc-payment-max",
        ),
        (["--idempotency", "never"], "replay or finish or reject"),
    ] {
        let run = Cli::new().run(&["sandbox", flags[0], flags[1]]);
        run.ends(2).says(says);
    }
}
