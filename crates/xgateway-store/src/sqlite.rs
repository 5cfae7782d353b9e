//! Inbox and journal in one SQLite file.

mod connection;
mod effects;
mod inbox;
mod journal;
mod rows;

use std::fmt;
use std::io;
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::migrate::Migrator;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, Pool, Sqlite, SqliteConnection};
use tokio::time::{Instant, sleep};

use self::connection::{WriteTransaction, Writing};
use crate::error::{StoreError, StoreErrorKind};
use crate::inbox::{Claim, Completed, EffectKey};
use crate::sql::failure::{failure, migration_failure};
use crate::sql::lend::Lent;
use crate::sql::schema;
use crate::sql::writer::Writer;

/// How a SQLite store is opened.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct SqliteOptions {
    /// The file. It is made, readable by its owner only, if it is not there; its folder must be.
    pub path: PathBuf,
    /// How many callbacks may wait to be stored before more are refused. 1024 unless said otherwise.
    pub queue_max: usize,
    /// How long to wait for another process that writes to the file. 5 seconds unless said otherwise.
    pub busy_timeout: Duration,
    /// The most pages of 4096 bytes that the file may have; as many as there are unless said otherwise.
    pub page_count_max: Option<u32>,
    /// Whether a file that is not there, or holds no store, is [refused](StoreErrorKind::NotFound) and left as it is; so are
    /// tables of an [older version](StoreErrorKind::OlderSchema). False unless said otherwise.
    pub must_exist: bool,
}

impl SqliteOptions {
    /// The usual options.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            queue_max: 1024,
            busy_timeout: Duration::from_secs(5),
            page_count_max: None,
            must_exist: false,
        }
    }
}

/// An [`Inbox`](crate::Inbox) and a [`Journal`](crate::Journal) in one SQLite file. Cheap to clone.
///
/// What it has answered survives the loss of power: write-ahead log, `synchronous=FULL`. One connection writes, so
/// callbacks that come together share a commit. Other processes may use the same file, each write of theirs waits its
/// turn; for many machines there is the PostgreSQL store. Its tables begin with `xgateway_` and get along with tables
/// of yours, for [`apply`](Self::apply)'s sake.
///
/// Payloads hold personal data: a file that this makes is readable by its owner only, where the platform has owners.
/// It is not encrypted.
///
/// ```
/// use std::time::Duration;
///
/// use jiff::Timestamp;
/// use xgateway_store::{EffectKey, Inbox, SqliteOptions, SqliteStore};
/// # use xgateway_store::{ContentDigest, EventKey, Kind, NewEntry};
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("xgateway.db");
/// let store = SqliteStore::open(SqliteOptions::new(path)).await?;
/// # let key = EventKey::new(Kind::Transaction, "916c9ef9", "confirmed")?;
/// # store.accept(NewEntry::new(key, ContentDigest::of(&["10"]), &b"{}"[..], Timestamp::UNIX_EPOCH)?).await?;
/// # let now = Timestamp::UNIX_EPOCH;
/// for claim in store.claim(now, Duration::from_secs(30), 10).await? {
///     let credit = EffectKey::parse(&format!("credit:{}", claim.entry().key.subject()))?;
///     if let Some(mut effect) = store.apply(&claim, &credit, now).await? {
///         // The merchant's own tables.
///         sqlx::query("CREATE TABLE ledger (amount TEXT)").execute(effect.connection()).await?;
///         sqlx::query("INSERT INTO ledger VALUES ('10')").execute(effect.connection()).await?;
///         effect.commit().await?;
///     }
/// }
/// store.close().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct SqliteStore {
    writer: Arc<Writer>,
    write: Writing,
    read: Pool<Sqlite>,
}

/// How long whoever opens a file waits before it tries again.
const OPENING_PAUSE: Duration = Duration::from_millis(5);

/// There are two statements for each size, and each must find its place in the cache.
const BATCH_MAX: usize = 64;

impl SqliteStore {
    /// Opens a file, makes it if need be, and brings its tables up to date.
    ///
    /// Must be called within a tokio runtime: the task that writes lives there.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::NewerSchema`] if a newer version of this crate has changed the tables,
    /// [`StoreErrorKind::NotFound`] if there are none and the options ask for them; other [`StoreError`]s.
    pub async fn open(options: SqliteOptions) -> Result<Self, StoreError> {
        if options.must_exist {
            must_hold_store(&options.path).await?;
        } else {
            make_file(&options.path)?;
        }
        let connect = SqliteConnectOptions::new()
            .filename(&options.path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            // Elsewhere than on macOS this changes nothing.
            .pragma("fullfsync", "ON")
            .busy_timeout(options.busy_timeout)
            // Events come in no order, so each row changes another page of their index. Where more rows come between
            // two checkpoints, more of them share the page that the checkpoint then writes.
            .pragma("wal_autocheckpoint", "4000")
            .disable_statement_logging();
        let connect = match options.page_count_max {
            Some(pages) => connect.pragma("max_page_count", pages.to_string()),
            None => connect,
        };
        let write = connect
            .clone()
            // In KiB.
            .pragma("cache_size", "-8000")
            // What undoes a single statement of a transaction is a file else.
            .pragma("temp_store", "MEMORY")
            .statement_cache_capacity(3 * BATCH_MAX)
            // So that nobody waits within a batch.
            .row_buffer_size(2 * BATCH_MAX);
        let write = open_writing(&write, options.busy_timeout, options.must_exist).await?;
        let write = Writing::new(write).await?;
        let read = SqlitePoolOptions::new()
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .max_connections(4)
            .connect_lazy_with(connect.read_only(true));
        let rows = rows::SqliteRows::new(write.clone(), BATCH_MAX);
        let writer = Writer::start(rows.clone(), rows, options.queue_max, BATCH_MAX);
        Ok(Self {
            writer: Arc::new(writer),
            write,
            read,
        })
    }

    /// Begins the effect of an entry, in a database transaction that also ends the entry: both happen, or neither.
    ///
    /// Write what the effect is with [`SqliteEffect::connection`], then call [`SqliteEffect::commit`]. Without the
    /// commit nothing happens, and the entry is still the caller's. `None` means that an effect with this key has been
    /// recorded before: there is nothing to do, and the entry is done.
    ///
    /// Nobody else can write meanwhile, so wait for nothing but the database.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::LeaseLost`] if the entry is no longer the caller's; other [`StoreError`]s.
    pub async fn apply(
        &self,
        claim: &Claim,
        key: &EffectKey,
        now: Timestamp,
    ) -> Result<Option<SqliteEffect>, StoreError> {
        let mut transaction = self.begin_write().await?;
        // SQLite may undo the transaction on its own, as it does when the disk is full. Then nothing that comes after
        // that is stored, and the commit fails.
        match inbox::complete(&mut transaction, claim, Some(key), now).await? {
            Completed::First => Ok(Some(SqliteEffect(transaction))),
            Completed::Repeated => {
                transaction.commit().await.map_err(sqlite)?;
                Ok(None)
            }
        }
    }

    /// Takes no more callbacks, stores those that wait, and closes the file.
    pub async fn close(&self) {
        self.writer.close().await;
        self.read.close().await;
        self.write.close().await;
    }

    async fn begin_write(&self) -> Result<WriteTransaction, StoreError> {
        self.write.begin().await
    }

    async fn writing(&self) -> Result<impl Lent<Target = SqliteConnection>, StoreError> {
        self.write.lock().await
    }

    async fn reading(&self) -> Result<Read, StoreError> {
        let lent = self.read.acquire().await;
        lent.map(Read)
            .map_err(|error| match failure(&error, kind_of_code) {
                // It could be opened before: there may be no file descriptors left, say.
                error if error.kind() == StoreErrorKind::Configuration => {
                    StoreError::with_cause(StoreErrorKind::Unavailable, error.to_string())
                }
                error => error,
            })
    }

    /// A file does not vanish without a word, and whoever holds it up is waited for as long as `busy_timeout` says.
    #[expect(clippy::unused_self, reason = "PostgreSQL has one")]
    fn limit(&self) -> Option<Duration> {
        None
    }
}

/// An effect that is under way: see [`SqliteStore::apply`]. Dropped without a commit, it has not happened.
#[must_use = "without a commit nothing happens"]
pub struct SqliteEffect(WriteTransaction);

impl SqliteEffect {
    /// The connection whose transaction everything of the effect must go through. Do not end the transaction with
    /// statements of your own.
    pub fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.0
    }

    /// Makes the effect and the end of its entry happen.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; then neither has happened, except that after [`StoreErrorKind::Unavailable`] both may have.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.0.commit().await.map_err(sqlite)
    }
}

impl fmt::Debug for SqliteEffect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteEffect").finish_non_exhaustive()
    }
}

/// A connection that reads. sqlx's own thread brings each statement to its end, whoever waits for it.
struct Read(PoolConnection<Sqlite>);

impl Lent for Read {
    fn give_back(self) {}
}

impl Deref for Read {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.0
    }
}

impl DerefMut for Read {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.0
    }
}

fn migrator() -> Migrator {
    schema::migrator([
        include_str!("../migrations/sqlite/0001_inbox_and_journal.sql"),
        include_str!("../migrations/sqlite/0002_open_intents_by_order.sql"),
        include_str!("../migrations/sqlite/0003_where_intents_were_sent.sql"),
        include_str!("../migrations/sqlite/0004_one_of_a_subject_is_held.sql"),
        include_str!("../migrations/sqlite/0005_narrow_work.sql"),
        include_str!("../migrations/sqlite/0006_whose_inbox.sql"),
    ])
}

/// Connects and, unless they are current, brings the tables up to date, for at most about twice the time: another process
/// may be doing the same, for which the switch to a write-ahead log and the beginning of a migration do not wait by
/// themselves.
///
/// Each try has a connection of its own: on one on which a statement of a migration has failed, the transaction of that
/// migration may still be open, and whatever is written there is lost.
async fn open_writing(
    connect: &SqliteConnectOptions,
    busy_timeout: Duration,
    is_current: bool,
) -> Result<SqliteConnection, StoreError> {
    let end = Instant::now() + busy_timeout;
    // Nothing locks the file from the first migration to the last. So of two processes that begin together one may fail,
    // since the other has been faster, which it can be once for each.
    let mut overtaken_max = migrator().iter().count();
    loop {
        match try_open_writing(connect, is_current).await {
            Err(error) if error.kind() == StoreErrorKind::Busy && Instant::now() < end => {
                sleep(OPENING_PAUSE).await;
            }
            // A table is there already, say. No disk that is full or broken is tried once more.
            Err(error) if error.kind() == StoreErrorKind::Database && overtaken_max > 0 => {
                overtaken_max -= 1;
            }
            result => return result,
        }
    }
}

async fn try_open_writing(
    connect: &SqliteConnectOptions,
    is_current: bool,
) -> Result<SqliteConnection, StoreError> {
    let mut write = connect.connect().await.map_err(sqlite)?;
    if is_current {
        return Ok(write);
    }
    let migrated = migrator().run(&mut write).await;
    migrated.map_err(|error| migration_failure(&error, kind_of_code))?;
    // What another connection sees is in the file.
    let mut look = connect
        .clone()
        .read_only(true)
        .connect()
        .await
        .map_err(sqlite)?;
    let version = sqlx::query_scalar(schema::FOUND).fetch_one(&mut look);
    schema::must_be_current(version.await.map_err(sqlite)?)?;
    look.close().await.map_err(sqlite)?;
    Ok(write)
}

/// Looks into the file without changing anything: a write-ahead log, which we want, would be a change.
async fn must_hold_store(path: &Path) -> Result<(), StoreError> {
    let missing = |cause: String| StoreError::with_cause(StoreErrorKind::NotFound, cause);
    std::fs::metadata(path).map_err(|error| missing(error.kind().to_string()))?;
    let mut look = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .disable_statement_logging()
        .connect()
        .await
        .map_err(sqlite)?;
    let found: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM sqlite_master WHERE name = 'xgateway_migration'")
            .fetch_optional(&mut look)
            .await
            .map_err(sqlite)?;
    if found.is_none() {
        return Err(missing("the file holds no inbox and no journal".to_owned()));
    }
    let version = sqlx::query_scalar(schema::FOUND)
        .fetch_one(&mut look)
        .await
        .map_err(sqlite)?;
    look.close().await.map_err(sqlite)?;
    schema::must_be_current(version)
}

/// Makes the file before SQLite does, which would let everybody read it. The files of its log take over the mode.
fn make_file(path: &Path) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(StoreError::with_cause(
            StoreErrorKind::Configuration,
            error.kind().to_string(),
        )),
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "in the form that `map_err` takes"
)]
fn sqlite(error: sqlx::Error) -> StoreError {
    failure(&error, kind_of_code)
}

/// The last byte of SQLite's codes is the kind, the others are details.
fn kind_of_code(code: &str) -> StoreErrorKind {
    match code.parse::<u32>().unwrap_or_default() & 0xff {
        // BUSY, LOCKED, PROTOCOL: others are about to write.
        5 | 6 | 15 => StoreErrorKind::Busy,
        // NOMEM, IOERR
        7 | 10 => StoreErrorKind::Unavailable,
        // FULL
        13 => StoreErrorKind::DiskFull,
        // CORRUPT
        11 => StoreErrorKind::Corrupt,
        // PERM, READONLY, CANTOPEN, NOTADB
        3 | 8 | 14 | 26 => StoreErrorKind::Configuration,
        _ => StoreErrorKind::Database,
    }
}
