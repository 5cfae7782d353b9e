//! A PostgreSQL server for tests: the one that `DATABASE_URL` names, else a throwaway one of our own.

mod cluster;
mod programs;

use std::process::Command;

use crate::console;
use crate::environment;
use crate::failure::Failure;
use crate::process;

use self::cluster::Cluster;
use self::programs::Programs;

/// What is run with a server.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A command and its arguments. It finds the server in `DATABASE_URL`.
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<String>,
}

/// Runs a command with `DATABASE_URL` set.
///
/// # Errors
///
/// [`Failure::NotRun`] if there is no server, [`Failure::Command`] if the command fails.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let server = Server::find()?;
    let (program, rest) = arguments
        .command
        .split_first()
        .expect("clap asks for one word or more");
    let mut command = process::command(program);
    process::run(command.args(rest).env(VARIABLE, server.url()))
}

/// The variable in which programs look for the server.
pub(crate) const VARIABLE: &str = "DATABASE_URL";

/// A server. One that we started ends with this value.
pub(crate) struct Server {
    url: String,
    cluster: Option<Cluster>,
}

impl Server {
    /// Takes the server that `DATABASE_URL` names, else starts one from installed programs on loopback, else installs
    /// Debian's package if this user may, and starts one then.
    ///
    /// # Errors
    ///
    /// [`Failure::NotRun`] with what would help.
    pub(crate) fn find() -> Result<Self, Failure> {
        if let Some(url) = environment::database_url() {
            // Not shown: it may hold a password.
            console::say("postgres: the server that DATABASE_URL names");
            return Ok(Self { url, cluster: None });
        }
        let programs = match Programs::find() {
            Some(programs) => programs,
            None => Programs::install()?,
        };
        let cluster = Cluster::start(&programs)?;
        console::say(&format!("postgres: a throwaway server, {}", cluster.url()));
        Ok(Self {
            url: cluster.url(),
            cluster: Some(cluster),
        })
    }

    /// The command that crashes the server and starts it again, if it is ours.
    pub(crate) fn restart(&self) -> Option<Command> {
        self.cluster.as_ref().map(Cluster::restart)
    }

    /// Where it is.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}
