//! A store against the one in memory: the same steps, the same answers.

mod inbox;
mod journal;

use std::fmt;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestRunner};

pub use self::inbox::InboxHistory;
pub use self::journal::JournalHistory;

/// Plays random histories, each against a new empty inbox, and expects what the inbox in memory answers and keeps.
///
/// `play` makes an inbox and a runtime, calls [`InboxHistory::check`] and returns when that has.
///
/// # Panics
///
/// With the shortest history found in which the two differ.
pub fn inbox_agrees_with_memory(histories: u32, play: impl Fn(InboxHistory)) {
    agree(histories, &InboxHistory::any(), play);
}

/// Plays random histories, each against a new empty journal, and expects what the journal in memory answers and keeps.
///
/// `play` makes a journal and a runtime, calls [`JournalHistory::check`] and returns when that has.
///
/// # Panics
///
/// With the shortest history found in which the two differ.
pub fn journal_agrees_with_memory(histories: u32, play: impl Fn(JournalHistory)) {
    agree(histories, &JournalHistory::any(), play);
}

fn agree<S: Strategy>(histories: u32, strategy: &S, play: impl Fn(S::Value))
where
    S::Value: fmt::Debug,
{
    let config = Config {
        failure_persistence: None,
        ..Config::with_cases(histories)
    };
    let result = TestRunner::new(config).run(strategy, |history| {
        play(history);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}
