//! Files for their owner's eyes only, which a power cut does not take away.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Opens a file; one that is made is for this user alone.
pub(super) fn open(mut options: OpenOptions, path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A file's name is safe only when its folder is.
pub(super) fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
