//! Ids that are no names, and those that would look like others.

use serde_json::Value;

use crate::fixture::{Cli, body};
use crate::listening::Gateway;

#[test]
fn an_id_of_blanks_is_none() {
    let cli = Cli::new().file("body.json", &body("order-1"));
    let dry_run = ["card", "deposit", "body.json", "--dry-run", "--order-id"];
    cli.run(&[&dry_run[..], &["   "]].concat())
        .ends(3)
        .says("orderId")
        .says("at least one character that is no blank");
}

#[test]
fn what_turns_the_direction_of_text_is_shown_and_does_nothing() {
    let turned = "a\u{202e}b\u{2066}c";
    let cli = Cli::new().file("body.json", &body("order-1"));
    let dry_run = [
        "card",
        "deposit",
        "body.json",
        "--dry-run",
        "--relax",
        "order-id-path",
        "--order-id",
        turned,
    ];
    let plain = cli.run(&dry_run).ends(0);
    let json = cli.run(&[&dry_run[..], &["--json"]].concat()).ends(0);
    for said in [&plain.stdout, &plain.stderr, &json.stdout, &json.stderr] {
        assert!(!said.contains(['\u{202e}', '\u{2066}']), "{said}");
    }
    assert!(json.stdout.contains(r"a\u202eb\u2066c"), "{}", json.stdout);
    let document: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(document["orderId"], turned, "the id itself is as it was");
}

#[test]
fn a_command_that_is_printed_names_the_order_whatever_its_id_is() {
    let gateway = Gateway::new();
    let cli = gateway.cli().file("body.json", &body("order-1"));
    for (id, printed) in [
        ("a b", "'a b'"),
        ("-x", "-- -x"),
        ("$(id)", "'$(id)'"),
        ("o';id", r"'o'\'';id'"),
    ] {
        let given = format!("--order-id={id}");
        let said = format!("then: xgateway card resume {printed}\n");
        let relaxed = ["--relax", "order-id-path"];
        cli.run(&[&["card", "deposit", "body.json", &given], &relaxed[..]].concat())
            .ends(0)
            .says(&said);
    }
    let resumed = cli.run(&["card", "resume", "--", "-x"]).ends(0).stdout;
    assert!(resumed.contains("for order -x"), "{resumed}");
}
