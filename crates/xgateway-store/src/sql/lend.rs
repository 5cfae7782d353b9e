//! Connections that a store lends, for as long as the database may take.

use std::ops::DerefMut;
use std::time::Duration;

use tokio::time::timeout;

use crate::error::{StoreError, StoreErrorKind};

/// A connection that a store lends. Dropped without being given back, it may be in the middle of a statement.
pub(crate) trait Lent: DerefMut {
    /// Gives it back: what it was lent for has come to its end.
    fn give_back(self);
}

/// Waits for statements, but not for ever where there is a limit: a host that vanishes says nothing, and the kernel waits
/// for many minutes.
pub(crate) async fn in_time<T>(
    limit: Option<Duration>,
    statements: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    finished(limit, statements).await.unwrap_or_else(late)
}

/// The same for whoever must know whether they have come to their end.
pub(crate) async fn finished<T>(
    limit: Option<Duration>,
    statements: impl Future<Output = T>,
) -> Option<T> {
    match limit {
        Some(limit) => timeout(limit, statements).await.ok(),
        None => Some(statements.await),
    }
}

/// Whether the connection is of no more use.
pub(crate) fn is_lost<T>(result: &Result<T, StoreError>) -> bool {
    matches!(result, Err(error) if error.kind() == StoreErrorKind::Unavailable)
}

/// Nobody knows what has been done.
pub(crate) fn late<T>() -> Result<T, StoreError> {
    let cause = "it did not answer in time";
    Err(StoreError::with_cause(StoreErrorKind::Unavailable, cause))
}

/// Runs statements on a connection that `$store` lends with the method `$lend`, for as long as its method `limit` says.
macro_rules! on_lent {
    ($store:expr, $lend:ident, |$connection:ident| $statements:expr) => {{
        let mut lent = $store.$lend().await?;
        let $connection = &mut *lent;
        match crate::sql::lend::finished($store.limit(), async { $statements }).await {
            Some(result) => {
                if !crate::sql::lend::is_lost(&result) {
                    crate::sql::lend::Lent::give_back(lent);
                }
                result
            }
            None => crate::sql::lend::late(),
        }
    }};
}
pub(crate) use on_lent;
