//! The effect in the database transaction.

use async_trait::async_trait;
use tempfile::TempDir;
use xgateway_store::test_util::{Ledger, effect_duties};

use super::reopen;

type Connection = sqlx::SqliteConnection;
type Store = xgateway_store::SqliteStore;

/// Makes an entry one of a later version.
const MAKE_UNREADABLE: &str = "UPDATE xgateway_inbox SET kind = 'chargeback' WHERE subject = 'b'";

/// Makes what is given up stay as it was.
const FORBID_DEATH: &str =
    "CREATE TRIGGER no_death BEFORE UPDATE ON xgateway_inbox WHEN NEW.state = 2
    BEGIN SELECT RAISE(ABORT, 'nobody dies'); END";

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

/// The table `ledger` in the file of a store.
struct Lines {
    store: Store,
    folder: TempDir,
}

#[async_trait]
impl Ledger for Lines {
    type Store = Store;

    fn store(&self) -> &Store {
        &self.store
    }

    async fn write(&self, connection: &mut Connection, line: &str) {
        let insert = sqlx::query("INSERT INTO ledger (subject) VALUES ($1)");
        insert
            .bind(line.to_owned())
            .execute(connection)
            .await
            .unwrap();
    }

    async fn lines(&self) -> Vec<String> {
        sqlx::query_scalar("SELECT subject FROM ledger")
            .fetch_all(&mut super::faults::connect(&self.folder).await)
            .await
            .unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn effects() {
    for duty in effect_duties() {
        let Some((store, folder)) = open().await else {
            return;
        };
        duty.check(Arc::new(Lines { store, folder })).await;
    }
}
