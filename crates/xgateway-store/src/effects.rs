//! Effects in the database transaction of the store, many in one.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::error::StoreError;
use crate::inbox::{Claim, Completed, EffectKey, Inbox};

/// An inbox whose database also takes the merchant's effects, in the transaction that ends their entries: all of it
/// happens, or nothing. [`SqliteStore`](crate::SqliteStore) and [`PostgresStore`](crate::PostgresStore) are such.
///
/// `xgateway_callback::ExactlyOnce` works with it. By hand it is used as each store's `apply`, for many entries at once:
///
/// ```
/// # #[cfg(feature = "sqlite")]
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// use jiff::Timestamp;
/// use xgateway_store::{Completed, EffectKey, EffectStore, Inbox, SqliteOptions, SqliteStore};
/// # use xgateway_store::{ContentDigest, EventKey, Kind, NewEntry};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("xgateway.db");
/// let store = SqliteStore::open(SqliteOptions::new(path)).await?;
/// # for id in ["a", "b"] {
/// #     let key = EventKey::new(Kind::Transaction, id, "confirmed")?;
/// #     store.accept(NewEntry::new(key, ContentDigest::of(&["10"]), &b"{}"[..], Timestamp::UNIX_EPOCH)?).await?;
/// # }
/// let now = Timestamp::UNIX_EPOCH;
/// let claims = store.claim(now, Duration::from_secs(30), 64).await?;
/// let mut ends = Vec::new();
/// for claim in &claims {
///     ends.push((claim, Some(EffectKey::parse(&format!("credit:{}", claim.entry().key.subject()))?)));
/// }
/// let (mut effect, ended) = store.apply_all(&ends, now).await?;
/// for ((claim, _), _) in ends.iter().zip(ended).filter(|(_, ended)| *ended == Some(Completed::First)) {
///     // The merchant's own tables, or one statement for all.
///     # let _ = claim;
///     sqlx::query("CREATE TABLE IF NOT EXISTS ledger (amount TEXT)").execute(effect.connection()).await?;
///     sqlx::query("INSERT INTO ledger VALUES ('10')").execute(effect.connection()).await?;
/// }
/// effect.commit().await?;
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "sqlite"))]
/// # fn main() {}
/// ```
#[async_trait]
pub trait EffectStore: Inbox {
    /// What the statements of an effect go through.
    type Connection: Send;

    /// Effects that are under way. Dropped without a commit, they have not happened.
    type Effect: Send;

    /// Begins the effects of entries, in one transaction that also ends the entries.
    ///
    /// The answers are in the order of `ends`. [`Completed::First`]: the effect is to be written now, or none was asked
    /// for. [`Completed::Repeated`]: an effect with this key has been recorded before, or stands earlier in `ends`; there
    /// is nothing to do. `None`: the entry is no longer the caller's, and nothing happens about it. Until the commit
    /// all that were the caller's still are.
    ///
    /// While the effects are under way others may have to wait, so wait for nothing but the database.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; then nothing has happened.
    async fn apply_all(
        &self,
        ends: &[(&Claim, Option<EffectKey>)],
        now: Timestamp,
    ) -> Result<(Self::Effect, Vec<Option<Completed>>), StoreError>;

    /// The connection whose transaction everything of the effects must go through.
    fn connection(effect: &mut Self::Effect) -> &mut Self::Connection;

    /// Makes the effects and the ends of their entries happen.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; then none has happened, except that after
    /// [`StoreErrorKind::Unavailable`](crate::StoreErrorKind::Unavailable) all may have.
    async fn commit(effect: Self::Effect) -> Result<(), StoreError>;
}
