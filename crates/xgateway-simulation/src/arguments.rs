//! The command line.

use crate::merchant::Bug;
use crate::tape::Choices;

/// Simulates histories of payments in which everything goes wrong that can, and checks that no promise breaks.
///
/// Exit codes: 0 every promise held, 1 one was broken, 2 wrong usage.
#[derive(Clone, Debug, clap::Parser)]
#[command(name = "cargo xtask simulate", bin_name = "cargo xtask simulate")]
pub(crate) struct Arguments {
    /// How many histories to run.
    #[arg(long, value_name = "N", conflicts_with = "tape")]
    pub(crate) histories: Option<u64>,
    /// The seed of the first history; without --histories the only one, whose story is told.
    #[arg(long, value_name = "SEED", conflicts_with = "tape")]
    pub(crate) seed: Option<u64>,
    /// Tells the history of this tape, as a shortened one is printed.
    #[arg(long, value_name = "CHOICES")]
    pub(crate) tape: Option<Choices>,
    /// Plants a mistake into the merchant, to see it found.
    #[arg(long, value_enum)]
    pub(crate) bug: Option<Bug>,
    /// How many threads; as many as there are cores unless said otherwise.
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// Prints one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
        let arguments =
            Arguments::parse_from(["it", "--tape", "plan@3=1", "--bug", "trust-status"]);
        assert_eq!(arguments.tape, "plan@3=1".parse().ok());
        assert!(Arguments::try_parse_from(["it", "--tape", "", "--seed", "2"]).is_err());
        assert!(Arguments::try_parse_from(["it", "--tape", "1"]).is_err());
    }
}
