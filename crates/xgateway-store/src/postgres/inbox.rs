//! The inbox in PostgreSQL.

use sqlx::PgConnection;
use sqlx::postgres::PgRow;

use super::plans::BEGIN_CLAIM;
use super::{PostgresStore, postgres};

crate::sql::inbox::inbox!(
    PostgresStore,
    PgConnection,
    postgres,
    "xgateway_work",
    claim_rows
);

/// Not through the view: an entry that comes again meanwhile is open when its row is locked, and stays.
const PRUNE: &str = "WITH old AS (
        DELETE FROM xgateway_work
        WHERE id > $1 AND id <= $2 AND state = 1 AND due_ms < $3 AND id < (SELECT max(id) FROM xgateway_work)
            AND id NOT IN (
                SELECT contradicts FROM xgateway_body JOIN xgateway_work AS dead USING (id)
                WHERE dead.state = 2 AND contradicts IS NOT NULL
            )
        RETURNING id
    )
    DELETE FROM xgateway_body AS body USING old WHERE body.id = old.id";

/// What another worker takes at the same moment is seen by the unique index of what is held alone.
async fn claim_rows(
    store: &PostgresStore,
    until: i64,
    now: i64,
    limit: i64,
) -> Result<Option<Vec<PgRow>>, StoreError> {
    let mut transaction = store.pool.begin_with(BEGIN_CLAIM).await.map_err(postgres)?;
    let claimed = sqlx::query(concat!(
        "WITH due AS (
             SELECT id, subject, kind, due_ms FROM xgateway_work AS entry WHERE state < 1 AND due_ms <= $2 AND ",
        statements::no_other_is_held!("xgateway_work"),
        " ORDER BY due_ms, id LIMIT $3 FOR UPDATE SKIP LOCKED
         ),
         first AS (
             SELECT DISTINCT ON (subject, kind) id AS first FROM due ORDER BY subject, kind, due_ms, id
         ),
         claimed AS (
             UPDATE xgateway_work AS entry
             SET due_ms = $1, fence = fence + 1 + fence % 2, attempts = attempts + 1
             FROM first WHERE id = first
             RETURNING id, state, due_ms, attempts, reason, fence
         )
         SELECT ",
        statements::entry_columns!(),
        " FROM claimed JOIN xgateway_body USING (id)"
    ))
    .bind(until)
    .bind(now)
    .bind(limit)
    .fetch_all(&mut *transaction)
    .await;
    let rows = match claimed {
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => return Ok(None),
        claimed => claimed.map_err(postgres)?,
    };
    transaction.commit().await.map_err(postgres)?;
    Ok(Some(rows))
}
