//! `cargo xtask ci` and `cargo xtask lint`: all that a change must pass.

use crate::codegen;
use crate::contract;
use crate::deny;
use crate::failure::Failure;
use crate::layers;
use crate::process;
use crate::spec_check;
use crate::steps::Steps;
use crate::test;

/// Everything: the checks, then the tests.
///
/// # Errors
///
/// The first check that is not content.
pub(crate) fn run(arguments: deny::Arguments) -> Result<(), Failure> {
    let mut steps = Steps::new();
    checks(&mut steps, arguments)?;
    steps.run("test", || test::run(&test::Arguments::default()))?;
    steps.run(
        "contract",
        || contract::run(&contract::Arguments::default()),
    )?;
    steps.finish("ci");
    Ok(())
}

/// The checks without the tests.
///
/// # Errors
///
/// The first check that is not content.
pub(crate) fn lint(arguments: deny::Arguments) -> Result<(), Failure> {
    let mut steps = Steps::new();
    checks(&mut steps, arguments)?;
    steps.finish("lint");
    Ok(())
}

/// Cheap ones first, so that a slip is known within seconds.
fn checks(steps: &mut Steps, arguments: deny::Arguments) -> Result<(), Failure> {
    // Also brings the crates of other platforms, which cargo-deny wants to see.
    steps.run("lock", || cargo(&["fetch", "--locked"]))?;
    steps.run("fmt", || cargo(&["fmt", "--all", "--check"]))?;
    steps.run("codegen", codegen::check)?;
    steps.run("layers", layers::run)?;
    steps.run("clippy", || {
        cargo(&[
            "clippy",
            "--workspace",
            "--all-targets",
            "--all-features",
            "--",
            "-D",
            "warnings",
        ])
    })?;
    steps.run("alone", each_library_alone)?;
    steps.run("doc", documentation)?;
    steps.run("deny", || deny::policy(arguments))?;
    steps.run("advisories", deny::advisories)?;
    steps.run("spec-check", || {
        spec_check::run(&spec_check::Arguments::default())
    })
}

/// Each library without its default features and without what its neighbours switch on in shared dependencies.
fn each_library_alone() -> Result<(), Failure> {
    for name in layers::libraries() {
        cargo(&["check", "-p", name, "--no-default-features"])?;
    }
    Ok(())
}

/// Libraries only: the command line's program has the facade's name, and their pages would overwrite each other.
fn documentation() -> Result<(), Failure> {
    let mut command =
        process::cargo(["doc", "--workspace", "--lib", "--no-deps", "--all-features"]);
    process::run(command.env("RUSTDOCFLAGS", "-D warnings"))
}

fn cargo(arguments: &[&str]) -> Result<(), Failure> {
    process::run(&mut process::cargo(arguments.iter().copied()))
}
