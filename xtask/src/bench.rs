//! `cargo xtask bench` and `cargo xtask budget`, which live in `crates/xgateway-bench`, and `cargo xtask simulate`, which
//! lives in `crates/xgateway-simulation`.

use crate::failure::Failure;
use crate::process;

/// What is passed on.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Arguments of the program; `--help` is one of them.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    more: Vec<String>,
}

/// Runs one measurement, built as users build.
///
/// # Errors
///
/// [`Failure::Command`] if it does not build or, with `--check`, is worse than a bound.
pub(crate) fn run(measurement: &str, arguments: &Arguments) -> Result<(), Failure> {
    let mut cargo = process::cargo(["run", "--release", "-p", "xgateway-bench", "--"]);
    process::run(cargo.arg(measurement).args(&arguments.more))
}

/// Runs the simulation, built as users build: it is a matter of speed.
///
/// # Errors
///
/// [`Failure::Command`] if it does not build or a promise is broken.
pub(crate) fn simulate(arguments: &Arguments) -> Result<(), Failure> {
    let mut cargo = process::cargo(["run", "--release", "-p", "xgateway-simulation", "--"]);
    process::run(cargo.args(&arguments.more))
}
