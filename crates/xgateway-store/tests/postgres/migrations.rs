//! What earlier versions have stored goes on.

use std::time::Duration;

use jiff::Timestamp;
use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use xgateway_store::{
    Accepted, ContentDigest, EffectKey, Entry, EntryState, EventKey, Inbox, Kind, ListQuery,
    NewEntry,
};

use super::schema::Schema;

const LEASE: Duration = Duration::from_secs(30);

/// The tables as version 3 had them.
const VERSION_3: [(i64, &str, &str); 3] = [
    (
        1,
        "inbox and journal",
        include_str!("../../migrations/postgres/0001_inbox_and_journal.sql"),
    ),
    (
        2,
        "open intents by order",
        include_str!("../../migrations/postgres/0002_open_intents_by_order.sql"),
    ),
    (
        3,
        "where intents were sent",
        include_str!("../../migrations/postgres/0003_where_intents_were_sent.sql"),
    ),
];

/// Subject, state, due time, attempts, fence, reason.
type OldRow = (&'static str, i64, i64, i64, i64, Option<&'static str>);

/// An entry in each state.
const ROWS: [OldRow; 4] = [
    ("done", 1, 7, 1, 2, None),
    ("open", 0, 1000, 2, 4, Some("later")),
    // By a worker, which loses it. It is due when the lease is over.
    ("held", 0, 5000, 1, 1, None),
    ("dead", 2, 9, 20, 40, Some("never")),
];

fn at(millisecond: i64) -> Timestamp {
    Timestamp::from_millisecond(millisecond).unwrap()
}

fn entry(subject: &str) -> NewEntry {
    let key = EventKey::new(Kind::Transaction, subject, "confirmed").unwrap();
    NewEntry::new(key, ContentDigest::of(&["10"]), &b"{}"[..], at(0)).unwrap()
}

fn credit(subject: &str) -> EffectKey {
    EffectKey::parse(&format!("credit:{subject}")).unwrap()
}

async fn fill(schema: &Schema) {
    let migration = |(version, description, script): (i64, &'static str, &'static str)| {
        let (kind, script) = (MigrationType::Simple, script.into_sql_str());
        Migration::new(version, description.into(), kind, script, false)
    };
    let mut connection = schema.connect().await;
    let mut migrator = Migrator::with_migrations(VERSION_3.map(migration).into());
    migrator.dangerous_set_table_name("xgateway_migration");
    migrator.run(&mut connection).await.unwrap();
    for (subject, state, due, attempts, fence, reason) in ROWS {
        let new = entry(subject);
        sqlx::query(
            "INSERT INTO xgateway_inbox (event, kind, subject, status, digest, payload, received_ms,
                 state, due_ms, attempts, fence, reason)
             VALUES ($1, 'transaction', $2, 'confirmed', $3, '{}', 0, $4, $5, $6, $7, $8)",
        )
        .bind(&new.key().packed()[..])
        .bind(subject)
        .bind(&new.digest().as_bytes()[..])
        .bind(state)
        .bind(due)
        .bind(attempts)
        .bind(fence)
        .bind(reason)
        .execute(&mut connection)
        .await
        .unwrap();
    }
    sqlx::query(
        "INSERT INTO xgateway_effect (packed, key, entry, happened_ms) VALUES ($1, $2, 1, 7)",
    )
    .bind(&credit("done").packed()[..])
    .bind(credit("done").as_str())
    .execute(&mut connection)
    .await
    .unwrap();
}

async fn claimed(inbox: &impl Inbox, now: Timestamp) -> Vec<(String, i64, u32)> {
    let claims = inbox.claim(now, LEASE, 9).await.unwrap();
    let told = claims.iter().map(|claim| {
        let entry = claim.entry();
        (
            entry.key.subject().to_owned(),
            claim.fence(),
            entry.attempts,
        )
    });
    told.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_of_an_older_version_stay_what_they_were() {
    let Some(schema) = Schema::new().await else {
        return;
    };
    fill(&schema).await;
    let store = schema.open().await;

    let told = |entry: &Entry| {
        let reason = entry
            .reason
            .as_ref()
            .map(|reason| reason.as_str().to_owned());
        let subject = entry.key.subject().to_owned();
        (subject, entry.state, entry.due_at, entry.attempts, reason)
    };
    let entries = store.list(ListQuery::default()).await.unwrap();
    let row = |subject: &str, state, due, attempts, reason: Option<&str>| {
        (
            subject.to_owned(),
            state,
            at(due),
            attempts,
            reason.map(str::to_owned),
        )
    };
    let want = [
        row("done", EntryState::Done, 7, 1, None),
        row("open", EntryState::Open, 1000, 2, Some("later")),
        row("held", EntryState::Open, 5000, 1, None),
        row("dead", EntryState::Dead, 9, 20, Some("never")),
    ];
    assert_eq!(entries.iter().map(told).collect::<Vec<_>>(), want);
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.open, counts.done, counts.dead), (2, 1, 1));

    let again = store.accept(entry("done")).await.unwrap();
    assert_eq!(again, Accepted::Duplicate(entries[0].id));
    assert!(store.is_done(&credit("done")).await.unwrap());

    assert_eq!(claimed(&store, at(999)).await, []);
    assert_eq!(claimed(&store, at(4999)).await, [("open".to_owned(), 5, 3)]);
    assert_eq!(claimed(&store, at(5000)).await, [("held".to_owned(), 3, 2)]);
    store.replay(entries[3].id, at(6000)).await.unwrap();
    assert_eq!(
        claimed(&store, at(6000)).await,
        [("dead".to_owned(), 43, 1)]
    );
}

/// Earlier versions gave two entries about one subject to two workers, and there can be one at most now.
#[tokio::test(flavor = "multi_thread")]
async fn two_that_were_held_about_one_subject_do_not_stop_the_start() {
    let Some(schema) = Schema::new().await else {
        return;
    };
    fill(&schema).await;
    sqlx::query(
        "INSERT INTO xgateway_inbox (event, kind, subject, status, digest, payload, received_ms,
             state, due_ms, attempts, fence)
         SELECT 'another', kind, subject, 'failed', digest, payload, received_ms, state, due_ms, attempts, fence
         FROM xgateway_inbox WHERE subject = 'held'",
    )
    .execute(&mut schema.connect().await)
    .await
    .unwrap();
    let store = schema.open().await;
    // One after the other.
    let claims = store.claim(at(5000), LEASE, 9).await.unwrap();
    let held = claims
        .iter()
        .filter(|it| it.entry().key.subject() == "held");
    let held: Vec<_> = held.collect();
    assert_eq!(held.len(), 1);
    store.complete(held[0], None, at(5001)).await.unwrap();
    assert_eq!(claimed(&store, at(5001)).await, [("held".to_owned(), 3, 2)]);
}
