use xgateway_cli::Exit;

use crate::fixture::Cli;

#[test]
fn help_and_version_are_data() {
    let outcome = Cli::new().run(&["--help"]).ends(0);
    for exit in Exit::ALL {
        assert!(outcome.stdout.contains(exit.meaning()), "{exit:?}");
    }
    assert_eq!(outcome.stderr, "");
    let outcome = Cli::new().run(&["--version"]).ends(0);
    assert_eq!(
        outcome.stdout,
        concat!("xgateway ", env!("CARGO_PKG_VERSION"), "\n")
    );
    for arguments in [["--json", "--help"], ["--help", "--json"]] {
        let document = Cli::new().run(&arguments).ends(0).json();
        assert_eq!(document["ok"], true);
        let text = document["text"].as_str().unwrap();
        assert!(text.contains("Usage: xgateway"), "{text}");
    }
}

#[track_caller]
fn usage(arguments: &[&str], message: &str, hint: &str) {
    let cli = Cli::new();
    cli.run(arguments).ends(2).says(message).says(hint);
    let outcome = cli.run(&[arguments, &["--json"]].concat()).ends(2);
    let error = outcome.json()["error"].clone();
    assert_eq!(error["kind"], "usage");
    assert_eq!(error["exitCode"], 2);
    assert!(error["message"].as_str().unwrap().contains(message));
    assert_eq!(outcome.stderr, "");
}

#[test]
fn a_wrong_command_line_is_told_with_advice() {
    usage(&[], "a command is missing", "hint: `xgateway --help`");
    usage(
        &["card"],
        "a command is missing",
        "hint: `xgateway card --help`",
    );
    usage(
        &["dmeo"],
        "there is no command `dmeo`",
        "did you mean demo?",
    );
    usage(
        &["demo", "--sede", "1"],
        "there is no option --sede",
        "did you mean --seed?",
    );
    for (arguments, must) in [
        (
            &["demo", "--seed", "x"][..],
            "--seed <NUMBER> must be a whole number from 0 on",
        ),
        (
            &["demo", "--seed", "-1"],
            "--seed <NUMBER> must be a whole number from 0 on",
        ),
        (
            &["demo", "--seed", "18446744073709551616"],
            "--seed <NUMBER> must be a whole number from 0 on, and not too large",
        ),
        (
            &["sandbox", "--listen", "localhost:1"],
            "must be an IP address and a port",
        ),
        (
            &["sandbox", "--clock", "x"],
            "must be real or manual or auto",
        ),
        (
            &["card", "deposit", "--date", "x"],
            "must be a date, such as 2026-11-26",
        ),
        (
            &["transaction", "watch", "1", "--every-seconds", "0"],
            "must be a whole number from 1 to 3600",
        ),
    ] {
        usage(arguments, must, "--help");
    }
    Cli::new()
        .run(&["rate", "BTC", "EUR", "--amount", "-1"])
        .ends(3)
        .says("amount");
    usage(
        &["sandbox", "clock", "-6h"],
        "the clock cannot be moved by that",
        "it moves forwards",
    );
    usage(
        &["help", "--colour"],
        "--colour cannot stand here",
        "--help",
    );
    usage(
        &["invoice", "get"],
        "<ID> is missing",
        "it is `xgateway invoice get <ID>`; see `xgateway invoice get --help`",
    );
    usage(
        &["rate", "--from", "BTC"],
        "there is no option --from",
        "it is `xgateway rate [OPTIONS] <SOURCE> <TARGET>`; see `xgateway rate --help`",
    );
    usage(
        &["rate"],
        "<SOURCE>, <TARGET> are missing",
        "see `xgateway rate --help`",
    );
    usage(
        &["sandbox", "--port", "4010"],
        "there is no option --port",
        "it is `xgateway sandbox [OPTIONS]`; see `xgateway sandbox --help`",
    );
    usage(
        &[
            "transaction",
            "simulate",
            "--invoice",
            "1",
            "--amount",
            "1",
            "--status",
            "maybe",
        ],
        "is none of confirmed, failed",
        "--help",
    );
}

#[test]
fn what_is_wrong_with_what_is_told_with_the_help_of_the_command() {
    usage(
        &["card", "deposit", "--date", "2026-13-01"],
        "must be a date, such as 2026-11-26",
        "see `xgateway card deposit --help`",
    );
    // An environment is called as a command is.
    usage(
        &[
            "--environment",
            "demo",
            "card",
            "deposit",
            "--date",
            "2026-13-01",
        ],
        "must be a date, such as 2026-11-26",
        "see `xgateway card deposit --help`",
    );
    usage(
        &["card", "status", "order-1", "--all"],
        "[ORDER] and --all exclude each other",
        "leave one out; see `xgateway card status --help`",
    );
    usage(
        &["demo", "--seed", "1", "--seed", "2"],
        "--seed <NUMBER> is given twice",
        "see `xgateway demo --help`",
    );
}

#[test]
fn secrets_have_no_flags() {
    let keys = "keys are never given on the command line: set XGATEWAY_API_KEY";
    usage(
        &["invoice", "get", "1", "--api-key", "canary-api-key"],
        "no option --api-key",
        keys,
    );
    usage(
        &["invoice", "get", "1", "--api-key=canary-api-key"],
        "no option --api-key",
        keys,
    );
    usage(
        &["demo", "--secret-key=canary-api-key"],
        "no option --secret-key",
        keys,
    );
    usage(
        &["card", "deposit", "--contry-code", "CZ"],
        "no option --contry-code",
        "did you mean --country-code?",
    );
    let card = "card data are never given on the command line";
    usage(
        &["card", "deposit", "--card-number", "1"],
        "no option --card-number",
        card,
    );
    usage(&["card", "deposit", "--cvc=737"], "no option --cvc", card);
}

#[test]
fn a_card_number_on_the_command_line_is_refused_wherever_it_stands() {
    let message = "a card number stands on the command line";
    usage(
        &["card", "deposit", "--order-id", "4000000000000002"],
        message,
        "file",
    );
    usage(
        &["card", "deposit", "--first-name=4000 0000 0000 0002"],
        message,
        "file",
    );
    usage(&["invoice", "get", "4000-0000-0000-0408"], message, "file");
    usage(
        &["card", "deposit", "4000000000000002.json"],
        message,
        "file",
    );
}

#[test]
fn what_could_be_a_card_number_is_masked_in_the_name_of_a_file() {
    Cli::new()
        .run(&["card", "deposit", "400000000000.json"])
        .ends(10)
        .says("error: cannot read **.json");
}

#[test]
fn production_simulates_nothing() {
    let arguments = [
        "transaction",
        "simulate",
        "--invoice=1",
        "--amount=10",
        "--status=failed",
        "--environment=production",
    ];
    usage(&arguments, "production simulates nothing", "sandbox");
}

#[test]
fn an_argument_too_many_is_not_repeated() {
    for extra in ["canary.person@example.com", "extra"] {
        usage(&["demo", extra], "there is an argument too many", "--help");
    }
    let outcome = Cli::new().run(&["--json=yes", "demo"]).ends(2);
    assert_eq!(outcome.json()["error"]["kind"], "usage");
}

#[test]
fn colours_only_where_they_are_wanted() {
    let cli = Cli::new();
    let outcome = cli.run(&["validate", "x"]).ends(2);
    assert!(!outcome.stderr.contains('\u{1b}'));
    let outcome = cli.run(&["validate", "x", "--color", "always"]).ends(2);
    assert!(outcome.stderr.contains('\u{1b}'), "{}", outcome.stderr);
    let outcome = cli.run(&["--color", "never", "validate", "x"]).ends(2);
    assert!(!outcome.stderr.contains('\u{1b}'));
}

#[test]
fn nothing_listens() {
    // Port 9 of this machine: the connection is refused before a byte is sent.
    let arguments = ["invoice", "get", "order-1", "--url", "http://127.0.0.1:9"];
    let cli = Cli::new().variable("XGATEWAY_API_KEY", "canary-api-key");
    let outcome = cli.run(&arguments).ends(7);
    let lines: Vec<_> = outcome.stderr.lines().collect();
    assert_eq!(
        lines[0],
        "error: get_invoice was not sent, after 3 attempts"
    );
    assert_eq!(
        lines[1],
        "  caused by: could not connect; the request was not sent"
    );
    assert!(lines.last().unwrap().starts_with("hint: "), "{lines:?}");
    let outcome = cli
        .run(&[&arguments[..], &["--json", "-vvv"]].concat())
        .ends(7);
    let error = outcome.json()["error"].clone();
    assert_eq!(error["kind"], "not_sent");
    assert_eq!(error["effect"], "nothing was done");
    assert!(error["causes"].as_array().unwrap().len() >= 2, "{error}");
    assert!(
        outcome.stderr.contains("xgateway_client"),
        "{}",
        outcome.stderr
    );
}
