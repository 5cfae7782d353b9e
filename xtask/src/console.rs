//! What this program says: progress on stdout, trouble on stderr.

use std::io::Write as _;

/// Announces the next piece of work.
pub(crate) fn heading(text: &str) {
    say(&format!("== {text}"));
}

/// Says one thing.
pub(crate) fn say(text: &str) {
    // Nobody is left to tell when the reader of our output went away.
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Says what went wrong.
pub(crate) fn problem(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
