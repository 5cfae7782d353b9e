//! The PostgreSQL store does its duties. Needs `DATABASE_URL`: `cargo xtask test` finds or starts a server.
//!
//! Without it nothing is tested: that is said on stderr, and on a build server (`CI=true`) it is a failure.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

#[path = "postgres/apply.rs"]
mod apply;
#[path = "postgres/faults.rs"]
mod faults;
#[path = "postgres/journal.rs"]
mod journal_rows;
#[path = "postgres/kill_points.rs"]
mod kill_points;
#[path = "postgres/migrations.rs"]
mod migrations;
#[path = "postgres/outages.rs"]
mod outages;
#[path = "postgres/plans.rs"]
mod plans;
#[path = "postgres/schema.rs"]
mod schema;

use std::sync::Arc;

use xgateway_store::test_util::{
    INBOX_DUTIES, JOURNAL_DUTIES, inbox_agrees_with_memory, journal_agrees_with_memory,
};

use self::schema::Schema;

/// An empty store, unless there is no server.
macro_rules! open_or_return {
    () => {
        match Schema::new().await {
            Some(schema) => (schema.open().await, schema),
            None => return,
        }
    };
}
pub(crate) use open_or_return;

#[tokio::test(flavor = "multi_thread")]
async fn inbox() {
    for duty in INBOX_DUTIES {
        let (store, _schema) = open_or_return!();
        duty.check(Arc::new(store)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn journal() {
    for duty in JOURNAL_DUTIES {
        let (store, _schema) = open_or_return!();
        duty.check(Arc::new(store)).await;
    }
}

#[test]
fn histories_agree_with_memory() {
    if schema::server().is_none() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    inbox_agrees_with_memory(20, |history| {
        runtime.block_on(async {
            let (store, _schema) = open_or_return!();
            history.check(Arc::new(store.clone())).await;
            store.close().await;
        });
    });
    journal_agrees_with_memory(20, |history| {
        runtime.block_on(async {
            let (store, _schema) = open_or_return!();
            history.check(Arc::new(store.clone())).await;
            store.close().await;
        });
    });
}
