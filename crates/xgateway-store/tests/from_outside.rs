//! Whoever writes a store of their own finds all that it takes: the stores in memory compile outside of their crate, and do
//! their duties there.

use std::sync::Arc;

use xgateway_store::test_util::{INBOX_DUTIES, JOURNAL_DUTIES};
// What the two files take from `crate` is what everybody can use.
use xgateway_store::*;

#[expect(
    unreachable_pub,
    dead_code,
    reason = "they are public where they are at home"
)]
#[path = "../src/memory"]
mod memory {
    pub mod inbox;
    pub mod journal;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_can_be_written_outside() {
    for duty in INBOX_DUTIES {
        duty.check(Arc::new(memory::inbox::MemoryInbox::new()))
            .await;
    }
    for duty in JOURNAL_DUTIES {
        duty.check(Arc::new(memory::journal::MemoryJournal::new()))
            .await;
    }
}
