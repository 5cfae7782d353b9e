//! The chores of this workspace: `cargo xtask --help` lists them.
//!
//! This package depends on no runtime crate, so that it builds when they do not.

mod bench;
mod browser;
mod ci;
mod codegen;
mod console;
mod contract;
mod debian;
mod deny;
mod environment;
mod failure;
mod layers;
mod postgres;
mod process;
mod python;
mod soak;
mod spec_check;
mod steps;
mod test;

use std::error::Error as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::failure::Failure;

/// The chores of this workspace.
///
/// Exit codes: 0 done, 1 something is wrong, 2 wrong usage, 3 not run because a tool is missing.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Build and run every test of the workspace: unit, integration and documentation tests.
    Test(test::Arguments),
    /// All that a change must pass: `lint`, `test`, `contract`.
    Ci(deny::Arguments),
    /// Format, codegen, layers, clippy, documentation, each library alone, `deny` and `spec-check`.
    Lint(deny::Arguments),
    /// Write what follows from the OpenAPI document: Rust and reference tables.
    Codegen(codegen::Arguments),
    /// Compare every crate's dependencies with the table of allowed arrows.
    Layers,
    /// Check the OpenAPI document with a public validator (needs Python 3).
    SpecCheck(spec_check::Arguments),
    /// Let a public contract tester try the sandbox against the OpenAPI document that it serves (needs Python 3).
    Contract(contract::Arguments),
    /// Check licences, bans, sources and advisories with cargo-deny.
    Deny(deny::Arguments),
    /// Run a command with `DATABASE_URL` set: a throwaway PostgreSQL, unless the variable names one.
    Postgres(postgres::Arguments),
    /// Simulate histories of payments in which everything goes wrong that can.
    Simulate(bench::Arguments),
    /// Measure speed, as ratios against named peers in one run.
    Bench(bench::Arguments),
    /// Let receivers take callbacks that travel badly, on SQLite and PostgreSQL: is the ledger exact, and memory flat?
    Soak(soak::Arguments),
    /// Measure what the facade costs to build, against the same program without it.
    Budget(bench::Arguments),
}

impl Chore {
    fn run(&self) -> Result<(), Failure> {
        match self {
            Self::Test(arguments) => test::run(arguments),
            Self::Ci(arguments) => ci::run(*arguments),
            Self::Lint(arguments) => ci::lint(*arguments),
            Self::Codegen(arguments) => codegen::run(arguments),
            Self::Layers => layers::run(),
            Self::SpecCheck(arguments) => spec_check::run(arguments),
            Self::Contract(arguments) => contract::run(arguments),
            Self::Deny(arguments) => deny::run(*arguments),
            Self::Postgres(arguments) => postgres::run(arguments),
            Self::Simulate(arguments) => bench::simulate(arguments),
            Self::Bench(arguments) => bench::run("bench", arguments),
            Self::Soak(arguments) => soak::run(arguments),
            Self::Budget(arguments) => bench::run("budget", arguments),
        }
    }
}

fn main() -> ExitCode {
    let Err(failure) = Arguments::parse().chore.run() else {
        return ExitCode::SUCCESS;
    };
    console::problem(&format!("error: {failure}"));
    let mut source = failure.source();
    while let Some(cause) = source {
        console::problem(&format!("  because: {cause}"));
        source = cause.source();
    }
    ExitCode::from(failure.exit_code())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn what_follows_a_test_name_goes_to_cargo_as_it_is() {
        let words = ["xtask", "test", "amount", "--", "--nocapture"];
        let Chore::Test(arguments) = Arguments::parse_from(words).chore else {
            panic!("another chore");
        };
        assert_eq!(
            format!("{arguments:?}"),
            r#"Arguments { more: ["amount", "--", "--nocapture"] }"#
        );
    }
}
