//! `--store postgres`: several receivers over one database. Needs `DATABASE_URL`.

use std::thread;

use serde_json::json;

use crate::database::Database;
use crate::fixture::{AT_ONCE, Cli, body};
use crate::listening::{Gateway, Listening, Merchant};

const STORE: [&str; 2] = ["--store", "postgres"];

/// How often the database is looked at before something has gone wrong.
const LOOKS_MAX: u32 = 3000;

/// What holds a password must not be shown.
const CANARY: &str = "canary-database";

#[test]
fn two_receivers_share_a_database() {
    let Some(database) = Database::new() else {
        return;
    };
    let gateway = Gateway::new();
    let merchant = Merchant::new([200]);
    let url = merchant.url();
    let cli = gateway
        .cli()
        .variable("XGATEWAY_DATABASE_URL", &database.url());
    let inbox = |arguments: &[&str]| cli.run(&[&["inbox"], arguments, &STORE[..]].concat());
    inbox(&["list"])
        .ends(10)
        .says("the database has no inbox")
        .says("hint: nothing was ever stored there");

    let more = ["--store", "postgres", "--forward", &url, "-vv"];
    let receivers = [Listening::start(&cli, &more), Listening::start(&cli, &more)];
    let callback = gateway.deposit("order-1");
    // Whichever took it: it is done when the database says so, and a person sees the same.
    let counts = || inbox(&["list", "--totals", "--json"]).ends(0).json()["counts"].clone();
    let wait_until_done = || {
        // Each look is a process of its own, so this is a minute at least and ends.
        let done = json!({"open": 0, "done": 1, "dead": 0});
        let mut looks = (0..LOOKS_MAX).map(|_| counts());
        assert!(looks.any(|counts| counts == done), "{}", counts());
    };
    for (receiver, delivery) in receivers.iter().zip(["new", "duplicate"]) {
        assert_eq!(gateway.deliver(&callback, receiver.url()), 200);
        // The other one may have applied by now what the first has stored.
        let stored = receiver.line_with(r#""event":"stored""#);
        let stored: serde_json::Value = serde_json::from_str(&stored).unwrap();
        assert_eq!(
            (&stored["entry"], &stored["delivery"]),
            (&json!(1), &json!(delivery))
        );
        // One that comes while the first is forwarded may have it forwarded twice, under the same key.
        wait_until_done();
    }
    merchant.next();
    let entry = inbox(&["show", "1", "--json"]).ends(0).json()["entry"].clone();
    assert_eq!(entry["proven"]["amount"], "25");
    assert_eq!(inbox(&["dead"]).ends(0).stdout, "");
    inbox(&["replay", "1"]).ends(0);
    wait_until_done();
    for receiver in receivers {
        assert_eq!(receiver.start_line().matches("postgres").count(), 1);
        let (code, output) = receiver.stop("-TERM");
        assert_eq!(code, Some(0), "{output}");
        assert!(!output.contains(CANARY), "{output}");
    }
    assert!(merchant.is_idle(), "forwarded once");
}

#[test]
fn the_address_of_a_database_is_never_shown() {
    let address = format!("postgres://joe:{CANARY}@127.0.0.1:1/shop");
    let check = |cli: Cli, arguments: &[&str], code: i32, words: &str| {
        let run = |more: &str| {
            let outcome = cli.run(&[arguments, &[more]].concat()).ends(code);
            let all = format!("{}{}", outcome.stdout, outcome.stderr);
            assert!(all.contains(words), "{all}");
            assert!(!all.contains(CANARY), "{all}");
        };
        thread::scope(|scope| {
            scope.spawn(|| run("-vvv"));
            run("--json");
        });
    };
    let list = "inbox list --store postgres";
    let listen = "callback listen --no-forward --store postgres";
    let resume = "card resume --journal postgres";
    let check_command = |arguments: &str| {
        let arguments: Vec<_> = arguments.split(' ').collect();
        check(Cli::new(), &arguments, 9, "needs the address of a database");
        for words in [
            "is it running, and is its host and port right?",
            "connection refused",
        ] {
            let variable = Cli::new().variable("XGATEWAY_DATABASE_URL", &address);
            check(variable, &arguments, 10, words);
        }
        let file = Cli::new()
            .file("xgateway.toml", "database_url_file = \"database\"\n")
            .file("database", &format!("{CANARY}\n"));
        check(file, &arguments, 9, "write it as postgres://");
    };
    // Each waits until its time to connect is over, so all wait together.
    thread::scope(|scope| {
        for arguments in [list, listen, resume] {
            scope.spawn(move || check_command(arguments));
        }
    });
    let shown = Cli::new().variable("XGATEWAY_DATABASE_URL", &address);
    check(shown, &["config", "show"], 0, "database_url");
    for arguments in [["inbox", "list"], ["callback", "listen"]] {
        let arguments = [&arguments[..], &["--store", &address]].concat();
        check(Cli::new(), &arguments, 2, "and no address");
    }
}

#[test]
fn two_machines_share_a_journal() {
    let Some(database) = Database::new() else {
        return;
    };
    let gateway = Gateway::new();
    let first = gateway.cli();
    let key = first.path("journal.key");
    let machine = |cli: Cli| {
        cli.variable("XGATEWAY_DATABASE_URL", &database.url())
            .variable("XGATEWAY_JOURNAL", "postgres")
    };
    let with_key = |cli: Cli| cli.variable("XGATEWAY_JOURNAL_KEY_FILE", key.to_str().unwrap());
    let first = with_key(machine(first));
    let second = with_key(machine(gateway.cli()));
    let other_key = gateway.cli().file("other.key", &"k".repeat(32));
    let other_key = machine(other_key).variable("XGATEWAY_JOURNAL_KEY_FILE", "other.key");
    let without_key = machine(gateway.cli());
    let deposit = |cli: &Cli, order: &str, card: &str| {
        let body = body(order).replace("4000 0000 0000 0002", card);
        cli.run_with(&["card", "deposit", "-", "--json", "-vv"], body.as_bytes())
    };
    let state = |cli: &Cli, order: &str| {
        let status = cli.run(&["card", "status", order, "--json"]).ends(0).json();
        status["attempts"][0]["state"].clone()
    };
    let frictionless = "4000 0000 0001 1017";
    let paid = deposit(&first, "order-1", frictionless).ends(0);
    assert!(!paid.stderr.contains(CANARY), "{}", paid.stderr);
    // The other one sends nothing, and finds what became of it; with another key it cannot even tell whose it is.
    let again = deposit(&second, "order-1", frictionless).ends(0);
    assert_eq!(again.json(), paid.json());
    deposit(&without_key, "order-3", frictionless).ends(9);
    assert!(!without_key.path(".config/xgateway/journal.key").exists());
    let refused = deposit(&other_key, "order-1", frictionless).ends(9);
    let message = refused.json()["error"]["message"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        message
            .starts_with("order-1 was sent with another API key, or the journal's key is another"),
        "{message}"
    );
    assert_eq!(state(&second, "order-1"), "charged");

    // What one has left open, the other finishes. Answered with 500, and not charged.
    deposit(&first, "order-2", "4000 0000 0001 1066").ends(8);
    assert_eq!(state(&second, "order-2"), "open");
    let resume = [&["card", "resume", "--json"], &AT_ONCE[..]].concat();
    let resumed = second.run_until(&resume, 0).json();
    assert_eq!(resumed["orders"][0]["outcome"], "not_charged");
    assert_eq!(state(&first, "order-2"), "not_taken");
}
