//! Starting other programs, in the root of the workspace.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::console;
use crate::failure::Failure;

/// Variables that `cargo run` sets for this program. Passed on, they would make build scripts that watch them run
/// again, and half of the dependencies with them.
const VARIABLES_OF_CARGO_RUN: [&str; 8] = [
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_LINKS",
    "CARGO_MANIFEST_PATH",
    "CARGO_PKG_NAME",
    "CARGO_PKG_VERSION_MAJOR",
    "CARGO_PKG_VERSION_MINOR",
    "CARGO_PKG_VERSION_PATCH",
    "CARGO_PKG_VERSION_PRE",
];

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package
        .parent()
        .expect("this package is a folder of the workspace")
        .to_path_buf()
}

/// Where tools that only this program uses are installed.
pub(crate) fn tools() -> PathBuf {
    root().join("target").join("tools")
}

/// A program that will run in the root of the workspace.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    for variable in VARIABLES_OF_CARGO_RUN {
        command.env_remove(variable);
    }
    command
}

/// Cargo with these arguments.
pub(crate) fn cargo<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = command("cargo");
    command.args(arguments);
    command
}

/// Prints the command line and runs it; its output goes where ours goes.
///
/// # Errors
///
/// [`Failure::Start`] or [`Failure::Command`].
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    console::say(&format!("$ {}", line(command)));
    let status = command.status().map_err(|source| Failure::Start {
        command: line(command),
        source,
    })?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::Command {
        command: line(command),
        status,
    })
}

/// Runs a command and returns what it wrote to stdout; its stderr goes where ours goes.
///
/// # Errors
///
/// [`Failure::Start`] or [`Failure::Command`].
pub(crate) fn read(command: &mut Command) -> Result<String, Failure> {
    let Output { status, stdout, .. } =
        command
            .stderr(Stdio::inherit())
            .output()
            .map_err(|source| Failure::Start {
                command: line(command),
                source,
            })?;
    if status.success() {
        return Ok(String::from_utf8_lossy(&stdout).into_owned());
    }
    Err(Failure::Command {
        command: line(command),
        status,
    })
}

/// Whether a command starts and succeeds. It says nothing.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}
