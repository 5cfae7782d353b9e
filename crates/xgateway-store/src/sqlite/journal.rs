//! The journal in SQLite.

crate::sql::journal::journal!(super::SqliteStore, super::sqlite);
