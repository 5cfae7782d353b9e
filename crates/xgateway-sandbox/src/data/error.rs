use std::io;
use std::path::PathBuf;

/// Why a sandbox cannot go on from its directory.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// The file system refuses.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried, such as `open`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the file system says.
        source: io::Error,
    },
    /// Another process has it open.
    #[error("{} is in use by another sandbox", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The file is no log of a sandbox.
    #[error("{} is no log of a sandbox: it is left as it is", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The log was written by a newer sandbox.
    #[error("{} has version {found}; this sandbox reads up to version {}", path.display(), super::line::VERSION)]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version of the file.
        found: u64,
    },
    /// The log is of another seed, so that ids and keys would differ.
    #[error("{} is of seed {found}", path.display())]
    OtherSeed {
        /// The file.
        path: PathBuf,
        /// The seed of the file.
        found: u64,
    },
    /// A whole line cannot be read.
    #[error("{} is damaged in line {line}: it is left as it is", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
    },
}
