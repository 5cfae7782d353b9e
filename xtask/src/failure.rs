//! Why a chore failed.

use std::io;
use std::process::ExitStatus;

/// Why a chore failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A command ran and was not content. It has printed why.
    #[error("`{command}` failed ({status})")]
    Command {
        /// The command line.
        command: String,
        /// How it ended.
        status: ExitStatus,
    },
    /// A command could not be started.
    #[error("`{command}` cannot be started")]
    Start {
        /// The command line.
        command: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// Cargo would not describe the workspace.
    #[error("cargo metadata")]
    Metadata(#[from] cargo_metadata::Error),
    /// Dependencies break the table of allowed arrows. Each has been printed.
    #[error("{count} breaches of the table in xtask/src/layers/table.rs")]
    Layers {
        /// How many.
        count: usize,
    },
    /// Nothing was generated, or generated files are stale.
    #[error(transparent)]
    Codegen(#[from] crate::codegen::Error),
    /// Nothing was checked, because something is out of reach that even a build server need not have.
    #[error("not run: {reason}")]
    OutOfReach {
        /// What is out of reach.
        reason: String,
    },
    /// Nothing was checked, because a tool is missing on this machine.
    #[error("not run: {reason}")]
    NotRun {
        /// What is missing, and the command that brings it.
        reason: String,
    },
}

impl Failure {
    /// What the process ends with.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::NotRun { .. } | Self::OutOfReach { .. } => 3,
            Self::Command { .. }
            | Self::Start { .. }
            | Self::Metadata(_)
            | Self::Layers { .. }
            | Self::Codegen(_) => 1,
        }
    }
}
