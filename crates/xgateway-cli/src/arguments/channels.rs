use clap::Args;

#[derive(Args)]
pub(crate) struct AddressArguments {
    /// What the customer will pay, by the gateway's code, which names the network too: `BTC`, `tUSDT`, ...
    pub(crate) currency: String,
    /// Your id of the customer.
    pub(crate) customer: String,
    /// Ask by the old name of the operation, for merchants who have only that.
    #[arg(long)]
    pub(crate) v1: bool,
    /// Show no QR code.
    #[arg(long)]
    pub(crate) no_qr: bool,
}

#[derive(Args)]
pub(crate) struct RateArguments {
    /// The currency from which is converted.
    pub(crate) source: String,
    /// The currency into which is converted.
    pub(crate) target: String,
    /// The amount, in major units.
    #[arg(long, default_value = "1")]
    pub(crate) amount: String,
    /// The amount is in the target currency, and the answer in the source currency.
    #[arg(long)]
    pub(crate) to_source: bool,
    /// Use the rate that this invoice has locked.
    #[arg(long, value_name = "ID")]
    pub(crate) invoice: Option<String>,
}

#[derive(Args)]
pub(crate) struct BalanceArguments {
    /// The account's id at the gateway; all accounts if left out.
    pub(crate) account: Option<String>,
}

#[derive(Args)]
pub(crate) struct WatchArguments {
    /// Its id at the gateway.
    pub(crate) id: String,
    /// How long to wait between two looks.
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) every_seconds: u64,
    /// How long to watch at most.
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u64).range(0..=86_400))]
    pub(crate) for_seconds: u64,
}
