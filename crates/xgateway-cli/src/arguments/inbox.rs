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
    Dead(DeadArguments),
    /// End what was given up and a person has dealt with: it is kept, with the reason, and no longer listed as dead.
    Discard(DiscardArguments),
    /// Remove what ended long ago. Nothing has its effect again for it: the effects are kept.
    Prune(PruneArguments),
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
    /// Tell, too, how many there are in each state, which reads all of them.
    #[arg(long)]
    pub(crate) totals: bool,
}

#[derive(Args)]
pub(crate) struct DeadArguments {
    #[command(flatten)]
    pub(crate) page: PageArguments,
    /// Only callbacks of kinds that this version does not know.
    #[arg(long)]
    pub(crate) unrecognized: bool,
}

#[derive(Args)]
pub(crate) struct DiscardArguments {
    #[command(flatten)]
    pub(crate) store: StoreArgument,
    /// The number of the entry.
    #[arg(
        required_unless_present = "unrecognized",
        conflicts_with = "unrecognized"
    )]
    pub(crate) id: Option<i64>,
    /// All dead letters of kinds that this version does not know.
    #[arg(long)]
    pub(crate) unrecognized: bool,
    /// Why nobody need look any more: a short text without personal data, which is kept with the entry.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// The transaction was credited by hand: record it, so that it is not credited when its callback comes again.
    #[arg(long, conflicts_with = "unrecognized")]
    pub(crate) credited: bool,
}

#[derive(Args)]
pub(crate) struct PruneArguments {
    #[command(flatten)]
    pub(crate) store: StoreArgument,
    /// How long ago they must have ended at least: such as 90d or 36h, and a day or more.
    #[arg(long, value_name = "TIME")]
    pub(crate) older_than: String,
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
