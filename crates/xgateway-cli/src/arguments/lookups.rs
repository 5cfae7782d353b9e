use clap::{Args, Subcommand, ValueEnum};

use super::WatchArguments;

#[derive(Subcommand)]
pub(crate) enum InvoiceCommand {
    /// Read an invoice.
    Get {
        /// Its id at the gateway, or your own order id.
        id: String,
    },
}

#[derive(Subcommand)]
pub(crate) enum TransactionCommand {
    /// Read a transaction: the gateway's last word on money.
    Get {
        /// Its id at the gateway: a UUID, as a callback, `card resume` or its invoice tells it.
        id: String,
    },
    /// Read it again and again until it is final.
    Watch(WatchArguments),
    /// Make Demo or a sandbox finish an invoice.
    Simulate(SimulateArguments),
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
