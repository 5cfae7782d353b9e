//! The journal in SQLite.

use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

crate::sql::journal::journal!(
    super::SqliteStore,
    SqliteConnection,
    SqliteRow,
    super::sqlite,
    // A transaction that writes is the only one that does.
    statements::INTENT
);
