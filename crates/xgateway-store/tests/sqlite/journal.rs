//! Rows of the journal that cannot be read.

use tempfile::TempDir;

type Store = xgateway_store::SqliteStore;

async fn open() -> Option<(Store, TempDir)> {
    Some(super::open().await)
}

async fn execute(folder: &TempDir, statement: &'static str) {
    let mut connection = super::faults::connect(folder).await;
    sqlx::query(statement)
        .execute(&mut connection)
        .await
        .unwrap();
}

include!("../journal/tests.rs");
