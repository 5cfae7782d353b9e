//! Inbox and journal in PostgreSQL.

mod again;
mod effects;
mod inbox;
mod journal;
mod lent;
mod plans;
mod rows;

use std::fmt;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions as _, PgConnection, Pool, Postgres, Transaction};
use zeroize::Zeroizing;

use self::lent::{PostgresLent, is_undone};
use crate::error::{StoreError, StoreErrorKind};
use crate::inbox::{Claim, Completed, EffectKey};
use crate::sql::failure::{failure, migration_failure};
use crate::sql::lend::in_time;
use crate::sql::schema;
use crate::sql::writer::Writer;

/// How a PostgreSQL store is opened.
#[derive(Clone)]
#[non_exhaustive]
pub struct PostgresOptions {
    url: Zeroizing<String>,
    /// How many callbacks may wait to be stored before more are refused. 1024 unless said otherwise.
    pub queue_max: usize,
    /// The most connections. 8 unless said otherwise.
    pub connections_max: u32,
    /// How long to wait for a connection. 5 seconds unless said otherwise.
    pub connect_timeout: Duration,
    /// How long the server may take over what the store asks of it, such as to store a batch of callbacks, before the
    /// connection counts as lost. Nothing else tells that a host has vanished. What you write within an effect is not
    /// limited by it. 10 seconds unless said otherwise.
    pub statement_timeout: Duration,
    /// Whether a database without an inbox is [refused](StoreErrorKind::NotFound) instead of getting one, and so are tables
    /// of an [older version](StoreErrorKind::OlderSchema). False unless said otherwise.
    pub must_exist: bool,
}

impl PostgresOptions {
    /// The usual options for `postgres://user:password@host:port/database?sslmode=verify-full`.
    ///
    /// What the address leaves out, PostgreSQL's own variables (`PGPASSWORD` and its like) may say. Beyond this machine use `sslmode=verify-full`: without it, TLS is used only if the server offers it.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: Zeroizing::new(url.into()),
            queue_max: 1024,
            connections_max: 8,
            connect_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(10),
            must_exist: false,
        }
    }
}

impl fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresOptions")
            .field("url", &"**") // It may hold a password.
            .field("queue_max", &self.queue_max)
            .field("connections_max", &self.connections_max)
            .field("connect_timeout", &self.connect_timeout)
            .field("statement_timeout", &self.statement_timeout)
            .field("must_exist", &self.must_exist)
            .finish()
    }
}

/// An [`Inbox`](crate::Inbox) and a [`Journal`](crate::Journal) in PostgreSQL, for any number of processes. Cheap to
/// clone.
///
/// Unique keys make things happen once and `FOR UPDATE SKIP LOCKED` hands each entry to one worker; nothing else
/// coordinates them. Callbacks that come together share one statement and one commit. Should the server be set up to
/// acknowledge before it has written (`synchronous_commit = off`), now or later, the connections of this store are not. A
/// server that takes no writes, as one does after another has taken over, counts as one that cannot be reached.
///
/// Its tables begin with `xgateway_` and are made in the first schema of the search path. They get along with tables of
/// yours, for [`apply`](Self::apply)'s sake.
#[derive(Clone, Debug)]
pub struct PostgresStore {
    writer: Arc<Writer>,
    pool: Pool<Postgres>,
    statement_timeout: Duration,
}

const BATCH_MAX: usize = 256;

/// What the statements rely on. Always set, so that no later change of the server's settings changes it. A process that is
/// stopped in the middle of an effect, or cut off from the server, holds its rows for a minute at most.
const SESSION: &str = "SELECT
     set_config('synchronous_commit', CASE sync WHEN 'off' THEN 'on' ELSE sync END, false),
     set_config('default_transaction_isolation', 'read committed', false),
     set_config('idle_in_transaction_session_timeout', CASE idle WHEN '0' THEN '60s' ELSE idle END, false)
 FROM current_setting('synchronous_commit') AS sync,
     current_setting('idle_in_transaction_session_timeout') AS idle";

/// Has the server look after a client that hangs up in the middle of a statement, such as one that waits for a lock: else
/// it goes on, holds its rows, and takes up one of the server's connections. A server that cannot is left as it is, as is one
/// that was set to another time.
const LOOK_AFTER_CLIENT: &str = "SELECT set_config('client_connection_check_interval', $1, false)
    WHERE current_setting('client_connection_check_interval', true) = '0'";

impl PostgresStore {
    /// Connects and brings the tables up to date. Processes that do so at the same time wait for each other.
    ///
    /// Must be called within a tokio runtime: the task that writes lives there.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::NewerSchema`] if a newer version of this crate has changed the tables,
    /// [`StoreErrorKind::NotFound`] if there are none and the options ask for them; other [`StoreError`]s.
    pub async fn open(options: PostgresOptions) -> Result<Self, StoreError> {
        // The parser takes any scheme, and then looks for a server where none was meant.
        let scheme = options.url.split("://").next();
        if !matches!(scheme, Some("postgres" | "postgresql")) {
            return Err(StoreErrorKind::Configuration.into());
        }
        let connect = PgConnectOptions::from_str(&options.url)
            .map_err(|_| StoreErrorKind::Configuration)?
            .disable_statement_logging();
        let connect = match connect.get_application_name() {
            Some(_) => connect,
            None => connect.application_name("xgateway"),
        };
        let limit = options.statement_timeout;
        let pool = PgPoolOptions::new()
            // One writes what arrives; without another, whoever applies would stop it.
            .max_connections(options.connections_max.max(2))
            .acquire_timeout(options.connect_timeout)
            // Instead of a ping: where another server has taken over, the old one answers, and takes no writes.
            .test_before_acquire(false)
            .before_acquire(|connection, _| Box::pin(takes_writes(connection)))
            .after_release(move |connection, _| {
                Box::pin(async move { Ok(is_undone(connection, limit).await) })
            })
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    sqlx::query(SESSION).execute(&mut *connection).await?;
                    let looking =
                        sqlx::query(LOOK_AFTER_CLIENT).bind(limit.as_millis().to_string());
                    drop(looking.execute(&mut *connection).await);
                    if takes_writes(connection).await? {
                        Ok(())
                    } else {
                        Err(sqlx::Error::Protocol(
                            "the server takes no writes".to_owned(),
                        ))
                    }
                })
            })
            .connect_with(connect.clone())
            .await;
        let pool = match pool {
            // The pool has tried until time was up, and does not tell what it got.
            Err(sqlx::Error::PoolTimedOut) => {
                let tried = tokio::time::timeout(options.connect_timeout, connect.connect()).await;
                let error = tried.ok().and_then(Result::err);
                return Err(postgres(error.unwrap_or(sqlx::Error::PoolTimedOut)));
            }
            pool => pool.map_err(postgres)?,
        };
        if options.must_exist {
            let is_there: bool =
                sqlx::query_scalar("SELECT to_regclass('xgateway_migration') IS NOT NULL")
                    .fetch_one(&pool)
                    .await
                    .map_err(postgres)?;
            if !is_there {
                let cause = "the database has no inbox";
                return Err(StoreError::with_cause(StoreErrorKind::NotFound, cause));
            }
            let version = sqlx::query_scalar(schema::FOUND).fetch_one(&pool).await;
            schema::must_be_current(version.map_err(postgres)?)?;
        } else {
            migrator()
                .run(&pool)
                .await
                .map_err(|error| migration_failure(&error, kind_of_code))?;
        }
        let writer = Writer::start(
            rows::PostgresRows::new(pool.clone(), limit),
            again::PostgresAgain {
                pool: pool.clone(),
                limit,
            },
            options.queue_max,
            BATCH_MAX,
        );
        Ok(Self {
            writer: Arc::new(writer),
            pool,
            statement_timeout: limit,
        })
    }

    /// Begins the effect of an entry, in a database transaction that also ends the entry: both happen, or neither.
    ///
    /// Write what the effect is with [`PostgresEffect::connection`], then call [`PostgresEffect::commit`]. Without the
    /// commit nothing happens, and the entry is still the caller's. Wait for nothing else in between: the server undoes a
    /// transaction in which nothing was asked of it for a minute, unless it is set to another time. `None` means that an effect with this key has been
    /// recorded before: there is nothing to do, and the entry is done. Of two with one key at the same time, the second
    /// waits for the first.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::LeaseLost`] if the entry is no longer the caller's; other [`StoreError`]s.
    pub async fn apply(
        &self,
        claim: &Claim,
        key: &EffectKey,
        now: Timestamp,
    ) -> Result<Option<PostgresEffect>, StoreError> {
        let begun = async {
            let mut transaction = self.begin_write().await?;
            match inbox::complete(&mut transaction, claim, Some(key), now).await? {
                Completed::First => Ok(Some(self.effect(transaction))),
                Completed::Repeated => {
                    transaction.commit().await.map_err(postgres)?;
                    Ok(None)
                }
            }
        };
        in_time(self.limit(), begun).await
    }

    /// Takes no more callbacks, stores those that wait, and closes the connections.
    pub async fn close(&self) {
        self.writer.close().await;
        self.pool.close().await;
    }

    async fn begin_write(&self) -> Result<Transaction<'static, Postgres>, StoreError> {
        self.pool.begin().await.map_err(postgres)
    }

    fn effect(&self, transaction: Transaction<'static, Postgres>) -> PostgresEffect {
        PostgresEffect {
            transaction,
            limit: self.limit(),
        }
    }

    async fn writing(&self) -> Result<PostgresLent, StoreError> {
        PostgresLent::of(&self.pool).await
    }

    async fn reading(&self) -> Result<PostgresLent, StoreError> {
        PostgresLent::of(&self.pool).await
    }

    #[expect(clippy::unnecessary_wraps, reason = "SQLite has none")]
    fn limit(&self) -> Option<Duration> {
        Some(self.statement_timeout)
    }
}

/// An effect that is under way: see [`PostgresStore::apply`]. Dropped without a commit, it has not happened.
#[must_use = "without a commit nothing happens"]
pub struct PostgresEffect {
    transaction: Transaction<'static, Postgres>,
    limit: Option<Duration>,
}

impl PostgresEffect {
    /// The connection whose transaction everything of the effect must go through. Do not end the transaction with
    /// statements of your own.
    pub fn connection(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }

    /// Makes the effect and the end of its entry happen.
    ///
    /// # Errors
    ///
    /// [`StoreError`], also if a statement of the effect failed and nobody looked; then neither has happened, except
    /// that after [`StoreErrorKind::Unavailable`] both may have.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        let committed = async {
            // After a failed statement a commit undoes everything and reports success. Any other statement reports it.
            sqlx::query("SELECT 1")
                .execute(&mut *self.transaction)
                .await
                .map_err(|error| undone(&error).unwrap_or_else(|| postgres(error)))?;
            self.transaction.commit().await.map_err(postgres)
        };
        in_time(self.limit, committed).await
    }
}

impl fmt::Debug for PostgresEffect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresEffect").finish_non_exhaustive()
    }
}

/// What the server says if an effect has done nothing for too long: it is undone for good, and its own doing.
fn undone(error: &sqlx::Error) -> Option<StoreError> {
    let sqlx::Error::Database(error) = error else {
        return None;
    };
    let cause = "the effect did nothing for so long that the server has undone it";
    (error.code().as_deref() == Some("25P03"))
        .then(|| StoreError::with_cause(StoreErrorKind::Database, cause))
}

/// Whether a server takes writes: one that follows another does not, nor does one that was told so.
async fn takes_writes(connection: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT current_setting('transaction_read_only') = 'off'")
        .fetch_one(connection)
        .await
}

fn migrator() -> Migrator {
    schema::migrator([
        include_str!("../migrations/postgres/0001_inbox_and_journal.sql"),
        include_str!("../migrations/postgres/0002_open_intents_by_order.sql"),
        include_str!("../migrations/postgres/0003_where_intents_were_sent.sql"),
        include_str!("../migrations/postgres/0004_one_of_a_subject_is_held.sql"),
        include_str!("../migrations/postgres/0005_narrow_work.sql"),
        include_str!("../migrations/postgres/0006_whose_inbox.sql"),
    ])
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "in the form that `map_err` takes"
)]
fn postgres(error: sqlx::Error) -> StoreError {
    failure(&error, kind_of_code)
}

/// The first two characters are the class.
fn kind_of_code(code: &str) -> StoreErrorKind {
    match code {
        "53100" => StoreErrorKind::DiskFull,
        // Serialisation failure, deadlock, lock not available.
        "40001" | "40P01" | "55P03" => StoreErrorKind::Busy,
        // Shut down, crashed, starting up; cancelled, or ended by a time limit: of a statement, of an idle session, of
        // an idle transaction, of a transaction.
        // And a server that takes no writes: another one has taken over. One whose disk is away. A statement whose end nobody
        // knows, or that the connection has forgotten, as behind a pooler: a fresh one cures that.
        "26000" | "0A000" | "58000" | "58030" | "58P01" | "40003" | "57P01" | "57P02" | "57P03"
        | "57014" | "57P05" | "25P03" | "25P04" | "25006" => StoreErrorKind::Unavailable,
        code => match code.get(..2) {
            // Connection, resources.
            Some("08" | "53") => StoreErrorKind::Unavailable,
            // Authorisation, no such database, no such schema, no privilege.
            Some("28" | "3D" | "3F") => StoreErrorKind::Configuration,
            Some("XX") => StoreErrorKind::Corrupt,
            _ if code == "42501" => StoreErrorKind::Configuration,
            _ => StoreErrorKind::Database,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A worker goes on after these.
    #[test]
    fn a_time_limit_of_the_server_is_transient() {
        for code in [
            "57014", "57P05", "25P03", "25P04", "25006", "58030", "40003",
        ] {
            let error = StoreError::from(kind_of_code(code));
            assert!(error.is_transient(), "{code}");
        }
    }
}
