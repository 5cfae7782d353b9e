//! `ExactlyOnce` over the real databases: many callbacks in one transaction, each booked once.
//!
//! PostgreSQL needs `DATABASE_URL`: `cargo xtask test` finds or starts a server.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests may panic like tests"
)]

#[path = "booked/postgres.rs"]
mod postgres;
#[path = "../../xgateway-store/tests/postgres/schema.rs"]
mod schema;
#[path = "booked/shop.rs"]
mod shop;
#[path = "booked/sqlite.rs"]
mod sqlite;
#[path = "booked/tests.rs"]
mod tests;

/// Every test, over a database.
macro_rules! over_a_database {
    ($database:ty: $($test:ident)*) => {
        $(#[tokio::test(flavor = "multi_thread")]
        async fn $test() {
            // There may be no server.
            if let Some(database) = <$database as crate::shop::Database>::open().await {
                crate::tests::$test(database).await;
            }
        })*
    };
}
pub(crate) use over_a_database;
