//! The generator's own tiny documents, one per oddity, and what it must make of them.
//!
//! `xtask/tests/codegen/ODDITY.yaml` leads to `ODDITY.rs`, or to `ODDITY.refusal` if the document must be refused.
//! The Rust is compiled, and tried out, by the tests of the crate whose types it uses.

use std::fs;
use std::path::PathBuf;

use super::{Error, files, print, read};
use crate::process;

/// What comes of one tiny document.
struct Golden {
    path: PathBuf,
    text: String,
    /// What must not be there.
    other: PathBuf,
}

/// Writes every golden file and says how many there are.
pub(super) fn bless() -> Result<usize, Error> {
    let goldens = all()?;
    for golden in &goldens {
        files::write_text(&golden.path, &golden.text)?;
        if golden.other.exists() {
            fs::remove_file(&golden.other).map_err(|source| Error::File {
                path: golden.other.clone(),
                source,
            })?;
        }
    }
    Ok(goldens.len())
}

fn all() -> Result<Vec<Golden>, Error> {
    let folder = process::root().join("xtask/tests/codegen");
    let failed = |source| Error::File {
        path: folder.clone(),
        source,
    };
    let mut goldens = Vec::new();
    for entry in fs::read_dir(&folder).map_err(failed)? {
        let document = entry.map_err(failed)?.path();
        if document.extension().is_some_and(|it| it == "yaml") {
            let text = files::read(&document)?;
            let (rust, refusal) = (
                document.with_extension("rs"),
                document.with_extension("refusal"),
            );
            goldens.push(match read::read(&text) {
                Ok(api) => Golden {
                    path: rust,
                    text: print::golden(&api)?,
                    other: refusal,
                },
                Err(reason) => Golden {
                    path: refusal,
                    text: format!("{reason}\n"),
                    other: rust,
                },
            });
        }
    }
    Ok(goldens)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_oddity_gives_what_it_must() {
        let goldens = all().unwrap();
        assert!(!goldens.is_empty(), "there are tiny documents");
        let mut wrong = String::new();
        for golden in goldens {
            let old = fs::read_to_string(&golden.path).unwrap_or_default();
            let old = old.replace("\r\n", "\n");
            if old != golden.text || golden.other.exists() {
                let name = golden.path.file_name().unwrap().to_string_lossy();
                wrong.push_str(&files::diff(&name, &old, &golden.text));
            }
        }
        assert!(
            wrong.is_empty(),
            "{wrong}\nif this is meant: cargo xtask codegen --bless-golden"
        );
    }
}
