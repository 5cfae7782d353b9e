//! What effects leave behind.

use async_trait::async_trait;

use crate::effects::EffectStore;

/// A store to test, and a table of a merchant's in its database: so it can be seen which effects have happened.
///
/// A type of its own, so that it can be implemented beside any store, and hold what must live as long as that.
///
/// ```
/// # #[cfg(feature = "sqlite")]
/// # mod test {
/// use async_trait::async_trait;
/// use sqlx::SqliteConnection;
/// use xgateway_store::SqliteStore;
/// use xgateway_store::test_util::Ledger;
///
/// struct Credits {
///     store: SqliteStore,
///     /// Of the merchant, with the table `credit (line TEXT)`.
///     pool: sqlx::SqlitePool,
///     folder: tempfile::TempDir,
/// }
///
/// #[async_trait]
/// impl Ledger for Credits {
///     type Store = SqliteStore;
///
///     fn store(&self) -> &SqliteStore {
///         &self.store
///     }
///
///     async fn write(&self, connection: &mut SqliteConnection, line: &str) {
///         let insert = sqlx::query("INSERT INTO credit VALUES ($1)").bind(line.to_owned());
///         insert.execute(connection).await.unwrap();
///     }
///
///     async fn lines(&self) -> Vec<String> {
///         let lines = sqlx::query_scalar("SELECT line FROM credit");
///         lines.fetch_all(&self.pool).await.unwrap()
///     }
/// }
/// # }
/// ```
#[async_trait]
pub trait Ledger: Send + Sync + 'static {
    /// The store.
    type Store: EffectStore;

    /// The store.
    fn store(&self) -> &Self::Store;

    /// Writes a line through the connection of effects that are under way, as a merchant's effect does.
    async fn write(&self, connection: &mut <Self::Store as EffectStore>::Connection, line: &str);

    /// All lines that have been committed, in any order.
    async fn lines(&self) -> Vec<String>;
}
