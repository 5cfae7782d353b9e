//! A schema of PostgreSQL for a test, dropped at its end.

use std::io::Write as _;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::runtime::Runtime;

static COUNT: AtomicU32 = AtomicU32::new(0);

/// An empty schema.
pub(crate) struct Database {
    server: String,
    name: String,
}

impl Database {
    /// A new one, or `None` if there is no server: that is said, and on a build server it is a failure.
    pub(crate) fn new() -> Option<Self> {
        let Some(server) = variable("DATABASE_URL").filter(|url| url.starts_with("postgres"))
        else {
            let message = "PostgreSQL tests NOT RUN: DATABASE_URL names no server; `cargo xtask test` brings one";
            assert!(variable("CI").is_none_or(|ci| ci != "true"), "{message}");
            // Past the harness, which keeps what a passing test prints to itself.
            let _ = writeln!(std::io::stderr(), "{message}");
            return None;
        };
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("xgateway_cli_{}_{number}", std::process::id());
        let database = Self { server, name };
        database.execute(format!("CREATE SCHEMA {}", database.name));
        Some(database)
    }

    /// Its address, with a word in it that nobody may show.
    pub(crate) fn url(&self) -> String {
        let separator = if self.server.contains('?') { '&' } else { '?' };
        format!(
            "{}{separator}application_name=canary-database&options[search_path]={}",
            self.server, self.name
        )
    }

    fn execute(&self, statement: String) {
        let runtime = Runtime::new().unwrap();
        runtime.block_on(async {
            let mut connection = PgConnection::connect(&self.server).await.unwrap();
            // Nothing but names of our own is in it.
            sqlx::query(AssertSqlSafe(statement))
                .execute(&mut connection)
                .await
                .unwrap();
            connection.close().await.unwrap();
        });
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.execute(format!("DROP SCHEMA {} CASCADE", self.name));
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "where the server is, cannot be written down here"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
