//! `cargo xtask codegen`: all that follows from the OpenAPI document.
//!
//! [`read`] turns the document into a model and refuses what it does not understand, with the place; [`mod@print`] turns
//! the model into files. Nothing depends on the machine or the day: the same document gives the same bytes.

mod audit;
mod document;
mod files;
mod golden;
mod model;
mod name;
mod place;
mod print;
mod read;
mod source;

use std::io;
use std::path::PathBuf;

use crate::console;
use crate::failure::Failure;
use crate::process;

use place::Refusal;

const DOCUMENT: &str = "crates/xgateway-api/openapi/xgateway.yaml";

/// What is done.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Arguments {
    /// Change nothing; fail with a diff if a file is stale.
    #[arg(long)]
    pub(crate) check: bool,
    /// Write what the generator makes of its own tiny documents (xtask/tests/codegen) as what it must make of them.
    #[arg(long, conflicts_with = "check")]
    bless_golden: bool,
}

/// Why nothing was generated, or what is stale.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The document says something that no code can be made of.
    #[error("{document}, {refusal}")]
    Refused {
        /// The document.
        document: String,
        /// Where and why.
        refusal: Refusal,
    },
    /// A file cannot be read or written.
    #[error("{path}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The formatter cannot be run.
    #[error("rustfmt cannot be run; `rustup component add rustfmt` brings it")]
    Rustfmt(#[source] io::Error),
    /// The document is no YAML map.
    #[error("the document is not read as a map")]
    Yaml(#[from] serde_yaml_ng::Error),
    /// The formatter does not take what we print.
    #[error("rustfmt refused generated code; it says why above")]
    RustfmtRefused,
    /// Files differ from what follows from the document.
    #[error("{count} files are stale: run `cargo xtask codegen`")]
    Stale {
        /// How many.
        count: usize,
    },
}

/// Writes what follows from the document, or checks it.
///
/// # Errors
///
/// [`Failure::Codegen`].
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.bless_golden {
        let count = golden::bless()?;
        console::say(&format!("codegen: {count} golden files written"));
        return Ok(());
    }
    let text = files::read(&process::root().join(DOCUMENT))?;
    let api = read::read(&text).map_err(|refusal| Error::Refused {
        document: DOCUMENT.to_owned(),
        refusal,
    })?;
    let mut files = print::files(&api)?;
    files.push(print::document(&text)?);
    if arguments.check {
        files::check(&files)?;
        console::say(&format!("codegen: all {} files are fresh", files.len()));
    } else {
        let changed = files::write(&files)?;
        console::say(&format!(
            "codegen: {changed} of {} files changed",
            files.len()
        ));
    }
    Ok(())
}

/// The check alone, as a step of the build server.
///
/// # Errors
///
/// [`Failure::Codegen`].
pub(crate) fn check() -> Result<(), Failure> {
    run(&Arguments {
        check: true,
        ..Arguments::default()
    })
}
