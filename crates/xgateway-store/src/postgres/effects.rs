//! Effects in PostgreSQL, many in one transaction.

use std::collections::HashSet;

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::PgConnection;

use super::plans::{BEGIN_END, PLANNER_AGAIN};
use super::{PostgresEffect, PostgresStore, postgres};
use crate::effects::EffectStore;
use crate::error::StoreError;
use crate::inbox::{Claim, Completed, EffectKey};
use crate::sql::codec::{Columns as _, packed_in, time_out};
use crate::sql::effects::{Ends, NewEffect, end_all};
use crate::sql::lend::in_time;
use crate::sql::statements::set_done;

#[async_trait]
impl EffectStore for PostgresStore {
    type Connection = PgConnection;
    type Effect = PostgresEffect;

    async fn apply_all(
        &self,
        ends: &[(&Claim, Option<EffectKey>)],
        now: Timestamp,
    ) -> Result<(PostgresEffect, Vec<Option<Completed>>), StoreError> {
        let applied = async {
            let mut transaction = self.pool.begin_with(BEGIN_END).await.map_err(postgres)?;
            let ended = end_all(&mut *transaction, ends, now).await?;
            sqlx::raw_sql(PLANNER_AGAIN)
                .execute(&mut *transaction)
                .await
                .map_err(postgres)?;
            Ok((self.effect(transaction), ended))
        };
        in_time(self.limit(), applied).await
    }

    fn connection(effect: &mut PostgresEffect) -> &mut PgConnection {
        effect.connection()
    }

    async fn commit(effect: PostgresEffect) -> Result<(), StoreError> {
        effect.commit().await
    }
}

/// Which of these effects are recorded.
pub(super) async fn recorded(
    connection: &mut PgConnection,
    packed: &[[u8; 16]],
) -> Result<HashSet<[u8; 16]>, StoreError> {
    let packed: Vec<&[u8]> = packed.iter().map(|packed| &packed[..]).collect();
    sqlx::query("SELECT packed FROM xgateway_effect WHERE packed = ANY($1)")
        .bind(&packed[..])
        .fetch_all(connection)
        .await
        .map_err(postgres)?
        .iter()
        .map(packed_in)
        .collect()
}

impl Ends for PgConnection {
    /// Locks in one order, so that it and a receiver that opens entries again cannot wait for each other.
    async fn end(&mut self, claims: &[&Claim], now: Timestamp) -> Result<Vec<i64>, StoreError> {
        let ids: Vec<_> = claims.iter().map(|claim| claim.entry().id.get()).collect();
        let fences: Vec<_> = claims.iter().map(|claim| claim.fence()).collect();
        let rows = sqlx::query(concat!(
            "WITH held AS (
                 SELECT entry.id FROM xgateway_work AS entry
                 JOIN UNNEST($2::int8[], $3::int8[]) AS claim (id, fence)
                     ON entry.id = claim.id AND entry.fence = claim.fence
                 WHERE entry.state = 0 ORDER BY entry.id FOR UPDATE OF entry
             )
             UPDATE xgateway_work AS entry ",
            set_done!(),
            " FROM held WHERE entry.id = held.id RETURNING entry.id",
        ))
        .bind(time_out(now))
        .bind(ids)
        .bind(fences)
        .fetch_all(self)
        .await
        .map_err(postgres)?;
        rows.iter().map(|row| row.number("id")).collect()
    }

    async fn record(
        &mut self,
        effects: &[NewEffect<'_>],
        now: Timestamp,
    ) -> Result<Vec<[u8; 16]>, StoreError> {
        let packed: Vec<&[u8]> = effects.iter().map(|effect| &effect.packed[..]).collect();
        let keys: Vec<_> = effects.iter().map(|effect| effect.key.as_str()).collect();
        let entries: Vec<_> = effects.iter().map(|effect| effect.entry).collect();
        let rows = sqlx::query(
            "INSERT INTO xgateway_effect (packed, key, entry, happened_ms)
             SELECT packed, key, entry, $4
             FROM UNNEST($1::bytea[], $2::text[], $3::int8[]) AS new (packed, key, entry)
             ON CONFLICT (packed) DO NOTHING RETURNING packed",
        )
        .bind(&packed[..])
        .bind(&keys[..])
        .bind(&entries[..])
        .bind(time_out(now))
        .fetch_all(self)
        .await
        .map_err(postgres)?;
        rows.iter().map(packed_in).collect()
    }
}
