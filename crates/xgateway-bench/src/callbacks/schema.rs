//! A schema of its own in somebody's PostgreSQL.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::Outcome;

/// An empty schema. Drop it with [`drop`](Self::drop).
pub(crate) struct Schema {
    server: String,
    name: String,
}

impl Schema {
    /// Makes one for a purpose, which tells it from others of this process.
    pub(crate) async fn new(server: &str, purpose: &str) -> Outcome<Self> {
        let schema = Self {
            server: server.to_owned(),
            name: format!("xgateway_bench_{}_{purpose}", std::process::id()),
        };
        schema.execute("CREATE SCHEMA", "").await?;
        Ok(schema)
    }

    /// The server's address, with everything in this schema.
    pub(crate) fn url(&self) -> String {
        let separator = if self.server.contains('?') { '&' } else { '?' };
        format!(
            "{}{separator}options[search_path]={}",
            self.server, self.name
        )
    }

    pub(crate) async fn drop(self) -> Outcome<()> {
        self.execute("DROP SCHEMA", "CASCADE").await
    }

    async fn execute(&self, what: &str, how: &str) -> Outcome<()> {
        let mut connection = PgConnection::connect(&self.server).await?;
        let statement = format!("{what} {} {how}", self.name);
        sqlx::query(AssertSqlSafe(statement))
            .execute(&mut connection)
            .await?;
        Ok(connection.close().await?)
    }
}
