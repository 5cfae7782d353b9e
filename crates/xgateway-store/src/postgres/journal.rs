//! The journal in PostgreSQL.

use sqlx::PgConnection;

crate::sql::journal::journal!(
    super::PostgresStore,
    PgConnection,
    super::postgres,
    "SELECT * FROM xgateway_journal WHERE gateway_order = $1 FOR SHARE"
);
