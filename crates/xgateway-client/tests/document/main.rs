//! Documents on their way: what is sent, what is refused before, and what happens to one that changes.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

mod upload;
mod wire;

use std::io::Cursor;

use xgateway_client::document::DocumentFile;
use xgateway_core::id::CustomerId;

/// A PDF of so many bytes.
pub(crate) fn pdf(length: usize) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.resize(length - 6, b'x');
    bytes.extend_from_slice(b"\n%%EOF");
    bytes
}

pub(crate) async fn file(bytes: Vec<u8>) -> DocumentFile {
    DocumentFile::from_reader(Cursor::new(bytes)).await.unwrap()
}

pub(crate) fn customer() -> CustomerId {
    CustomerId::parse("customer-1").unwrap()
}
