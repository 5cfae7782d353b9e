use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

#[derive(Subcommand)]
pub(crate) enum InboxCommand {
    /// List what is in an inbox.
    List(ListArguments),
    /// Show one entry, and what of it is proven.
    Show(ShowArguments),
    /// Process an entry once more, or all that were given up. What had its effect does not have it again.
    Replay(ReplayArguments),
    /// List what was given up and waits for a person.
    Dead(PageArguments),
}

#[derive(Args)]
pub(crate) struct StoreArgument {
    /// The SQLite file of `callback listen` or of a receiver of yours, or the PostgreSQL that the setting `database_url`
    /// names.
    #[arg(long, value_name = "FILE|postgres")]
    pub(crate) store: PathBuf,
}

#[derive(Args)]
pub(crate) struct PageArguments {
    #[command(flatten)]
    pub(crate) store: StoreArgument,
    /// Only entries behind this one.
    #[arg(long, value_name = "ID", default_value_t = 0)]
    pub(crate) after: i64,
    /// At most so many.
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    pub(crate) limit: usize,
}

#[derive(Args)]
pub(crate) struct ListArguments {
    #[command(flatten)]
    pub(crate) page: PageArguments,
    /// Only entries in this state.
    #[arg(long, value_enum)]
    pub(crate) state: Option<ListedState>,
}

/// Where an entry is on its way.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum ListedState {
    /// To be processed.
    Open,
    /// Processed.
    Done,
    /// Given up.
    Dead,
}

#[derive(Args)]
pub(crate) struct EntryArguments {
    #[command(flatten)]
    pub(crate) store: StoreArgument,
    /// The number of the entry.
    pub(crate) id: i64,
}

#[derive(Args)]
pub(crate) struct ReplayArguments {
    #[command(flatten)]
    pub(crate) store: StoreArgument,
    /// The number of the entry.
    #[arg(required_unless_present = "all_dead", conflicts_with = "all_dead")]
    pub(crate) id: Option<i64>,
    /// All that were given up, say after the handler was mended.
    #[arg(long)]
    pub(crate) all_dead: bool,
}

#[derive(Args)]
pub(crate) struct ShowArguments {
    #[command(flatten)]
    pub(crate) entry: EntryArguments,
    /// Show all that the callback says, too, personal data included. Most of it is not proven.
    #[arg(long)]
    pub(crate) payload: bool,
}
