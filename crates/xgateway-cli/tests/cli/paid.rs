//! Nobody is told that nothing was charged, or that nothing is open, while something is paid and not settled.

use std::process::Stdio;

use serde_json::{Value, json};

use crate::fixture::{Cli, Outcome, body};
use crate::listening::Gateway;

fn deposit(cli: &Cli, more: &[&str]) -> Outcome {
    let arguments = ["card", "deposit", "-", "--json"];
    cli.run_with(&[&arguments, more].concat(), body("order-1").as_bytes())
}

fn resume(cli: &Cli, more: &[&str]) -> Outcome {
    cli.run(&[&["card", "resume", "--json"], more].concat())
}

fn told(document: &Value) -> Vec<(&str, &str)> {
    let rows = document["orders"].as_array().unwrap().iter();
    rows.map(|row| {
        let text = |key: &str| row[key].as_str().unwrap();
        (text("gatewayOrderId"), text("outcome"))
    })
    .collect()
}

fn states(cli: &Cli) -> Vec<String> {
    let document = cli.run(&["card", "status", "order-1", "--json"]).ends(0);
    let document = document.json();
    let attempts = document["attempts"].as_array().unwrap().iter();
    attempts
        .map(|attempt| attempt["state"].as_str().unwrap().to_owned())
        .collect()
}

fn page(document: &Value) -> &str {
    document["threeDSURL"].as_str().unwrap()
}

/// A gateway at which the first attempt at order 1 was declined.
fn declined() -> (Gateway, Cli) {
    let gateway = Gateway::new();
    let cli = gateway.cli().file("body.json", &body("order-1"));
    gateway.decline(page(&deposit(&cli, &[]).ends(0).json()));
    resume(&cli, &[]).ends(0);
    assert_eq!(states(&cli), ["declined"]);
    (gateway, cli)
}

#[test]
fn what_was_paid_after_all_is_told_until_somebody_has_read_it() {
    let (gateway, cli) = declined();
    gateway.confirm("order-1");
    // Whoever was to read it has gone.
    let mut child = cli
        .command()
        .args(["card", "deposit", "body.json", "--retry"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let code = child.wait().unwrap().code();
    assert_eq!(code, Some(8));
    assert_eq!(states(&cli), ["open"]);
    let document = resume(&cli, &[]).ends(0).json();
    assert_eq!(told(&document), [("order-1", "deposited")]);
    assert_eq!(states(&cli), ["charged"]);
    assert_eq!(resume(&cli, &[]).ends(0).json()["orders"], json!([]));
}

#[test]
fn an_order_that_was_paid_twice_stays_open_until_it_is_resolved() {
    let (gateway, cli) = declined();
    let second = deposit(&cli, &["--retry"]).ends(0).json();
    gateway.confirm("order-1");
    gateway.approve(page(&second));
    // The second one finds out about the first, and from then on both are open.
    let document = resume(&cli, &[]).ends(8).json();
    assert_eq!(told(&document), [("order-1#2", "contradiction")]);
    let both = [("order-1", "contradiction"), ("order-1#2", "contradiction")];
    for _ in 0..3 {
        assert_eq!(told(&resume(&cli, &[]).ends(8).json()), both);
        assert_eq!(states(&cli), ["open", "open"]);
    }
    let hint = cli.run(&["card", "resume"]).ends(8);
    let command = "xgateway card resolve --as charged|not-charged --by NAME --note TEXT";
    hint.says(&format!("{command} order-1`"))
        .says(&format!("{command} order-1#2`"));
    let resolve = |order, outcome| {
        let said = ["--as", outcome, "--by", "jo", "--note", "case 4711"];
        cli.run(&[&["card", "resolve", order], &said[..]].concat())
    };
    resolve("order-1", "not-charged").ends(0);
    let document = resume(&cli, &[]).ends(0).json();
    assert_eq!(told(&document), [("order-1#2", "deposited")]);
    assert_eq!(states(&cli), ["declined", "charged"]);
    assert_eq!(resume(&cli, &[]).ends(0).json()["orders"], json!([]));
    // The mark stays.
    let document = resume(&cli, &["order-1"]).ends(0).json();
    assert_eq!(
        told(&document),
        [("order-1#2", "deposited"), ("order-1", "resolved")]
    );
}

#[test]
fn the_look_at_an_order_sees_every_attempt() {
    let (gateway, cli) = declined();
    let second = deposit(&cli, &["--retry"]).ends(0).json();
    gateway.decline(page(&second));
    let document = resume(&cli, &["order-1"]).ends(0).json();
    assert_eq!(told(&document), [("order-1#2", "failed")]);
    gateway.confirm("order-1");
    let document = resume(&cli, &["order-1"]).ends(0).json();
    assert_eq!(told(&document), [("order-1", "deposited")]);
    assert_eq!(states(&cli), ["charged", "declined"]);
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_written_was_sent_all_the_same() {
    let gateway = Gateway::new();
    let cli = gateway.cli().file("body.json", &body("order-1"));
    let one = "error: order order-1 was sent, and how it stands could not be told";
    let one_hint = "run `xgateway card resume order-1` until it tells";
    let all = "error: orders were sent, and how they stand could not be told";
    let all_hint = "run `xgateway card resume` until it tells, without an order";
    for (arguments, error, hint) in [
        (&["card", "deposit", "body.json"][..], one, one_hint),
        (&["card", "resume"], all, all_hint),
        (&["card", "resume", "order-1"], one, one_hint),
    ] {
        let full = std::fs::File::options().write(true).open("/dev/full");
        let output = cli
            .command()
            .args(arguments)
            .stdout(full.unwrap())
            .output()
            .unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(8), "{stderr}");
        for part in [error, "No space left on device", hint] {
            assert!(stderr.contains(part), "{part:?} in {stderr}");
        }
        assert_eq!(states(&cli), ["open"]);
    }
    // Nor by a program, nor to one that went away.
    let full = || -> Stdio {
        let full = std::fs::File::options().write(true).open("/dev/full");
        full.unwrap().into()
    };
    let gone = || -> Stdio {
        let (reader, gone) = std::io::pipe().unwrap();
        drop(reader);
        gone.into()
    };
    for (stdout, arguments, words) in [
        (full(), &["card", "deposit", "body.json", "--json"][..], one),
        (gone(), &["card", "deposit", "body.json"], one),
        (gone(), &["card", "resume", "order-1"], one),
        (gone(), &["card", "resume"], all),
        (gone(), &["card", "resume", "--json"], all),
    ] {
        let mut command = cli.command();
        let output = command.args(arguments).stdout(stdout).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(8), "{stderr}");
        assert!(stderr.contains(words), "{stderr}");
        assert_eq!(states(&cli), ["open"]);
    }
}
