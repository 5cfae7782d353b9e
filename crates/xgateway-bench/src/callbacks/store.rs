//! The store alone, against the quickest that SQLite does with the same rows.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, SqlSafeStr as _, SqlStr};
use tokio::task::JoinSet;
use xgateway_store::{
    ContentDigest, EventKey, Inbox as _, Kind, NewEntry, SqliteOptions, SqliteStore, StoreError,
};

use super::delivery::{Deliveries, Delivery};
use super::turns::{Taker, Turns};
use super::{CLIENTS, folder, runtime};
use crate::Outcome;
use crate::clock::Moment;
use crate::contest::Effort;
use crate::figure::Figure;

pub(super) fn measure(effort: Effort, deliveries: &mut Deliveries) -> Outcome<Figure> {
    let folder = folder()?;
    runtime()?.block_on(async {
        let mut store =
            SqliteStore::open(SqliteOptions::new(folder.path().join("store.db"))).await?;
        let mut raw = RawBatches::open(&folder.path().join("raw.db")).await?;
        let turns = Turns::take(effort, deliveries, CLIENTS, &mut store, &mut raw).await?;
        store.close().await;
        raw.connection.close().await?;
        Ok(Figure::rate(
            "store alone, SQLite, 64 tasks",
            "raw inserts of 64 rows",
            turns.rates(),
        )
        .at_least(900))
    })
}

impl Taker for SqliteStore {
    /// 64 tasks, of which each awaits that one callback is durable before it hands over the next.
    async fn take(&mut self, deliveries: &[Delivery]) -> Outcome<Duration> {
        let shares: Vec<Vec<_>> = deliveries
            .chunks(deliveries.len() / CLIENTS as usize)
            .map(|share| share.iter().map(entry).collect())
            .collect();
        let start = Moment::now();
        let mut tasks = JoinSet::new();
        for share in shares {
            let store = self.clone();
            tasks.spawn(async move {
                for entry in share {
                    store.accept(entry).await?;
                }
                Ok::<_, StoreError>(())
            });
        }
        while let Some(ended) = tasks.join_next().await {
            ended??;
        }
        Ok(start.elapsed().wall)
    }
}

fn entry(delivery: &Delivery) -> NewEntry {
    let body = delivery.body.clone();
    NewEntry::new(event(delivery), digest(), body, Timestamp::UNIX_EPOCH)
        .expect("a callback is small")
}

fn event(delivery: &Delivery) -> EventKey {
    EventKey::new(Kind::Transaction, &delivery.id, "confirmed").expect("a UUID is short")
}

fn digest() -> ContentDigest {
    ContentDigest::of(&["demo_customer_id", "10", "USD"])
}

/// One connection with the store's settings, and its table in a file of its own.
struct RawBatches {
    connection: sqlx::SqliteConnection,
    statement: SqlStr,
}

impl RawBatches {
    async fn open(path: &Path) -> Outcome<Self> {
        // It makes the table.
        let store = SqliteStore::open(SqliteOptions::new(path)).await?;
        store.close().await;
        let connection = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .pragma("fullfsync", "ON")
            .pragma("wal_autocheckpoint", "4000")
            .pragma("cache_size", "-8000")
            .disable_statement_logging()
            .connect()
            .await?;
        let values = vec!["(?, ?, ?, ?, ?, ?, ?, ?)"; CLIENTS as usize].join(", ");
        let statement = format!(
            "INSERT INTO xgateway_inbox
                 (event, kind, subject, status, digest, payload, received_ms, due_ms)
             VALUES {values}"
        );
        Ok(Self {
            connection,
            statement: AssertSqlSafe(statement).into_sql_str(),
        })
    }
}

impl Taker for RawBatches {
    /// One statement for 64 rows, which is a transaction by itself. The rows are ready before the time runs.
    async fn take(&mut self, deliveries: &[Delivery]) -> Outcome<Duration> {
        let rows: Vec<([u8; 16], &str, [u8; 32], &Bytes)> = deliveries
            .iter()
            .map(|delivery| {
                let event = event(delivery).packed();
                (event, &*delivery.id, *digest().as_bytes(), &delivery.body)
            })
            .collect();
        let start = Moment::now();
        for batch in rows.chunks(CLIENTS as usize) {
            let mut query = sqlx::query(self.statement.clone());
            for (event, id, digest, body) in batch {
                query = query
                    .bind(&event[..])
                    .bind("transaction")
                    .bind(*id)
                    .bind("confirmed")
                    .bind(&digest[..])
                    .bind(&body[..])
                    .bind(0_i64)
                    .bind(0_i64);
            }
            query.execute(&mut self.connection).await?;
        }
        Ok(start.elapsed().wall)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_store_the_deliveries() {
        let folder = folder().unwrap();
        let path = folder.path().join("raw.db");
        runtime().unwrap().block_on(async {
            let deliveries = Deliveries::new().take(CLIENTS);
            let mut raw = RawBatches::open(&path).await.unwrap();
            raw.take(&deliveries).await.unwrap();
            raw.connection.close().await.unwrap();
            let mut store = SqliteStore::open(SqliteOptions::new(&path)).await.unwrap();
            assert_eq!(store.counts().await.unwrap().open, 64);
            // The same rows to the store: it finds each.
            store.take(&deliveries).await.unwrap();
            assert_eq!(store.counts().await.unwrap().open, 64);
            store
                .take(&Deliveries::new().take(2 * CLIENTS))
                .await
                .unwrap();
            assert_eq!(store.counts().await.unwrap().open, 128);
            store.close().await;
        });
    }
}
