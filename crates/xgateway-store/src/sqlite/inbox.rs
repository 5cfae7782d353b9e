//! The inbox in SQLite.

use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use super::{SqliteStore, sqlite};

crate::sql::inbox::inbox!(
    SqliteStore,
    SqliteConnection,
    sqlite,
    "xgateway_inbox",
    claim_rows
);

const PRUNE: &str = "DELETE FROM xgateway_inbox
    WHERE id > $1 AND id <= $2 AND state = 1 AND due_ms < $3 AND id < (SELECT max(id) FROM xgateway_inbox)
        AND id NOT IN (SELECT contradicts FROM xgateway_inbox WHERE state = 2 AND contradicts IS NOT NULL)";

/// Of a limit that is a bare parameter SQLite believes that the plan depends on it, and makes a new plan each time.
///
/// Nobody else writes meanwhile, so nobody is ever faster.
async fn claim_rows(
    store: &SqliteStore,
    until: i64,
    now: i64,
    limit: i64,
) -> Result<Option<Vec<SqliteRow>>, StoreError> {
    sqlx::query(concat!(
        "UPDATE xgateway_inbox
         SET due_ms = $1, fence = fence + 1 + fence % 2, attempts = attempts + 1
         WHERE id IN (
             SELECT id FROM (
                 SELECT id, row_number() OVER (PARTITION BY subject, kind ORDER BY due_ms, id) AS turn FROM (
                     SELECT id, subject, kind, due_ms FROM xgateway_inbox AS entry WHERE state = 0 AND due_ms <= $2 AND ",
        statements::no_other_is_held!("xgateway_inbox"),
        " ORDER BY due_ms, id LIMIT 0 + $3
                 )
             ) WHERE turn = 1
         )
         RETURNING ",
        statements::entry_columns!()
    ))
    .bind(until)
    .bind(now)
    .bind(limit)
    .fetch_all(&mut *store.writing().await?)
    .await
    .map(Some)
    .map_err(sqlite)
}
