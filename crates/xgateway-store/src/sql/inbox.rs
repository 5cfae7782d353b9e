//! The inbox in a database: the same statements for SQLite and PostgreSQL, but for the one that claims.

/// Implements [`Inbox`](crate::Inbox) for a store, and `complete`: the type of a connection, what turns an error of the
/// database into ours, the table where what changes about entries is, and what claims (lease's end, now, limit) and
/// returns the rows, or `None` if another worker was faster.
///
/// The store has the methods `writing` and `reading` (a connection), `begin_write` (a transaction) and `limit` (how long
/// statements may take, if not for ever), and `effects::recorded` finds out which effects are recorded. A macro, since the two drivers have no
/// trait in common that could both run a statement and count what it changed. Beside the macro is `PRUNE` (ids from after the
/// first to the second, time).
macro_rules! inbox {
    ($store:ty, $connection:ty, $failure:path, $changes:literal, $claim:path) => {
        use std::time::Duration;

        use async_trait::async_trait;
        use jiff::Timestamp;
        use sqlx::QueryBuilder;

        use super::effects::recorded;
        use crate::error::{StoreError, StoreErrorKind};
        use crate::inbox::{
            Accepted, Claim, Completed, Counts, EffectKey, Entry, EntryId, Inbox, ListQuery,
            NewEntry, Page, Pruned, Reason,
        };
        use crate::lease_end;
        use crate::sql::codec::{
            Columns, claim_in, count_in, entry_id_in, entry_in, limit_out, state_out, time_out,
        };
        use crate::sql::lend::{Lent as _, in_time, on_lent};
        use crate::sql::{RACES_MAX, must_be, statements};

        statements::changes!($changes);

        #[async_trait]
        impl Inbox for $store {
            async fn accept(&self, entry: NewEntry) -> Result<Accepted, StoreError> {
                self.writer.accept(entry).await
            }

            async fn claim(
                &self,
                now: Timestamp,
                lease: Duration,
                limit: usize,
            ) -> Result<Vec<Claim>, StoreError> {
                let until = time_out(lease_end(now, lease));
                for _ in 0..RACES_MAX {
                    let claim = $claim(self, until, time_out(now), limit_out(limit));
                    let rows = in_time(self.limit(), claim).await?;
                    let Some(rows) = rows else {
                        continue;
                    };
                    let mut claims = Vec::with_capacity(rows.len());
                    for row in &rows {
                        match claim_in(row) {
                            Ok(claim) => claims.push(claim),
                            // The others can do nothing for it, also if it cannot be given up: then it is due again when the
                            // lease is over.
                            Err(_) => {
                                let given_up = async {
                                    on_lent!(self, writing, |connection| {
                                        give_up(connection, row, now).await
                                    })
                                };
                                tell_unreadable(row, &given_up.await);
                            }
                        }
                    }
                    claims.sort_by_key(|claim| claim.entry().id);
                    return Ok(claims);
                }
                let cause = "others claim entries about the same subjects all the time";
                Err(StoreError::with_cause(StoreErrorKind::Busy, cause))
            }

            async fn complete(
                &self,
                claim: &Claim,
                effect: Option<&EffectKey>,
                now: Timestamp,
            ) -> Result<Completed, StoreError> {
                let completed = async {
                    let mut transaction = self.begin_write().await?;
                    let completed = complete(&mut transaction, claim, effect, now).await?;
                    transaction.commit().await.map_err($failure)?;
                    Ok(completed)
                };
                in_time(self.limit(), completed).await
            }

            async fn retry(
                &self,
                claim: &Claim,
                at: Timestamp,
                reason: &Reason,
            ) -> Result<(), StoreError> {
                on_lent!(self, writing, |connection| {
                    give_back(connection, RETRY, claim, at, reason).await
                })
            }

            async fn retry_with_attempts(
                &self,
                claim: &Claim,
                at: Timestamp,
                reason: &Reason,
                attempts: u32,
            ) -> Result<(), StoreError> {
                on_lent!(self, writing, |connection| {
                    let query = sqlx::query(RETRY_WITH_ATTEMPTS)
                        .bind(time_out(at))
                        .bind(reason.as_str())
                        .bind(claim.entry().id.get())
                        .bind(claim.fence())
                        .bind(i64::from(attempts));
                    let result = query.fetch_optional(connection).await.map_err($failure)?;
                    lost_or_repeated(result.as_ref())
                })
            }

            async fn dead(
                &self,
                claim: &Claim,
                reason: &Reason,
                now: Timestamp,
            ) -> Result<(), StoreError> {
                on_lent!(self, writing, |connection| {
                    give_back(connection, DEAD, claim, now, reason).await
                })
            }

            async fn record(
                &self,
                claim: &Claim,
                effect: &EffectKey,
                now: Timestamp,
            ) -> Result<(), StoreError> {
                let recorded = async {
                    let mut transaction = self.begin_write().await?;
                    let (id, fence) = (claim.entry().id, claim.fence());
                    let result = sqlx::query(HOLD)
                        .bind(id.get())
                        .bind(fence)
                        .execute(&mut *transaction)
                        .await
                        .map_err($failure)?;
                    lost_unless(result.rows_affected() == 1)?;
                    record(&mut transaction, effect, id, now).await?;
                    transaction.commit().await.map_err($failure)
                };
                in_time(self.limit(), recorded).await
            }

            async fn is_done(&self, effect: &EffectKey) -> Result<bool, StoreError> {
                on_lent!(self, reading, |connection| {
                    sqlx::query(statements::FIND_EFFECT)
                        .bind(&effect.packed()[..])
                        .fetch_optional(connection)
                        .await
                        .map(|row| row.is_some())
                        .map_err($failure)
                })
            }

            async fn are_done(&self, effects: &[EffectKey]) -> Result<Vec<bool>, StoreError> {
                let packed: Vec<_> = effects.iter().map(EffectKey::packed).collect();
                let done = on_lent!(self, reading, |connection| {
                    recorded(connection, &packed).await
                })?;
                Ok(packed.iter().map(|packed| done.contains(packed)).collect())
            }

            async fn replay(&self, id: EntryId, now: Timestamp) -> Result<(), StoreError> {
                on_lent!(self, writing, |connection| {
                    replay(connection, id, now).await
                })
            }

            async fn replay_dead(
                &self,
                after: Option<EntryId>,
                limit: usize,
                now: Timestamp,
            ) -> Result<Vec<EntryId>, StoreError> {
                let rows = on_lent!(self, writing, |connection| {
                    sqlx::query(REPLAY_DEAD)
                        .bind(time_out(now))
                        .bind(after.map_or(0, EntryId::get))
                        .bind(limit_out(limit))
                        .fetch_all(connection)
                        .await
                        .map_err($failure)
                })?;
                let ids: Result<Vec<_>, _> = rows.iter().map(entry_id_in).collect();
                let mut ids = ids?;
                ids.sort_unstable();
                Ok(ids)
            }

            async fn discard(
                &self,
                id: EntryId,
                effect: Option<&EffectKey>,
                reason: &Reason,
                now: Timestamp,
            ) -> Result<(), StoreError> {
                let discarded = async {
                    let mut transaction = self.begin_write().await?;
                    let result = sqlx::query(DISCARD)
                        .bind(time_out(now))
                        .bind(reason.as_str())
                        .bind(id.get())
                        .execute(&mut *transaction)
                        .await
                        .map_err($failure)?;
                    if result.rows_affected() == 1 {
                        if let Some(effect) = effect {
                            record(&mut transaction, effect, id, now).await?;
                        }
                        transaction.commit().await.map_err($failure)?;
                        return Ok(true);
                    }
                    Ok(false)
                };
                if in_time(self.limit(), discarded).await? {
                    return Ok(());
                }
                let is_there = on_lent!(self, reading, |connection| {
                    is_there(connection, id).await
                })?;
                Err(if is_there {
                    StoreErrorKind::NotDead.into()
                } else {
                    StoreErrorKind::NotFound.into()
                })
            }

            async fn prune(
                &self,
                before: Timestamp,
                after: Option<EntryId>,
                limit: usize,
            ) -> Result<Pruned, StoreError> {
                let after = after.map_or(0, EntryId::get);
                on_lent!(self, writing, |connection| {
                    let last: Option<i64> = sqlx::query_scalar(LAST_OF_PART)
                        .bind(after)
                        .bind(limit_out(limit))
                        .fetch_one(&mut *connection)
                        .await
                        .map_err($failure)?;
                    let mut count = 0;
                    if let Some(last) = last {
                        let result = sqlx::query(PRUNE)
                            .bind(after)
                            .bind(last)
                            .bind(time_out(before))
                            .execute(connection)
                            .await
                            .map_err($failure)?;
                        count = result.rows_affected();
                    }
                    Ok(Pruned::new(count, last.map(EntryId::new)))
                })
            }

            async fn belongs_to(&self, environment: &str) -> Result<(), StoreError> {
                on_lent!(self, writing, |connection| {
                    sqlx::query(statements::BELONG)
                        .bind(environment)
                        .execute(&mut *connection)
                        .await
                        .map_err($failure)?;
                    let owner: String = sqlx::query_scalar(statements::OWNER)
                        .fetch_one(connection)
                        .await
                        .map_err($failure)?;
                    must_be(&owner, environment)
                })
            }

            async fn show(&self, id: EntryId) -> Result<Option<Entry>, StoreError> {
                on_lent!(self, reading, |connection| {
                    let row = sqlx::query(statements::SHOW)
                        .bind(id.get())
                        .fetch_optional(connection)
                        .await
                        .map_err($failure)?;
                    row.as_ref().map(entry_in).transpose()
                })
            }

            async fn page(&self, query: ListQuery) -> Result<Page, StoreError> {
                let mut sql = QueryBuilder::new("SELECT ");
                sql.push(statements::entry_columns!())
                    .push(" FROM xgateway_inbox WHERE id > ");
                sql.push_bind(query.after.map_or(0, EntryId::get));
                if let Some(state) = query.state {
                    // Not bound: the planner must see it to use the index of the state.
                    sql.push(" AND state = ").push(state_out(state));
                }
                sql.push(" ORDER BY id LIMIT ")
                    .push_bind(limit_out(query.limit));
                let rows = on_lent!(self, reading, |connection| {
                    sql.build().fetch_all(connection).await.map_err($failure)
                })?;
                let (mut entries, mut unreadable) = (Vec::with_capacity(rows.len()), Vec::new());
                for row in &rows {
                    match entry_in(row) {
                        Ok(entry) => entries.push(entry),
                        Err(_) => unreadable.push(entry_id_in(row)?),
                    }
                }
                Ok(Page::new(entries, unreadable, query))
            }

            async fn counts(&self) -> Result<Counts, StoreError> {
                // It may read them all, however long that takes.
                let mut lent = self.reading().await?;
                let rows = sqlx::query(COUNTS)
                    .fetch_all(&mut *lent)
                    .await
                    .map_err($failure)?;
                lent.give_back();
                let mut counts = Counts::default();
                for row in &rows {
                    count_in(&mut counts, row)?;
                }
                Ok(counts)
            }
        }

        /// Ends an entry and records its effect.
        pub(super) async fn complete(
            connection: &mut $connection,
            claim: &Claim,
            effect: Option<&EffectKey>,
            now: Timestamp,
        ) -> Result<Completed, StoreError> {
            let result = sqlx::query(DONE)
                .bind(time_out(now))
                .bind(claim.entry().id.get())
                .bind(claim.fence())
                .execute(&mut *connection)
                .await
                .map_err($failure)?;
            lost_unless(result.rows_affected() == 1)?;
            let Some(effect) = effect else {
                return Ok(Completed::First);
            };
            record(connection, effect, claim.entry().id, now).await
        }

        /// Records an effect, unless it is recorded.
        async fn record(
            connection: &mut $connection,
            effect: &EffectKey,
            entry: EntryId,
            now: Timestamp,
        ) -> Result<Completed, StoreError> {
            let result = sqlx::query(statements::RECORD_EFFECT)
                .bind(&effect.packed()[..])
                .bind(effect.as_str())
                .bind(entry.get())
                .bind(time_out(now))
                .execute(connection)
                .await
                .map_err($failure)?;
            Ok(if result.rows_affected() == 1 {
                Completed::First
            } else {
                Completed::Repeated
            })
        }

        /// Ends a claim without its effect.
        async fn give_back(
            connection: &mut $connection,
            statement: &'static str,
            claim: &Claim,
            at: Timestamp,
            reason: &Reason,
        ) -> Result<(), StoreError> {
            let row = sqlx::query(statement)
                .bind(time_out(at))
                .bind(reason.as_str())
                .bind(claim.entry().id.get())
                .bind(claim.fence())
                .fetch_optional(connection)
                .await
                .map_err($failure)?;
            lost_or_repeated(row.as_ref())
        }

        /// An entry that has come again is let go, too, but not as its worker wanted, who is told that.
        fn lost_or_repeated(row: Option<&impl Columns>) -> Result<(), StoreError> {
            let row = row.ok_or(StoreErrorKind::LeaseLost)?;
            lost_unless(row.text_or_null("reason")?.is_some())
        }

        /// Makes a dead letter of an entry that was just claimed and that this version cannot read.
        async fn give_up(
            connection: &mut $connection,
            row: &impl Columns,
            now: Timestamp,
        ) -> Result<(), StoreError> {
            sqlx::query(DEAD)
                .bind(time_out(now))
                .bind("this version cannot read it")
                .bind(row.number("id")?)
                .bind(row.number("fence")?)
                .execute(connection)
                .await
                .map_err($failure)?;
            Ok(())
        }

        fn tell_unreadable(row: &impl Columns, given_up: &Result<(), StoreError>) {
            let entry = row.number("id").ok();
            match given_up {
                Ok(()) => tracing::warn!(
                    entry,
                    "callback that this version cannot read is given up; a later version may read it"
                ),
                Err(error) => tracing::warn!(
                    entry,
                    %error,
                    "callback that this version cannot read could not be given up; it is held until its lease is over"
                ),
            }
        }

        fn lost_unless(held: bool) -> Result<(), StoreError> {
            if held {
                Ok(())
            } else {
                Err(StoreErrorKind::LeaseLost.into())
            }
        }

        async fn replay(
            connection: &mut $connection,
            id: EntryId,
            at: Timestamp,
        ) -> Result<(), StoreError> {
            let result = sqlx::query(REPLAY)
                .bind(time_out(at))
                .bind(id.get())
                .execute(&mut *connection)
                .await
                .map_err($failure)?;
            if result.rows_affected() == 1 {
                return Ok(());
            }
            Err(if is_there(connection, id).await? {
                StoreErrorKind::Held.into()
            } else {
                StoreErrorKind::NotFound.into()
            })
        }

        async fn is_there(connection: &mut $connection, id: EntryId) -> Result<bool, StoreError> {
            let shown = sqlx::query(statements::SHOW).bind(id.get());
            let row = shown.fetch_optional(connection).await.map_err($failure)?;
            Ok(row.is_some())
        }
    };
}

pub(crate) use inbox;
