//! The merchant's ledger, beside the inbox in one database.

use std::path::PathBuf;
use std::sync::Arc;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};
use xgateway::callback::{Apply, ExactlyOnce};
use xgateway::store::{PostgresOptions, PostgresStore, SharedInbox, SqliteOptions, SqliteStore};

use super::bookkeeper::{Singly, Together};
use super::size::{self, Size};
use crate::Outcome;

/// Nothing keeps the same deposit from being booked twice: that is what is looked for.
const CREATE: &str =
    "CREATE TABLE book (transaction_id TEXT, customer TEXT, amount TEXT, currency TEXT)";
const SELECT: &str = "SELECT transaction_id, customer, amount, currency FROM book";

/// One credit: transaction, customer, amount, currency.
pub(crate) type Row = (String, String, String, String);

/// Where the database is.
#[derive(Clone)]
pub(crate) enum Place {
    Sqlite(PathBuf),
    Postgres(String),
}

/// An open one.
#[derive(Clone)]
pub(crate) enum Books {
    Sqlite(SqliteStore),
    Postgres(PostgresStore),
}

impl Place {
    /// Makes an empty ledger.
    pub(crate) async fn create_book(&self) -> Outcome<()> {
        match self {
            Self::Sqlite(file) => {
                let options = SqliteConnectOptions::new().filename(file);
                let mut connection = options.create_if_missing(true).connect().await?;
                sqlx::query(CREATE).execute(&mut connection).await?;
                connection.close().await?;
            }
            Self::Postgres(url) => {
                let mut connection = PgConnection::connect(url).await?;
                sqlx::query(CREATE).execute(&mut connection).await?;
                connection.close().await?;
            }
        }
        Ok(())
    }

    /// What is in the ledger.
    pub(crate) async fn rows(&self) -> Outcome<Vec<Row>> {
        Ok(match self {
            Self::Sqlite(file) => {
                let options = SqliteConnectOptions::new().filename(file);
                let mut connection = options.connect().await?;
                sqlx::query_as(SELECT).fetch_all(&mut connection).await?
            }
            Self::Postgres(url) => {
                let mut connection = PgConnection::connect(url).await?;
                sqlx::query_as(SELECT).fetch_all(&mut connection).await?
            }
        })
    }

    /// How many bytes each table and index takes, as the run leaves them and rewritten without gaps.
    pub(super) async fn sizes(&self) -> Outcome<Vec<Size>> {
        match self {
            Self::Sqlite(file) => size::sqlite(file).await,
            Self::Postgres(url) => size::postgres(url).await,
        }
    }

    pub(crate) async fn open(&self) -> Outcome<Books> {
        Ok(match self {
            Self::Sqlite(file) => Books::Sqlite(SqliteStore::open(SqliteOptions::new(file)).await?),
            Self::Postgres(url) => {
                Books::Postgres(PostgresStore::open(PostgresOptions::new(url)).await?)
            }
        })
    }
}

impl Books {
    pub(crate) fn inbox(&self) -> SharedInbox {
        match self {
            Self::Sqlite(store) => Arc::new(store.clone()),
            Self::Postgres(store) => Arc::new(store.clone()),
        }
    }

    /// What books callbacks, many with one statement.
    pub(crate) fn together(&self) -> Arc<dyn Apply> {
        match self {
            Self::Sqlite(store) => Arc::new(ExactlyOnce::new(store.clone(), Together)),
            Self::Postgres(store) => Arc::new(ExactlyOnce::new(store.clone(), Together)),
        }
    }

    /// What books callbacks, each with a statement of its own.
    pub(crate) fn singly(&self) -> Arc<dyn Apply> {
        match self {
            Self::Sqlite(store) => Arc::new(ExactlyOnce::new(store.clone(), Singly)),
            Self::Postgres(store) => Arc::new(ExactlyOnce::new(store.clone(), Singly)),
        }
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(store) => store.close().await,
            Self::Postgres(store) => store.close().await,
        }
    }
}
