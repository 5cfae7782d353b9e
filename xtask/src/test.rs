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
    let wanted = [("PostgreSQL", no_server), ("browser", no_driver)];
    let mut left_out = Vec::new();
    for (tests, missing) in wanted {
        if let Some(reason) = missing {
            console::problem(&format!("test: {tests} tests NOT RUN: {reason}"));
            left_out.push(tests);
        }
    }
    // Last, since the last line is the one that is read.
    console::say(&closing_line(&arguments.more, &left_out));
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

fn closing_line(more: &[String], left_out: &[&str]) -> String {
    // With a filter, or without what some tests want, "every test" would be a lie.
    let passed = match (more, left_out) {
        ([], []) => return "test: every test of the workspace passed".to_owned(),
        ([], _) => "test: passed".to_owned(),
        (more, _) => format!("test: passed, as far as `{}` selects", more.join(" ")),
    };
    match left_out {
        [] => passed,
        left_out => format!(
            "{passed}, but for {} tests: NOT RUN",
            left_out.join(" and ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_out_is_not_claimed() {
        let amount = ["amount".to_owned()];
        for (more, left_out, line) in [
            (&[][..], &[][..], "every test of the workspace passed"),
            (&amount, &[], "passed, as far as `amount` selects"),
            (
                &[],
                &["PostgreSQL", "browser"],
                "passed, but for PostgreSQL and browser tests: NOT RUN",
            ),
            (
                &amount,
                &["browser"],
                "passed, as far as `amount` selects, but for browser tests: NOT RUN",
            ),
        ] {
            assert_eq!(closing_line(more, left_out), format!("test: {line}"));
        }
    }
}
