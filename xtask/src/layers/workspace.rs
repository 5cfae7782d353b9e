//! What Cargo says about the workspace.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

use super::table::Row;
use crate::failure::Failure;
use crate::process;

/// A third-party or own crate in a tree: name and version.
pub(super) type Built = (String, String);

/// The packages of the workspace by name.
#[derive(Clone, Debug, Default)]
pub(super) struct Workspace {
    /// Direct dependencies, also optional ones and those of other platforms.
    pub(super) packages: BTreeMap<String, Direct>,
    /// All that is built for a package with its default features, itself excluded.
    pub(super) trees: BTreeMap<String, BTreeSet<Built>>,
}

/// The direct normal dependencies of one package.
#[derive(Clone, Debug, Default)]
pub(super) struct Direct {
    /// Packages of this workspace.
    pub(super) internal: BTreeSet<String>,
    /// Everything else.
    pub(super) external: BTreeSet<String>,
}

impl Workspace {
    /// The tree of one package, if it was asked for.
    pub(super) fn tree(&self, name: &str) -> Option<&BTreeSet<Built>> {
        self.trees.get(name)
    }
}

/// Asks Cargo: the manifests for direct dependencies, the resolver for the trees of the rows that limit theirs.
///
/// # Errors
///
/// [`Failure::Metadata`] or [`Failure::Command`] if Cargo does not answer.
pub(super) fn read(table: &[Row]) -> Result<Workspace, Failure> {
    let packages = manifests()?;
    let mut trees = BTreeMap::new();
    for row in table {
        let limited = row.tree_max.is_some() || !row.banned.is_empty();
        if limited && packages.contains_key(row.name) {
            trees.insert(row.name.to_owned(), tree(row.name)?);
        }
    }
    Ok(Workspace { packages, trees })
}

fn manifests() -> Result<BTreeMap<String, Direct>, Failure> {
    // Manifests alone need neither a network nor a lock file.
    let metadata = MetadataCommand::new()
        .current_dir(process::root())
        .no_deps()
        .exec()?;
    let names: BTreeSet<&str> = metadata
        .packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    let mut packages = BTreeMap::new();
    for package in &metadata.packages {
        let mut direct = Direct::default();
        let dependencies = package.dependencies.iter();
        for dependency in dependencies.filter(|it| it.kind == DependencyKind::Normal) {
            // The name in the registry: a rename must not hide a crate.
            let set = if names.contains(dependency.name.as_str()) {
                &mut direct.internal
            } else {
                &mut direct.external
            };
            set.insert(dependency.name.clone());
        }
        packages.insert(package.name.to_string(), direct);
    }
    Ok(packages)
}

/// `cargo metadata` would mix in the features that other packages and tests switch on; `cargo tree` does not.
fn tree(name: &str) -> Result<BTreeSet<Built>, Failure> {
    let arguments = [
        "tree",
        "--package",
        name,
        "--edges",
        "normal",
        "--prefix",
        "none",
    ];
    let text = process::read(process::cargo(arguments).args(["--format", "{p}"]))?;
    Ok(built(&text, name))
}

/// Reads lines such as `serde v1.0.0 (proc-macro) (*)`.
fn built(text: &str, root: &str) -> BTreeSet<Built> {
    let crates = text.lines().filter_map(|line| line.split_once(' '));
    crates
        .filter(|(name, _)| *name != root)
        .map(|(name, rest)| {
            let version = rest.split(' ').next().unwrap_or_default();
            (name.to_owned(), version.to_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_cargo_tree_prints() {
        let text = "root v0.1.0 (/somewhere)\nhttp v1.0.0\nserde_derive v1.0.2 (proc-macro)\nhttp v1.0.0 (*)\nhttp v0.2.0\n";
        let got: Vec<String> = built(text, "root")
            .into_iter()
            .map(|(name, version)| format!("{name} {version}"))
            .collect();
        assert_eq!(got, ["http v0.2.0", "http v1.0.0", "serde_derive v1.0.2"]);
    }
}
