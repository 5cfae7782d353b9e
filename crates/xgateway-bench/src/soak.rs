//! `soak`: receivers, each a process of its own, under a stream of callbacks that travel as badly as they can. Some are
//! killed. In the end their ledger must be the gateway's, to the last deposit.

pub(crate) mod book;
mod bookkeeper;
mod fleet;
mod gateway;
mod memory;
mod random;
mod receiver;
mod size;
mod stream;
mod verdict;

use std::path::PathBuf;

use clap::ValueEnum;

use crate::Outcome;
use crate::arguments::DatabaseUrl;
use crate::callbacks::{folder, runtime, schema::Schema};
use book::Place;
use fleet::Fleet;
use gateway::Gateway;
use verdict::Verdict;

pub(crate) use receiver::{Receiving, run as receive};

/// What is let loose on whom.
#[derive(Debug, clap::Args)]
pub(crate) struct Soak {
    /// How many deliveries reach a receiver at least.
    #[arg(long, value_name = "NUMBER", default_value_t = 100_000)]
    deliveries: u64,
    /// How many receivers there are; more than one share a PostgreSQL.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    receivers: usize,
    /// How often one of the first two receivers is killed, and started again a little later.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    kills: u32,
    /// Where the callbacks and the ledger are.
    #[arg(long, value_enum, default_value = "sqlite")]
    store: StoreKind,
    /// The PostgreSQL server; a schema is made in it and dropped.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    database_url: Option<DatabaseUrl>,
    /// Everything that looks random follows from this number.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// How often the database server is restarted.
    #[arg(long, value_name = "NUMBER", default_value_t = 0, requires = "restart")]
    restarts: u32,
    /// Prints one JSON document.
    #[arg(long)]
    json: bool,
    /// The command that restarts it.
    #[arg(last = true, value_name = "COMMAND")]
    restart: Vec<String>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum StoreKind {
    Sqlite,
    Postgres,
}

/// Runs it, prints what came of it, and says whether all is well.
pub(crate) fn run(soak: &Soak) -> Outcome<bool> {
    let verdict = runtime()?.block_on(async {
        match soak.store {
            StoreKind::Sqlite if soak.receivers > 1 => {
                Err("several receivers need --store postgres: a SQLite file is for one".into())
            }
            StoreKind::Sqlite => {
                let folder = folder()?;
                let file = folder.path().join("soak.db");
                play(soak, Place::Sqlite(file)).await
            }
            StoreKind::Postgres => {
                let server = soak.database_url.as_ref().ok_or(
                    "no DATABASE_URL: `cargo xtask soak` finds or starts a server, and sets it",
                )?;
                let schema = Schema::new(server.expose(), "soak").await?;
                let verdict = play(soak, Place::Postgres(schema.url())).await;
                schema.drop().await?;
                verdict
            }
        }
    })?;
    verdict.print(soak.json)?;
    Ok(verdict.is_well())
}

async fn play(soak: &Soak, place: Place) -> Outcome<Verdict> {
    place.create_book().await?;
    let gateway = Gateway::serve(soak.seed).await?;
    let mut fleet = Fleet::start(soak.receivers, soak.seed, &gateway, &place)?;
    let stream = stream::pour(soak, &gateway, &mut fleet).await?;
    let dead = fleet.drain()?;
    fleet.stop();
    let rows = place.rows().await?;
    let sizes = place.sizes().await?;
    Verdict::of(stream, dead, &rows, &gateway, sizes)
}

/// This program, which is also the receiver.
fn this_program() -> Outcome<PathBuf> {
    Ok(std::env::current_exe()?)
}
