//! `cargo xtask deny`: licences, bans, sources and advisories, with cargo-deny and `deny.toml`.

use std::process::Command;

use crate::console;
use crate::environment;
use crate::failure::Failure;
use crate::process;

/// The version that is installed when none is there.
const VERSION: &str = "0.20.2";

/// How cargo-deny is had.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Install cargo-deny below target/ if it is missing. Build servers (CI=true) always do.
    #[arg(long)]
    pub(crate) install: bool,
}

/// Everything that cargo-deny checks. Advisories are left out, with a clear word, when their database is out of reach.
///
/// # Errors
///
/// [`Failure::NotRun`] without cargo-deny, [`Failure::Command`] if it finds something.
pub(crate) fn run(arguments: Arguments) -> Result<(), Failure> {
    policy(arguments)?;
    match advisories() {
        Err(Failure::OutOfReach { reason }) => {
            console::problem(&format!("advisories NOT CHECKED: {reason}"));
            Ok(())
        }
        other => other,
    }
}

/// Licences, bans and sources: what the lock file alone decides.
///
/// # Errors
///
/// [`Failure::NotRun`] without cargo-deny, [`Failure::Command`] if it finds something.
pub(crate) fn policy(arguments: Arguments) -> Result<(), Failure> {
    if cargo_deny().is_none() && (arguments.install || environment::is_build_server()) {
        install()?;
    }
    check(&["bans", "licenses", "sources"])
}

/// Known vulnerabilities of our dependencies, from a database that has to be fetched.
///
/// # Errors
///
/// [`Failure::OutOfReach`] without the database, [`Failure::NotRun`] without cargo-deny, [`Failure::Command`] if it
/// finds something.
pub(crate) fn advisories() -> Result<(), Failure> {
    let mut fetch = found()?;
    if process::run(fetch.args(["fetch", "db"])).is_err() {
        return Err(Failure::OutOfReach {
            reason: "the advisory database cannot be fetched from here".to_owned(),
        });
    }
    check(&["advisories"])
}

fn check(checks: &[&str]) -> Result<(), Failure> {
    // Every feature of ours, because some dependencies hide behind one.
    process::run(found()?.args(["--all-features", "check"]).args(checks))
}

fn found() -> Result<Command, Failure> {
    cargo_deny().ok_or_else(|| Failure::NotRun {
        reason: "cargo-deny is missing; `cargo xtask deny --install` brings it".to_owned(),
    })
}

/// The cargo-deny of this machine, or else our own.
fn cargo_deny() -> Option<Command> {
    if process::succeeds(&mut process::cargo(["deny", "--version"])) {
        return Some(process::cargo(["deny"]));
    }
    let own = process::tools().join("bin").join("cargo-deny");
    process::succeeds(process::command(&own).arg("--version")).then(|| process::command(&own))
}

fn install() -> Result<(), Failure> {
    let mut cargo = process::cargo(["install", "cargo-deny", "--locked", "--version", VERSION]);
    process::run(cargo.arg("--root").arg(process::tools()))
}
