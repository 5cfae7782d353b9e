//! The journal of `xgateway card`, against a sandbox.

use jiff::SignedDuration;
use serde_json::json;
use xgateway_sandbox::Config;

use crate::fixture::{AT_ONCE, Cli, Outcome, body};
use crate::listening::Gateway;

const FRICTIONLESS: &str = "4000 0000 0001 1017";

fn with_card(order: &str, card: &str) -> String {
    body(order).replace("4000 0000 0000 0002", card)
}

fn deposit(cli: &Cli, body: &str, more: &[&str]) -> Outcome {
    let arguments = ["card", "deposit", "-", "--json"];
    cli.run_with(&[&arguments, more].concat(), body.as_bytes())
}

fn states(cli: &Cli, order: &str) -> Vec<String> {
    let document = cli.run(&["card", "status", order, "--json"]).ends(0).json();
    let attempts = document["attempts"].as_array().unwrap();
    let state = |attempt: &serde_json::Value| attempt["state"].as_str().unwrap().to_owned();
    attempts.iter().map(state).collect()
}

#[test]
fn the_same_request_resumes_and_another_is_refused() {
    let gateway = Gateway::new();
    let cli = gateway.cli();
    let first = deposit(&cli, &with_card("order-1", FRICTIONLESS), &[])
        .ends(0)
        .json();
    let again = deposit(&cli, &with_card("order-1", FRICTIONLESS), &[])
        .ends(0)
        .json();
    assert_eq!(first, again);
    assert_eq!(
        (
            &first["outcome"],
            &first["attempt"],
            &first["gatewayOrderId"]
        ),
        (&json!("deposited"), &json!(1), &json!("order-1"))
    );
    let error = deposit(&cli, &body("order-1"), &["--amount", "26.00"])
        .ends(3)
        .json();
    assert_eq!(error["error"]["orderId"], "order-1");
    assert_eq!(
        error["error"]["message"],
        "order-1 was begun with another request, and is charged; nothing was sent now; what differs: amount, card.cardNumber"
    );
    assert_eq!(states(&cli, "order-1"), ["charged"]);
}

#[test]
fn an_order_that_nobody_knows_is_told_from_one_that_has_ended() {
    let gateway = Gateway::new();
    let cli = gateway.cli();
    let unknown = |order, code, words: &str| {
        for command in ["status", "resume"] {
            let error = cli
                .run(&["card", command, order, "--json"])
                .ends(code)
                .json();
            let error = &error["error"];
            assert_eq!(error["orderId"], order);
            let message = error["message"].as_str().unwrap();
            assert!(message.starts_with(words), "{message}");
            assert!(
                message.contains("/.local/state/xgateway/sandbox-"),
                "{message}"
            );
        }
    };
    let nothing = "nobody knows anything of order order-2: there is no journal yet at /";
    unknown("order-2", 10, nothing);
    deposit(&cli, &with_card("order-1", FRICTIONLESS), &[]).ends(0);
    unknown(
        "order-2",
        14,
        "the journal knows nothing of order order-2: it is /",
    );
    let place = cli.path(".local/state/xgateway");
    let place = place.to_str().unwrap();
    cli.run(&["card", "status"])
        .ends(0)
        .says(&format!("nothing is open in the journal {place}/sandbox-"));
}

#[test]
fn a_key_that_is_too_short_is_a_wrong_setting() {
    let gateway = Gateway::new();
    let cli = gateway.cli().file("journal.key", "short");
    let cli = cli.variable("XGATEWAY_JOURNAL_KEY_FILE", "journal.key");
    let error = deposit(&cli, &body("order-1"), &[]).ends(9).json();
    assert_eq!(
        error["error"]["causes"][0],
        "a fingerprint key has at least 32 bytes"
    );
}

/// A new key in its place would make every order look like another account's, and part the journal between two keys.
#[test]
fn a_key_that_is_lost_is_not_replaced() {
    let gateway = Gateway::new();
    let cli = gateway.cli();
    let (key, elsewhere) = (cli.path(".config/xgateway/journal.key"), cli.path("key"));
    deposit(&cli, &body("order-1"), &[]).ends(0);
    std::fs::rename(&key, &elsewhere).unwrap();

    assert_eq!(states(&cli, "order-1"), ["open"]);
    let error = deposit(&cli, &with_card("order-2", FRICTIONLESS), &[])
        .ends(9)
        .json();
    let place = key.to_str().unwrap();
    assert_eq!(
        error["error"]["message"],
        format!("the journal holds orders, and its key is not there: {place}")
    );
    for arguments in [
        "resume",
        "resume order-1",
        "resolve order-1 --as not-charged --by jo --note nothing",
    ] {
        let arguments: Vec<_> = ["card"].into_iter().chain(arguments.split(' ')).collect();
        cli.run(&arguments)
            .ends(9)
            .says("hint: copy the key there from where the journal was made");
    }
    assert!(!key.exists());
    cli.run(&["card", "status", "order-2"]).ends(14);

    std::fs::rename(&elsewhere, &key).unwrap();
    let resumed = cli.run(&["card", "resume", "--json"]).ends(0).json();
    assert_eq!(resumed["orders"][0]["outcome"], "in_progress");
}

#[test]
fn what_the_journal_does_not_know_is_not_tried_again() {
    let gateway = Gateway::new();
    let cli = gateway.cli();
    let refuse = |code, words: &str| {
        let error = deposit(&cli, &with_card("order-2", FRICTIONLESS), &["--retry"]);
        let error = error.ends(code).json();
        let message = error["error"]["message"].as_str().unwrap();
        assert!(message.starts_with(words), "{message}");
        assert_eq!(error["error"]["effect"], "nothing was done");
    };
    refuse(
        10,
        "nobody knows anything of order order-2: there is no journal",
    );
    assert!(!cli.path(".local/state/xgateway").exists());
    deposit(&cli, &with_card("order-1", FRICTIONLESS), &[]).ends(0);
    refuse(14, "the journal knows nothing of order order-2: ");
    cli.run(&["invoice", "get", "order-2"]).ends(5);
}

#[test]
fn what_is_open_is_resumed_and_told_until_it_is_known() {
    let gateway = Gateway::new();
    let cli = gateway.cli();
    let resume = |more: &[&str]| cli.run(&[&["card", "resume", "--json"], more].concat());
    let nothing = resume(&[]).ends(0).json();
    assert_eq!(
        (&nothing["ok"], &nothing["orders"]),
        (&json!(true), &json!([]))
    );
    // Answered with 500, and not charged.
    deposit(&cli, &with_card("order-1", "4000 0000 0001 1066"), &[]).ends(8);
    // With another card it is not sent, and nobody is told to charge it under another id.
    let error = deposit(&cli, &with_card("order-1", FRICTIONLESS), &[])
        .ends(8)
        .json();
    assert_eq!(error["error"]["effect"], "the gateway may have acted");
    let advice = error["error"]["advice"].as_str().unwrap();
    assert!(advice.contains("no other order id"), "{advice}");
    let document = resume(&[]).ends(8).json();
    assert_eq!(document["ok"], false);
    assert_eq!(document["orders"][0]["outcome"], "unknown");
    let resume_at_once = [&["card", "resume", "order-1", "--json"], &AT_ONCE[..]].concat();
    let document = cli.run_until(&resume_at_once, 0).json();
    assert_eq!(document["orders"][0]["outcome"], "not_charged");
    assert_eq!(states(&cli, "order-1"), ["not_taken"]);
    assert_eq!(resume(&[]).ends(0).json()["orders"], json!([]));
    resume(&["nobody"]).ends(14);
}

#[test]
fn an_order_that_was_not_declined_is_not_tried_again() {
    let gateway = Gateway::new();
    let cli = gateway.cli();
    let first = deposit(&cli, &body("order-1"), &[]).ends(0).json();
    let error = deposit(&cli, &with_card("order-1", FRICTIONLESS), &["--retry"])
        .ends(8)
        .json();
    assert_eq!(error["error"]["effect"], "the gateway may have acted");
    assert_eq!(states(&cli, "order-1"), ["open"]);
    gateway.decline(first["threeDSURL"].as_str().unwrap());
    // The journal has not heard of the decline, but the gateway is asked first.
    let document = deposit(&cli, &with_card("order-1", FRICTIONLESS), &["--retry"])
        .ends(0)
        .json();
    assert_eq!(
        (
            &document["orderId"],
            &document["attempt"],
            &document["gatewayOrderId"]
        ),
        (&json!("order-1"), &json!(2), &json!("order-1#2"))
    );
    assert_eq!(states(&cli, "order-1"), ["declined", "charged"]);
}

#[cfg(unix)]
#[test]
fn journal_and_key_are_their_owners_only_and_apart() {
    use std::os::unix::fs::PermissionsExt as _;

    let gateway = Gateway::new();
    let cli = gateway.cli();
    deposit(&cli, &with_card("order-1", FRICTIONLESS), &[]).ends(0);
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    let key = cli.path(".config/xgateway/journal.key");
    assert_eq!(
        (mode(&key), std::fs::read(&key).unwrap().len()),
        (0o600, 32)
    );
    let folder = cli.path(".local/state/xgateway");
    assert_eq!(mode(&folder), 0o700);
    for file in std::fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        // Nor does it hold anything of the card or the customer.
        let bytes = std::fs::read(&path).unwrap();
        for canary in crate::fixture::CANARIES
            .iter()
            .chain(&["4000000000011017", FRICTIONLESS])
        {
            let holds = bytes
                .windows(canary.len())
                .any(|part| part == canary.as_bytes());
            assert!(!holds, "{canary} in {}", path.display());
        }
    }
}

#[test]
fn which_journal_holds_nothing_is_told() {
    let gateway = Gateway::new();
    let cli = gateway.cli();
    for command in ["resume", "status"] {
        cli.run(&["card", command])
            .ends(0)
            .says("there is no journal yet at /")
            .says("/.local/state/xgateway/sandbox-127-0-0-1-");
        let document = cli.run(&["card", command, "--json"]).ends(0).json();
        assert_eq!(document["journalExists"], false);
    }
    deposit(&cli, &with_card("order-1", FRICTIONLESS), &[]).ends(0);
    for command in ["resume", "status"] {
        let document = cli.run(&["card", command, "--json"]).ends(0).json();
        assert_eq!(document["journalExists"], true);
        let journal = std::path::Path::new(document["journal"].as_str().unwrap());
        assert!(journal.is_absolute() && journal.exists(), "{document}");
    }
}

#[test]
fn a_sandbox_has_one_journal_whatever_it_is_called() {
    let gateway = Gateway::new();
    let cli = gateway.cli();
    deposit(&cli, &body("order-1"), &[]).ends(0);
    let named = gateway.url().replace("127.0.0.1", "localhost");
    let resume = ["card", "resume", "--json", "--url", &named];
    let document = cli.run(&resume).ends(0).json();
    assert_eq!(document["orders"][0]["outcome"], "in_progress");
}

/// A link that leads nowhere stands for all that cannot be seen: what is forbidden shows to the user of a test who may all.
#[cfg(unix)]
#[test]
fn a_journal_that_cannot_be_seen_is_no_empty_one() {
    let gateway = Gateway::new();
    let cli = gateway.cli();
    deposit(&cli, &body("order-1"), &[]).ends(0);
    let document = cli.run(&["card", "status", "--json"]).ends(0).json();
    let journal = std::path::PathBuf::from(document["journal"].as_str().unwrap());
    for hide in [
        // Its folder is none, so that what is in it cannot be looked for.
        |journal: &std::path::Path| {
            let folder = journal.parent().unwrap();
            std::fs::rename(folder, folder.with_extension("away")).unwrap();
            std::fs::write(folder, "").unwrap();
        },
        |journal: &std::path::Path| {
            let folder = journal.parent().unwrap();
            std::fs::remove_file(folder).unwrap();
            std::fs::create_dir(folder).unwrap();
            std::os::unix::fs::symlink("nowhere", journal).unwrap();
        },
    ] {
        hide(&journal);
        for arguments in [
            &["card", "resume"][..],
            &["card", "status"],
            &["card", "resume", "order-1"],
            &["card", "status", "order-1"],
        ] {
            let outcome = cli.run(arguments).ends(10);
            outcome.says("cannot read /").says(".db");
        }
    }
}

#[test]
fn what_was_told_as_paid_is_listed_with_its_transaction() {
    let gateway = Gateway::new();
    let cli = gateway.cli();
    let paid = deposit(&cli, &with_card("order-1", FRICTIONLESS), &[]);
    let paid = paid.ends(0).json();
    deposit(&cli, &body("order-2"), &[]).ends(0);
    let status = |more: &[&str]| cli.run(&[&["card", "status"], more].concat());
    let orders = |more: &[&str]| {
        let document = status(&[more, &["--json"]].concat()).ends(0).json();
        let rows = document["attempts"].as_array().unwrap().clone();
        let order = |row: &serde_json::Value| row["orderId"].as_str().unwrap().to_owned();
        (rows.iter().map(order).collect::<Vec<_>>(), rows)
    };
    assert_eq!(orders(&[]).0, ["order-2"]);
    for more in [
        &["--all"][..],
        &["--since", "1h"],
        &["--since", "2000-01-01"],
    ] {
        let (orders, rows) = orders(more);
        assert_eq!(orders, ["order-2", "order-1"], "{more:?}");
        assert_eq!(rows[1]["transactionId"], paid["transactionId"]);
        assert_eq!(rows[1]["amount"], "25.00");
        assert_eq!(rows[1]["state"], "charged");
    }
    assert_eq!(orders(&["--since", "2099-01-01T00:00:00Z"]).0, ["order-2"]);
    let plain = status(&["--all", "--limit", "1"]).ends(0);
    let id = paid["transactionId"].as_str().unwrap();
    assert!(plain.stdout.contains(&format!("; transaction {id}\n")));
    plain.says("there may be more that have ended before: --limit");
    status(&["--since", "yesterday"]).ends(2).says("24h");
}

/// Nobody is told that nothing is open while something is that cannot be read.
#[test]
fn what_cannot_be_read_in_the_journal_is_told() {
    use sqlx::{Connection as _, SqliteConnection};

    let gateway = Gateway::new();
    let cli = gateway.cli();
    deposit(&cli, &body("order-1"), &[]).ends(0);
    let document = cli.run(&["card", "status", "--json"]).ends(0).json();
    let file = format!("sqlite://{}", document["journal"].as_str().unwrap());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let mut journal = SqliteConnection::connect(&file).await.unwrap();
        sqlx::query("UPDATE xgateway_journal SET fingerprint = 'x'")
            .execute(&mut journal)
            .await
            .unwrap();
        journal.close().await.unwrap();
    });
    let resumed = cli.run(&["card", "resume", "--json"]).ends(8).json();
    assert_eq!(resumed["orders"][0]["outcome"], "unreadable");
    assert_eq!(resumed["orders"][0]["gatewayOrderId"], "order-1");
    let status = cli.run(&["card", "status", "--json"]).ends(8).json();
    assert_eq!(status["unreadable"], json!(["order-1"]));
    for command in ["resume", "status"] {
        let said = cli.run(&["card", command]).ends(8).stderr;
        assert!(said.contains("cannot read what the journal holds of order-1"));
        assert!(!said.contains("nothing is open"), "{said}");
    }
    // Nor that of the order by its name, or of the same request, nothing is known but a broken file.
    let of_order = ["order-1", "--json"];
    for command in ["resume", "status"] {
        let arguments = [&["card", command], &of_order[..]].concat();
        let error = &cli.run(&arguments).ends(8).json()["error"];
        assert_eq!(error["orderId"], "order-1");
        assert!(
            error["advice"]
                .as_str()
                .unwrap()
                .ends_with("it may be paid")
        );
    }
    for more in [&[][..], &["--retry"]] {
        let error = &deposit(&cli, &body("order-1"), more).ends(8).json()["error"];
        assert!(error["advice"].as_str().unwrap().contains("it may be paid"));
    }
    let resolve = [
        "card", "resolve", "order-1", "--as", "charged", "--by", "jo",
    ];
    cli.run(&[&resolve[..], &["--note", "a case"]].concat())
        .ends(8)
        .says("it may be paid");
}

/// The gateway has forgotten the order id, and would charge it once more.
#[test]
fn what_a_lost_journal_knew_is_asked_before_anything_is_sent() {
    let mut config = Config::new(1);
    config.idempotency_life = Some(SignedDuration::from_hours(1));
    let gateway = Gateway::with(config);
    let cli = gateway.cli();
    let form = with_card("order-1", FRICTIONLESS);
    let paid = deposit(&cli, &form, &[]).ends(0).json();
    gateway.pass(SignedDuration::from_hours(2));
    std::fs::remove_dir_all(cli.path(".local/state/xgateway")).unwrap();
    let again = deposit(&cli, &form, &["--ask-first"]).ends(0).json();
    assert_eq!(again, paid);
    assert_eq!(again["outcome"], "deposited");
    deposit(&cli, &with_card("order-2", FRICTIONLESS), &["--ask-first"]).ends(0);
}

#[test]
fn a_journal_that_was_named_must_be_there_to_be_resumed() {
    let cli = Cli::new().variable("XGATEWAY_API_KEY", Config::new(1).api_key.expose());
    cli.run(&["card", "resume", "--journal", "missing.db"])
        .ends(10);
    cli.run(&["card", "status", "--journal", "missing.db"])
        .ends(10);
    assert!(!cli.path("missing.db").exists());
    cli.run(&[
        "card",
        "status",
        "--journal",
        "postgres://joe:canary@127.0.0.1/shop",
    ])
    .ends(2)
    .says("treat that as known to others");
}
