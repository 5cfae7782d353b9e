//! The journal in a database: the same statements and decisions for SQLite and PostgreSQL, but for the one that holds on to
//! earlier attempts.

/// Implements [`Journal`](crate::Journal) for a store: the types of a connection and of a row, what turns an error of the database into
/// ours, and the statement that reads an intent so that nobody can change it before the end of the transaction.
///
/// The store has the methods `writing` and `reading` (a connection), `begin_write` (a transaction) and `limit` (how long
/// statements may take, if not for ever). A macro, since the two drivers have no trait in common that could both run a statement and count what it changed.
macro_rules! journal {
    ($store:ty, $connection:ty, $row:ty, $failure:path, $intent_held:expr) => {
        use async_trait::async_trait;
        use jiff::Timestamp;

        use crate::error::{StoreError, StoreErrorKind};
        use crate::journal::decide::{self, Beginning, Ending, Kept};
        use crate::journal::{
            Attempt, Begun, Intent, IntentState, Journal, NewIntent, Outcome, Progress, Round,
            Sighting,
        };
        use crate::sql::RACES_MAX;
        use crate::sql::codec::{Columns as _, intent_in, intent_state_out, limit_out, time_out};
        use crate::sql::lend::{Lent as _, in_time, on_lent};
        use crate::sql::statements;

        #[async_trait]
        impl Journal for $store {
            async fn begin(
                &self,
                new: &NewIntent<'_>,
                now: Timestamp,
            ) -> Result<Begun, StoreError> {
                for _ in 0..RACES_MAX {
                    let begun = match new.attempt.previous() {
                        // No other row matters, so one statement will do.
                        None => self.begin_first(new, now).await?,
                        Some(_) => in_time(self.limit(), self.begin_further(new, now)).await?,
                    };
                    if let Some(begun) = begun {
                        return Ok(begun);
                    }
                }
                Err(StoreErrorKind::Busy.into())
            }

            async fn note(
                &self,
                sighting: Sighting<'_>,
                progress: &Progress,
            ) -> Result<(), StoreError> {
                let Sighting { attempt, round, .. } = sighting;
                let query = sqlx::query(statements::NOTE)
                    .bind(progress.as_str())
                    .bind(attempt.gateway_order_id().as_str())
                    .bind(i64::from(round.get()))
                    .bind(sighting.progress.map(Progress::as_str));
                let result = on_lent!(self, writing, |connection| {
                    query.execute(connection).await.map_err($failure)
                })?;
                if result.rows_affected() == 1 {
                    return Ok(());
                }
                let is_known = self.kept(attempt).await?.is_some();
                Err(decide::outpaced(is_known))
            }

            async fn finish(
                &self,
                sighting: Sighting<'_>,
                outcome: Outcome,
                progress: Option<&Progress>,
                now: Timestamp,
            ) -> Result<(), StoreError> {
                let attempt = sighting.attempt;
                for _ in 0..RACES_MAX {
                    let kept = self.kept(attempt).await?;
                    let Kept { intent, .. } = kept.ok_or(StoreErrorKind::NotFound)?;
                    match decide::finish(&intent, sighting, outcome)? {
                        Ending::Known => return Ok(()),
                        Ending::Write => {}
                    }
                    let query = sqlx::query(statements::FINISH)
                        .bind(intent_state_out(IntentState::Finished(outcome)))
                        .bind(time_out(now))
                        .bind(progress.map(Progress::as_str))
                        .bind(attempt.gateway_order_id().as_str())
                        .bind(i64::from(intent.round.get()))
                        .bind(intent_state_out(intent.state))
                        .bind(intent.progress.as_ref().map(Progress::as_str));
                    let result = on_lent!(self, writing, |connection| {
                        query.execute(connection).await.map_err($failure)
                    })?;
                    if result.rows_affected() == 1 {
                        return Ok(());
                    }
                }
                Err(StoreErrorKind::Busy.into())
            }

            async fn reopen(
                &self,
                sighting: Sighting<'_>,
                ended: Outcome,
                progress: &Progress,
            ) -> Result<(), StoreError> {
                let Sighting { attempt, round, .. } = sighting;
                let query = sqlx::query(statements::REOPEN_INTENT)
                    .bind(progress.as_str())
                    .bind(attempt.gateway_order_id().as_str())
                    .bind(i64::from(round.get()))
                    .bind(intent_state_out(IntentState::Finished(ended)))
                    .bind(sighting.progress.map(Progress::as_str));
                let result = on_lent!(self, writing, |connection| {
                    query.execute(connection).await.map_err($failure)
                })?;
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
                let after = after.map_or((i64::MIN, String::new()), |after| {
                    let order = after.attempt.gateway_order_id().as_str();
                    (time_out(after.begun_at), order.to_owned())
                });
                self.open_where(begun_until, after, limit, |row| {
                    intent_in(row).ok().map(|kept| kept.intent)
                })
                .await
            }

            async fn ended_intents(
                &self,
                since: Timestamp,
                limit: usize,
            ) -> Result<Vec<Intent>, StoreError> {
                // It may read the whole journal, however long that takes.
                let mut lent = self.reading().await?;
                let rows = sqlx::query(statements::ENDED_INTENTS)
                    .bind(time_out(since))
                    .bind(limit_out(limit))
                    .fetch_all(&mut *lent)
                    .await
                    .map_err($failure)?;
                lent.give_back();
                let read = rows.iter().filter_map(|row| intent_in(row).ok());
                Ok(read.map(|kept| kept.intent).collect())
            }

            async fn unreadable(&self, limit: usize) -> Result<Vec<String>, StoreError> {
                let start = (i64::MIN, String::new());
                self.open_where(Timestamp::MAX, start, limit, |row| {
                    let order = row.text("gateway_order").map(str::to_owned);
                    intent_in(row).err().and(order.ok())
                })
                .await
            }
        }

        impl $store {
            /// What `take` takes of the open intents behind a place: so many, or as many as there are.
            async fn open_where<T: Send>(
                &self,
                begun_until: Timestamp,
                mut after: (i64, String),
                limit: usize,
                take: fn(&$row) -> Option<T>,
            ) -> Result<Vec<T>, StoreError> {
                let mut taken = Vec::new();
                loop {
                    let missing = limit - taken.len();
                    let query = sqlx::query(statements::OPEN_INTENTS)
                        .bind(time_out(begun_until))
                        .bind(after.0)
                        .bind(&after.1)
                        .bind(limit_out(missing));
                    let rows = on_lent!(self, reading, |connection| {
                        query.fetch_all(connection).await.map_err($failure)
                    })?;
                    taken.extend(rows.iter().filter_map(take));
                    match rows.last() {
                        Some(last) if rows.len() == missing && taken.len() < limit => {
                            let order = last.text("gateway_order")?.to_owned();
                            after = (last.number("begun_ms")?, order);
                        }
                        _ => return Ok(taken),
                    }
                }
            }

            async fn kept(&self, attempt: &Attempt) -> Result<Option<Kept>, StoreError> {
                on_lent!(self, reading, |connection| {
                    read(connection, statements::INTENT, attempt).await
                })
            }

            /// Begins an order's first attempt. `None` if somebody else was faster.
            async fn begin_first(
                &self,
                new: &NewIntent<'_>,
                now: Timestamp,
            ) -> Result<Option<Begun>, StoreError> {
                let kept = self.kept(&new.attempt).await?;
                match decide::begin(new, kept, &[]) {
                    Beginning::Answer(begun) => Ok(Some(begun)),
                    Beginning::Write(round) => {
                        on_lent!(self, writing, |connection| {
                            write_begin(connection, new, round, now).await
                        })
                    }
                }
            }

            /// Begins an attempt after others, in a transaction in which those cannot change: one that turns out to be
            /// paid has done so either before the decision or after the commit. `None` if somebody else was faster.
            async fn begin_further(
                &self,
                new: &NewIntent<'_>,
                now: Timestamp,
            ) -> Result<Option<Begun>, StoreError> {
                let mut transaction = self.begin_write().await?;
                let mut earlier = Vec::new();
                for attempt in new.attempt.earlier() {
                    let kept = read(&mut transaction, $intent_held, &attempt).await?;
                    earlier.push(kept.map(|kept| kept.intent));
                }
                // Not held: two who begin it at once would wait for each other.
                let kept = read(&mut transaction, statements::INTENT, &new.attempt).await?;
                let begun = match decide::begin(new, kept, &earlier) {
                    Beginning::Answer(begun) => Some(begun),
                    Beginning::Write(round) => {
                        write_begin(&mut transaction, new, round, now).await?
                    }
                };
                transaction.commit().await.map_err($failure)?;
                Ok(begun)
            }
        }

        /// Reads an intent within a transaction.
        async fn read(
            connection: &mut $connection,
            statement: &'static str,
            attempt: &Attempt,
        ) -> Result<Option<Kept>, StoreError> {
            let row = sqlx::query(statement)
                .bind(attempt.gateway_order_id().as_str())
                .fetch_optional(connection)
                .await
                .map_err($failure)?;
            row.as_ref().map(intent_in).transpose()
        }

        /// Writes a beginning. `None` if somebody else was faster.
        async fn write_begin(
            connection: &mut $connection,
            new: &NewIntent<'_>,
            round: Round,
            now: Timestamp,
        ) -> Result<Option<Begun>, StoreError> {
            let result = sqlx::query(statements::BEGIN)
                .bind(new.attempt.gateway_order_id().as_str())
                .bind(i64::from(round.get()))
                .bind(new.operation)
                .bind(new.fingerprint.to_text())
                .bind(new.destination.environment())
                .bind(new.destination.account_text())
                .bind(time_out(now))
                .bind(new.progress.as_ref().map(Progress::as_str))
                .execute(connection)
                .await
                .map_err($failure)?;
            Ok((result.rows_affected() == 1).then_some(Begun::New(round)))
        }
    };
}

pub(crate) use journal;
