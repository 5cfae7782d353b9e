//! Documents that prove who a customer is: which there are, with how many sides, and what a file must be.
//!
//! [`Document`] is generic over what stands for a file (a path, an open file, nothing at all), so that a kind with two
//! sides can have neither one nor three. [`Inspector`] looks at the content, piece by piece: it holds a kilobyte of a
//! file, never all of it.
//!
//! ```
//! use xgateway_core::document::{Document, FileKind, Inspector, Page};
//!
//! let licence = Document::DrivingLicence { front: "front.jpg", back: "back.jpg" };
//! let pages: Vec<_> = licence.into_pages().collect();
//! assert_eq!(pages[1], (Page::DrivingLicenceBack, "back.jpg"));
//!
//! let mut inspector = Inspector::new(49_999_999);
//! inspector.update(b"%PDF-1.7\n...\n%%EOF\n");
//! assert_eq!(inspector.finish()?.kind(), FileKind::Pdf);
//! # Ok::<(), xgateway_core::issue::Issues>(())
//! ```

mod file_kind;
mod inspector;
mod page;

pub use file_kind::FileKind;
pub use inspector::{Inspected, Inspector, missing_file, too_large_file, unreadable_file};
pub use page::{Document, Page, missing_documents};
