//! What people write by hand: a handler that checks the hash and stores each callback with one insert.

use std::path::Path;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha512};
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Pool, Postgres, Sqlite};

use super::delivery::KEY;
use super::verify::Fields;
use crate::Outcome;

/// Where it stores.
#[derive(Clone, Debug)]
pub(super) enum HandlerPeer {
    Sqlite(Pool<Sqlite>),
    Postgres(Pool<Postgres>),
}

const INSERT: &str =
    "INSERT INTO callback (id, status, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

impl HandlerPeer {
    /// One connection: several would wait for each other's locks, and the slowest way of waiting is SQLite's.
    pub(super) async fn sqlite(path: &Path) -> Outcome<Self> {
        let connect = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .disable_statement_logging();
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .test_before_acquire(false)
            .connect_with(connect)
            .await?;
        sqlx::query(
            "CREATE TABLE callback (id TEXT NOT NULL, status TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (id, status))",
        )
        .execute(&pool)
        .await?;
        Ok(Self::Sqlite(pool))
    }

    /// Ten connections, as sqlx has unless told otherwise, so that PostgreSQL can put commits together.
    pub(super) async fn postgres(url: &str) -> Outcome<Self> {
        let pool = PgPoolOptions::new()
            .max_connections(10)
            .min_connections(10)
            .test_before_acquire(false)
            .connect(url)
            .await?;
        sqlx::query(
            "CREATE TABLE callback (id TEXT NOT NULL, status TEXT NOT NULL, body BYTEA NOT NULL, PRIMARY KEY (id, status))",
        )
        .execute(&pool)
        .await?;
        Ok(Self::Postgres(pool))
    }

    pub(super) fn router(self, path: &str) -> Router {
        Router::new().route(path, post(take)).with_state(self)
    }

    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }

    /// How many callbacks it has.
    #[cfg(test)]
    pub(super) async fn count(&self) -> i64 {
        const COUNT: &str = "SELECT count(*) FROM callback";
        let count = match self {
            Self::Sqlite(pool) => sqlx::query_scalar(COUNT).fetch_one(pool).await,
            Self::Postgres(pool) => sqlx::query_scalar(COUNT).fetch_one(pool).await,
        };
        count.unwrap()
    }

    async fn insert(&self, fields: &Fields<'_>, body: &[u8]) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(pool) => {
                let query = sqlx::query(INSERT).bind(fields.id).bind(fields.status);
                query.bind(body).execute(pool).await?;
            }
            Self::Postgres(pool) => {
                let query = sqlx::query(INSERT).bind(fields.id).bind(fields.status);
                query.bind(body).execute(pool).await?;
            }
        }
        Ok(())
    }
}

async fn take(State(peer): State<HandlerPeer>, body: Bytes) -> StatusCode {
    let Ok(fields) = serde_json::from_slice::<Fields<'_>>(&body) else {
        return StatusCode::BAD_REQUEST;
    };
    let Fields {
        id,
        customer_id,
        amount,
        currency,
        ..
    } = fields;
    let hash = Sha512::digest(format!("{id}.{customer_id}.{amount}.{currency}.{KEY}"));
    if STANDARD.encode(hash) != fields.hash {
        return StatusCode::FORBIDDEN;
    }
    match peer.insert(&fields, &body).await {
        Ok(()) => StatusCode::OK,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
