use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

/// The seed where nobody names one. `xgateway sandbox` and the commands that talk to it then agree on the keys.
pub(crate) const DEFAULT_SEED: u64 = 1;

#[derive(Args)]
pub(crate) struct DemoArguments {
    /// Everything that looks random follows from this number: the same number, the same demo.
    #[arg(long, value_name = "NUMBER", default_value_t = DEFAULT_SEED)]
    pub(crate) seed: u64,
}

#[derive(Args)]
pub(crate) struct ValidateArguments {
    /// The operation: its name, its id or its path, such as `create_card_deposit` or `/v2/gateway8`.
    pub(crate) operation: String,
    /// The request body as JSON; `-` is stdin.
    #[arg(value_name = "FILE", default_value = "-")]
    pub(crate) file: PathBuf,
    /// Take each line as a body of its own, and answer each on a line of its own.
    #[arg(long)]
    pub(crate) ndjson: bool,
    /// Apply our stricter policy, too, to what passes the gateway's rules.
    #[arg(long)]
    pub(crate) policy: bool,
    /// The day for which our policy judges, as yyyy-mm-dd [default: today].
    #[arg(long, value_name = "DATE", requires = "policy")]
    pub(crate) date: Option<Date>,
}

#[derive(Args)]
pub(crate) struct SpecArguments {
    /// List where each fact comes from: a seed page, other documents, or our inference.
    #[arg(long)]
    pub(crate) sources: bool,
}
