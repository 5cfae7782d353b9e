//! The statements that accepting needs, for PostgreSQL.

use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Pool, Postgres};

use super::postgres;
use crate::error::{StoreError, StoreErrorKind};
use crate::sql::batch::{Held, NewRow, Rows};
use crate::sql::codec::{Columns as _, event_in, held_in, time_out};
use crate::sql::lend::{in_time, is_lost};

/// What accepting needs: a connection that it keeps, since a pool tests one whenever it is taken and given back.
pub(super) struct PostgresRows {
    pool: Pool<Postgres>,
    kept: Option<PoolConnection<Postgres>>,
    /// How long a statement may take.
    limit: Duration,
}

impl PostgresRows {
    pub(super) fn new(pool: Pool<Postgres>, limit: Duration) -> Self {
        Self {
            pool,
            kept: None,
            limit,
        }
    }

    /// The connection that was kept, unless it is to be a fresh one.
    async fn connection(&mut self, is_fresh: bool) -> Result<&mut PgConnection, StoreError> {
        if is_fresh {
            self.forget();
        }
        let connection = match self.kept.take() {
            Some(connection) => connection,
            None => in_time(Some(self.limit), fresh(&self.pool, self.limit)).await?,
        };
        Ok(self.kept.insert(connection))
    }

    /// Keeps a connection no longer that is lost.
    fn forget(&mut self) {
        if let Some(mut old) = self.kept.take() {
            // So that the pool has room for another one.
            old.close_on_drop();
        }
    }
}

async fn fresh(
    pool: &Pool<Postgres>,
    limit: Duration,
) -> Result<PoolConnection<Postgres>, StoreError> {
    let mut connection = pool.acquire().await.map_err(postgres)?;
    // On the server, too, nobody waits for longer.
    sqlx::query("SELECT set_config('lock_timeout', $1, false)")
        .bind(limit.as_millis().to_string())
        .execute(&mut *connection)
        .await
        .map_err(postgres)?;
    Ok(connection)
}

/// Runs a statement; if the connection is lost, once more on a fresh one, which the pool has tested. It may have been
/// lost long ago, and each of these statements may be run twice: what the first has done, the second finds done.
macro_rules! on_a_connection {
    ($rows:expr, |$connection:ident| $statement:expr) => {{
        let limit = Some($rows.limit);
        let $connection = $rows.connection(false).await?;
        match in_time(limit, $statement).await {
            Err(error) if error.kind() == StoreErrorKind::Unavailable => {
                let $connection = $rows.connection(true).await?;
                let result = in_time(limit, $statement).await;
                if is_lost(&result) {
                    $rows.forget();
                }
                result
            }
            result => result,
        }
    }};
}

impl Rows for PostgresRows {
    async fn insert(&mut self, rows: &[NewRow<'_>]) -> Result<Vec<Option<i64>>, StoreError> {
        let inserted = on_a_connection!(self, |connection| insert(connection, rows))?;
        let mut ids = vec![None; rows.len()];
        for row in &inserted {
            let event = event_in(row)?;
            let index = rows.binary_search_by_key(&event, |row| row.event);
            ids[index.map_err(|_| StoreErrorKind::Corrupt)?] = Some(row.number("id")?);
        }
        Ok(ids)
    }

    async fn find(&mut self, events: &[[u8; 16]]) -> Result<Vec<Held>, StoreError> {
        on_a_connection!(self, |connection| find(connection, events))
    }
}

async fn insert(
    connection: &mut PgConnection,
    rows: &[NewRow<'_>],
) -> Result<Vec<PgRow>, StoreError> {
    match rows {
        // The usual case with little to do: without arrays, and without a plan for them.
        [row] => insert_one(connection, row).await,
        rows => insert_many(connection, rows).await,
    }
}

async fn find(connection: &mut PgConnection, events: &[[u8; 16]]) -> Result<Vec<Held>, StoreError> {
    let events: Vec<&[u8]> = events.iter().map(|event| &event[..]).collect();
    sqlx::query("SELECT id, event, digest FROM xgateway_body WHERE event = ANY($1)")
        .bind(&events[..])
        .fetch_all(connection)
        .await
        .map_err(postgres)?
        .iter()
        .map(held_in)
        .collect()
}

/// Inserts bodies, and what is to be done about each: it is due when it was received, and at once if that was by a clock
/// that is ahead of the server's.
macro_rules! insert {
    ($rows:literal) => {
        concat!(
            "WITH new AS (
                 INSERT INTO xgateway_body
                     (event, kind, subject, status, digest, payload, received_ms, contradicts) ",
            $rows,
            " ON CONFLICT (event) DO NOTHING RETURNING id, event, kind, subject, received_ms
             ), work AS (
                 INSERT INTO xgateway_work (id, kind, subject, due_ms)
                 SELECT id, kind, subject,
                     least(received_ms, (extract(epoch FROM statement_timestamp()) * 1000)::int8)
                 FROM new
             )
             SELECT id, event FROM new"
        )
    };
}

async fn insert_one(
    connection: &mut PgConnection,
    row: &NewRow<'_>,
) -> Result<Vec<PgRow>, StoreError> {
    let entry = row.entry;
    sqlx::query(insert!("VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"))
        .bind(&row.event[..])
        .bind(entry.key.kind().as_str())
        .bind(entry.key.subject())
        .bind(entry.key.status())
        .bind(&entry.digest.as_bytes()[..])
        .bind(entry.payload.as_bytes())
        .bind(time_out(entry.received_at))
        .bind(row.contradicts)
        .fetch_all(connection)
        .await
        .map_err(postgres)
}

async fn insert_many(
    connection: &mut PgConnection,
    rows: &[NewRow<'_>],
) -> Result<Vec<PgRow>, StoreError> {
    let entries = || rows.iter().map(|row| row.entry);
    let events: Vec<&[u8]> = rows.iter().map(|row| &row.event[..]).collect();
    let kinds: Vec<&str> = entries().map(|entry| entry.key.kind().as_str()).collect();
    let subjects: Vec<&str> = entries().map(|entry| entry.key.subject()).collect();
    let statuses: Vec<&str> = entries().map(|entry| entry.key.status()).collect();
    let digests: Vec<&[u8]> = entries()
        .map(|entry| &entry.digest.as_bytes()[..])
        .collect();
    let payloads: Vec<&[u8]> = entries().map(|entry| entry.payload.as_bytes()).collect();
    let received: Vec<i64> = entries().map(|entry| time_out(entry.received_at)).collect();
    let contradicts: Vec<Option<i64>> = rows.iter().map(|row| row.contradicts).collect();
    sqlx::query(insert!(
        "SELECT * FROM UNNEST(
             $1::bytea[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::bytea[], $7::int8[], $8::int8[]
         )"
    ))
    .bind(&events[..])
    .bind(&kinds[..])
    .bind(&subjects[..])
    .bind(&statuses[..])
    .bind(&digests[..])
    .bind(&payloads[..])
    .bind(&received[..])
    .bind(&contradicts[..])
    .fetch_all(connection)
    .await
    .map_err(postgres)
}
