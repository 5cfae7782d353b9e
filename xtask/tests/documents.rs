//! What the documents point at is there.
#![expect(
    clippy::unwrap_used,
    reason = "what a test cannot unwrap makes it fail"
)]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap().to_owned()
}

/// Every Markdown file below `folder`.
fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && !name.starts_with('.') && name != "target" {
            found.extend(documents(&path));
        } else if path.extension().is_some_and(|ending| ending == "md") {
            found.push(path);
        }
    }
    found
}

#[test]
fn every_link_to_a_file_leads_to_one() {
    let (mut links, mut dead) = (0, Vec::new());
    for document in documents(&root()) {
        let text = fs::read_to_string(&document).unwrap();
        for link in text.split("](").skip(1) {
            let target = link.split([')', '#', ' ']).next().unwrap();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            links += 1;
            if !document.parent().unwrap().join(target).exists() {
                dead.push(format!("{}: {target}", document.display()));
            }
        }
    }
    assert!(links > 100, "{links} links were found");
    assert!(dead.is_empty(), "{dead:#?}");
}

#[test]
fn every_test_that_a_promise_names_is_there() {
    let text = fs::read_to_string(root().join("docs/security.md")).unwrap();
    let (mut names, mut missing) = (0, Vec::new());
    for name in text.split('`').skip(1).step_by(2) {
        if name.starts_with("xgateway-") {
            names += 1;
            if !root().join("crates").join(name).exists() {
                missing.push(name);
            }
        }
    }
    assert!(names > 40, "{names} names were found");
    assert!(missing.is_empty(), "{missing:#?}");
}
