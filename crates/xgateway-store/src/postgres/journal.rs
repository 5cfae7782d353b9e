//! The journal in PostgreSQL.

crate::sql::journal::journal!(super::PostgresStore, pool, pool, super::postgres);
