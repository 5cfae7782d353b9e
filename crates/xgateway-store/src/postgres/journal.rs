//! The journal in PostgreSQL.

use sqlx::PgConnection;
use sqlx::postgres::PgRow;

crate::sql::journal::journal!(
    super::PostgresStore,
    PgConnection,
    PgRow,
    super::postgres,
    crate::sql::statements::intents!("WHERE gateway_order = $1 FOR SHARE")
);
