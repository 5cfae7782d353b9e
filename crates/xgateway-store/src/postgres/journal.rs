//! The journal in PostgreSQL.

crate::sql::journal::journal!(super::PostgresStore, super::postgres);
