//! The inbox in SQLite.

use sqlx::SqliteConnection;

crate::sql::inbox::inbox!(
    super::SqliteStore,
    SqliteConnection,
    super::sqlite,
    // Of a limit that is a bare parameter SQLite believes that the plan depends on it, and makes a new plan each time.
    "UPDATE xgateway_inbox SET due_ms = $1, fence = fence + 1 + fence % 2, attempts = attempts + 1
     WHERE id IN (
         SELECT id FROM xgateway_inbox WHERE state = 0 AND due_ms <= $2 ORDER BY due_ms, id LIMIT 0 + $3
     )
     RETURNING *"
);
