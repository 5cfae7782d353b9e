//! The inbox in PostgreSQL.

use sqlx::PgConnection;

crate::sql::inbox::inbox!(
    super::PostgresStore,
    PgConnection,
    super::postgres,
    "WITH due AS (
         SELECT id FROM xgateway_inbox WHERE state = 0 AND due_ms <= $2
         ORDER BY due_ms, id LIMIT $3 FOR UPDATE SKIP LOCKED
     )
     UPDATE xgateway_inbox AS entry
     SET due_ms = $1, fence = fence + 1 + fence % 2, attempts = attempts + 1
     FROM due WHERE entry.id = due.id
     RETURNING entry.*"
);
