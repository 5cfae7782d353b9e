//! `xgateway inbox` on stores that a receiver has filled.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sqlx::{Connection as _, SqliteConnection};
use tokio::runtime::Runtime;
use xgateway::callback::{Clock as _, KeyRing, Receiver, SystemClock, sign};
use xgateway::core::secret::SecretKey;
use xgateway::store::{EffectKey, Inbox as _, Reason, SqliteOptions, SqliteStore};

use crate::fixture::{CANARIES, Cli};

const STORE: [&str; 2] = ["--store", "inbox.db"];

/// A folder with an inbox in it: entry 1 is open, 2 is dead and contradicts 1, 3 is open and about a customer.
fn filled() -> Cli {
    let cli = Cli::new();
    let key = SecretKey::parse("canary-secret-key").unwrap();
    let bodies = [
        r#"{"id":"t-1","customerId":"customer-1","amount":"10","currency":"USD","status":"confirmed","senderDetails":{"name":"Zephyrine Quincunx"}}"#,
        r#"{"id":"t-1","customerId":"customer-1","amount":"11","currency":"USD","orderId":"order-1","status":"confirmed"}"#,
        r#"{"callbackType":"kyc","customerId":"customer-1","status":"FULL_USER"}"#,
    ];
    Runtime::new().unwrap().block_on(async {
        let options = SqliteOptions::new(cli.path("inbox.db"));
        let store = SqliteStore::open(options).await.unwrap();
        let ring = KeyRing::new(key.clone());
        let receiver = Receiver::new(store.clone(), "https://gateway.example", ring, SystemClock);
        for body in bodies {
            let body = sign(body.as_bytes(), &key).unwrap();
            assert_eq!(receiver.receive(body).await.status(), 200);
        }
        let now: Timestamp = SystemClock.now() + SignedDuration::from_secs(1);
        let claims = store.claim(now, Duration::ZERO, 3).await.unwrap();
        let reason = Reason::new("the gateway's API contradicts the callback's amount");
        // Of the two about one transaction the first, then the second.
        store.retry(&claims[0], now, &reason).await.unwrap();
        let claims = store.claim(now, Duration::ZERO, 1).await.unwrap();
        store.dead(&claims[0], &reason, now).await.unwrap();
        store.close().await;
    });
    cli
}

#[test]
fn a_file_that_holds_no_store_is_refused_and_left_as_it_is() {
    let cli = Cli::new()
        .file("empty.db", "")
        .file("other.db", &"no database at all ".repeat(64));
    std::fs::create_dir(cli.path("folder")).unwrap();
    // Of another program.
    let foreign = format!("sqlite://{}?mode=rwc", cli.path("foreign.db").display());
    Runtime::new().unwrap().block_on(async {
        let mut other = SqliteConnection::connect(&foreign).await.unwrap();
        let made = sqlx::query("CREATE TABLE theirs (a TEXT)");
        made.execute(&mut other).await.unwrap();
        other.close().await.unwrap();
    });
    for command in [
        &["inbox", "list", "--store"][..],
        &["inbox", "show", "1", "--store"],
        &["inbox", "dead", "--store"],
        &["card", "status", "--journal"],
        &["card", "resume", "--journal"],
    ] {
        for name in ["empty.db", "other.db", "foreign.db"] {
            let before = std::fs::read(cli.path(name)).unwrap();
            cli.run(&[command, &[name]].concat())
                .ends(10)
                .says(&format!("cannot open the store in {name}"));
            assert_eq!(std::fs::read(cli.path(name)).unwrap(), before, "{name}");
        }
        cli.run(&[command, &["missing.db"]].concat())
            .ends(10)
            .says("cannot read missing.db")
            .says("No such file");
        cli.run(&[command, &["folder"]].concat())
            .ends(10)
            .says("cannot read folder")
            .says("is a directory");
    }
}

/// Before it answers anything.
#[test]
fn nobody_listens_on_the_inbox_of_another_environment() {
    let cli = Cli::new();
    Runtime::new().unwrap().block_on(async {
        let options = SqliteOptions::new(cli.path("inbox.db"));
        let store = SqliteStore::open(options).await.unwrap();
        store.belongs_to("https://gateway.example").await.unwrap();
        store.close().await;
    });
    let listen = ["callback", "listen", "--listen", "127.0.0.1:0"];
    let outcome = cli.run(&[&listen[..], &STORE, &["--no-forward"]].concat());
    outcome
        .ends(9)
        .says("the callbacks of another environment")
        .says("a file, a database or a schema of its own");
}

fn ids(document: &serde_json::Value) -> Vec<i64> {
    let entries = document["entries"].as_array().unwrap();
    entries
        .iter()
        .map(|it| it["id"].as_i64().unwrap())
        .collect()
}

#[test]
fn lists_what_is_there() {
    let cli = filled();
    let list = |more: &[&str]| {
        let arguments = [&["inbox", "list", "--json"], &STORE[..], more].concat();
        cli.run(&arguments).ends(0).json()
    };
    let document = list(&[]);
    assert_eq!(document["ok"], true);
    // Nobody asked for them, and they cost a look at every entry.
    assert_eq!(
        (&document["counts"], &document["next"]),
        (&json!(null), &json!(null))
    );
    let totals = &list(&["--totals"])["counts"];
    assert_eq!(*totals, json!({"open": 2, "done": 0, "dead": 1}));
    assert_eq!(ids(&document), [1, 2, 3]);
    let second = &document["entries"][1];
    assert_eq!(
        (
            &second["subject"],
            &second["claims"],
            &second["state"],
            &second["contradicts"]
        ),
        (
            &json!("t-1"),
            &json!("confirmed"),
            &json!("dead"),
            &json!(1)
        )
    );
    assert_eq!(ids(&list(&["--state", "open"])), [1, 3]);
    let page = list(&["--after", "1", "--limit", "1"]);
    assert_eq!((ids(&page), &page["next"]), (vec![2], &json!(2)));

    let outcome = cli
        .run(&[&["inbox", "list", "--limit", "2", "--totals"], &STORE[..]].concat())
        .ends(0)
        .says("2 open, 0 done, 1 dead in all")
        .says("there may be more: --after 2");
    assert_eq!(outcome.stdout.lines().count(), 2);
}

#[test]
fn the_dead_are_listed_and_replayed() {
    let cli = filled();
    let dead = || cli.run(&[&["inbox", "dead"], &STORE[..]].concat()).ends(0);
    let line = dead().stdout;
    assert!(
        line.contains("transaction t-1 says confirmed; contradicts 1; the gateway's API contradicts the callback's amount"),
        "{line}"
    );
    let replay =
        |id: &str, more: &[&str]| cli.run(&[&["inbox", "replay", id], &STORE[..], more].concat());
    let document = replay("2", &["--json"]).ends(0).json();
    assert_eq!(document, json!({"ok": true, "replayed": 2}));
    assert_eq!(dead().stdout, "");
    let outcome = replay("2", &[]).ends(0);
    assert!(outcome.stdout.starts_with("entry 2 is due"));
    replay("1", &["--all-dead"]).ends(2);
    replay("99", &[])
        .ends(2)
        .says("error: there is no such entry in the inbox")
        .says("hint: `xgateway inbox list` tells their numbers");
}

#[test]
fn all_the_dead_are_replayed() {
    let cli = filled();
    let replay = || cli.run(&[&["inbox", "replay", "--all-dead", "--json"], &STORE[..]].concat());
    assert_eq!(
        replay().ends(0).json(),
        json!({"ok": true, "replayed": [2]})
    );
    assert_eq!(replay().ends(0).json(), json!({"ok": true, "replayed": []}));
}

/// Changes what is stored, as a later version does, or somebody by hand.
fn change(cli: &Cli, statement: &'static str) {
    let file = format!("sqlite://{}", cli.path("inbox.db").display());
    Runtime::new().unwrap().block_on(async {
        let mut store = SqliteConnection::connect(&file).await.unwrap();
        sqlx::query(statement).execute(&mut store).await.unwrap();
        store.close().await.unwrap();
    });
}

#[test]
fn an_entry_that_cannot_be_read_is_named_and_the_others_are_listed() {
    let cli = filled();
    change(
        &cli,
        "UPDATE xgateway_inbox SET kind = 'chargeback' WHERE id = 1",
    );
    let list = |more: &[&str]| cli.run(&[&["inbox", "list"], &STORE[..], more].concat());
    let document = list(&["--json"]).ends(10).json();
    assert_eq!(ids(&document), [2, 3]);
    assert_eq!(
        (&document["ok"], &document["unreadable"]),
        (&json!(false), &json!([1]))
    );
    let outcome = list(&[]).ends(10).says("this version cannot read entry 1");
    assert_eq!(outcome.stdout.lines().count(), 2);
    // A page without it is as good as any, and so are the dead.
    assert_eq!(
        ids(&list(&["--after", "1", "--json"]).ends(0).json()),
        [2, 3]
    );
    cli.run(&[&["inbox", "replay", "--all-dead"], &STORE[..]].concat())
        .ends(0);
}

#[test]
fn what_a_person_has_dealt_with_is_discarded_and_kept() {
    let cli = filled();
    let inbox = |words: &[&str]| cli.run(&[&["inbox"], words, &STORE[..]].concat());
    inbox(&["discard", "2"]).ends(2);
    let reason = ["--reason", "credited by hand, case 4711"];
    let discard = |more: &[&str]| inbox(&[&["discard"], more, &reason[..]].concat());
    let discarded = discard(&["2", "--credited", "--json"]).ends(0);
    assert_eq!(discarded.json(), json!({"ok": true, "discarded": 2}));
    assert!(discarded.stderr.contains("it names an order"));
    assert_eq!(ids(&inbox(&["dead", "--json"]).ends(0).json()), [0; 0]);
    let entry = inbox(&["show", "2", "--json"]).ends(0).json()["entry"].clone();
    assert_eq!(
        (&entry["state"], &entry["reason"]),
        (&json!("done"), &json!("credited by hand, case 4711"))
    );
    discard(&["2"]).ends(2).says("the entry is no dead letter");
    discard(&["99"]).ends(2).says("there is no such entry");
    discard(&["3", "--credited"])
        .ends(2)
        .says("only a transaction can have been credited");
    inbox(&["discard", "3", "--reason", " "])
        .ends(2)
        .says("--reason is empty");
    // It will not be credited again.
    Runtime::new().unwrap().block_on(async {
        let store = SqliteStore::open(SqliteOptions::new(cli.path("inbox.db")));
        let store = store.await.unwrap();
        let credit = EffectKey::parse("transaction:t-1:confirmed").unwrap();
        assert!(store.is_done(&credit).await.unwrap());
        store.close().await;
    });
}

#[test]
fn dead_letters_of_unknown_kinds_are_listed_and_discarded() {
    let cli = filled();
    let key = SecretKey::parse("canary-secret-key").unwrap();
    Runtime::new().unwrap().block_on(async {
        let options = SqliteOptions::new(cli.path("inbox.db"));
        let store = SqliteStore::open(options).await.unwrap();
        let ring = KeyRing::new(key.clone());
        let receiver = Receiver::new(store.clone(), "https://gateway.example", ring, SystemClock);
        let body = r#"{"callbackType":"refund","id":"t-9","customerId":"customer-1","amount":"10","currency":"USD"}"#;
        let body = sign(body.as_bytes(), &key).unwrap();
        assert_eq!(receiver.receive(body).await.status(), 200);
        let now: Timestamp = SystemClock.now() + SignedDuration::from_secs(1);
        for claim in store.claim(now, Duration::from_mins(1), 9).await.unwrap() {
            if claim.entry().key.subject() == "t-9" {
                let reason = Reason::new("the kind is not known");
                store.dead(&claim, &reason, now).await.unwrap();
            }
        }
        store.close().await;
    });
    let inbox = |words: &[&str]| {
        let outcome = cli.run(&[&["inbox"], words, &STORE[..], &["--json"]].concat());
        outcome.ends(0).json()
    };
    assert_eq!(ids(&inbox(&["dead"])), [2, 4]);
    let unrecognized = inbox(&["dead", "--unrecognized"]);
    assert_eq!(ids(&unrecognized), [4]);
    // It is hashed as a transaction, and no such thing.
    let shown = &unrecognized["entries"][0];
    assert_eq!(
        (&shown["kind"], &shown["claims"]),
        (&json!("unrecognized"), &json!("none"))
    );
    let shown = cli
        .run(&[&["inbox", "show", "4"], &STORE[..]].concat())
        .ends(0);
    assert!(!shown.stdout.contains('?'), "{}", shown.stdout);
    let lines = cli
        .run(&[&["inbox", "dead"], &STORE[..]].concat())
        .ends(0)
        .stdout;
    assert!(
        lines.contains(" unrecognized t-9 says none; the kind"),
        "{lines}"
    );
    let discarded = inbox(&["discard", "--unrecognized", "--reason", "forged"]);
    assert_eq!(discarded, json!({"ok": true, "discarded": [4]}));
    assert_eq!(ids(&inbox(&["dead"])), [2]);
}

/// Else the file of something else, named by mistake, looks like an inbox in which all is well.
#[test]
fn an_empty_page_says_of_what_inbox() {
    let cli = filled();
    let dead = |more: &[&str]| cli.run(&[&["inbox"], more, &STORE[..]].concat()).ends(0);
    dead(&["list", "--after", "9"]).says("there is no entry behind entry 9 in the inbox inbox.db");
    dead(&["dead", "--unrecognized"]).says("nothing of an unknown kind is dead in the inbox");
    dead(&["replay", "--all-dead"]);
    dead(&["dead"]).says("nothing is dead in the inbox inbox.db");
    let again = dead(&["replay", "--all-dead"]);
    assert_eq!(again.stdout, "nothing is dead: no entry was changed\n");
    let none = dead(&["discard", "--unrecognized", "--reason", "forged"]);
    assert_eq!(
        none.stdout,
        "nothing of an unknown kind is dead: no entry was changed\n"
    );
    assert_eq!(dead(&["list"]).stderr, "");
    assert_eq!(dead(&["list", "--after", "9", "--json"]).stderr, "");
}

#[test]
fn what_ended_long_ago_is_pruned() {
    let cli = filled();
    let prune = |time: &str| {
        cli.run(
            &[
                &["inbox", "prune", "--older-than", time, "--json"],
                &STORE[..],
            ]
            .concat(),
        )
    };
    change(
        &cli,
        "UPDATE xgateway_inbox SET state = 1, due_ms = due_ms - 200 * 3600000 WHERE id = 1",
    );
    // What a dead letter contradicts, a person wants to see.
    assert_eq!(prune("7d").ends(0).json()["pruned"], 0);
    change(&cli, "UPDATE xgateway_inbox SET contradicts = NULL");
    assert_eq!(prune("9d").ends(0).json()["pruned"], 0);
    assert_eq!(prune("7d").ends(0).json()["pruned"], 1);
    let left = cli.run(&[&["inbox", "list", "--json"], &STORE[..]].concat());
    assert_eq!(ids(&left.ends(0).json()), [2, 3]);
    for (time, want) in [
        ("long ago", "--older-than is no time"),
        ("3m", "--older-than is less than a day"),
        ("0s", "--older-than is less than a day"),
    ] {
        let message = prune(time).ends(2).json()["error"]["message"].clone();
        assert_eq!(message, want, "{time}");
    }
}

#[test]
fn shows_what_is_proven_and_the_rest_on_demand() {
    let cli = filled();
    let show =
        |id: &str, more: &[&str]| cli.run(&[&["inbox", "show", id], &STORE[..], more].concat());
    let entry = show("1", &["--json"]).ends(0).json()["entry"].clone();
    assert_eq!(
        entry["proven"],
        json!({"id": "t-1", "customerId": "customer-1", "amount": "10", "currency": "USD"})
    );
    assert!(entry.get("payload").is_none());
    let outcome = show("3", &[]).ends(0);
    assert!(
        outcome.stdout.contains("proven.customerId"),
        "{}",
        outcome.stdout
    );
    show("99", &[]).ends(2).says("there is no such entry");

    // Whoever asks for the payload gets what the callback says, but not the hash that lets it be sent again.
    let output = cli
        .command()
        .args(["inbox", "show", "1", "--payload", "--json"])
        .args(STORE)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("Zephyrine Quincunx"), "{text}");
    assert!(!text.contains("hash"), "{text}");
    assert!(CANARIES.contains(&"Zephyrine"), "the other runs hid it");
}

#[test]
fn looking_makes_no_file() {
    let cli = Cli::new();
    cli.run(&["inbox", "list", "--store", "inbox.db"])
        .ends(10)
        .says("cannot read inbox.db");
    assert!(!cli.path("inbox.db").exists());
    cli.run(&["inbox", "list"])
        .ends(2)
        .says("--store <FILE|postgres>");
}
