//! The command line, as clap reads it.

mod banking;
mod callback;
mod card;
mod channels;
mod inbox;
mod lookups;
mod sandbox;
mod screen;
mod tools;
mod trigger;
mod usage;

pub(crate) use banking::{
    AccountCommand, AccountCurrency, DocumentArguments, GoOnArguments, KycCommand, OnboardCommand,
    StartArguments, StateArgument, Times, WatchKycArguments,
};
pub(crate) use callback::{CallbackCommand, ListenArguments};
pub(crate) use card::{
    AccountArguments, CardCommand, DepositArguments, ResolveArguments, ResolvedAs, ResumeArguments,
    StatusArguments,
};
pub(crate) use channels::{AddressArguments, BalanceArguments, RateArguments, WatchArguments};
pub(crate) use inbox::{
    DiscardArguments, InboxCommand, ListArguments, ListedState, PageArguments, PruneArguments,
    ReplayArguments, ShowArguments,
};
pub(crate) use lookups::{InvoiceCommand, SimulateArguments, SimulatedStatus, TransactionCommand};
pub(crate) use sandbox::{
    ClockArguments, KycArguments, OpenArguments, RunArguments, SandboxArguments, SandboxCommand,
    ServeArguments,
};
pub(crate) use screen::{looks_like_a_card, screen};
pub(crate) use tools::{DEFAULT_SEED, DemoArguments, SpecArguments, ValidateArguments};
pub(crate) use trigger::{
    CardOutcome, DepositOutcome, KycOutcome, TriggerCardArguments, TriggerCommand,
    TriggerDepositArguments, TriggerKycArguments, TriggerWithdrawFailureArguments,
};
pub(crate) use usage::{Read, read};

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use crate::settings::Flags;

/// Take money through the XGateway payment gateway without losing or doubling any.
///
/// Try `xgateway demo` first: it needs neither a network nor an account.
#[derive(Parser)]
#[command(
    name = "xgateway",
    version,
    propagate_version = false,
    max_term_width = 100
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: GlobalArguments,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Args)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct GlobalArguments {
    /// Print one JSON document for programs, errors included.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Colour the output.
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "WHEN",
        default_value = "auto"
    )]
    pub(crate) color: Color,
    /// Log what happens to stderr; twice for more. No secrets at any level.
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Read settings from this file instead of `xgateway.toml` in the current folder.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Talk to this environment: production, demo or sandbox [default: sandbox].
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) environment: Option<String>,
    /// Where the sandbox is served, if not on port 4010 of this machine.
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// Read the API key from this file. (There is no flag for the key itself: others could see it.)
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) api_key_file: Option<PathBuf>,
    /// Write down in this SQLite file what is about to be charged and how it ended, or in the PostgreSQL that the setting
    /// `database_url` names [default: a file of the environment in your state folder].
    #[arg(long, global = true, value_name = "FILE|postgres")]
    pub(crate) journal: Option<PathBuf>,
    /// Wait so long for an answer [default: 10].
    #[arg(long, global = true, value_name = "SECONDS")]
    pub(crate) timeout_seconds: Option<u64>,
    /// Wait so long for the answer to a deposit [default: 30].
    #[arg(long, global = true, value_name = "SECONDS")]
    pub(crate) deposit_timeout_seconds: Option<u64>,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Play card deposits against a sandbox in this process, and check what comes of them.
    Demo(DemoArguments),
    /// Serve a sandbox of the gateway on this machine.
    Sandbox(Box<SandboxArguments>),
    /// Bring a running sandbox into a state: a card deposit, a payment, a KYC, a withdrawal that fails.
    #[command(subcommand)]
    Trigger(Box<TriggerCommand>),
    /// Card payments.
    #[command(subcommand)]
    Card(CardCommand),
    /// Invoices.
    #[command(subcommand)]
    Invoice(InvoiceCommand),
    /// Transactions.
    #[command(subcommand)]
    Transaction(TransactionCommand),
    /// Give a customer's lasting address for payments, with its QR code.
    Address(AddressArguments),
    /// Convert an amount at the gateway's rate. Needs no API key.
    Rate(Box<RateArguments>),
    /// What is on your accounts at the gateway.
    Balance(BalanceArguments),
    /// Bring a customer through KYC to a bank account of their own.
    #[command(subcommand)]
    Onboard(OnboardCommand),
    /// How a customer's KYC stands.
    #[command(subcommand)]
    Kyc(KycCommand),
    /// A customer's virtual bank accounts.
    #[command(subcommand)]
    Account(AccountCommand),
    /// Callbacks: receive them, or check one.
    #[command(subcommand)]
    Callback(CallbackCommand),
    /// Callbacks that were received and stored.
    #[command(subcommand)]
    Inbox(InboxCommand),
    /// Check request bodies against the gateway's rules, without sending anything.
    Validate(ValidateArguments),
    /// Print the OpenAPI document that everything follows from.
    Spec(SpecArguments),
    /// Settings.
    #[command(subcommand)]
    Config(ConfigCommand),
}

#[derive(Subcommand)]
pub(crate) enum ConfigCommand {
    /// Show each setting and where it comes from; secrets are masked.
    Show,
}

/// When to colour the output.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    pub(crate) fn choice(self) -> anstream::ColorChoice {
        match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        }
    }
}

impl GlobalArguments {
    pub(crate) fn flags(&self) -> Flags {
        Flags {
            file: self.config.clone(),
            environment: self.environment.clone(),
            url: self.url.clone(),
            api_key_file: self.api_key_file.clone(),
            journal: self.journal.clone(),
            timeout_seconds: self.timeout_seconds,
            deposit_timeout_seconds: self.deposit_timeout_seconds,
            numbers: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn no_option_takes_a_secret() {
        fn check(command: &clap::Command) {
            for argument in command.get_arguments() {
                let name = argument.get_long().unwrap_or_default();
                let is_file = name.ends_with("-file");
                // An identity card is a document, and its option names files. The other one takes one of two words.
                let is_file = is_file || matches!(name, "id-card" | "card-currency");
                for word in ["key", "secret", "card", "cvc", "cvv", "pan", "expiry"] {
                    assert!(
                        is_file || !name.split('-').any(|part| part == word),
                        "{name}"
                    );
                }
            }
            command.get_subcommands().for_each(check);
        }
        check(&Arguments::command());
    }
}
