use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

#[derive(Subcommand)]
pub(crate) enum OnboardCommand {
    /// Begin an onboarding: everything is checked before anything is sent.
    Start(Box<StartArguments>),
    /// Ask the gateway how it stands. Sends nothing.
    Status(StateArgument),
    /// Correct what KYC found fault with, and verify again.
    Correct(Box<GoOnArguments>),
    /// Go on where it stopped, or was killed.
    Resume(Box<GoOnArguments>),
}

#[derive(Subcommand)]
pub(crate) enum AccountCommand {
    /// List a customer's virtual bank accounts.
    List(CustomerArgument),
}

#[derive(Subcommand)]
pub(crate) enum KycCommand {
    /// How a customer's KYC stands.
    Status(CustomerArgument),
    /// Look again and again until it is passed or failed.
    Watch(WatchKycArguments),
}

#[derive(Args)]
pub(crate) struct CustomerArgument {
    /// Your own id of the customer.
    pub(crate) customer: String,
}

#[derive(Args)]
pub(crate) struct WatchKycArguments {
    /// Your own id of the customer.
    pub(crate) customer: String,
    #[command(flatten)]
    pub(crate) times: Times,
}

#[derive(Args)]
pub(crate) struct StateArgument {
    /// Where the onboarding is kept. No personal data is in it.
    #[arg(long, value_name = "FILE")]
    pub(crate) state: PathBuf,
}

#[derive(Args)]
pub(crate) struct StartArguments {
    /// Your own id of the customer.
    #[arg(long, value_name = "ID")]
    pub(crate) customer: String,
    /// The currency of the bank account.
    #[arg(long, value_enum, default_value = "eur")]
    pub(crate) currency: AccountCurrency,
    /// Create the account before KYC, as the older documents of the gateway have it.
    #[arg(long)]
    pub(crate) account_first: bool,
    #[command(flatten)]
    pub(crate) common: GoOnArguments,
}

#[derive(Args)]
pub(crate) struct GoOnArguments {
    #[command(flatten)]
    pub(crate) state: StateArgument,
    /// A JSON file with `profile`, `applicant` and `correction`, as far as they are still to be sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) data: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) documents: DocumentArguments,
    #[command(flatten)]
    pub(crate) times: Times,
    /// After so long a request whose answer got lost counts as one that never arrived.
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) grace_seconds: u64,
}

/// Files of documents: JPEG, PNG or PDF, under 50 MB.
#[derive(Args)]
#[command(next_help_heading = "Documents (JPEG, PNG or PDF)")]
pub(crate) struct DocumentArguments {
    /// A passport.
    #[arg(long, value_name = "FILE")]
    pub(crate) passport: Option<PathBuf>,
    /// A driving licence, both sides.
    #[arg(long, num_args = 2, value_names = ["FRONT", "BACK"])]
    pub(crate) driving_licence: Vec<PathBuf>,
    /// An identity card, both sides.
    #[arg(long, num_args = 2, value_names = ["FRONT", "BACK"])]
    pub(crate) id_card: Vec<PathBuf>,
    /// A residence permit, one side or two.
    #[arg(long, num_args = 1..=2, value_names = ["FRONT", "BACK"])]
    pub(crate) residence_permit: Vec<PathBuf>,
    /// A photograph of the face.
    #[arg(long, value_name = "FILE")]
    pub(crate) selfie: Option<PathBuf>,
    /// A proof of address.
    #[arg(long, value_name = "FILE")]
    pub(crate) utility_bill: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct Times {
    /// How long to wait at most between two looks. The first ones come sooner.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) every_seconds: u64,
    /// How long to wait at most without any progress.
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u64).range(0..=604_800))]
    pub(crate) for_seconds: u64,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum AccountCurrency {
    /// For SEPA.
    Eur,
    /// For Faster Payments.
    Gbp,
    /// US dollars.
    Usd,
}
