//! The inbox's statements for SQLite.

use std::collections::HashMap;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Pool, QueryBuilder, SqlSafeStr as _, SqlStr, Sqlite, SqliteConnection};

use super::{SqliteStore, sqlite};
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
impl Inbox for SqliteStore {
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
            "UPDATE xgateway_inbox SET due_ms = $1, fence = fence + 1, attempts = attempts + 1
             WHERE id IN (
                 SELECT id FROM xgateway_inbox WHERE state = 0 AND due_ms <= $2 ORDER BY due_ms, id LIMIT $3
             )
             RETURNING *",
        )
        .bind(time_out(lease_end(now, lease)))
        .bind(time_out(now))
        .bind(limit_out(limit))
        .fetch_all(&self.write)
        .await
        .map_err(sqlite)?;
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
        let mut transaction = self.begin_write().await?;
        let completed = complete(&mut transaction, claim, effect, now).await?;
        transaction.commit().await.map_err(sqlite)?;
        Ok(completed)
    }

    async fn retry(&self, claim: &Claim, at: Timestamp, reason: &Reason) -> Result<(), StoreError> {
        let result = sqlx::query(statements::RETRY)
            .bind(time_out(at))
            .bind(reason.as_str())
            .bind(claim.entry().id.get())
            .bind(claim.fence())
            .execute(&self.write)
            .await
            .map_err(sqlite)?;
        lost_unless(result.rows_affected() == 1)
    }

    async fn dead(&self, claim: &Claim, reason: &Reason, now: Timestamp) -> Result<(), StoreError> {
        let result = sqlx::query(statements::DEAD)
            .bind(time_out(now))
            .bind(reason.as_str())
            .bind(claim.entry().id.get())
            .bind(claim.fence())
            .execute(&self.write)
            .await
            .map_err(sqlite)?;
        lost_unless(result.rows_affected() == 1)
    }

    async fn is_done(&self, effect: &EffectKey) -> Result<bool, StoreError> {
        sqlx::query(statements::FIND_EFFECT)
            .bind(&effect.packed()[..])
            .fetch_optional(&self.read)
            .await
            .map(|row| row.is_some())
            .map_err(sqlite)
    }

    async fn replay(&self, id: EntryId, now: Timestamp) -> Result<(), StoreError> {
        reopen(&self.write, id, now).await
    }

    async fn show(&self, id: EntryId) -> Result<Option<Entry>, StoreError> {
        let row = sqlx::query(statements::SHOW)
            .bind(id.get())
            .fetch_optional(&self.read)
            .await
            .map_err(sqlite)?;
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
        let rows = sql.build().fetch_all(&self.read).await.map_err(sqlite)?;
        rows.iter().map(entry_in).collect()
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        let rows = sqlx::query(statements::COUNTS)
            .fetch_all(&self.read)
            .await
            .map_err(sqlite)?;
        let mut counts = Counts::default();
        for row in &rows {
            count_in(&mut counts, row)?;
        }
        Ok(counts)
    }
}

/// Ends an entry and records its effect.
pub(super) async fn complete(
    connection: &mut SqliteConnection,
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
        .map_err(sqlite)?;
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
        .map_err(sqlite)?;
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

async fn reopen(pool: &Pool<Sqlite>, id: EntryId, at: Timestamp) -> Result<(), StoreError> {
    let result = sqlx::query(statements::REOPEN)
        .bind(time_out(at))
        .bind(id.get())
        .execute(pool)
        .await
        .map_err(sqlite)?;
    if result.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreErrorKind::NotFound.into())
    }
}

/// What accepting needs.
pub(super) struct SqliteRows {
    write: Pool<Sqlite>,
    /// The statement for a batch of each size, from 1 on.
    inserts: Vec<SqlStr>,
}

impl SqliteRows {
    pub(super) fn new(write: Pool<Sqlite>, batch_max: usize) -> Self {
        let inserts = (1..=batch_max).map(insert_statement).collect();
        Self { write, inserts }
    }
}

fn insert_statement(count: usize) -> SqlStr {
    let values = vec!["(?, ?, ?, ?, ?, ?, ?, ?, ?)"; count].join(", ");
    let sql = format!(
        "INSERT INTO xgateway_inbox
             (event, kind, subject, status, digest, payload, received_ms, contradicts, due_ms)
         VALUES {values} ON CONFLICT (event) DO NOTHING"
    );
    AssertSqlSafe(sql).into_sql_str()
}

impl Rows for SqliteRows {
    /// Without `RETURNING`, whose rows would take longer to fetch than to insert: SQLite numbers the rows of one
    /// statement without gaps, and nobody else writes meanwhile.
    async fn insert(&self, rows: &[NewRow<'_>]) -> Result<HashMap<[u8; 16], i64>, StoreError> {
        let statement = rows
            .len()
            .checked_sub(1)
            .and_then(|index| self.inserts.get(index));
        let statement =
            statement.expect("a batch has at most as many rows as there are statements");
        let mut query = sqlx::query(statement.clone());
        for row in rows {
            let entry = row.entry;
            let received = time_out(entry.received_at);
            query = query
                .bind(&row.event[..])
                .bind(entry.key.kind().as_str())
                .bind(entry.key.subject())
                .bind(entry.key.status())
                .bind(&entry.digest.as_bytes()[..])
                .bind(entry.payload.as_bytes())
                .bind(received)
                .bind(row.contradicts)
                .bind(received);
        }
        let result = query.execute(&self.write).await.map_err(sqlite)?;
        let (count, last) = (result.rows_affected(), result.last_insert_rowid());
        let count = i64::try_from(count).expect("at most as many as were asked for");
        if count == 0 {
            return Ok(HashMap::new()); // And `last` is of an earlier statement.
        }
        let ids = last - count + 1..=last;
        let events = rows.iter().map(|row| row.event);
        if usize::try_from(count) == Ok(rows.len()) {
            return Ok(events.zip(ids).collect());
        }
        // Some were there. Those that were not have the new numbers.
        let events: Vec<_> = events.collect();
        let held = self.find(&events).await?;
        Ok(held
            .into_iter()
            .filter(|(_, held)| ids.contains(&held.id))
            .map(|(event, held)| (event, held.id))
            .collect())
    }

    async fn find(&self, events: &[[u8; 16]]) -> Result<HashMap<[u8; 16], Held>, StoreError> {
        let mut sql =
            QueryBuilder::new("SELECT id, event, digest FROM xgateway_inbox WHERE event IN (");
        let mut separated = sql.separated(", ");
        for event in events {
            separated.push_bind(event.to_vec());
        }
        sql.push(")");
        let rows = sql.build().fetch_all(&self.write).await.map_err(sqlite)?;
        rows.iter()
            .map(|row| {
                let id = row.number("id")?;
                let digest = digest_in(row)?;
                Ok((event_in(row)?, Held { id, digest }))
            })
            .collect()
    }

    async fn reopen(&self, id: EntryId, at: Timestamp) -> Result<(), StoreError> {
        reopen(&self.write, id, at).await
    }
}
