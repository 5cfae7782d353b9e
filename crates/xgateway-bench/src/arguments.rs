//! The command line.

use std::fmt;

use crate::contest::Effort;
use crate::soak::{Receiving, Soak};

/// What XGateway for Rust costs, as ratios against named peers.
#[derive(Debug, clap::Parser)]
#[command(version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) measurement: Measurement,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Measurement {
    /// The time of rules, parsing, building, decoding, one whole call, the journal, and callbacks.
    Bench(Bench),
    /// The CPU time of a cold release build of a minimal program, and its number of crates.
    Budget(Options),
    /// Serves a sandbox until stdin ends: what `bench sandbox` starts to look at from outside.
    #[command(hide = true)]
    ServeSandbox,
    /// Receivers under a stream of callbacks that travel badly: is the ledger exact, and memory flat?
    Soak(Soak),
    /// A receiver of `soak`.
    #[command(hide = true)]
    SoakReceiver(Receiving),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Bench {
    /// The one group to measure; all unless said otherwise.
    #[arg(value_enum)]
    pub(crate) group: Option<Group>,
    /// A PostgreSQL server; a schema is made in it and dropped. Without one its rows are not measured.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub(crate) database_url: Option<DatabaseUrl>,
    #[command(flatten)]
    pub(crate) options: Options,
}

/// Where a server is. It may hold a password, so it is not shown.
#[derive(Clone)]
pub(crate) struct DatabaseUrl(String);

impl DatabaseUrl {
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for DatabaseUrl {
    fn from(url: String) -> Self {
        Self(url)
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseUrl(**)")
    }
}

/// What is measured together.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum Group {
    /// The rules of a deposit.
    Rules,
    /// JSON text to a checked request.
    Parse,
    /// Building requests and decoding answers.
    Wire,
    /// One whole call over loopback, through reqwest.
    Call,
    /// The same through the hyper adapter: HTTP/1.1 and HTTP/2, 1 and 16 in flight.
    Adapter,
    /// What a journal adds to a card deposit: in memory, SQLite and PostgreSQL.
    Journal,
    /// Callbacks: verification, the store, and both behind HTTP.
    Callbacks,
    /// The sandbox as a server: rate, tail, start and memory.
    Sandbox,
}

impl Bench {
    pub(crate) fn includes(&self, group: Group) -> bool {
        self.group.is_none_or(|only| only == group)
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Only shows that it works: a few rounds for `bench`; for `budget` crates are counted and nothing is built.
    #[arg(long)]
    pub(crate) quick: bool,
    /// Prints one JSON document instead of a table.
    #[arg(long)]
    pub(crate) json: bool,
    /// Ends with exit code 1 if a figure is worse than its bound, which is the worst of the last that are documented, and a tenth.
    #[arg(long)]
    pub(crate) check: bool,
}

impl Options {
    pub(crate) fn effort(&self) -> Effort {
        if self.quick {
            Effort::QUICK
        } else {
            Effort::FULL
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use super::*;

    #[track_caller]
    fn check(words: &[&str], want: &[Group]) {
        let Measurement::Bench(bench) = Arguments::parse_from(words).measurement else {
            panic!("another measurement");
        };
        let groups: Vec<_> = <Group as clap::ValueEnum>::value_variants()
            .iter()
            .copied()
            .filter(|group| bench.includes(*group))
            .collect();
        assert_eq!(groups, want);
    }

    #[test]
    fn the_password_of_a_server_is_not_shown() {
        let url = "postgres://user:canary@127.0.0.1/x";
        let arguments = Arguments::parse_from(["it", "bench", "--database-url", url]);
        assert!(!format!("{arguments:?}").contains("canary"));
    }

    #[test]
    fn a_group_is_measured_alone() {
        Arguments::command().debug_assert();
        check(
            &["it", "bench", "callbacks", "--quick"],
            &[Group::Callbacks],
        );
        check(
            &["it", "bench"],
            &[
                Group::Rules,
                Group::Parse,
                Group::Wire,
                Group::Call,
                Group::Adapter,
                Group::Journal,
                Group::Callbacks,
                Group::Sandbox,
            ],
        );
    }
}
