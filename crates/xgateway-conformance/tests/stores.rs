//! Whoever writes a store of their own finds all that it takes, and what it must do: the stores in memory compile outside of
//! their crate, and go through the suites there.

// What the two files take from `crate` is what everybody can use.
use xgateway_store::*;

#[expect(
    unreachable_pub,
    dead_code,
    reason = "they are public where they are at home"
)]
#[path = "../../xgateway-store/src/memory"]
mod memory {
    pub mod inbox;
    pub mod journal;
}

mod an_inbox {
    xgateway_conformance::inbox_suite!(async || (crate::memory::inbox::MemoryInbox::new(), ()));
}

mod a_journal {
    xgateway_conformance::journal_suite!(async || (
        crate::memory::journal::MemoryJournal::new(),
        ()
    ));
}
