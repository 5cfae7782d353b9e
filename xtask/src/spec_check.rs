//! `cargo xtask spec-check`: the opinion of a public validator about our OpenAPI document.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::process;
use crate::python;

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
    let python = python::with(PACKAGE, VERSION, "openapi_spec_validator")?;
    process::run(
        process::command(python)
            .args(["-m", "openapi_spec_validator", "--validation-errors", "all"])
            .arg(&arguments.file),
    )
}
