//! The merchant's ledger, beside the inbox in one database.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};
use xgateway::callback::{Apply, ApplyError, ConfirmedCallback, HandlerError, SettledDeposit};
use xgateway::store::{
    Claim, Completed, PostgresOptions, PostgresStore, SharedInbox, SqliteOptions, SqliteStore,
};

use super::size::{self, Size};
use crate::Outcome;

/// Nothing keeps the same deposit from being booked twice: that is what is looked for.
const CREATE: &str =
    "CREATE TABLE book (transaction_id TEXT, customer TEXT, amount TEXT, currency TEXT)";
const INSERT: &str = "INSERT INTO book VALUES ($1, $2, $3, $4)";
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

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(store) => store.close().await,
            Self::Postgres(store) => store.close().await,
        }
    }
}

#[async_trait]
impl Apply for Books {
    async fn apply(
        &self,
        claim: &Claim,
        callback: &ConfirmedCallback,
        now: Timestamp,
    ) -> Result<Completed, ApplyError> {
        let (ConfirmedCallback::Transaction(transaction), Some(key)) =
            (callback, callback.effect())
        else {
            return Err(HandlerError::Never("deposits only".to_owned()).into());
        };
        let deposit = transaction.settled_deposit();
        let failed = |_| HandlerError::Again("the ledger is away".to_owned());
        match self {
            Self::Sqlite(store) => {
                let Some(mut effect) = store.apply(claim, &key, now).await? else {
                    return Ok(Completed::Repeated);
                };
                if let Some(deposit) = deposit {
                    let insert = fill(INSERT, deposit).execute(effect.connection());
                    insert.await.map_err(failed)?;
                }
                effect.commit().await?;
            }
            Self::Postgres(store) => {
                let Some(mut effect) = store.apply(claim, &key, now).await? else {
                    return Ok(Completed::Repeated);
                };
                if let Some(deposit) = deposit {
                    let insert = fill(INSERT, deposit).execute(effect.connection());
                    insert.await.map_err(failed)?;
                }
                effect.commit().await?;
            }
        }
        Ok(Completed::First)
    }
}

fn fill<'q, D>(
    sql: &'static str,
    deposit: SettledDeposit<'_>,
) -> sqlx::query::Query<'q, D, <D as sqlx::Database>::Arguments>
where
    D: sqlx::Database,
    String: sqlx::Encode<'q, D> + sqlx::Type<D>,
{
    sqlx::query(sql)
        .bind(deposit.id().to_owned())
        .bind(deposit.customer_id().to_owned())
        .bind(deposit.amount().as_str().to_owned())
        .bind(deposit.currency().as_str().to_owned())
}
