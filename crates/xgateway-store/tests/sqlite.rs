//! The SQLite store does its duties, and survives what befalls files and processes.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

#[path = "sqlite/apply.rs"]
mod apply;
#[path = "sqlite/faults.rs"]
mod faults;
#[path = "sqlite/journal.rs"]
mod journal_rows;
#[path = "sqlite/kill.rs"]
mod kill;
#[path = "sqlite/kill_points.rs"]
mod kill_points;
#[cfg(target_os = "linux")]
#[path = "sqlite/no_room.rs"]
mod no_room;

use std::sync::Arc;

use tempfile::TempDir;
use xgateway_store::test_util::{
    INBOX_DUTIES, JOURNAL_DUTIES, inbox_agrees_with_memory, journal_agrees_with_memory,
};
use xgateway_store::{SqliteOptions, SqliteStore};

async fn open() -> (SqliteStore, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (reopen(&folder).await, folder)
}

async fn reopen(folder: &TempDir) -> SqliteStore {
    SqliteStore::open(options(folder)).await.unwrap()
}

fn options(folder: &TempDir) -> SqliteOptions {
    SqliteOptions::new(folder.path().join("store.db"))
}

#[tokio::test(flavor = "multi_thread")]
async fn inbox() {
    for duty in INBOX_DUTIES {
        let (store, _folder) = open().await;
        duty.check(Arc::new(store)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn journal() {
    for duty in JOURNAL_DUTIES {
        let (store, _folder) = open().await;
        duty.check(Arc::new(store)).await;
    }
}

#[test]
fn histories_agree_with_memory() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    inbox_agrees_with_memory(30, |history| {
        runtime.block_on(async {
            let (store, _folder) = open().await;
            history.check(Arc::new(store.clone())).await;
            store.close().await;
        });
    });
    journal_agrees_with_memory(30, |history| {
        runtime.block_on(async {
            let (store, _folder) = open().await;
            history.check(Arc::new(store.clone())).await;
            store.close().await;
        });
    });
}
