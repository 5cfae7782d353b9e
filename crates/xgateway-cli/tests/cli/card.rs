use crate::fixture::{Cli, body};
use crate::sandbox::Served;

const DRY: &[&str] = &["card", "deposit", "--dry-run", "--date", "2026-11-21"];

#[test]
fn what_fails_before_anything_is_sent_says_so() {
    let cli = Cli::new()
        .file("body.json", &body("order-1"))
        .file("marked.json", &format!("\u{feff}{}", body("order-1")))
        .file("folder", "");
    for (more, code, advice) in [
        (
            &["missing.json"][..],
            10,
            "nothing was sent; is its name right?",
        ),
        (
            &["body.json", "--journal", "folder/journal.db"],
            10,
            "nothing was sent",
        ),
        (
            &["body.json", "--journal", "missing/journal.db"],
            10,
            "nothing was sent",
        ),
        (
            &["body.json", "--journal", "body.json"],
            10,
            "nothing was sent; ",
        ),
        (&["marked.json"], 3, "without that mark"),
    ] {
        let deposit = [&["card", "deposit", "--json"], more].concat();
        let error = cli.run(&deposit).ends(code).json()["error"].clone();
        assert_eq!(error["effect"], "nothing was done", "{more:?}");
        let said = error["advice"].as_str().unwrap();
        assert!(said.contains(advice), "{more:?}: {said}");
    }
    cli.run(&["card", "status", "--journal", "missing/journal.db"])
        .ends(10)
        .says("there is no folder missing");
}

#[test]
fn a_dry_run_checks_and_sends_nothing() {
    let cli = Cli::new().file("body.json", &body("order-1"));
    let outcome = cli.run(&[DRY, &["body.json"]].concat()).ends(0);
    assert_eq!(
        outcome.stdout,
        "valid: 25.00 EUR for order order-1; nothing was sent\n"
    );
    let document = cli
        .run(&[DRY, &["body.json", "--json"]].concat())
        .ends(0)
        .json();
    assert_eq!(
        document,
        serde_json::json!({"ok":true,"outcome":"valid","orderId":"order-1","amount":"25.00","currency":"EUR"})
    );
}

#[test]
fn flags_replace_fields_of_the_input() {
    let flags = [
        "-",
        "--json",
        "--amount",
        "30.50",
        "--currency",
        "USD",
        "--order-id",
        "other",
        "--city",
        "Brno",
        "--country-code",
        "XX",
    ];
    let outcome = Cli::new()
        .run_with(&[DRY, &flags].concat(), body("order-1").as_bytes())
        .ends(3);
    let error = outcome.json()["error"].clone();
    assert_eq!(error["issues"].as_array().unwrap().len(), 1, "{error}");
    assert_eq!(
        error["issues"][0]["path"],
        serde_json::json!(["billingAddress", "countryCode"])
    );
    let outcome = Cli::new()
        .run_with(&[DRY, &flags[..10]].concat(), body("order-1").as_bytes())
        .ends(0);
    assert_eq!(outcome.json()["amount"], "30.50");
    assert_eq!(outcome.json()["currency"], "USD");
    assert_eq!(outcome.json()["orderId"], "other");
}

#[test]
fn a_key_that_is_written_with_escapes_is_replaced_too() {
    let body = body("order-1").replace("\"orderId\"", "\"\\u006frderId\"");
    let outcome = Cli::new()
        .run_with(
            &[DRY, &["-", "--json", "--order-id", "other"]].concat(),
            body.as_bytes(),
        )
        .ends(0);
    assert_eq!(outcome.json()["orderId"], "other");
}

#[test]
fn without_a_card_and_without_a_terminal_nobody_is_asked() {
    Cli::new()
        .run(&["card", "deposit", "--amount", "25"])
        .ends(2)
        .says("nobody can be asked");
}

#[test]
fn issues_are_told_one_a_line() {
    let body = body("order-1")
        .replace("\"737\"", "\"7\"")
        .replace("EUR", "GBP");
    Cli::new()
        .run_with(&[DRY, &["-"]].concat(), body.as_bytes())
        .ends(3)
        .says("error: the input breaks 2 rules; nothing was sent\n")
        .says("  - baseCurrency: Invalid enum value. Expected 'EUR' | 'USD', received 'GBP'\n")
        .says("  - card.cardSecurityCode: String must contain at least 3 character(s)\n")
        .says("hint: correct the fields");
    Cli::new()
        .run_with(&[DRY, &["-"]].concat(), b"{\"card\":4000000000000002")
        .ends(3)
        .says("not valid JSON (line 1, column 24)");
}

#[test]
fn policy_can_be_relaxed_by_name() {
    let body = body("order-1").replace("0002", "0003");
    let run = |more: &[&str]| Cli::new().run_with(&[DRY, &["-"], more].concat(), body.as_bytes());
    run(&[]).ends(3).says("policy luhn:");
    run(&["--relax", "luhn"]).ends(0);
    run(&["--relax", "lune"])
        .ends(2)
        .says("hint: its rules are order-id");
    run(&[
        "--relax",
        "luhn",
        "--require",
        "adult",
        "--date",
        "2001-01-01",
    ])
    .ends(2);
}

#[test]
fn what_befell_the_request_is_told_before_what_a_look_at_it_told() {
    let fault = "at=connect,do=refuse,times=1,operation=create_card_deposit";
    let served = Served::new(&["--clock", "manual", "--fault", fault]);
    let cli = served.cli().file("body.json", &body("order-1"));
    let outcome = cli
        .run(&["card", "deposit", "body.json", "--json"])
        .ends(8)
        .json();
    let causes = outcome["error"]["causes"].as_array().unwrap();
    assert_eq!(causes[0], "create_card_deposit got no whole answer");
    let last = causes.last().unwrap().as_str().unwrap();
    assert!(
        last.contains("get_invoice was answered with status 404"),
        "{last}"
    );
}

#[test]
fn a_deposit_of_which_nothing_can_be_heard_is_not_said_to_be_in_progress() {
    let served = Served::new(&["--clock", "manual"]);
    let cli = served.cli().file("body.json", &body("order-1"));
    let deposit = ["card", "deposit", "body.json", "--json"];
    cli.run(&deposit).ends(0);
    drop(served);
    let error = cli.run(&deposit).ends(8).json()["error"].clone();
    assert_eq!(error["orderId"], "order-1");
    assert_eq!(error["effect"], "the gateway may have acted");
    assert_eq!(
        error["causes"][0],
        "get_invoice was not sent, after 3 attempts"
    );
}
