//! Callbacks: verification, the store alone, and both behind HTTP.

mod delivery;
mod handler_peer;
mod ingest;
mod ledger;
mod load;
pub(crate) mod schema;
mod store;
mod turns;
mod verify;

use std::path::Path;

use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::Outcome;
use crate::contest::Effort;
use crate::figure::Figure;
use delivery::Deliveries;

/// How many deliver at the same time.
const CLIENTS: u32 = 64;

pub(crate) fn measure(effort: Effort, database_url: Option<&str>) -> Outcome<Vec<Figure>> {
    let mut deliveries = Deliveries::new();
    let mut figures = Vec::from(verify::measure(effort));
    figures.push(store::measure(effort, &mut deliveries)?);
    figures.extend(ingest::measure(effort, &mut deliveries, database_url)?);
    figures.extend(ledger::measure(effort, &mut deliveries, database_url)?);
    Ok(figures)
}

/// The runtime that `#[tokio::main]` makes.
pub(crate) fn runtime() -> Outcome<Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?)
}

/// A folder on the disk that is built on: the usual place for such folders may be in memory.
pub(crate) fn folder() -> Outcome<TempDir> {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    std::fs::create_dir_all(&target)?;
    Ok(tempfile::Builder::new()
        .prefix("bench-")
        .tempdir_in(target)?)
}
