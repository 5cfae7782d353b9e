//! `cargo xtask spec-check`: the opinion of a public validator about our OpenAPI document.

use std::path::{Path, PathBuf};

use crate::console;
use crate::failure::Failure;
use crate::process;

const SPEC: &str = "crates/xgateway-api/openapi/xgateway.yaml";

/// The validator as pip names it, and the version that everybody uses.
const PACKAGE: &str = "openapi-spec-validator";
const VERSION: &str = "0.9.0";

/// What is checked.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The document.
    #[arg(default_value = SPEC)]
    file: PathBuf,
}

impl Default for Arguments {
    fn default() -> Self {
        Self { file: SPEC.into() }
    }
}

/// Validates the document.
///
/// # Errors
///
/// [`Failure::NotRun`] without Python 3 or the validator, [`Failure::Command`] if the document is not valid.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let python = validator(&process::tools().join(format!("{PACKAGE}-{VERSION}")))?;
    process::run(
        process::command(python)
            .args(["-m", "openapi_spec_validator", "--validation-errors", "all"])
            .arg(&arguments.file),
    )
}

/// A Python that has the validator, in a virtual environment of our own.
fn validator(home: &Path) -> Result<PathBuf, Failure> {
    let python = home.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    let ready = || {
        let mut import = process::command(&python);
        process::succeeds(import.args(["-c", "import openapi_spec_validator"]))
    };
    if ready() {
        return Ok(python);
    }
    if !process::succeeds(process::command("python3").arg("--version")) {
        return Err(not_run(
            "Python 3 is missing; on Debian: apt-get install python3-venv",
        ));
    }
    console::say("installing the validator, once");
    let mut venv = process::command("python3");
    if process::run(venv.args(["-m", "venv", "--clear"]).arg(home)).is_err() {
        return Err(not_run(
            "Python 3 has no virtual environments; on Debian: apt-get install python3-venv",
        ));
    }
    let mut pip = process::command(&python);
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]);
    if process::run(pip.arg(format!("{PACKAGE}=={VERSION}"))).is_err() {
        return Err(not_run(
            "pip could not install the validator; it says why above",
        ));
    }
    Ok(python)
}

fn not_run(reason: &str) -> Failure {
    Failure::NotRun {
        reason: reason.to_owned(),
    }
}
