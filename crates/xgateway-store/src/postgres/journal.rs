//! The journal in PostgreSQL.

use sqlx::PgConnection;

crate::sql::journal::journal!(
    super::PostgresStore,
    PgConnection,
    super::postgres,
    crate::sql::statements::intents!("WHERE gateway_order = $1 FOR SHARE")
);
