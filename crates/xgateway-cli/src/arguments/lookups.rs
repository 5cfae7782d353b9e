use clap::{Args, Subcommand, ValueEnum};

use super::WatchArguments;

#[derive(Subcommand)]
pub(crate) enum InvoiceCommand {
    /// Read an invoice.
    Get(IdArgument),
}

#[derive(Subcommand)]
pub(crate) enum TransactionCommand {
    /// Read a transaction: the gateway's last word on money.
    Get(IdArgument),
    /// Read it again and again until it is final.
    Watch(WatchArguments),
    /// Make Demo or a sandbox finish an invoice.
    Simulate(SimulateArguments),
}

#[derive(Args)]
pub(crate) struct IdArgument {
    /// Its id at the gateway; of an invoice also your own order id.
    pub(crate) id: String,
}

#[derive(Args)]
pub(crate) struct SimulateArguments {
    /// The invoice.
    #[arg(long, value_name = "ID")]
    pub(crate) invoice: String,
    /// The amount that arrives, in major units of the invoice's currency.
    #[arg(long)]
    pub(crate) amount: String,
    /// How the transaction ends.
    #[arg(long, value_enum)]
    pub(crate) status: SimulatedStatus,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum SimulatedStatus {
    Confirmed,
    Failed,
}
