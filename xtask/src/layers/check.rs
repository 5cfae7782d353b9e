//! The comparison of table and workspace: pure, so that wrong workspaces are easy to try.

use std::collections::BTreeSet;
use std::fmt;

use super::table::{Allowed, Row};
use super::workspace::{Built, Direct, Workspace};

/// One difference between the table and the workspace.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Breach {
    /// A dependency that the table does not allow.
    Arrow { from: String, to: String },
    /// An arrow of the table that nobody has, so that it could come back unseen.
    Unused { from: String, to: String },
    /// A crate without a row.
    NoRow { name: String },
    /// A row without a crate.
    NoCrate { name: String },
    /// A banned crate somewhere in a tree.
    Banned { name: String, banned: String },
    /// More crates in a tree than allowed.
    TooMany {
        name: String,
        count: usize,
        most: usize,
    },
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arrow { from, to } => write!(f, "{from} -> {to}: not in the table"),
            Self::Unused { from, to } => {
                write!(
                    f,
                    "{from} -> {to}: the table allows it, and nothing uses it"
                )
            }
            Self::NoRow { name } => write!(f, "{name}: this crate has no row in the table"),
            Self::NoCrate { name } => {
                write!(f, "{name}: the table has a row, but there is no such crate")
            }
            Self::Banned { name, banned } => write!(
                f,
                "{name}: {banned} is banned from its tree; `cargo tree -p {name} -e normal -i {banned}` shows the way"
            ),
            Self::TooMany { name, count, most } => {
                write!(
                    f,
                    "{name}: builds {count} other crates, at most {most} are allowed"
                )
            }
        }
    }
}

/// Every breach, in the order of crates.
pub(super) fn check(table: &[Row], workspace: &Workspace) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (name, direct) in &workspace.packages {
        match table.iter().find(|row| row.name == name) {
            Some(row) => {
                breaches.extend(wrong_arrows(row, direct));
                breaches.extend(unused_arrows(row, direct));
                breaches.extend(wrong_tree(row, workspace.tree(name)));
            }
            None => breaches.push(Breach::NoRow { name: name.clone() }),
        }
    }
    for row in table {
        if !workspace.packages.contains_key(row.name) {
            breaches.push(Breach::NoCrate {
                name: row.name.to_owned(),
            });
        }
    }
    breaches
}

fn wrong_arrows(row: &Row, direct: &Direct) -> impl Iterator<Item = Breach> {
    let internal = direct
        .internal
        .iter()
        .filter(|to| !row.internal.contains(to));
    let external = direct
        .external
        .iter()
        .filter(|to| !row.external.contains(to));
    internal.chain(external).map(|to| Breach::Arrow {
        from: row.name.to_owned(),
        to: to.clone(),
    })
}

fn unused_arrows(row: &Row, direct: &Direct) -> impl Iterator<Item = Breach> {
    let unused = |allowed: Allowed, used: &BTreeSet<String>| match allowed {
        Allowed::Any => Vec::new(),
        Allowed::Only(names) => {
            let names = names.iter().filter(|name| !used.contains(**name));
            names.map(|name| (*name).to_owned()).collect()
        }
    };
    let internal = unused(row.internal, &direct.internal);
    let external = unused(row.external, &direct.external);
    internal
        .into_iter()
        .chain(external)
        .map(|to| Breach::Unused {
            from: row.name.to_owned(),
            to,
        })
}

fn wrong_tree(row: &Row, tree: Option<&BTreeSet<Built>>) -> Vec<Breach> {
    let Some(tree) = tree else {
        return Vec::new();
    };
    let names: BTreeSet<&str> = tree.iter().map(|(name, _)| name.as_str()).collect();
    let mut breaches: Vec<Breach> = names
        .into_iter()
        .filter(|name| row.banned.contains(name))
        .map(|banned| Breach::Banned {
            name: row.name.to_owned(),
            banned: banned.to_owned(),
        })
        .collect();
    if let Some(most) = row.tree_max.filter(|most| tree.len() > *most) {
        breaches.push(Breach::TooMany {
            name: row.name.to_owned(),
            count: tree.len(),
            most,
        });
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::super::table::TABLE;
    use super::*;

    const ROWS: &[Row] = &[
        Row {
            name: "inner",
            library: true,
            internal: Allowed::Only(&[]),
            external: Allowed::Only(&["serde"]),
            banned: &["tokio"],
            tree_max: Some(2),
        },
        Row {
            name: "outer",
            library: true,
            internal: Allowed::Only(&["inner"]),
            external: Allowed::Any,
            banned: &[],
            tree_max: None,
        },
    ];

    fn sound() -> Workspace {
        let mut workspace = Workspace::default();
        add(&mut workspace, "inner", &[], &["serde"]);
        add(&mut workspace, "outer", &["inner"], &["whatever"]);
        grow(&mut workspace, "inner", &["serde", "serde_core"]);
        workspace
    }

    fn add(workspace: &mut Workspace, name: &str, internal: &[&str], external: &[&str]) {
        let set = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let direct = Direct {
            internal: set(internal),
            external: set(external),
        };
        workspace.packages.insert(name.to_owned(), direct);
    }

    fn grow(workspace: &mut Workspace, name: &str, names: &[&str]) {
        let tree = workspace.trees.entry(name.to_owned()).or_default();
        tree.extend(
            names
                .iter()
                .map(|&name| (name.to_owned(), "v1.0.0".to_owned())),
        );
    }

    #[track_caller]
    fn check_says(workspace: &Workspace, want: &[&str]) {
        let got: Vec<String> = check(ROWS, workspace)
            .iter()
            .map(Breach::to_string)
            .collect();
        assert_eq!(got, want);
    }

    #[test]
    fn a_workspace_like_the_table_passes() {
        check_says(&sound(), &[]);
    }

    #[test]
    fn an_arrow_against_the_layers_is_a_breach() {
        let mut workspace = sound();
        add(&mut workspace, "inner", &["outer"], &["serde"]);
        check_says(&workspace, &["inner -> outer: not in the table"]);
    }

    #[test]
    fn a_third_party_crate_that_is_not_allowed_is_a_breach() {
        let mut workspace = sound();
        add(&mut workspace, "inner", &[], &["serde", "log", "rand"]);
        check_says(
            &workspace,
            &[
                "inner -> log: not in the table",
                "inner -> rand: not in the table",
            ],
        );
    }

    #[test]
    fn an_arrow_that_nobody_has_is_a_breach() {
        let mut workspace = sound();
        add(&mut workspace, "inner", &[], &[]);
        add(&mut workspace, "outer", &[], &["whatever"]);
        check_says(
            &workspace,
            &[
                "inner -> serde: the table allows it, and nothing uses it",
                "outer -> inner: the table allows it, and nothing uses it",
            ],
        );
    }

    #[test]
    fn crates_and_rows_must_match() {
        let mut workspace = sound();
        workspace.packages.remove("outer");
        add(&mut workspace, "stranger", &[], &[]);
        check_says(
            &workspace,
            &[
                "stranger: this crate has no row in the table",
                "outer: the table has a row, but there is no such crate",
            ],
        );
    }

    #[test]
    fn a_banned_crate_far_down_is_a_breach() {
        let mut workspace = sound();
        workspace.trees.clear();
        grow(&mut workspace, "inner", &["serde", "tokio"]);
        check_says(
            &workspace,
            &[
                "inner: tokio is banned from its tree; `cargo tree -p inner -e normal -i tokio` shows the way",
            ],
        );
    }

    #[test]
    fn a_tree_may_have_its_size_and_no_more() {
        let mut workspace = sound();
        grow(&mut workspace, "inner", &["serde_derive"]);
        check_says(
            &workspace,
            &["inner: builds 3 other crates, at most 2 are allowed"],
        );
    }

    #[test]
    fn two_versions_of_a_crate_count_twice() {
        let mut workspace = sound();
        let tree = workspace.trees.get_mut("inner").unwrap();
        tree.insert(("serde".to_owned(), "v2.0.0".to_owned()));
        check_says(
            &workspace,
            &["inner: builds 3 other crates, at most 2 are allowed"],
        );
    }

    /// A row's arrows must lead to rows, and no two rows may lead to each other.
    #[test]
    fn the_table_itself_has_no_dangling_arrow_and_no_cycle() {
        for row in TABLE {
            let Allowed::Only(names) = row.internal else {
                continue;
            };
            for name in names {
                let target = TABLE.iter().find(|target| target.name == *name);
                let target =
                    target.unwrap_or_else(|| panic!("{} -> {name}: no such row", row.name));
                assert!(
                    !target.internal.contains(row.name),
                    "{} <-> {name}",
                    row.name
                );
            }
        }
    }
}
