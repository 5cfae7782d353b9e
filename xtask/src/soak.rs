//! `cargo xtask soak`: what receivers bear, at length. It lives in `crates/xgateway-bench`.

use crate::console;
use crate::failure::Failure;
use crate::postgres::{self, Server};
use crate::process;

/// How much.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How many deliveries each run takes.
    #[arg(long, value_name = "NUMBER", default_value_t = 100_000)]
    deliveries: u64,
    /// Everything that looks random follows from this number.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
}

/// One receiver over SQLite and one over PostgreSQL, to see their memory; then four over PostgreSQL, some of which are
/// killed, while the server is restarted if it is ours.
///
/// # Errors
///
/// [`Failure::NotRun`] if there is no PostgreSQL; [`Failure::Command`] if a ledger is wrong or memory grows.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let server = Server::find()?;
    let deliveries = arguments.deliveries.to_string();
    let seed = arguments.seed.to_string();
    let soak = |more: &[&str], restart: Vec<String>| {
        let mut cargo = process::cargo(["run", "--release", "-p", "xgateway-bench", "--", "soak"]);
        cargo
            .args(["--deliveries", &deliveries, "--seed", &seed])
            .args(more)
            .args(restart)
            .env(postgres::VARIABLE, server.url());
        process::run(&mut cargo)
    };
    soak(&["--store", "sqlite"], Vec::new())?;
    soak(&["--store", "postgres"], Vec::new())?;
    let mut mishaps = vec!["--store", "postgres", "--receivers", "4", "--kills", "20"];
    let mut restart = Vec::new();
    if let Some(command) = server.restart() {
        mishaps.extend(["--restarts", "5", "--"]);
        let words = std::iter::once(command.get_program()).chain(command.get_args());
        restart.extend(words.map(|word| word.to_string_lossy().into_owned()));
    } else {
        console::say("soak: the server is not ours, so it is not restarted");
    }
    soak(&mishaps, restart)
}
