//! Files of documents: looked at from end to end before anything is sent, and read again while they are sent.
//!
//! A [`DocumentFile`] is whatever can be read twice: a file, or any reader that can go back to its start. No more than
//! a few pieces of [`PIECE_BYTES`] are in memory at a time.
//!
//! What was looked at is what is sent: a file that changes in between ends the upload before its last byte, so that
//! the gateway never gets another document than the one that was checked.
//!
//! ```
//! use std::io::Cursor;
//! use xgateway_client::document::DocumentFile;
//! use xgateway_core::document::FileKind;
//!
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let file = DocumentFile::from_reader(Cursor::new(b"%PDF-1.7 ... %%EOF")).await?;
//! assert_eq!(file.kind(), FileKind::Pdf);
//!
//! let issues = DocumentFile::from_reader(Cursor::new(b"MZ, a program")).await.unwrap_err();
//! assert!(issues.to_string().starts_with("file: File must be a JPEG, PNG or PDF by its content"));
//! # Ok::<(), xgateway_core::issue::Issues>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod file;
mod source;

pub use file::DocumentFile;
pub(crate) use source::FileSource;

/// How much of a file is read, and sent, at once.
pub const PIECE_BYTES: usize = 64 << 10;
