//! Generated files on disk: writing, and comparing.

use std::collections::BTreeSet;
use std::path::Path;
use std::{fs, io};

use similar::TextDiff;

use super::Error;
use super::print::{FOLDERS, File, MARK};
use crate::console;
use crate::process;

/// Reads a text.
pub(super) fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(failed(path))
}

/// Writes a text.
pub(super) fn write_text(path: &Path, text: &str) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed(folder))?;
    }
    fs::write(path, text).map_err(failed(path))
}

/// Writes what differs, removes what no longer follows, and says how many that were.
pub(super) fn write(files: &[File]) -> Result<usize, Error> {
    let root = process::root();
    let mut changed = 0;
    for file in files {
        if on_disk(file)? != file.text {
            write_text(&root.join(&file.path), &file.text)?;
            changed += 1;
        }
    }
    for path in leftovers(files)? {
        let path = root.join(path);
        fs::remove_file(&path).map_err(failed(&path))?;
        changed += 1;
    }
    Ok(changed)
}

/// Prints how the files on disk differ.
pub(super) fn check(files: &[File]) -> Result<(), Error> {
    let mut count = 0;
    for file in files {
        let old = on_disk(file)?;
        if old != file.text {
            console::problem(&diff(&file.path, &old, &file.text));
            count += 1;
        }
    }
    for path in leftovers(files)? {
        console::problem(&format!("{path} no longer follows from the document"));
        count += 1;
    }
    if count > 0 {
        return Err(Error::Stale { count });
    }
    Ok(())
}

/// A unified diff.
pub(super) fn diff(path: &str, old: &str, new: &str) -> String {
    TextDiff::from_lines(old, new)
        .unified_diff()
        .header(&format!("{path} (on disk)"), &format!("{path} (generated)"))
        .to_string()
}

/// The text on disk; empty if there is no file.
fn on_disk(file: &File) -> Result<String, Error> {
    let path = process::root().join(&file.path);
    match fs::read_to_string(&path) {
        // A checkout may have given the lines another end.
        Ok(text) => Ok(text.replace("\r\n", "\n")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(failed(&path)(error)),
    }
}

/// Files that we once wrote and that no longer follow. What somebody else put beside them stays.
fn leftovers(files: &[File]) -> Result<BTreeSet<String>, Error> {
    let mut left = BTreeSet::new();
    for folder in FOLDERS {
        let path = process::root().join(folder);
        let entries = match fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(failed(&path)(error)),
        };
        for entry in entries {
            let entry = entry.map_err(failed(&path))?;
            let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
            let is_known = files.iter().any(|file| file.path == name);
            if !is_known && entry.path().is_file() && is_ours(&read(&entry.path())?) {
                left.insert(name);
            }
        }
    }
    Ok(left)
}

/// Whether the first line of a text says that we wrote it.
fn is_ours(text: &str) -> bool {
    text.lines().next().is_some_and(|line| line.contains(MARK))
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_path_buf();
    |source| Error::File { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_says_so_is_ours() {
        assert!(is_ours(&format!("<!-- Generated from a.yaml {MARK} -->\n")));
        assert!(!is_ours(&format!("# Delivery\n{MARK}\n")));
        assert!(!is_ours(""));
    }

    #[test]
    fn a_diff_names_the_file_and_the_lines() {
        let diff = diff("a.rs", "one\ntwo\n", "one\nthree\n");
        assert_eq!(
            diff,
            "--- a.rs (on disk)\n+++ a.rs (generated)\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n"
        );
    }
}
