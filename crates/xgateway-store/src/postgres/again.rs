//! Entries that are due again, in PostgreSQL.

use std::time::Duration;

use jiff::Timestamp;
use sqlx::{Pool, Postgres};

use super::postgres;
use crate::error::{StoreError, StoreErrorKind};
use crate::inbox::EntryId;
use crate::sql::again::Reopen;
use crate::sql::codec::{entry_id_in, time_out};
use crate::sql::lend::in_time;
use crate::sql::statements::set_again;

/// What makes entries due again.
pub(super) struct PostgresAgain {
    pub(super) pool: Pool<Postgres>,
    /// How long a statement may take.
    pub(super) limit: Duration,
}

/// Begins a transaction that waits a second for what others are about to commit.
const BEGIN_AGAIN: &str = "BEGIN; SET LOCAL lock_timeout = '1s'";

/// Locks in one order, so that two receivers cannot wait for each other. A receiver whose clock is ahead of the server's
/// makes nothing due late.
macro_rules! reopen {
    ($lock:literal) => {
        concat!(
            "WITH again AS (
                 SELECT id FROM xgateway_work WHERE id = ANY($2) ORDER BY id FOR UPDATE ",
            $lock,
            " )
             UPDATE xgateway_work AS work ",
            set_again!("least($1, (extract(epoch FROM statement_timestamp()) * 1000)::int8)"),
            " FROM again WHERE work.id = again.id RETURNING work.id AS id"
        )
    };
}

impl Reopen for PostgresAgain {
    /// One that a merchant's book holds for longer is left out, so that it holds up no other.
    async fn reopen(&mut self, ids: &[EntryId], at: Timestamp) -> Result<Vec<EntryId>, StoreError> {
        match self.reopen_with(reopen!(""), ids, at).await {
            Err(error) if error.kind() == StoreErrorKind::Busy => {
                self.reopen_with(reopen!("SKIP LOCKED"), ids, at).await
            }
            result => result,
        }
    }
}

impl PostgresAgain {
    async fn reopen_with(
        &self,
        statement: &'static str,
        ids: &[EntryId],
        at: Timestamp,
    ) -> Result<Vec<EntryId>, StoreError> {
        let numbers: Vec<_> = ids.iter().map(|id| id.get()).collect();
        let reopened = async {
            let transaction = self.pool.begin_with(BEGIN_AGAIN).await;
            let mut transaction = transaction.map_err(postgres)?;
            let rows = sqlx::query(statement)
                .bind(time_out(at))
                .bind(numbers)
                .fetch_all(&mut *transaction)
                .await
                .map_err(postgres)?;
            transaction.commit().await.map_err(postgres)?;
            rows.iter().map(entry_id_in).collect()
        };
        in_time(Some(self.limit), reopened).await
    }
}
