//! The journal in a database: the same statements and decisions for SQLite and PostgreSQL.

/// Implements [`Journal`](crate::Journal) for a store, and what turns an error of the database into ours.
///
/// The store has the methods `writing` (a connection to write with) and `reading` (a pool). A macro, since the two drivers have no trait in common that could both run a statement and count what it changed.
macro_rules! journal {
    ($store:ty, $failure:path) => {
        use async_trait::async_trait;
        use jiff::Timestamp;

        use crate::error::{StoreError, StoreErrorKind};
        use crate::journal::decide::{self, Beginning, Ending, Kept};
        use crate::journal::{
            Attempt, Begun, Intent, IntentState, Journal, NewIntent, Outcome, Progress, Round,
        };
        use crate::sql::RACES_MAX;
        use crate::sql::codec::{intent_in, intent_state_out, limit_out, time_out};
        use crate::sql::statements;

        #[async_trait]
        impl Journal for $store {
            async fn begin(
                &self,
                new: &NewIntent<'_>,
                now: Timestamp,
            ) -> Result<Begun, StoreError> {
                for _ in 0..RACES_MAX {
                    let mut earlier = Vec::new();
                    for attempt in new.attempt.earlier() {
                        earlier.push(self.intent(&attempt).await?.map(|intent| intent.state));
                    }
                    let kept = self.kept(&new.attempt).await?;
                    let round = match decide::begin(new, kept, earlier) {
                        Beginning::Write(round) => round,
                        Beginning::Answer(begun) => return Ok(begun),
                    };
                    let result = sqlx::query(statements::BEGIN)
                        .bind(new.attempt.gateway_order_id().as_str())
                        .bind(i64::from(round.get()))
                        .bind(new.operation)
                        .bind(new.fingerprint.to_text())
                        .bind(time_out(now))
                        .bind(new.progress.as_ref().map(Progress::as_str))
                        .execute(&mut *self.writing().await?)
                        .await
                        .map_err($failure)?;
                    if result.rows_affected() == 1 {
                        return Ok(Begun::New(round));
                    }
                }
                Err(StoreErrorKind::Busy.into())
            }

            async fn note(
                &self,
                attempt: &Attempt,
                round: Round,
                progress: &Progress,
            ) -> Result<(), StoreError> {
                let result = sqlx::query(statements::NOTE)
                    .bind(progress.as_str())
                    .bind(attempt.gateway_order_id().as_str())
                    .bind(i64::from(round.get()))
                    .execute(&mut *self.writing().await?)
                    .await
                    .map_err($failure)?;
                if result.rows_affected() == 1 {
                    return Ok(());
                }
                let is_known = self.kept(attempt).await?.is_some();
                Err(decide::outpaced(is_known))
            }

            async fn finish(
                &self,
                attempt: &Attempt,
                round: Round,
                outcome: Outcome,
                progress: Option<&Progress>,
                now: Timestamp,
            ) -> Result<(), StoreError> {
                for _ in 0..RACES_MAX {
                    let kept = self.kept(attempt).await?;
                    let Kept { intent, .. } = kept.ok_or(StoreErrorKind::NotFound)?;
                    match decide::finish(&intent, round, outcome)? {
                        Ending::Known => return Ok(()),
                        Ending::Write => {}
                    }
                    let result = sqlx::query(statements::FINISH)
                        .bind(intent_state_out(IntentState::Finished(outcome)))
                        .bind(time_out(now))
                        .bind(progress.map(Progress::as_str))
                        .bind(attempt.gateway_order_id().as_str())
                        .bind(i64::from(intent.round.get()))
                        .bind(intent_state_out(intent.state))
                        .execute(&mut *self.writing().await?)
                        .await
                        .map_err($failure)?;
                    if result.rows_affected() == 1 {
                        return Ok(());
                    }
                }
                Err(StoreErrorKind::Busy.into())
            }

            async fn reopen(
                &self,
                attempt: &Attempt,
                round: Round,
                ended: Outcome,
                progress: &Progress,
            ) -> Result<(), StoreError> {
                let result = sqlx::query(statements::REOPEN_INTENT)
                    .bind(progress.as_str())
                    .bind(attempt.gateway_order_id().as_str())
                    .bind(i64::from(round.get()))
                    .bind(intent_state_out(IntentState::Finished(ended)))
                    .execute(&mut *self.writing().await?)
                    .await
                    .map_err($failure)?;
                if result.rows_affected() == 1 {
                    return Ok(());
                }
                let is_known = self.kept(attempt).await?.is_some();
                Err(decide::outpaced(is_known))
            }

            async fn intent(&self, attempt: &Attempt) -> Result<Option<Intent>, StoreError> {
                Ok(self.kept(attempt).await?.map(|kept| kept.intent))
            }

            async fn open_intents(
                &self,
                begun_until: Timestamp,
                after: Option<&Intent>,
                limit: usize,
            ) -> Result<Vec<Intent>, StoreError> {
                // No order id is empty, and no time before the first.
                let (after_ms, after_order) = after.map_or((i64::MIN, ""), |after| {
                    let order = after.attempt.gateway_order_id().as_str();
                    (time_out(after.begun_at), order)
                });
                let rows = sqlx::query(statements::OPEN_INTENTS)
                    .bind(time_out(begun_until))
                    .bind(after_ms)
                    .bind(after_order)
                    .bind(limit_out(limit))
                    .fetch_all(self.reading())
                    .await
                    .map_err($failure)?;
                rows.iter()
                    .map(|row| intent_in(row).map(|kept| kept.intent))
                    .collect()
            }
        }

        impl $store {
            async fn kept(&self, attempt: &Attempt) -> Result<Option<Kept>, StoreError> {
                let row = sqlx::query(statements::INTENT)
                    .bind(attempt.gateway_order_id().as_str())
                    .fetch_optional(self.reading())
                    .await
                    .map_err($failure)?;
                row.as_ref().map(intent_in).transpose()
            }
        }
    };
}

pub(crate) use journal;
