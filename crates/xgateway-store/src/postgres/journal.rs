//! The journal's statements for PostgreSQL.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{PostgresStore, postgres};
use crate::error::{StoreError, StoreErrorKind};
use crate::journal::decide::{self, Beginning, Ending, Kept};
use crate::journal::{
    Attempt, Begun, Intent, IntentState, Journal, NewIntent, Outcome, Progress, Round,
};
use crate::sql::RACES_MAX;
use crate::sql::codec::{intent_in, intent_state_out, limit_out, time_out};
use crate::sql::statements;

#[async_trait]
impl Journal for PostgresStore {
    async fn begin(&self, new: &NewIntent<'_>, now: Timestamp) -> Result<Begun, StoreError> {
        for _ in 0..RACES_MAX {
            let previous = match new.attempt.previous() {
                Some(previous) => self.intent(&previous).await?.map(|intent| intent.state),
                None => None,
            };
            let kept = self.kept(&new.attempt).await?;
            let round = match decide::begin(new, kept, previous) {
                Beginning::Write(round) => round,
                Beginning::Answer(begun) => return Ok(begun),
            };
            let result = sqlx::query(statements::BEGIN)
                .bind(new.attempt.gateway_order_id().as_str())
                .bind(i64::from(round.get()))
                .bind(new.operation)
                .bind(new.fingerprint.to_text())
                .bind(time_out(now))
                .execute(&self.pool)
                .await
                .map_err(postgres)?;
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
            .execute(&self.pool)
            .await
            .map_err(postgres)?;
        if result.rows_affected() == 1 {
            return Ok(());
        }
        let is_known = self.kept(attempt).await?.is_some();
        Err(decide::not_open(is_known))
    }

    async fn finish(
        &self,
        attempt: &Attempt,
        round: Round,
        outcome: Outcome,
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
                .bind(attempt.gateway_order_id().as_str())
                .bind(i64::from(intent.round.get()))
                .bind(intent_state_out(intent.state))
                .execute(&self.pool)
                .await
                .map_err(postgres)?;
            if result.rows_affected() == 1 {
                return Ok(());
            }
        }
        Err(StoreErrorKind::Busy.into())
    }

    async fn intent(&self, attempt: &Attempt) -> Result<Option<Intent>, StoreError> {
        Ok(self.kept(attempt).await?.map(|kept| kept.intent))
    }

    async fn open_intents(
        &self,
        begun_until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Intent>, StoreError> {
        let rows = sqlx::query(statements::OPEN_INTENTS)
            .bind(time_out(begun_until))
            .bind(limit_out(limit))
            .fetch_all(&self.pool)
            .await
            .map_err(postgres)?;
        rows.iter()
            .map(|row| intent_in(row).map(|kept| kept.intent))
            .collect()
    }
}

impl PostgresStore {
    async fn kept(&self, attempt: &Attempt) -> Result<Option<Kept>, StoreError> {
        let row = sqlx::query(statements::INTENT)
            .bind(attempt.gateway_order_id().as_str())
            .fetch_optional(&self.pool)
            .await
            .map_err(postgres)?;
        row.as_ref().map(intent_in).transpose()
    }
}
