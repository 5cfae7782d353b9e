//! The command line.

use crate::contest::Effort;

/// What XGateway for Rust costs, as ratios against named peers.
#[derive(Debug, clap::Parser)]
#[command(version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) measurement: Measurement,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Measurement {
    /// The time of rules, parsing, building, decoding and one whole call.
    Bench(Options),
    /// The CPU time of a cold release build of a minimal program, and its number of crates.
    Budget(Options),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Only shows that it works: a few rounds for `bench`; for `budget` crates are counted and nothing is built.
    #[arg(long)]
    pub(crate) quick: bool,
    /// Prints one JSON document instead of a table.
    #[arg(long)]
    pub(crate) json: bool,
    /// Ends with exit code 1 if a target is missed.
    #[arg(long)]
    pub(crate) check: bool,
}

impl Options {
    pub(crate) fn effort(&self) -> Effort {
        if self.quick {
            Effort::QUICK
        } else {
            Effort::FULL
        }
    }
}
