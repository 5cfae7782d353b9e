//! Files that a person or we ourselves have written: they are small, and what else is named by mistake is not read to its
//! end, which it may not have.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

const BYTES_MAX: u64 = 1 << 20;

/// The bytes of a file.
pub(crate) fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(4 << 10);
    let read = File::open(path)?
        .take(BYTES_MAX + 1)
        .read_to_end(&mut bytes)?;
    if read as u64 > BYTES_MAX {
        let message = "it is larger than a mebibyte";
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    Ok(bytes)
}

/// The text of a file.
pub(crate) fn text(path: &Path) -> io::Result<String> {
    let not_text = |_| io::Error::new(io::ErrorKind::InvalidData, "it is no UTF-8 text");
    String::from_utf8(bytes(path)?).map_err(not_text)
}
