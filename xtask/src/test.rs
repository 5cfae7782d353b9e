//! `cargo xtask test`: everything that can be tested, with nothing but Rust and a C compiler.

use crate::browser::{self, Driver};
use crate::console;
use crate::environment;
use crate::failure::Failure;
use crate::postgres::{self, Server};
use crate::process;

/// What the tests are run with.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Arguments {
    /// More arguments for `cargo test`, such as part of a test's name.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    more: Vec<String>,
}

/// Builds and runs every test of the workspace.
///
/// # Errors
///
/// [`Failure::Command`] if something does not build or a test fails.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    // Every failure in one run, instead of those in the first crate that has one.
    let mut cargo = process::cargo(["test", "--workspace", "--no-fail-fast"]);
    let (server, no_server) = found("PostgreSQL", Server::find())?;
    if let Some(server) = &server {
        cargo.env(postgres::VARIABLE, server.url());
    }
    let (driver, no_driver) = found("browser", Driver::find())?;
    if let Some(driver) = &driver {
        cargo.env(browser::VARIABLE, driver.url());
    }
    process::run(cargo.args(&arguments.more))?;
    console::say(&closing_line(&arguments.more));
    for (tests, missing) in [("PostgreSQL", no_server), ("browser", no_driver)] {
        if let Some(reason) = missing {
            console::problem(&format!("test: {tests} tests NOT RUN: {reason}"));
        }
    }
    Ok(())
}

/// What some tests want, or why it is not there: on a build server a failure.
fn found<T>(
    tests: &str,
    found: Result<T, Failure>,
) -> Result<(Option<T>, Option<String>), Failure> {
    match found {
        Ok(found) => Ok((Some(found), None)),
        Err(Failure::NotRun { reason }) if !environment::is_build_server() => {
            console::problem(&format!("{tests} tests will NOT RUN: {reason}"));
            Ok((None, Some(reason)))
        }
        Err(failure) => Err(failure),
    }
}

fn closing_line(more: &[String]) -> String {
    if more.is_empty() {
        "test: every test of the workspace passed".to_owned()
    } else {
        // With a filter "every test" would be a lie.
        format!("test: passed, as far as `{}` selects", more.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filtered_run_does_not_claim_everything() {
        assert_eq!(
            closing_line(&[]),
            "test: every test of the workspace passed"
        );
        assert_eq!(
            closing_line(&["amount".to_owned()]),
            "test: passed, as far as `amount` selects"
        );
    }
}
