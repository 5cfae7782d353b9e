//! The effect in the database transaction.

use tempfile::TempDir;

use super::reopen;

type Connection = sqlx::SqliteConnection;
type Store = xgateway_store::SqliteStore;

/// Makes an entry one of a later version.
const MAKE_UNREADABLE: &str = "UPDATE xgateway_inbox SET kind = 'chargeback' WHERE subject = 'b'";

pub(super) async fn open() -> Option<(Store, TempDir)> {
    let (store, folder) = super::open().await;
    let mut merchant = super::faults::connect(&folder).await;
    sqlx::query("CREATE TABLE ledger (subject TEXT)")
        .execute(&mut merchant)
        .await
        .unwrap();
    Some((store, folder))
}

include!("../apply/tests.rs");
include!("../apply/together.rs");
