//! `cargo xtask layers`: who may depend on whom.
//!
//! [`table`] says what is allowed, [`workspace`] asks Cargo what is there, [`check`] compares. Only what users of a
//! crate build counts: normal dependencies, not those of tests and build scripts.

mod check;
mod table;
mod workspace;

use crate::console;
use crate::failure::Failure;

/// Compares the workspace with the table and prints every breach.
///
/// # Errors
///
/// [`Failure::Layers`] if there is one; otherwise if Cargo cannot be asked.
pub(crate) fn run() -> Result<(), Failure> {
    let packages = workspace::read(table::TABLE)?;
    for row in table::TABLE {
        if let (Some(most), Some(tree)) = (row.tree_max, packages.tree(row.name)) {
            console::say(&format!(
                "{}: builds {} other crates, at most {most}",
                row.name,
                tree.len()
            ));
        }
    }
    let breaches = check::check(table::TABLE, &packages);
    if breaches.is_empty() {
        console::say("layers: every dependency is in the table");
        return Ok(());
    }
    for breach in &breaches {
        console::problem(&breach.to_string());
    }
    Err(Failure::Layers {
        count: breaches.len(),
    })
}

/// The crates that users may build alone.
pub(crate) fn libraries() -> impl Iterator<Item = &'static str> {
    let rows = table::TABLE.iter();
    rows.filter(|row| row.library).map(|row| row.name)
}
