//! What XGateway for Rust costs, as ratios against named peers in one run: `bench` for time, `budget` for building. And
//! what it bears: `soak`.
//!
//! Ratios, because times belong to a machine and a day. What each figure means, and the last ones, are in
//! `docs/benchmarks.md`.

mod adapter;
#[cfg(test)]
mod allocations;
mod arguments;
mod bounds;
mod budget;
mod call;
mod callbacks;
mod clock;
mod connections;
mod contest;
mod figure;
mod garde_peer;
mod journal;
mod parse;
mod ratio;
mod report;
mod rules;
mod samples;
mod sandbox;
mod serde_peer;
mod server;
mod soak;
mod wire;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Bench, DatabaseUrl, Group, Measurement};
use report::Report;

/// What may go wrong in a measurement; there is nobody to branch on it.
type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    if let Some(code) = budget::metered_rustc() {
        return code;
    }
    match run(&Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            // Nothing is left to be done if stderr is gone.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Outcome<ExitCode> {
    let (options, report) = match &arguments.measurement {
        Measurement::Bench(arguments) => (&arguments.options, bench(arguments)?),
        Measurement::Budget(options) => (options, budget::measure(options)?),
        Measurement::ServeSandbox => {
            sandbox::serve_until_told()?;
            return Ok(ExitCode::SUCCESS);
        }
        Measurement::Soak(arguments) => return Ok(exit_code(soak::run(arguments)?)),
        Measurement::SoakReceiver(arguments) => {
            soak::receive(arguments)?;
            return Ok(ExitCode::SUCCESS);
        }
    };
    let mut out = io::stdout().lock();
    if options.json {
        writeln!(out, "{}", report.json()?)?;
    } else {
        write!(out, "{report}")?;
    }
    Ok(exit_code(!options.check || report.is_ok()))
}

fn exit_code(is_well: bool) -> ExitCode {
    if is_well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn bench(arguments: &Bench) -> Outcome<Report> {
    let effort = arguments.options.effort();
    let mut report = Report::new("bench", arguments.options.quick);
    if arguments.includes(Group::Rules) {
        report.extend(rules::measure(effort));
    }
    if arguments.includes(Group::Parse) {
        report.extend(parse::measure(effort));
    }
    if arguments.includes(Group::Wire) {
        report.extend(wire::measure(effort));
    }
    if arguments.includes(Group::Call) {
        report.extend(call::measure(effort)?);
    }
    if arguments.includes(Group::Adapter) {
        report.extend(adapter::measure(effort)?);
    }
    let database_url = arguments.database_url.as_ref().map(DatabaseUrl::expose);
    if arguments.includes(Group::Journal) {
        report.extend(journal::measure(effort, database_url)?);
    }
    if arguments.includes(Group::Callbacks) {
        report.extend(callbacks::measure(effort, database_url)?);
    }
    if arguments.includes(Group::Sandbox) {
        report.extend(sandbox::measure(effort, arguments.options.quick)?);
    }
    Ok(report)
}
