//! A merchant's server that takes nothing: the callback is tried 36 times, then waits for a person.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;
use tokio::runtime::Runtime;
use xgateway::callback::{Clock as _, SystemClock};
use xgateway::store::{Backoff, Inbox as _, Reason, SqliteOptions, SqliteStore};

use crate::fixture::Cli;
use crate::listening::{Gateway, Listening, Merchant};

const STORE: [&str; 2] = ["--store", "inbox.db"];

#[test]
fn what_the_merchant_always_refuses_is_a_dead_letter_until_it_is_replayed() {
    let gateway = Gateway::new();
    let cli = gateway.cli();
    let refusing = Merchant::new([503; 20]);
    let url = refusing.url();
    let listen = |url| Listening::start(&cli, &[&STORE[..], &["--forward", url]].concat());

    let receiver = listen(&url);
    let callback = gateway.deposit("order-1");
    assert_eq!(gateway.deliver(&callback, receiver.url()), 200);
    receiver.next("stored");
    assert_eq!(receiver.next("put_back")["attempts"], 1);
    assert_eq!(receiver.stop("-KILL").0, None);
    let most = Backoff::default().attempts_max;
    fail_until(&cli, most - 1);

    let receiver = listen(&url);
    let dead = receiver.next("dead");
    assert_eq!(
        dead["reason"],
        "the handler failed: forwarding was answered 503"
    );
    assert_eq!(receiver.stop("-TERM").0, Some(0));
    let inbox = |arguments: &[&str]| cli.run(&[&["inbox"], arguments, &STORE[..]].concat());
    let document = inbox(&["dead", "--totals", "--json"]).ends(0).json();
    assert_eq!(document["counts"], json!({"open": 0, "done": 0, "dead": 1}));
    assert_eq!(document["entries"][0]["id"], dead["entry"]);
    assert_eq!(document["entries"][0]["attempts"], most);

    // The merchant has put things right. Nobody tries it again by itself.
    let taking = Merchant::new([200, 200]);
    let receiver = listen(&taking.url());
    assert_eq!(
        gateway.deliver(&gateway.deposit("order-2"), receiver.url()),
        200
    );
    receiver.next("stored");
    assert_eq!(receiver.next("applied")["forwarded"], true);
    let second = taking.next();
    let id = dead["entry"].to_string();
    inbox(&["replay", &id]).ends(0);
    let applied = receiver.next("applied");
    assert_eq!(
        (&applied["amount"], &applied["forwarded"]),
        (&json!("25"), &json!(true))
    );
    let key = format!(
        "transaction:{}:confirmed",
        applied["transactionId"].as_str().unwrap()
    );
    assert_eq!(taking.next().idempotency_key, key);
    assert_ne!(second.idempotency_key, key);
    assert_eq!(receiver.stop("-TERM").0, Some(0));
    assert!(taking.is_idle(), "each was forwarded once");
    let document = inbox(&["dead", "--totals", "--json"]).ends(0).json();
    assert_eq!(document["counts"], json!({"open": 0, "done": 2, "dead": 0}));
}

/// Lets attempts fail at once that would take half a day.
fn fail_until(cli: &Cli, attempts: u32) {
    Runtime::new().unwrap().block_on(async {
        let store = SqliteStore::open(SqliteOptions::new(cli.path("inbox.db")))
            .await
            .unwrap();
        let now = SystemClock.now();
        let later = now + SignedDuration::from_hours(2);
        loop {
            let claims = store.claim(later, Duration::from_mins(1), 2).await.unwrap();
            assert_eq!(claims.len(), 1, "one callback is open");
            let claim = &claims[0];
            let reason = Reason::new("the handler failed: forwarding was answered 503");
            store.retry(claim, now, &reason).await.unwrap();
            if claim.entry().attempts >= attempts {
                break;
            }
        }
        store.close().await;
    });
}
