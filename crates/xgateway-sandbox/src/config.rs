//! What a world starts with.

mod account;
mod callback_url;
mod choice;
mod currencies;
mod dials;
mod kyc;
mod limits;
mod modes;

pub use account::{Account, AccountError};
pub use callback_url::{CallbackUrl, CallbackUrlError};
pub use choice::ChoiceError;
pub use currencies::{CardCurrency, ChannelCurrency};
pub use dials::CallbackDials;
pub use kyc::{KycConfig, KycOrder};
pub use limits::Limits;
pub use modes::{ClockMode, IdempotencyModel, Mode};

use jiff::{SignedDuration, Timestamp};
use xgateway_core::id::AccountId;
use xgateway_core::money::Currency;
use xgateway_core::secret::{ApiKey, SecretKey};

use crate::faults::Faults;
use crate::random::{Purpose, Random};

/// The account of the gateway's own examples, which every new [`Config`] has.
pub const EXAMPLE_ACCOUNT_ID: &str = "a67ec03c-0253-4c14-9961-28985186f90c";

/// The gateway's own test values of the hashes of its agreements: privacy policy, terms and conditions, terms of service
/// (protocol §5.8).
pub const EXAMPLE_AGREEMENT_HASHES: [&str; 3] = [
    "XN3dk1G98sjCQlt7rbFEz9I1Yh2vJRgsuAWgCVgY8ZE=",
    "HqKJAiAyPqBFOs386w6EVO5KlKQt5z8EzGvSB+iQeTQ=",
    "r2BdP3ld6s8+5mTJZeuWUy5sz29krKigOTH7bVefTJg=",
];

/// The order of the gateway's own example of a payment to an address (seed "Channel payment flow").
pub const CHANNEL_ORDER_ID: &str = "demo_order_id";

/// What a [`World`](crate::World) starts with. Equal configurations and equal requests give equal worlds.
///
/// ```
/// use xgateway_sandbox::{Config, IdempotencyModel};
///
/// let mut config = Config::new(7);
/// config.idempotency = IdempotencyModel::Finish;
/// assert_eq!(config.api_key, Config::new(7).api_key);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each answers one question that nobody has documented, with yes or no"
)]
pub struct Config {
    /// Where everything that looks random comes from.
    pub seed: u64,
    /// The time at which the world's clock starts.
    pub start: Timestamp,
    /// How that clock moves.
    pub clock: ClockMode,
    /// The merchant's accounts.
    pub accounts: Vec<Account>,
    /// The key that requests must carry.
    pub api_key: ApiKey,
    /// The key that callbacks are hashed with.
    pub secret_key: SecretKey,
    /// Which environment of the gateway the world resembles.
    pub mode: Mode,
    /// What a repeated order id means.
    pub idempotency: IdempotencyModel,
    /// How long an order id is remembered as a key; `None` for ever. A repetition after that is a new deposit.
    pub idempotency_life: Option<SignedDuration>,
    /// Whether a deposit that is refused with 400, though its body follows the rules, uses its order id up: a repetition gets
    /// what the [model](Self::idempotency) says, and another body, such as that with another card, 409.
    pub refusals_take_orders: bool,
    /// How long an active invoice at a fixed rate waits for the customer.
    pub invoice_life: SignedDuration,
    /// How long an active invoice at a floating rate waits for the customer.
    pub floating_invoice_life: SignedDuration,
    /// How many invoices at a fixed rate one customer may have active at a time.
    pub fixed_active_max: usize,
    /// Where callbacks go. Without it they wait for [`World::take_callbacks`](crate::World::take_callbacks).
    pub callback_url: Option<CallbackUrl>,
    /// Whether transaction callbacks have the keys of the gateway's first example alone: no `callbackType`, and nothing of
    /// fees, euro, US dollars, times, sender or the invoice's own amounts, as newer documents show them.
    pub old_callbacks: bool,
    /// Whether a callback tells, too, that a deposit is `processing`: documented as sent on request only (protocol §4).
    pub processing_callbacks: bool,
    /// The reference number `utr` that transactions have in `additionalParams`, in the API and in callbacks. Documented for
    /// one method of payment that is not played here (protocol §2.4b); without it no transaction has that field.
    pub utr: Option<String>,
    /// Whether KYC callbacks name missing documents as plain texts, as in one of the gateway's examples, instead of as
    /// objects, as its schema does.
    pub missing_documents_as_texts: bool,
    /// Whether a callback tells, too, that a bank account is `PENDING`, before the one that tells that it is `ACTIVE`.
    pub pending_accounts: bool,
    /// Which application of the merchant's transactions name, in the API and in callbacks.
    pub application_id: Option<String>,
    /// Whether what no invoice was opened for has none in the API and in callbacks: payments to addresses and by bank,
    /// withdrawals. Otherwise each has the id of one; that of a withdrawal can be simulated, none can be read.
    pub no_linked_invoices: bool,
    /// Whether payments to addresses name an order that the merchant has never sent, [`CHANNEL_ORDER_ID`], in the API and in
    /// callbacks.
    pub channel_order_ids: bool,
    /// In which currency payments to addresses are told.
    pub channel_currency: ChannelCurrency,
    /// In which currency payments by card are told.
    pub card_currency: CardCurrency,
    /// How often a callback is sent again after an attempt that failed.
    pub callback_retries: u32,
    /// How long after the first failed attempt the second one follows; each distance is twice the one before.
    pub callback_backoff: SignedDuration,
    /// How badly callbacks travel.
    pub callback_dials: CallbackDials,
    /// What goes wrong from the start.
    pub faults: Faults,
    /// How customers who pay by bank are treated.
    pub kyc: KycConfig,
    /// How much is kept.
    pub limits: Limits,
}

impl Config {
    /// The defaults, with keys that follow from `seed` and the account of the gateway's examples.
    pub fn new(seed: u64) -> Self {
        let random = Random::new(seed);
        let key = |purpose| random.uuid(purpose, b"", 0).to_string();
        let account = AccountId::parse(EXAMPLE_ACCOUNT_ID).expect("a UUID is an account id");
        Self {
            seed,
            start: Timestamp::from_second(1_767_225_600).expect("2026-01-01 is a time"),
            clock: ClockMode::default(),
            accounts: vec![Account::new(account, [Currency::Eur, Currency::Usd])],
            api_key: ApiKey::parse(key(Purpose::ApiKey)).expect("a UUID is a key"),
            secret_key: SecretKey::parse(key(Purpose::SecretKey)).expect("a UUID is a key"),
            mode: Mode::default(),
            idempotency: IdempotencyModel::default(),
            idempotency_life: None,
            refusals_take_orders: false,
            invoice_life: SignedDuration::from_mins(15),
            floating_invoice_life: SignedDuration::from_hours(24),
            fixed_active_max: 10,
            callback_url: None,
            old_callbacks: false,
            processing_callbacks: false,
            utr: None,
            missing_documents_as_texts: false,
            pending_accounts: false,
            application_id: None,
            no_linked_invoices: false,
            channel_order_ids: false,
            channel_currency: ChannelCurrency::default(),
            card_currency: CardCurrency::default(),
            callback_retries: 10,
            callback_backoff: SignedDuration::from_secs(1),
            callback_dials: CallbackDials::default(),
            faults: Faults::default(),
            kyc: KycConfig::default(),
            limits: Limits::default(),
        }
    }

    pub(crate) fn account(&self, id: &str) -> Option<&Account> {
        self.accounts
            .iter()
            .find(|account| account.id.as_str() == id)
    }
}
