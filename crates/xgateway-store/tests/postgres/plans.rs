//! How the server finds what is to be done.

use std::time::Duration;

use jiff::Timestamp;
use sqlx::{PgConnection, Row as _};
use xgateway_store::{
    Claim, ContentDigest, EffectStore as _, EventKey, Inbox as _, Kind, NewEntry, PostgresOptions,
    PostgresStore,
};

use super::schema::Schema;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// A connection keeps its plans, and it makes them when nearly nothing is there.
#[tokio::test(flavor = "multi_thread")]
async fn entries_that_are_ended_are_found_by_their_index_also_while_there_are_few() {
    let Some(schema) = Schema::new().await else {
        return;
    };
    // Whoever makes the tables reads them to make their indexes.
    schema.open().await.close().await;
    let mut options = PostgresOptions::new(schema.url());
    options.connections_max = 2;
    let store = PostgresStore::open(options).await.unwrap();
    for number in 0..10 {
        let key = EventKey::new(Kind::Transaction, &number.to_string(), "confirmed").unwrap();
        let entry = NewEntry::new(key, ContentDigest::of(&["10"]), &b"{}"[..], NOW).unwrap();
        store.accept(entry).await.unwrap();
        let claims = store.claim(NOW, Duration::from_secs(30), 9).await.unwrap();
        let ends: Vec<(&Claim, _)> = claims.iter().map(|claim| (claim, None)).collect();
        let (mut effect, ended) = store.apply_all(&ends, NOW).await.unwrap();
        assert_eq!(ended.len(), 1);
        let connection = PostgresStore::connection(&mut effect);
        let row = sqlx::query(
            "SELECT seq_scan, current_setting('enable_seqscan') AS may_scan
             FROM pg_stat_xact_user_tables WHERE relid = 'xgateway_work'::regclass",
        );
        let row = row.fetch_one(connection).await.unwrap();
        assert_eq!(row.get::<i64, _>("seq_scan"), 0, "round {number}");
        assert_eq!(row.get::<String, _>("may_scan"), "on", "for the merchant");
        PostgresStore::commit(effect).await.unwrap();
    }
}

/// The same of what claims. What it did is counted when its connection ends.
#[tokio::test(flavor = "multi_thread")]
async fn entries_that_are_due_are_found_by_their_index_also_while_there_are_few() {
    let Some(schema) = Schema::new().await else {
        return;
    };
    schema.open().await.close().await;
    let mut observer = schema.connect().await;
    let before = scans(&mut observer).await;
    let store = schema.open().await;
    for number in 0..10 {
        let key = EventKey::new(Kind::Transaction, &number.to_string(), "confirmed").unwrap();
        let entry = NewEntry::new(key, ContentDigest::of(&["10"]), &b"{}"[..], NOW).unwrap();
        store.accept(entry).await.unwrap();
        let claims = store.claim(NOW, Duration::from_secs(30), 9).await.unwrap();
        assert_eq!(claims.len(), 1);
    }
    store.close().await;
    let mut after = scans(&mut observer).await;
    // Until the last of the connections has told what it did.
    for _ in 0..10_000 {
        if after.1 > before.1 {
            break;
        }
        after = scans(&mut observer).await;
    }
    assert!(after.1 > before.1, "by the index");
    assert_eq!(after.0, before.0, "by reading the whole table");
}

/// How often the table of what is to be done was read whole, and by an index.
async fn scans(observer: &mut PgConnection) -> (i64, i64) {
    let row = sqlx::query(
        "SELECT seq_scan, idx_scan FROM pg_stat_user_tables WHERE relid = 'xgateway_work'::regclass",
    );
    let row = row.fetch_one(observer).await.unwrap();
    (row.get("seq_scan"), row.get("idx_scan"))
}
