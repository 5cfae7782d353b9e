//! The inbox's statements for PostgreSQL.

use std::collections::HashMap;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Pool, Postgres, QueryBuilder};

use super::{PostgresStore, postgres};
use crate::error::{StoreError, StoreErrorKind};
use crate::inbox::{
    Accepted, Claim, Completed, Counts, EffectKey, Entry, EntryId, Inbox, ListQuery, NewEntry,
    Reason,
};
use crate::lease_end;
use crate::sql::batch::{Held, NewRow, Rows};
use crate::sql::codec::{
    Columns as _, claim_in, count_in, digest_in, entry_in, event_in, limit_out, state_out, time_out,
};
use crate::sql::statements;

#[async_trait]
impl Inbox for PostgresStore {
    async fn accept(&self, entry: NewEntry) -> Result<Accepted, StoreError> {
        self.writer.accept(entry).await
    }

    async fn claim(
        &self,
        now: Timestamp,
        lease: Duration,
        limit: usize,
    ) -> Result<Vec<Claim>, StoreError> {
        let rows = sqlx::query(
            "WITH due AS (
                 SELECT id FROM xgateway_inbox WHERE state = 0 AND due_ms <= $2
                 ORDER BY due_ms, id LIMIT $3 FOR UPDATE SKIP LOCKED
             )
             UPDATE xgateway_inbox AS entry
             SET due_ms = $1, fence = fence + 1, attempts = attempts + 1
             FROM due WHERE entry.id = due.id
             RETURNING entry.*",
        )
        .bind(time_out(lease_end(now, lease)))
        .bind(time_out(now))
        .bind(limit_out(limit))
        .fetch_all(&self.pool)
        .await
        .map_err(postgres)?;
        let mut claims = rows.iter().map(claim_in).collect::<Result<Vec<_>, _>>()?;
        claims.sort_by_key(|claim| claim.entry().id);
        Ok(claims)
    }

    async fn complete(
        &self,
        claim: &Claim,
        effect: Option<&EffectKey>,
        now: Timestamp,
    ) -> Result<Completed, StoreError> {
        let mut transaction = self.pool.begin().await.map_err(postgres)?;
        let completed = complete(&mut transaction, claim, effect, now).await?;
        transaction.commit().await.map_err(postgres)?;
        Ok(completed)
    }

    async fn retry(&self, claim: &Claim, at: Timestamp, reason: &Reason) -> Result<(), StoreError> {
        let result = sqlx::query(statements::RETRY)
            .bind(time_out(at))
            .bind(reason.as_str())
            .bind(claim.entry().id.get())
            .bind(claim.fence())
            .execute(&self.pool)
            .await
            .map_err(postgres)?;
        lost_unless(result.rows_affected() == 1)
    }

    async fn dead(&self, claim: &Claim, reason: &Reason, now: Timestamp) -> Result<(), StoreError> {
        let result = sqlx::query(statements::DEAD)
            .bind(time_out(now))
            .bind(reason.as_str())
            .bind(claim.entry().id.get())
            .bind(claim.fence())
            .execute(&self.pool)
            .await
            .map_err(postgres)?;
        lost_unless(result.rows_affected() == 1)
    }

    async fn is_done(&self, effect: &EffectKey) -> Result<bool, StoreError> {
        sqlx::query(statements::FIND_EFFECT)
            .bind(&effect.packed()[..])
            .fetch_optional(&self.pool)
            .await
            .map(|row| row.is_some())
            .map_err(postgres)
    }

    async fn replay(&self, id: EntryId, now: Timestamp) -> Result<(), StoreError> {
        reopen(&self.pool, id, now).await
    }

    async fn show(&self, id: EntryId) -> Result<Option<Entry>, StoreError> {
        let row = sqlx::query(statements::SHOW)
            .bind(id.get())
            .fetch_optional(&self.pool)
            .await
            .map_err(postgres)?;
        row.as_ref().map(entry_in).transpose()
    }

    async fn list(&self, query: ListQuery) -> Result<Vec<Entry>, StoreError> {
        let mut sql = QueryBuilder::new("SELECT * FROM xgateway_inbox WHERE id > ");
        sql.push_bind(query.after.map_or(0, EntryId::get));
        if let Some(state) = query.state {
            // Not bound: the planner must see it to use the index of the state.
            sql.push(" AND state = ").push(state_out(state));
        }
        sql.push(" ORDER BY id LIMIT ")
            .push_bind(limit_out(query.limit));
        let rows = sql.build().fetch_all(&self.pool).await.map_err(postgres)?;
        rows.iter().map(entry_in).collect()
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        let rows = sqlx::query(statements::COUNTS)
            .fetch_all(&self.pool)
            .await
            .map_err(postgres)?;
        let mut counts = Counts::default();
        for row in &rows {
            count_in(&mut counts, row)?;
        }
        Ok(counts)
    }
}

/// Ends an entry and records its effect.
pub(super) async fn complete(
    connection: &mut PgConnection,
    claim: &Claim,
    effect: Option<&EffectKey>,
    now: Timestamp,
) -> Result<Completed, StoreError> {
    let result = sqlx::query(statements::DONE)
        .bind(time_out(now))
        .bind(claim.entry().id.get())
        .bind(claim.fence())
        .execute(&mut *connection)
        .await
        .map_err(postgres)?;
    lost_unless(result.rows_affected() == 1)?;
    let Some(effect) = effect else {
        return Ok(Completed::First);
    };
    let result = sqlx::query(statements::RECORD_EFFECT)
        .bind(&effect.packed()[..])
        .bind(effect.as_str())
        .bind(claim.entry().id.get())
        .bind(time_out(now))
        .execute(connection)
        .await
        .map_err(postgres)?;
    Ok(if result.rows_affected() == 1 {
        Completed::First
    } else {
        Completed::Repeated
    })
}

fn lost_unless(held: bool) -> Result<(), StoreError> {
    if held {
        Ok(())
    } else {
        Err(StoreErrorKind::LeaseLost.into())
    }
}

async fn reopen(pool: &Pool<Postgres>, id: EntryId, at: Timestamp) -> Result<(), StoreError> {
    let result = sqlx::query(statements::REOPEN)
        .bind(time_out(at))
        .bind(id.get())
        .execute(pool)
        .await
        .map_err(postgres)?;
    if result.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreErrorKind::NotFound.into())
    }
}

/// What accepting needs.
pub(super) struct PostgresRows(pub(super) Pool<Postgres>);

impl Rows for PostgresRows {
    async fn insert(&self, rows: &[NewRow<'_>]) -> Result<HashMap<[u8; 16], i64>, StoreError> {
        let rows = match rows {
            // The usual case with little to do: without arrays, and without a plan for them.
            [row] => insert_one(&self.0, row).await?,
            rows => insert_many(&self.0, rows).await?,
        };
        rows.iter()
            .map(|row| Ok((event_in(row)?, row.number("id")?)))
            .collect()
    }

    async fn find(&self, events: &[[u8; 16]]) -> Result<HashMap<[u8; 16], Held>, StoreError> {
        let events: Vec<&[u8]> = events.iter().map(|event| &event[..]).collect();
        let rows =
            sqlx::query("SELECT id, event, digest FROM xgateway_inbox WHERE event = ANY($1)")
                .bind(&events[..])
                .fetch_all(&self.0)
                .await
                .map_err(postgres)?;
        rows.iter()
            .map(|row| {
                let id = row.number("id")?;
                let digest = digest_in(row)?;
                Ok((event_in(row)?, Held { id, digest }))
            })
            .collect()
    }

    async fn reopen(&self, id: EntryId, at: Timestamp) -> Result<(), StoreError> {
        reopen(&self.0, id, at).await
    }
}

async fn insert_one(pool: &Pool<Postgres>, row: &NewRow<'_>) -> Result<Vec<PgRow>, StoreError> {
    let entry = row.entry;
    sqlx::query(
        "INSERT INTO xgateway_inbox
             (event, kind, subject, status, digest, payload, received_ms, contradicts, due_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7)
         ON CONFLICT (event) DO NOTHING RETURNING id, event",
    )
    .bind(&row.event[..])
    .bind(entry.key.kind().as_str())
    .bind(entry.key.subject())
    .bind(entry.key.status())
    .bind(&entry.digest.as_bytes()[..])
    .bind(entry.payload.as_bytes())
    .bind(time_out(entry.received_at))
    .bind(row.contradicts)
    .fetch_all(pool)
    .await
    .map_err(postgres)
}

async fn insert_many(pool: &Pool<Postgres>, rows: &[NewRow<'_>]) -> Result<Vec<PgRow>, StoreError> {
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
    sqlx::query(
        "INSERT INTO xgateway_inbox
             (event, kind, subject, status, digest, payload, received_ms, contradicts, due_ms)
         SELECT event, kind, subject, status, digest, payload, received_ms, contradicts, received_ms
         FROM UNNEST($1::bytea[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::bytea[], $7::int8[], $8::int8[])
             AS new (event, kind, subject, status, digest, payload, received_ms, contradicts)
         ON CONFLICT (event) DO NOTHING RETURNING id, event",
    )
    .bind(&events[..])
    .bind(&kinds[..])
    .bind(&subjects[..])
    .bind(&statuses[..])
    .bind(&digests[..])
    .bind(&payloads[..])
    .bind(&received[..])
    .bind(&contradicts[..])
    .fetch_all(pool)
    .await
    .map_err(postgres)
}
