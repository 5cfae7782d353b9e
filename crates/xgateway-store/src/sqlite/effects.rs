//! Effects in SQLite, many in one transaction.

use std::collections::HashSet;

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::{BATCH_MAX, SqliteEffect, SqliteStore, sqlite};
use crate::effects::EffectStore;
use crate::error::StoreError;
use crate::inbox::{Claim, Completed, EffectKey};
use crate::sql::codec::{Columns as _, packed_in, time_out};
use crate::sql::effects::{Ends, NewEffect, end_all};
use crate::sql::statements::set_done;

#[async_trait]
impl EffectStore for SqliteStore {
    type Connection = SqliteConnection;
    type Effect = SqliteEffect;

    async fn apply_all(
        &self,
        ends: &[(&Claim, Option<EffectKey>)],
        now: Timestamp,
    ) -> Result<(SqliteEffect, Vec<Option<Completed>>), StoreError> {
        let mut effect = SqliteEffect(self.begin_write().await?);
        let ended = end_all(effect.connection(), ends, now).await?;
        Ok((effect, ended))
    }

    fn connection(effect: &mut SqliteEffect) -> &mut SqliteConnection {
        effect.connection()
    }

    async fn commit(effect: SqliteEffect) -> Result<(), StoreError> {
        effect.commit().await
    }
}

/// Which of these effects are recorded.
pub(super) async fn recorded(
    connection: &mut SqliteConnection,
    packed: &[[u8; 16]],
) -> Result<HashSet<[u8; 16]>, StoreError> {
    let mut recorded = HashSet::new();
    for chunk in packed.chunks(BATCH_MAX) {
        let mut sql = QueryBuilder::new("SELECT packed FROM xgateway_effect WHERE packed IN (");
        let mut separated = sql.separated(", ");
        for packed in chunk {
            separated.push_bind(packed.to_vec());
        }
        sql.push(")");
        // Statements of all sizes, for each connection, would take some megabytes.
        let query = sql.build().persistent(chunk.len() == BATCH_MAX);
        for row in query.fetch_all(&mut *connection).await.map_err(sqlite)? {
            recorded.insert(packed_in(&row)?);
        }
    }
    Ok(recorded)
}

/// Held entries as JSON beside the time.
macro_rules! end {
    () => {
        concat!(
            "UPDATE xgateway_inbox ",
            set_done!(),
            " FROM json_each($2) AS held
             WHERE xgateway_inbox.id = CAST(held.key AS INTEGER) AND fence = held.value AND state = 0"
        )
    };
}

/// Neither asks for the rows that it writes: to fetch them takes longer than to write them. It is asked only where their
/// number is not the one that was expected.
impl Ends for SqliteConnection {
    async fn end(&mut self, claims: &[&Claim], now: Timestamp) -> Result<Vec<i64>, StoreError> {
        // Numbers are in JSON as they are here.
        let pairs = claims
            .iter()
            .map(|claim| format!("\"{}\":{}", claim.entry().id, claim.fence()));
        let held = format!("{{{}}}", pairs.collect::<Vec<_>>().join(","));
        let ended = sqlx::query(end!())
            .bind(time_out(now))
            .bind(&held)
            .execute(&mut *self)
            .await
            .map_err(sqlite)?;
        if usize::try_from(ended.rows_affected()) == Ok(claims.len()) {
            return Ok(claims.iter().map(|claim| claim.entry().id.get()).collect());
        }
        // Some were lost, and it is too late to ask which. Nothing else has happened in this transaction yet.
        sqlx::raw_sql("ROLLBACK; BEGIN IMMEDIATE")
            .execute(&mut *self)
            .await
            .map_err(sqlite)?;
        let rows = sqlx::query(concat!(end!(), " RETURNING id"))
            .bind(time_out(now))
            .bind(held)
            .fetch_all(self)
            .await
            .map_err(sqlite)?;
        rows.iter().map(|row| row.number("id")).collect()
    }

    async fn record(
        &mut self,
        effects: &[NewEffect<'_>],
        now: Timestamp,
    ) -> Result<Vec<[u8; 16]>, StoreError> {
        let mut recorded = Vec::with_capacity(effects.len());
        for chunk in effects.chunks(BATCH_MAX) {
            let mut sql = QueryBuilder::<Sqlite>::new(
                "INSERT INTO xgateway_effect (packed, key, entry, happened_ms) ",
            );
            sql.push_values(chunk, |mut row, effect| {
                row.push_bind(effect.packed.to_vec())
                    .push_bind(effect.key.as_str())
                    .push_bind(effect.entry)
                    .push_bind(time_out(now));
            });
            sql.push(" ON CONFLICT (packed) DO NOTHING");
            let result = sql.build().execute(&mut *self).await.map_err(sqlite)?;
            let count = result.rows_affected();
            if usize::try_from(count) == Ok(chunk.len()) {
                recorded.extend(chunk.iter().map(|effect| effect.packed));
            } else if let Ok(count @ 1..) = i64::try_from(count) {
                // The new ones have the highest numbers, without gaps.
                let before = result.last_insert_rowid() - count;
                let rows = sqlx::query("SELECT packed FROM xgateway_effect WHERE id > $1")
                    .bind(before)
                    .fetch_all(&mut *self)
                    .await
                    .map_err(sqlite)?;
                for row in &rows {
                    recorded.push(packed_in(row)?);
                }
            }
        }
        Ok(recorded)
    }
}
