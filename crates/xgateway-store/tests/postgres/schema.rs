//! A schema of its own for each test, dropped at its end.

use std::io::Write as _;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use xgateway_store::{PostgresOptions, PostgresStore};

static COUNT: AtomicU32 = AtomicU32::new(0);

/// An empty schema.
pub(crate) struct Schema {
    server: String,
    name: String,
}

impl Schema {
    /// A new schema, or `None` if there is no server.
    pub(crate) async fn new() -> Option<Self> {
        let server = server()?;
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("xgateway_test_{}_{number}", std::process::id());
        let schema = Self { server, name };
        let statement = format!("CREATE SCHEMA {}", schema.name);
        execute(&schema.server, statement).await;
        Some(schema)
    }

    /// A store in it, as a process of its own would open it.
    pub(crate) async fn open(&self) -> PostgresStore {
        PostgresStore::open(PostgresOptions::new(self.url()))
            .await
            .unwrap()
    }

    /// Ends all connections to it but the one that asks, as an administrator or a crash does. Says how many.
    pub(crate) async fn disconnect(&self, administrator: &mut PgConnection) -> usize {
        let ended = sqlx::query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE application_name = $1 AND pid <> pg_backend_pid()",
        )
        .bind(&self.name)
        .fetch_all(administrator)
        .await;
        ended.unwrap().len()
    }

    /// Its address: the server's, with everything in this schema.
    pub(crate) fn url(&self) -> String {
        let separator = if self.server.contains('?') { '&' } else { '?' };
        format!(
            "{}{separator}application_name={}&options[search_path]={}",
            self.server, self.name, self.name
        )
    }

    pub(crate) async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.url()).await.unwrap()
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        let server = self.server.clone();
        let statement = format!("DROP SCHEMA {} CASCADE", self.name);
        // On a thread of its own, since this may be within a runtime.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(execute(&server, statement));
        });
        // A test that failed may hold a lock on a table; the server is not ours to repair.
        let _ = dropping.join();
    }
}

async fn execute(url: &str, statement: String) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    // Else a transaction that a failed test left open would be waited for.
    sqlx::query("SET lock_timeout = '10s'")
        .execute(&mut connection)
        .await
        .unwrap();
    // Nothing but names of our own is in it.
    sqlx::query(AssertSqlSafe(statement))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

/// Where the server is. If there is none, this says so once, and fails on a build server.
pub(crate) fn server() -> Option<String> {
    static SAID: Once = Once::new();

    let url = variable("DATABASE_URL").filter(|url| url.starts_with("postgres"));
    if url.is_none() {
        let message =
            "PostgreSQL tests NOT RUN: DATABASE_URL names no server; `cargo xtask test` brings one";
        assert!(variable("CI").is_none_or(|ci| ci != "true"), "{message}");
        // Past the harness, which keeps what a passing test prints to itself.
        SAID.call_once(|| {
            let _ = writeln!(std::io::stderr(), "{message}");
        });
    }
    url
}

#[expect(
    clippy::disallowed_methods,
    reason = "where the server is, cannot be written down here"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
