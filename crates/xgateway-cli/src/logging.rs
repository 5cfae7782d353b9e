//! What the crates of this workspace say while they work, on stderr.

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::prelude::*;

/// Turns the log on. Libraries of others stay silent at every level: some of them log what passes through.
pub(crate) fn start(verbosity: u8, ansi: bool) {
    let level = match verbosity {
        0 => return,
        1 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let ours = Targets::new().with_target("xgateway", level);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(ansi)
        .without_time();
    // A second start in one process is a test's; the first one's log serves both.
    let _ = tracing_subscriber::registry()
        .with(lines.with_filter(ours))
        .try_init();
}
