//! Files that a person or we ourselves have written: they are small, and what else is named by mistake is not read to its
//! end, which it may not have.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

const BYTES_MAX: u64 = 1 << 20;

/// The bytes of a file.
pub(crate) fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(4 << 10);
    let read = open(path)?.take(BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if read as u64 > BYTES_MAX {
        let message = "it is larger than a mebibyte";
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    Ok(bytes)
}

/// Whether nothing is there: a link that leads nowhere is something, since what it leads to may be missing by mistake.
pub(crate) fn is_absent(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

/// The text of a file.
pub(crate) fn text(path: &Path) -> io::Result<String> {
    let not_text = |_| io::Error::new(io::ErrorKind::InvalidData, "it is no UTF-8 text");
    String::from_utf8(bytes(path)?).map_err(not_text)
}

fn open(path: &Path) -> io::Result<File> {
    File::open(path).map_err(|error| {
        if error.kind() == io::ErrorKind::NotFound && !is_absent(path) {
            return io::Error::new(error.kind(), "it is a link that leads nowhere");
        }
        error
    })
}
