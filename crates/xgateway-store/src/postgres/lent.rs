//! Connections of the pool, which go back into it only when what they were lent for has come to its end.
//!
//! Whoever gives up in the middle leaves a connection whose answer is still to come. The pool would wait for that, as long
//! as the kernel does if the host has vanished, and have one place less meanwhile.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{Connection as _, PgConnection, Pool, Postgres};
use tokio::time::timeout;

use super::postgres;
use crate::error::StoreError;
use crate::sql::lend::Lent;

/// A connection of the pool.
pub(super) struct PostgresLent(Option<PoolConnection<Postgres>>);

const HELD: &str = "it is taken when this is given back";

impl PostgresLent {
    pub(super) async fn of(pool: &Pool<Postgres>) -> Result<Self, StoreError> {
        pool.acquire()
            .await
            .map(|it| Self(Some(it)))
            .map_err(postgres)
    }
}

impl Lent for PostgresLent {
    fn give_back(mut self) {
        drop(self.0.take());
    }
}

impl Deref for PostgresLent {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        self.0.as_ref().expect(HELD)
    }
}

impl DerefMut for PostgresLent {
    fn deref_mut(&mut self) -> &mut PgConnection {
        self.0.as_mut().expect(HELD)
    }
}

impl Drop for PostgresLent {
    fn drop(&mut self) {
        if let Some(connection) = &mut self.0 {
            connection.close_on_drop();
        }
    }
}

/// Whether a connection that is given back can be lent again. A transaction that was dropped is undone first, which is not
/// waited for in vain.
pub(super) async fn is_undone(connection: &mut PgConnection, limit: Duration) -> bool {
    if !connection.should_flush() {
        return true;
    }
    let undone = timeout(limit, connection.ping()).await;
    undone.is_ok_and(|undone| undone.is_ok())
}
