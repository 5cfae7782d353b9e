//! The journal in SQLite.

use sqlx::SqliteConnection;

crate::sql::journal::journal!(
    super::SqliteStore,
    SqliteConnection,
    super::sqlite,
    // A transaction that writes is the only one that does.
    statements::INTENT
);
