//! Input that may hold card data.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read};
use std::path::Path;

use xgateway::core::secret::PersonalText;

use crate::failure::Failure;

/// What UTF-16 begins with, and UTF-8 never.
const UTF_16: [&[u8]; 2] = [b"\xFF\xFE", b"\xFE\xFF"];

/// A file, or stdin for `-`.
pub(super) fn open(path: &Path) -> Result<BufReader<Box<dyn Read>>, Failure> {
    let input: Box<dyn Read> = if path.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(path).map_err(|source| failure(path, source))?)
    };
    Ok(BufReader::with_capacity(64 << 10, input))
}

/// All of it, at most `bytes_max`, in memory that is wiped.
pub(super) fn read(path: &Path, bytes_max: usize) -> Result<Whole, Failure> {
    // Room for the usual body at once: a text that grows leaves copies behind.
    let mut text = String::with_capacity(16 << 10);
    let mut input = open(path)?;
    let start = input.fill_buf().map_err(|source| failure(path, source))?;
    if UTF_16.iter().any(|mark| start.starts_with(mark)) {
        return Ok(Whole::Utf16);
    }
    let read = input.take(bytes_max as u64 + 1).read_to_string(&mut text);
    let text = PersonalText::from(text);
    match read {
        Ok(length) if length > bytes_max => Ok(Whole::TooLarge),
        Ok(_) => Ok(Whole::Text(text)),
        Err(source) if source.kind() == io::ErrorKind::InvalidData => Ok(Whole::NotText),
        Err(source) => Err(failure(path, source)),
    }
}

/// What an input holds.
pub(super) enum Whole {
    Text(PersonalText),
    /// It is no UTF-8, so no JSON.
    NotText,
    /// So Windows PowerShell writes what is sent to a file.
    Utf16,
    TooLarge,
}

/// Says what the system says of something that is no file.
pub(super) fn must_be_file(path: &Path) -> Result<(), Failure> {
    let file = std::fs::metadata(path).map_err(|source| failure(path, source))?;
    if file.is_dir() {
        return Err(failure(path, io::ErrorKind::IsADirectory.into()));
    }
    Ok(())
}

/// Says so if the folder of a file is not there: what the system says of the file names it only.
pub(super) fn must_have_folder(path: &Path, action: &str) -> Result<(), Failure> {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    match folder {
        // What cannot be looked at may be there.
        Some(folder) if folder.try_exists().is_ok_and(|exists| !exists) => {
            let missing = format!("there is no folder {}", folder.display());
            Err(Failure::system(action, missing))
        }
        Some(_) | None => Ok(()),
    }
}

pub(super) fn failure(path: &Path, source: io::Error) -> Failure {
    Failure::File {
        path: path.to_owned(),
        source,
    }
}
