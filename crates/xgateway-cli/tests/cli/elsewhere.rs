//! One journal and two gateways: the wrong settings end nothing.

use serde_json::{Value, json};

use crate::database::Database;
use crate::fixture::{AT_ONCE, Cli, Outcome, body};
use crate::listening::Gateway;

/// Answered with 500 and not charged, which nobody here can know.
fn in_doubt(order: &str) -> String {
    body(order).replace("4000 0000 0000 0002", "4000 0000 0001 1066")
}

fn state(cli: &Cli) -> Value {
    let document = cli
        .run(&["card", "status", "order-1", "--json"])
        .ends(0)
        .json();
    document["attempts"][0]["state"].clone()
}

/// Both command lines have the same journal and key.
fn check(here: &Cli, there: &Cli) {
    let run = |cli: &Cli, arguments: &[&str]| -> Outcome {
        let stdin = in_doubt("order-1");
        cli.run_with(&[&["card"], arguments].concat(), stdin.as_bytes())
    };
    run(here, &["deposit", "-"]).ends(8);
    let resolve = "resolve order-1 --as not-charged --by jo --note nothing";
    for arguments in [
        "deposit - --json",
        "deposit - --retry --json",
        "deposit - --same-account --json",
        &format!("{resolve} --json"),
    ] {
        let arguments: Vec<_> = arguments.split(' ').collect();
        let error = run(there, &arguments).ends(9).json();
        assert_eq!(error["error"]["orderId"], "order-1", "{arguments:?}");
        assert_eq!(error["error"]["effect"], "nothing was done");
    }
    for arguments in [
        &["resume"][..],
        &["resume", "order-1"],
        &["resume", "--same-account"],
    ] {
        let arguments = &[arguments, &AT_ONCE].concat()[..];
        run(there, arguments)
            .ends(9)
            .says("order-1 was sent to http://127.0.0.1:")
            .says("hint: use the environment that it was sent to");
        let document = run(there, &[arguments, &["--json"]].concat())
            .ends(9)
            .json();
        assert_eq!(
            (&document["ok"], &document["orders"][0]["outcome"]),
            (&json!(false), &json!("elsewhere"))
        );
    }
    assert_eq!(state(here), "open");

    // The same gateway with another API key, before and after a person's word. It knows no such key.
    let rotated = [&["resume", "--api-key-file", "other.key"], &AT_ONCE[..]].concat();
    run(here, &rotated)
        .ends(9)
        .says("order-1 was sent with another API key")
        .says("`--same-account`");
    let refused = run(here, &[&rotated[..], &["--same-account"]].concat()).ends(8);
    assert!(
        !refused.stderr.contains("run it again later"),
        "{}",
        refused.stderr
    );
    refused.says("hint: check the API key, and that it belongs to this environment");
    assert_eq!(state(here), "open");

    // Where it was sent.
    let resume = [&["card", "resume", "--json"], &AT_ONCE[..]].concat();
    let document = here.run_until(&resume, 0).json();
    assert_eq!(document["orders"][0]["outcome"], "not_charged");
    assert_eq!(state(here), "not_taken");
}

#[test]
fn another_gateway_ends_nothing_in_a_file() {
    let (here, there) = (Gateway::new(), Gateway::new());
    let cli = here.cli().file("other.key", "another-key");
    let journal = cli.path("shared.db");
    let key = cli.path("journal.key");
    let shared = |cli: Cli| {
        cli.variable("XGATEWAY_JOURNAL", journal.to_str().unwrap())
            .variable("XGATEWAY_JOURNAL_KEY_FILE", key.to_str().unwrap())
    };
    check(&shared(cli), &shared(there.cli()));
}

#[test]
fn another_gateway_ends_nothing_in_a_database() {
    let Some(database) = Database::new() else {
        return;
    };
    let (here, there) = (Gateway::new(), Gateway::new());
    let cli = here.cli().file("other.key", "another-key");
    let key = cli.path("journal.key");
    let shared = |cli: Cli| {
        cli.variable("XGATEWAY_DATABASE_URL", &database.url())
            .variable("XGATEWAY_JOURNAL", "postgres")
            .variable("XGATEWAY_JOURNAL_KEY_FILE", key.to_str().unwrap())
    };
    check(&shared(cli), &shared(there.cli()));
}
