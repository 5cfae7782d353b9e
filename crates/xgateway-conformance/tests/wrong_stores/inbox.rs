//! The inbox of a wrong store is right.

use xgateway_store::{InboxLayer, SqliteStore};

use crate::Wrong;

impl InboxLayer for Wrong {
    type Inner = SqliteStore;

    fn inner(&self) -> &SqliteStore {
        &self.store
    }
}
