//! The statements that accepting needs, for SQLite.

use jiff::Timestamp;
use sqlx::{AssertSqlSafe, QueryBuilder, SqlSafeStr as _, SqlStr};

use super::connection::Writing;
use super::sqlite;
use crate::error::StoreError;
use crate::inbox::EntryId;
use crate::sql::again::Reopen;
use crate::sql::batch::{Held, NewRow, Rows, held_of};
use crate::sql::codec::{entry_id_in, held_in, time_out};
use crate::sql::statements::set_again;

/// What accepting needs.
#[derive(Clone)]
pub(super) struct SqliteRows {
    write: Writing,
    /// The statement for a batch of each size, from 1 on.
    inserts: Vec<SqlStr>,
}

impl SqliteRows {
    pub(super) fn new(write: Writing, batch_max: usize) -> Self {
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
    async fn insert(&mut self, rows: &[NewRow<'_>]) -> Result<Vec<Option<i64>>, StoreError> {
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
        let result = query.execute(&mut *self.write.lock().await?).await;
        let result = result.map_err(sqlite)?;
        let (count, last) = (result.rows_affected(), result.last_insert_rowid());
        let count = i64::try_from(count).expect("at most as many as were asked for");
        if count == 0 {
            return Ok(vec![None; rows.len()]); // And `last` is of an earlier statement.
        }
        let ids = last - count + 1..=last;
        if usize::try_from(count) == Ok(rows.len()) {
            return Ok(ids.map(Some).collect());
        }
        // Some were there. Those that were not have the new numbers.
        let events: Vec<_> = rows.iter().map(|row| row.event).collect();
        let mut held = self.find(&events).await?;
        held.sort_unstable_by_key(|held| held.event);
        let new = |event| held_of(&held, event).filter(|held| ids.contains(&held.id));
        let new = events.iter().map(|event| new(event).map(|held| held.id));
        Ok(new.collect())
    }

    async fn find(&mut self, events: &[[u8; 16]]) -> Result<Vec<Held>, StoreError> {
        let mut sql =
            QueryBuilder::new("SELECT id, event, digest FROM xgateway_inbox WHERE event IN (");
        let mut separated = sql.separated(", ");
        for event in events {
            separated.push_bind(event.to_vec());
        }
        sql.push(")");
        let query = sql.build().persistent(false);
        let rows = query.fetch_all(&mut *self.write.lock().await?).await;
        rows.map_err(sqlite)?.iter().map(held_in).collect()
    }
}

impl Reopen for SqliteRows {
    async fn reopen(&mut self, ids: &[EntryId], at: Timestamp) -> Result<Vec<EntryId>, StoreError> {
        let numbers: Vec<_> = ids.iter().map(|id| id.get()).collect();
        let rows = sqlx::query(concat!(
            "UPDATE xgateway_inbox ",
            set_again!("$1"),
            " WHERE id IN (SELECT value FROM json_each($2)) RETURNING id"
        ))
        .bind(time_out(at))
        // As JSON has it, too.
        .bind(format!("{numbers:?}"))
        .fetch_all(&mut *self.write.lock().await?)
        .await
        .map_err(sqlite)?;
        rows.iter().map(entry_id_in).collect()
    }
}
