//! The journal in SQLite.

crate::sql::journal::journal!(super::SqliteStore, write, read, super::sqlite);
