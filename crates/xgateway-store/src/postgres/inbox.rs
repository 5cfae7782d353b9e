//! The inbox in PostgreSQL.

use sqlx::PgConnection;

crate::sql::inbox::inbox!(
    super::PostgresStore,
    PgConnection,
    super::postgres,
    // What another worker takes at the same moment is seen by the unique index of what is held alone.
    concat!(
        "WITH due AS (
             SELECT id, subject, kind FROM xgateway_inbox AS entry WHERE state = 0 AND due_ms <= $2 AND ",
        statements::no_other_is_held!(),
        " ORDER BY due_ms, id LIMIT $3 FOR UPDATE SKIP LOCKED
         ),
         first AS (SELECT min(id) AS first FROM due GROUP BY subject, kind)
         UPDATE xgateway_inbox AS entry
         SET due_ms = $1, fence = fence + 1 + fence % 2, attempts = attempts + 1
         FROM first WHERE id = first
         RETURNING ",
        statements::entry_columns!()
    )
);
