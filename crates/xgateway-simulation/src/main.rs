//! Deterministic simulation: the product's flows, client, receiver and stores against the sandbox's world, over a
//! network and on machines that do whatever networks and machines do.
//!
//! The guide is `docs/guides/simulation.md`.

mod arguments;
mod batch;
mod callbacks;
mod canary;
mod gateway;
mod history;
mod invariants;
mod kinds;
mod merchant;
mod network;
mod plan;
mod progress;
mod report;
mod shrink;
mod sim;
mod tape;
#[cfg(test)]
mod tests;

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::thread;

use clap::Parser as _;

use crate::arguments::Arguments;
use crate::batch::Batch;
use crate::history::History;
use crate::progress::Progress;
use crate::report::{Failure, Report};
use crate::tape::Tape;

/// As many as `cargo xtask test` runs.
const HISTORIES: u64 = 20_000;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    canary::listen();
    let report = if arguments.tape.is_some() || is_one(&arguments) {
        tell_one(&arguments)
    } else {
        run_many(&arguments)
    };
    let text = if arguments.json {
        format!("{}\n", report.json())
    } else {
        report.to_string()
    };
    let is_written = io::stdout().lock().write_all(text.as_bytes()).is_ok();
    let is_broken = report.failure.is_some_and(|it| it.history.broken.is_some());
    if is_broken || !is_written {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn is_one(arguments: &Arguments) -> bool {
    arguments.seed.is_some() && arguments.histories.is_none()
}

fn run_many(arguments: &Arguments) -> Report {
    let start = arguments.seed.unwrap_or(0);
    let histories = arguments.histories.unwrap_or(HISTORIES);
    let threads = arguments
        .threads
        .unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from));
    let mut progress = Progress::new(histories);
    let seeds = start..start.saturating_add(histories);
    let mut batch = batch::run(seeds, arguments.bug, None, threads, |done| {
        progress.tell(done);
    });
    let milliseconds = progress.finish();
    let failure = batch.broken.take().map(|(seed, history)| {
        let history = shortened(history, arguments);
        Failure {
            seed: Some(seed),
            bug: arguments.bug,
            history,
        }
    });
    Report::new(batch, milliseconds, failure)
}

/// Tells one history: the shortest that breaks the same promise if it breaks one.
fn tell_one(arguments: &Arguments) -> Report {
    let progress = Progress::new(1);
    let tape = match (&arguments.tape, arguments.seed) {
        (Some(choices), _) => Tape::recorded(choices.clone()),
        (None, seed) => Tape::of_seed(seed.unwrap_or(0)),
    };
    let history = history::run(tape, arguments.bug, true);
    let batch = Batch {
        histories: 1,
        coverage: history.coverage.clone(),
        took: history.took,
        broken: None,
    };
    let failure = Failure {
        seed: arguments.seed,
        bug: arguments.bug,
        history: if arguments.tape.is_some() {
            history
        } else {
            shortened(history, arguments)
        },
    };
    Report::new(batch, progress.finish(), Some(failure))
}

fn shortened(history: History, arguments: &Arguments) -> History {
    match &history.broken {
        Some(broken) => shrink::shrink(history.tape, broken.promise, arguments.bug),
        None => history,
    }
}
