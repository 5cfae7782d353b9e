//! Commands against gateways that behave in ways in which the sandbox does not.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;

use crate::fixture::{Cli, Outcome, body};
use crate::listening::Gateway;

/// A gateway that gets one connection, and where it is.
pub(crate) fn gateway(act: impl FnOnce(TcpStream) + Send + 'static) -> (String, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.read_exact(&mut [0; 64]).unwrap();
        act(stream);
    });
    (url, thread)
}

fn answering(status: &'static str, json: &'static str) -> (String, JoinHandle<()>) {
    gateway(move |stream| answer(stream, status, json))
}

/// The same for as many attempts as are made.
pub(crate) fn answering_always(status: &'static str, json: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            stream.read_exact(&mut [0; 64]).unwrap();
            answer(stream, status, json);
        }
    });
    url
}

/// One that tells of each request, leaves the first without an answer, and hangs up on the others.
pub(crate) fn holding_the_first() -> (String, Receiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, requests) = channel();
    std::thread::spawn(move || {
        let mut held = None;
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            stream.read_exact(&mut [0; 64]).unwrap();
            held.get_or_insert(stream);
            if sender.send(()).is_err() {
                return;
            }
        }
    });
    (url, requests)
}

fn answer(mut stream: TcpStream, status: &str, json: &str) {
    let length = json.len();
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close");
    write!(stream, "{head}\r\n\r\n{json}").unwrap();
    // A connection that is closed before all of the request was read would be reset.
    stream.shutdown(Shutdown::Write).unwrap();
    let _ = stream.read_to_end(&mut Vec::new());
}

fn deposit(url: &str, more: &[&str]) -> Outcome {
    let cli = Cli::new().file("body.json", &body("order-6"));
    let arguments = ["card", "deposit", "body.json", "--url", url];
    cli.run(&[&arguments, more].concat())
}

#[test]
fn one_that_goes_away_leaves_a_doubt() {
    let (url, thread) = gateway(drop);
    deposit(&url, &[])
        .ends(8)
        .says("error: nobody knows what became of order order-6")
        .says(
            "hint: run `xgateway card resume order-6` until it tells; do not charge again before",
        );
    thread.join().unwrap();
}

/// The reading afterwards is answered, but by that nobody knows of the deposit.
#[test]
fn the_effect_is_that_of_the_deposit_and_not_of_the_last_call() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for (index, stream) in listener.incoming().enumerate() {
            let mut stream = stream.unwrap();
            stream.read_exact(&mut [0; 64]).unwrap();
            if index > 0 {
                let head = "HTTP/1.1 404 Not Found\r\ncontent-length: 82\r\nconnection: close";
                let json = r#"{"errors":[{"code":"not_found","message":"There is no such id."}],"success":false}"#;
                write!(stream, "{head}\r\n\r\n{json}").unwrap();
                stream.shutdown(Shutdown::Write).unwrap();
                let _ = stream.read_to_end(&mut Vec::new());
            }
        }
    });
    let error = deposit(&url, &["--json"]).ends(8).json()["error"].clone();
    assert_eq!(error["effect"], "the gateway may have acted");
    assert!(error.get("status").is_none(), "{error}");
    let causes = error["causes"].as_array().unwrap();
    assert_eq!(causes[0], "create_card_deposit got no whole answer");
    let look = causes.last().unwrap().as_str().unwrap();
    assert!(look.contains("status 404"), "{look}");
}

#[test]
fn one_that_repeats_personal_data_is_cleared_of_them() {
    const JSON: &str = r#"{"errors":[{"code":"bad_request","message":"Zephyrine Quincunx of Canary Lane 1 is not known."}],"success":false}"#;
    let (url, thread) = answering("400 Bad Request", JSON);
    deposit(&url, &["-vvv"])
        .ends(5)
        .says("gateway: ** ** of ** is not known. (bad_request)");
    thread.join().unwrap();
    let (url, thread) = answering("400 Bad Request", JSON);
    let outcome = deposit(&url, &["--json"]).ends(5);
    assert_eq!(
        outcome.json()["error"]["reasons"][0]["message"],
        "** ** of ** is not known."
    );
    thread.join().unwrap();
}

#[test]
fn one_that_repeats_code_and_year_of_the_card_is_cleared_of_them() {
    let url = answering_always(
        "400 Bad Request",
        r#"{"errors":[{"code":"bad_request","message":"Code 737 does not fit 2099; see 17371 and 12099."}],"success":false}"#,
    );
    // Another number that holds one of them says nothing.
    deposit(&url, &[])
        .ends(5)
        .says("gateway: Code ** does not fit **; see 17371 and 12099. (bad_request)");
}

#[test]
fn issues_that_repeat_the_request_or_steer_the_terminal_are_cleared() {
    let url = answering_always(
        "422 Unprocessable Content",
        r#"{"errors":[{"code":"invalid_type","message":"Quincunx \u001b[31mhas 737 and 4000 0000 0000 0002","path":["card","Zephyrine"],"expected":"string","received":"4000 0000 0000 0002"}],"success":false}"#,
    );
    for more in [&["--color", "always"][..], &["--json"]] {
        let outcome = deposit(&url, more).ends(3);
        let all = format!("{}{}", outcome.stdout, outcome.stderr);
        for secret in ["Quincunx", "Zephyrine", "737", "0002", "\u{1b}[31mhas"] {
            assert!(!all.contains(secret), "{secret:?} in {all}");
        }
        assert!(all.contains("**"), "{all}");
    }
}

#[test]
fn one_that_repeats_a_card_number_as_it_was_typed_is_cleared_of_it() {
    let url = answering_always(
        "400 Bad Request",
        r#"{"errors":[{"code":"bad_request","message":"Card 40.00.00.00.00.00.00.02 is not known, nor 4000.0000.0000.0002."}],"success":false}"#,
    );
    let typed = body("order-6").replace("4000 0000 0000 0002", "40.00.00.00.00.00.00.02");
    let arguments = ["card", "deposit", "body.json", "--url", &url];
    Cli::new()
        .file("body.json", &typed)
        .run(&arguments)
        .ends(5)
        .says("gateway: Card ** is not known, nor **. (bad_request)");
}

#[test]
fn one_that_finds_issues_is_believed() {
    let (url, thread) = answering(
        "422 Unprocessable Content",
        r#"{"errors":[{"code":"too_big","maximum":4,"type":"string","inclusive":true,"exact":false,"message":"String must contain at most 4 character(s)","path":["card","expiryYear"]}],"success":false}"#,
    );
    let error = deposit(&url, &["--json"]).ends(3).json()["error"].clone();
    assert_eq!(error["kind"], "invalid");
    assert_eq!(error["effect"], "nothing was done");
    assert_eq!(error["issues"][0]["code"], "too_big");
    thread.join().unwrap();
}

#[test]
fn one_that_wants_fewer_calls_has_its_own_code() {
    let url = answering_always(
        "429 Too Many Requests",
        r#"{"errors":[{"code":"too_many_requests","message":"Slow down."}],"success":false}"#,
    );
    deposit(&url, &[])
        .ends(11)
        .says("after 3 attempts")
        .says("Slow down.");
}

#[test]
fn one_that_fails_while_it_is_only_read_from_leaves_no_doubt() {
    let url = answering_always("500 Internal Server Error", "<html>");
    Cli::new()
        .run(&["invoice", "get", "order-6", "--url", &url])
        .ends(6)
        .says("after 3 attempts");
    let (url, thread) = answering("200 OK", "{}");
    Cli::new()
        .run(&["transaction", "get", "1", "--url", &url])
        .ends(6)
        .says("the answer to get_transaction with status 200 cannot be read");
    thread.join().unwrap();
}

#[test]
fn an_id_that_is_no_transactions_is_told_as_that() {
    let url = answering_always("400 Bad Request", "{}");
    Cli::new()
        .run(&["transaction", "get", "order-6", "--url", &url])
        .ends(5)
        .says("a transaction's id is a UUID");
}

/// Runs a command against a gateway that has the process stopped once its first request is there.
#[cfg(unix)]
pub(crate) fn stopped_meanwhile(signal: &'static str, cli: &Cli, arguments: &[&str]) -> Output {
    let (sender, pid) = channel::<u32>();
    let (url, thread) = gateway(move |mut stream| {
        let pid = pid.recv().unwrap().to_string();
        let killed = Command::new("kill").args([signal, &pid]).status();
        assert!(killed.unwrap().success());
        // Until the client has gone.
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let child = cli
        .command()
        .args(arguments)
        .args(["--url", &url])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    sender.send(child.id()).unwrap();
    let output = child.wait_with_output().unwrap();
    thread.join().unwrap();
    output
}

#[cfg(unix)]
#[test]
fn who_is_stopped_meanwhile_is_told_to_look() {
    for signal in ["-INT", "-TERM"] {
        let cli = Cli::new().file("body.json", &body("order-7"));
        let deposit = ["card", "deposit", "body.json", "--json"];
        let output = stopped_meanwhile(signal, &cli, &deposit);
        assert_eq!(output.status.code(), Some(8));
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(document["error"]["orderId"], "order-7");
        assert_eq!(document["error"]["effect"], "the gateway may have acted");
    }
}

#[cfg(unix)]
#[test]
fn who_stops_a_look_is_told_so() {
    for (arguments, code, effect) in [
        ("transaction watch t-1", 8, "nothing was done"),
        ("kyc watch customer-1", 8, "nothing was done"),
        ("transaction get t-1", 10, "nothing was done"),
        (
            "transaction simulate --invoice i-1 --amount 1 --status failed",
            8,
            "the gateway may have acted",
        ),
    ] {
        let arguments: Vec<_> = arguments.split(' ').chain(["--json"]).collect();
        let output = stopped_meanwhile("-INT", &Cli::new(), &arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(document["error"]["effect"], effect, "{arguments:?}");
    }
}

/// As if time were up: with what was seen last.
#[cfg(unix)]
#[test]
fn who_stops_a_watch_is_told_what_was_seen_last() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, pid) = channel::<u32>();
    std::thread::spawn(move || {
        for (index, stream) in listener.incoming().enumerate() {
            let mut stream = stream.unwrap();
            stream.read_exact(&mut [0; 64]).unwrap();
            if index > 0 {
                let pid = pid.recv().unwrap().to_string();
                Command::new("kill").args(["-TERM", &pid]).status().unwrap();
                let _ = stream.read_to_end(&mut Vec::new());
                return;
            }
            answer(
                stream,
                "200 OK",
                r#"{"success":true,"data":{"id":"t-1","amount":"25.00","currency":"EUR","customerId":"c","status":"pending","type":"deposit"}}"#,
            );
        }
    });
    let watch = [
        "transaction",
        "watch",
        "t-1",
        "--every-seconds",
        "1",
        "--json",
    ];
    let child = Cli::new()
        .command()
        .args(watch)
        .args(["--url", &url])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    sender.send(child.id()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(8));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&document["ok"], &document["status"]),
        (&serde_json::json!(false), &serde_json::json!("pending"))
    );
}

#[cfg(unix)]
#[test]
fn who_stops_a_resume_is_told_that_nothing_was_told() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, pid) = channel::<u32>();
    let is_resuming = Arc::new(AtomicBool::new(false));
    let resumes = is_resuming.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            stream.read_exact(&mut [0; 64]).unwrap();
            if resumes.load(Ordering::Relaxed) {
                let pid = pid.recv().unwrap().to_string();
                Command::new("kill").args(["-INT", &pid]).status().unwrap();
                let _ = stream.read_to_end(&mut Vec::new());
                return;
            }
        }
    });
    let cli = Cli::new().variable("XGATEWAY_URL", &url);
    let deposit = ["card", "deposit", "-"];
    cli.run_with(&deposit, body("order-1").as_bytes()).ends(8);
    is_resuming.store(true, Ordering::Relaxed);
    let mut resume = cli.command();
    let resume = resume.args(["card", "resume", "--json"]);
    let child = resume.stdout(Stdio::piped()).spawn().unwrap();
    sender.send(child.id()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(8));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let advice = document["error"]["advice"].as_str().unwrap();
    assert!(advice.starts_with("nothing was sent or told"), "{advice}");
}

#[test]
fn a_resume_says_when_the_gateway_was_away_and_the_rest_was_not_asked_about() {
    let url = answering_always("503 Service Unavailable", "");
    let cli = Cli::new().variable("XGATEWAY_URL", &url);
    for number in 1..=6 {
        let order = body(&format!("order-{number}"));
        cli.run_with(&["card", "deposit", "-"], order.as_bytes())
            .ends(8);
    }
    let document = cli.run(&["card", "resume", "--json"]).ends(8).json();
    assert_eq!(document["isCutShort"], true);
    assert_eq!(document["orders"].as_array().unwrap().len(), 5);
    let told = cli.run(&["card", "resume"]).ends(8).stderr;
    assert!(
        told.contains("whatever else is open was not asked about"),
        "{told}"
    );
    // Of one order all is asked.
    let document = cli
        .run(&["card", "resume", "order-1", "--json"])
        .ends(8)
        .json();
    assert_eq!(document.get("isCutShort"), None);
}

#[test]
fn a_path_of_the_settings_is_the_one_that_is_asked() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let thread = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut line = String::new();
        BufReader::new(&stream).read_line(&mut line).unwrap();
        answer(stream, "200 OK", r#"{"success":true,"data":[]}"#);
        line
    });
    let cli = Cli::new().file(
        "xgateway.toml",
        "[paths]\nget_bank_accounts = \"/v2/customer/{id}/bank-accounts\"\n",
    );
    let list = ["account", "list", "customer-1", "--json", "--url", &url];
    let listed = cli.run(&list).ends(0).json();
    assert_eq!(
        thread.join().unwrap(),
        "GET /api/v2/customer/customer-1/bank-accounts HTTP/1.1\r\n"
    );
    assert_eq!(listed["accounts"], serde_json::json!([]));
}

#[test]
fn one_that_contradicts_itself_is_for_a_person_to_resolve() {
    let sandbox = Gateway::new();
    let cli = sandbox.cli();
    let arguments = ["card", "deposit", "-", "--json"];
    cli.run_with(&arguments, body("order-1").as_bytes()).ends(0);
    let resolve = |more: &[&str]| {
        let arguments = [
            "card",
            "resolve",
            "order-1",
            "--as",
            "not-charged",
            "--json",
        ];
        cli.run(&[&arguments, more].concat())
    };
    let said = ["--by", "jo", "--note", "case 4711"];
    let message = |outcome: Outcome| outcome.json()["error"]["message"].to_string();
    let refused = message(resolve(&said).ends(2));
    assert!(
        refused.contains("nothing to resolve about order-1, which is open"),
        "{refused}"
    );

    // Another amount than was ordered.
    let url = answering_always(
        "200 OK",
        r#"{"success":true,"data":{"id":"invoice-1","orderId":"order-1","customerId":"customer-1","amount":"26.00",
            "baseCurrency":"EUR","status":"active","strategy":"fixed","type":"deposit","transactions":[]}}"#,
    );
    let there = ["--url", url.as_str()];
    let sent = [&arguments[..], &there[..]].concat();
    cli.run_with(&sent, body("order-1").as_bytes()).ends(8);
    let resume = || cli.run(&[&["card", "resume", "--json"], &there[..]].concat());
    assert_eq!(
        resume().ends(8).json()["orders"][0]["outcome"],
        "contradiction"
    );
    // No time ends it, so nobody is told to wait.
    let hints = cli
        .run(&[&["card", "resume"], &there[..]].concat())
        .ends(8)
        .stderr;
    let command = "`xgateway card resolve --as charged|not-charged --by NAME --note TEXT order-1`";
    assert!(hints.contains(command), "{hints}");
    assert!(!hints.contains("run it again later"), "{hints}");
    let nothing = ["--by", "jo", "--note", " "];
    let refused = message(resolve(&[&nothing, &there[..]].concat()).ends(2));
    assert!(refused.contains("who found it out, and how"), "{refused}");
    resolve(&[&said, &there[..]].concat()).ends(0);
    assert_eq!(resume().ends(0).json()["orders"], serde_json::json!([]));

    let status = |more: &[&str]| {
        let arguments = ["card", "status", "order-1"];
        cli.run(&[&arguments, more, &there[..]].concat()).ends(0)
    };
    let document = status(&["--json"]).json();
    let attempt = &document["attempts"][0];
    assert_eq!(attempt["state"], "declined");
    assert_eq!(attempt["resolution"]["outcome"], "not_charged");
    assert_eq!(attempt["resolution"]["by"], "jo");
    assert_eq!(attempt["resolution"]["note"], "case 4711");
    let status = status(&[]).stdout;
    assert!(status.contains("resolved by jo: case 4711"), "{status}");
}
