use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use rust_decimal::Decimal;
use xgateway_sandbox::{
    Account, CardCurrency, ChannelCurrency, ClockMode, IdempotencyModel, KycOrder, Mode,
};

use super::DEFAULT_SEED;
use crate::settings::{Key, SANDBOX_ADDRESS};

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct SandboxArguments {
    #[command(subcommand)]
    pub(crate) command: Option<SandboxCommand>,
    #[command(flatten)]
    pub(crate) serve: ServeArguments,
}

#[derive(Subcommand)]
pub(crate) enum SandboxCommand {
    /// Show the clock of a sandbox that is served, or move it on.
    Clock(ClockArguments),
    /// Play a scenario against our own flows, and check that no money was doubled or lost.
    Run(RunArguments),
}

#[derive(Args)]
pub(crate) struct ClockArguments {
    /// How far: such as +90s, +15m, +6h or +2d; or nothing to see where it stands.
    #[arg(allow_hyphen_values = true)]
    pub(crate) by: Option<String>,
}

#[derive(Args)]
pub(crate) struct RunArguments {
    /// Its name, or a file.
    #[arg(value_name = "SCENARIO|FILE", required_unless_present = "list")]
    pub(crate) scenario: Option<String>,
    /// List those that are shipped.
    #[arg(long, conflicts_with = "scenario")]
    list: bool,
    /// Tell what happens, too, step by step; as -v, which also logs.
    #[arg(long)]
    pub(crate) story: bool,
    /// Everything that looks random follows from this number.
    #[arg(long, value_name = "NUMBER", default_value_t = DEFAULT_SEED)]
    pub(crate) seed: u64,
}

#[derive(Args)]
pub(crate) struct ServeArguments {
    /// Where to listen; port 0 takes a free one. Beyond this machine a token is asked for.
    #[arg(long, value_name = "ADDR:PORT", default_value = SANDBOX_ADDRESS)]
    pub(crate) listen: SocketAddr,
    /// Begin every link with this URL: how other machines reach the sandbox, if not by the address that it listens at. A
    /// token is asked for then.
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// Send callbacks there.
    #[arg(long, value_name = "URL")]
    pub(crate) callback_url: Option<String>,
    /// Ask for the token in this file at the pages and at /_sandbox, and answer to any name. `XGATEWAY_SANDBOX_TOKEN`
    /// may hold it instead; beyond this machine one is made and printed if there is none.
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// Send callbacks to other machines, too. Without it a URL that leads elsewhere is refused.
    #[arg(long, requires = "callback_url")]
    pub(crate) callbacks_anywhere: bool,
    /// Everything that looks random follows from this number, the keys included [default: 1; beyond this machine one is drawn
    /// for each run, unless there is --data].
    #[arg(long, value_name = "NUMBER")]
    pub(crate) seed: Option<u64>,
    /// How the clock moves: as ours, by hand alone, or by jumps to what falls due when nothing is asked.
    #[arg(long, value_name = "real|manual|auto", default_value = "real")]
    pub(crate) clock: ClockMode,
    /// An account of the merchant's, such as `id=UUID,currencies=EUR+USD,amountMin=20,amountMax=150`; again for more
    /// [default: the one of the gateway's examples, for EUR and USD].
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) account: Vec<Account>,
    /// Keep the world in this folder, and go on from there.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Write the kept world anew, without what no longer counts, once so many bytes were added [default: 67108864].
    #[arg(long, value_name = "BYTES", requires = "data")]
    pub(crate) data_rewrite_after: Option<u64>,
    /// Let something go wrong, such as `at=after_commit,do=reset,times=1`; again for more.
    #[arg(long, value_name = "FAULT")]
    pub(crate) fault: Vec<String>,
    #[command(flatten)]
    pub(crate) kyc: KycArguments,
    #[command(flatten)]
    pub(crate) open: OpenArguments,
    #[command(flatten)]
    pub(crate) dials: DialArguments,
}

/// What the gateway does in cases of which its documents say nothing, or two things.
#[derive(Args)]
#[command(next_help_heading = "What nobody has documented")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a flag for each question that nobody has documented"
)]
pub(crate) struct OpenArguments {
    /// What a repeated order id gets: the first answer again, what came of it by now, or a refusal.
    #[arg(long, value_name = "replay|finish|reject", default_value = "replay")]
    pub(crate) idempotency: IdempotencyModel,
    /// Forget order ids after so long, so that a repetition is a new deposit [default: never].
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) idempotency_life_seconds: Option<u32>,
    /// Let a deposit that is refused with 400 use its order id up: with another card it gets 409.
    #[arg(long)]
    pub(crate) refusals_take_orders: bool,
    /// Let an active invoice at a fixed rate wait so long for the customer [default: 900].
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) invoice_life_seconds: Option<u32>,
    /// The same at a floating rate [default: 86400].
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) floating_invoice_life_seconds: Option<u32>,
    /// Send transaction callbacks with the keys of the gateway's first example alone: without `callbackType`, fees, times and
    /// so on.
    #[arg(long)]
    pub(crate) old_callbacks: bool,
    /// Send a callback also while a deposit is under way: `processing`.
    #[arg(long)]
    pub(crate) processing_callbacks: bool,
    /// Let transactions have this reference number of a bank in `additionalParams`.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) utr: Option<String>,
    /// Name missing documents in KYC callbacks as plain texts instead of as objects.
    #[arg(long)]
    pub(crate) missing_documents_as_texts: bool,
    /// Send a callback also when a bank account is being opened: `PENDING`.
    #[arg(long)]
    pub(crate) pending_accounts: bool,
    /// Let transactions name this application of the merchant's.
    #[arg(long, value_name = "ID")]
    pub(crate) application_id: Option<String>,
    /// Give payments to addresses and by bank, and withdrawals, no id of an invoice.
    #[arg(long)]
    pub(crate) no_linked_invoices: bool,
    /// Let payments to addresses name an order, `demo_order_id`, which the merchant has never sent.
    #[arg(long)]
    pub(crate) channel_order_ids: bool,
    /// Tell payments to addresses by the code of their currency, by its symbol, or in US dollars.
    #[arg(long, value_name = "code|symbol|reference", default_value = "code")]
    pub(crate) channel_currency: ChannelCurrency,
    /// Tell payments by card in the currency of their invoice, or in that which moved.
    #[arg(long, value_name = "invoice|moved", default_value = "invoice")]
    pub(crate) card_currency: CardCurrency,
    /// Which environment it resembles: `live` finalizes the card that is not enrolled without a 3DS page.
    #[arg(long, value_name = "demo|live", default_value = "demo")]
    pub(crate) mode: Mode,
}

/// How customers who pay by bank are treated.
#[derive(Args)]
#[command(next_help_heading = "Customers who pay by bank")]
#[expect(
    clippy::struct_field_names,
    reason = "they are the flags, which stand beside others"
)]
pub(crate) struct KycArguments {
    /// Which comes first: the account, as in the gateway's older documents, or KYC, without which there is none.
    #[arg(
        long,
        value_name = "account-first|kyc-first",
        default_value = "account-first"
    )]
    pub(crate) kyc_order: KycOrder,
    /// Up to so many euro a customer's first payments need no KYC, if the account comes first [default: 700].
    #[arg(long, value_name = "EURO", value_parser = amount)]
    pub(crate) kyc_threshold_eur: Option<Decimal>,
    /// So many payments need no KYC, however small, if the account comes first [default: 1].
    #[arg(long, value_name = "NUMBER")]
    pub(crate) kyc_free_payments: Option<u64>,
    /// The bank sends less back, in the account's currency [default: 10].
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    pub(crate) kyc_payment_min: Option<Decimal>,
    /// The bank sends more back, in the account's currency [default: 50000].
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    pub(crate) kyc_payment_max: Option<Decimal>,
}

/// An amount in major units, exactly as it is written.
fn amount(text: &str) -> Result<Decimal, &'static str> {
    let amount = Decimal::from_str_exact(text).ok();
    amount
        .filter(|amount| !amount.is_sign_negative())
        .ok_or("an amount such as 10.50 is needed")
}

/// How badly callbacks travel. Each is a setting, too.
#[derive(Args)]
#[command(next_help_heading = "How callbacks travel")]
#[expect(
    clippy::struct_field_names,
    reason = "they are the flags, which stand beside others"
)]
pub(crate) struct DialArguments {
    /// So many of a hundred callbacks are delivered twice [default: 0].
    #[arg(long, value_name = "PERCENT")]
    callback_duplicate_percent: Option<u32>,
    /// A delivery may take so long, each its own time, so that they overtake each other [default: 0].
    #[arg(long, value_name = "SECONDS")]
    callback_delay_seconds: Option<u32>,
    /// So many of a hundred deliveries overtake those that wait [default: 0].
    #[arg(long, value_name = "PERCENT")]
    callback_reorder_percent: Option<u32>,
    /// So many of a hundred attempts get lost on the way, and are repeated [default: 0].
    #[arg(long, value_name = "PERCENT")]
    callback_loss_percent: Option<u32>,
    /// Hold deliveries back, and let them go together every so often [default: 0].
    #[arg(long, value_name = "SECONDS")]
    callback_burst_seconds: Option<u32>,
    /// Repeat a callback that was not answered with 2xx so often [default: 10].
    #[arg(long, value_name = "NUMBER")]
    callback_retries: Option<u32>,
    /// Wait so long before the first repetition, and twice as long before each further one [default: 1].
    #[arg(long, value_name = "SECONDS")]
    callback_backoff_seconds: Option<u32>,
}

impl DialArguments {
    /// Those that were given.
    pub(crate) fn numbers(&self) -> Vec<(Key, u32)> {
        [
            (
                Key::CallbackDuplicatePercent,
                self.callback_duplicate_percent,
            ),
            (Key::CallbackDelaySeconds, self.callback_delay_seconds),
            (Key::CallbackReorderPercent, self.callback_reorder_percent),
            (Key::CallbackLossPercent, self.callback_loss_percent),
            (Key::CallbackBurstSeconds, self.callback_burst_seconds),
            (Key::CallbackRetries, self.callback_retries),
            (Key::CallbackBackoffSeconds, self.callback_backoff_seconds),
        ]
        .into_iter()
        .filter_map(|(key, number)| Some((key, number?)))
        .collect()
    }
}
