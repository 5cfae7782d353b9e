//! The duties of stores: what an [`Inbox`], an [`EffectStore`](xgateway_store::EffectStore) and a [`Journal`] must do, so
//! that no callback is lost and no money is doubled.
//!
//! Run them all with [`inbox_suite!`](crate::inbox_suite), [`effect_suite!`](crate::effect_suite) and
//! [`journal_suite!`](crate::journal_suite), or go through [`INBOX_DUTIES`], [`effect_duties`] and [`JOURNAL_DUTIES`]. Each
//! wants a store of its own, empty, and panics with what it found. On top of the duties the suites of inboxes and journals
//! play random histories, and expect what the store in memory answers and keeps ([`inbox_agrees_with_memory`],
//! [`journal_agrees_with_memory`]).
//!
//! What they cannot see: whether what was answered outlives the loss of power, and whether two processes over one database
//! are as two tasks over one store. Test these as the stores of `xgateway-store` do, by killing processes.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;
use xgateway_store::{Inbox, Journal};

pub use xgateway_store::test_util::{
    Duty, INBOX_DUTIES, InboxHistory, JOURNAL_DUTIES, JournalHistory, Ledger, effect_duties,
    inbox_agrees_with_memory, journal_agrees_with_memory,
};

/// The longest time that a duty may take. A store that hangs fails.
const TIME_MAX: Duration = Duration::from_mins(1);

/// How many histories a suite plays.
const HISTORIES: u32 = 30;

/// Runs one duty of an inbox for a test of a macro.
///
/// # Panics
///
/// If the duty is not kept.
pub fn run_inbox_duty<I: Inbox, K>(name: &str, make: impl AsyncFnOnce() -> (I, K)) {
    run(INBOX_DUTIES, name, async || {
        let (inbox, keep) = make().await;
        (Arc::new(inbox) as _, keep)
    });
}

/// Runs one duty of an effect store for a test of a macro.
///
/// # Panics
///
/// If the duty is not kept.
pub fn run_effect_duty<L: Ledger>(name: &str, make: impl AsyncFnOnce() -> L) {
    run(&effect_duties(), name, async || {
        (Arc::new(make().await), ())
    });
}

/// Runs one duty of a journal for a test of a macro.
///
/// # Panics
///
/// If the duty is not kept.
pub fn run_journal_duty<J: Journal, K>(name: &str, make: impl AsyncFnOnce() -> (J, K)) {
    run(JOURNAL_DUTIES, name, async || {
        let (journal, keep) = make().await;
        (Arc::new(journal) as _, keep)
    });
}

/// Plays histories on inboxes for a test of a macro.
///
/// # Panics
///
/// If an inbox does as none does.
pub fn run_inbox_histories<I: Inbox, K>(make: impl AsyncFn() -> (I, K)) {
    let runtime = runtime();
    inbox_agrees_with_memory(HISTORIES, |history| {
        runtime.block_on(async {
            let (inbox, _keep) = make().await;
            history.check(Arc::new(inbox)).await;
        });
    });
}

/// Plays histories on journals for a test of a macro.
///
/// # Panics
///
/// If a journal does as none does.
pub fn run_journal_histories<J: Journal, K>(make: impl AsyncFn() -> (J, K)) {
    let runtime = runtime();
    journal_agrees_with_memory(HISTORIES, |history| {
        runtime.block_on(async {
            let (journal, _keep) = make().await;
            history.check(Arc::new(journal)).await;
        });
    });
}

fn run<S: Send + 'static, K>(duties: &[Duty<S>], name: &str, make: impl AsyncFnOnce() -> (S, K)) {
    let duty = duties.iter().find(|duty| duty.name() == name);
    let duty = duty.expect("the names of the duties are listed in one place");
    runtime().block_on(async {
        let (store, _keep) = make().await;
        let checked = tokio::time::timeout(TIME_MAX, duty.check(store)).await;
        assert!(checked.is_ok(), "did not end within {TIME_MAX:?}: {name}");
    });
}

/// With several threads, since some duties are about workers at the same time.
fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .expect("a machine that runs tests has room for four threads")
}
