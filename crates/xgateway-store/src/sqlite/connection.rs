//! The one connection that writes.
//!
//! Not a pool of one: a pool tests a connection whenever it is given back, and nobody can take it meanwhile.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::{Connection as _, SqliteConnection};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard};

use super::sqlite;
use crate::error::{StoreError, StoreErrorKind};
use crate::sql::lend::Lent;

/// The connection, which goes from one user to the next in the order of asking. None when it is closed.
#[derive(Clone)]
pub(super) struct Writing(Arc<Mutex<Option<Inner>>>);

struct Inner {
    connection: SqliteConnection,
    /// Whether a transaction may be open. Without certainty that none is, nobody else gets the connection: what they
    /// write would be lost with it.
    is_in_transaction: bool,
    gate: Gate,
}

type Guard<T> = OwnedMappedMutexGuard<Option<Inner>, T>;

impl Lent for Guard<SqliteConnection> {
    fn give_back(self) {}
}

impl Writing {
    pub(super) async fn new(mut connection: SqliteConnection) -> Result<Self, StoreError> {
        // Fails where a transaction is open, in which all would be lost that is ever written.
        let probe = sqlx::raw_sql("BEGIN; ROLLBACK").execute(&mut connection);
        probe.await.map_err(sqlite)?;
        let gate = Gate::default();
        let hook = gate.clone();
        let mut handle = connection.lock_handle().await.map_err(sqlite)?;
        handle.set_commit_hook(move || hook.is_open());
        drop(handle);
        let inner = Inner {
            connection,
            is_in_transaction: false,
            gate,
        };
        Ok(Self(Arc::new(Mutex::new(Some(inner)))))
    }

    /// The connection, when all who asked before are done with it.
    pub(super) async fn lock(
        &self,
    ) -> Result<impl Lent<Target = SqliteConnection> + use<>, StoreError> {
        let guard = self.inner().await?;
        Ok(OwnedMappedMutexGuard::map(guard, |it| &mut it.connection))
    }

    /// Begins a transaction that can write at once: one that reads first and writes later could fail in between, with
    /// no way to wait.
    pub(super) async fn begin(&self) -> Result<WriteTransaction, StoreError> {
        let mut inner = self.inner().await?;
        inner.is_in_transaction = true;
        inner.gate.close();
        // From here on whoever drops it has it undone.
        let mut transaction = WriteTransaction(Some(inner));
        sqlx::query("BEGIN IMMEDIATE")
            .execute(&mut *transaction)
            .await
            .map_err(sqlite)?;
        Ok(transaction)
    }

    pub(super) async fn close(&self) {
        if let Some(inner) = self.0.lock().await.take() {
            // What was answered is on the disk.
            let _ = inner.connection.close().await;
        }
    }

    async fn inner(&self) -> Result<Guard<Inner>, StoreError> {
        let guard = self.0.clone().lock_owned().await;
        let mut guard =
            OwnedMutexGuard::try_map(guard, Option::as_mut).map_err(|_| StoreErrorKind::Closed)?;
        guard.undo().await?;
        Ok(guard)
    }
}

impl Inner {
    /// Makes sure that no transaction is open.
    async fn undo(&mut self) -> Result<(), StoreError> {
        if !self.is_in_transaction {
            return Ok(());
        }
        let undone = sqlx::raw_sql("ROLLBACK")
            .execute(&mut self.connection)
            .await;
        if undone.is_err() {
            // SQLite may have undone it by itself, as it does when the disk is full: then another one can begin.
            sqlx::raw_sql("BEGIN; ROLLBACK")
                .execute(&mut self.connection)
                .await
                .map_err(sqlite)?;
        }
        self.is_in_transaction = false;
        self.gate.open();
        Ok(())
    }
}

/// Whether anything may be committed.
///
/// While a transaction of ours is open, only its own end may: SQLite undoes a transaction by itself when the disk is
/// full, and what its user writes after that would be committed statement by statement.
#[derive(Clone, Default)]
struct Gate {
    is_closed: Arc<AtomicBool>,
}

// The thread of the connection gets its statements through a channel, behind what was set before.
impl Gate {
    fn open(&self) {
        self.is_closed.store(false, Ordering::Relaxed);
    }

    fn close(&self) {
        self.is_closed.store(true, Ordering::Relaxed);
    }

    fn is_open(&self) -> bool {
        !self.is_closed.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Writing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writing").finish_non_exhaustive()
    }
}

/// A transaction, which is undone unless it is committed.
pub(super) struct WriteTransaction(Option<Guard<Inner>>);

const HELD: &str = "it is taken when this is dropped";

impl WriteTransaction {
    pub(super) async fn commit(mut self) -> sqlx::Result<()> {
        self.0.as_ref().expect(HELD).gate.open();
        sqlx::query("COMMIT").execute(&mut *self).await?;
        self.0.as_mut().expect(HELD).is_in_transaction = false;
        Ok(())
    }
}

impl Deref for WriteTransaction {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.0.as_ref().expect(HELD).connection
    }
}

impl DerefMut for WriteTransaction {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.0.as_mut().expect(HELD).connection
    }
}

impl Drop for WriteTransaction {
    fn drop(&mut self) {
        let inner = self.0.take();
        // At once, since other processes wait for its lock. Where there is no runtime any more, the end of the
        // connection undoes it.
        if let Some(mut inner) = inner.filter(|inner| inner.is_in_transaction)
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(async move { inner.undo().await });
        }
    }
}
