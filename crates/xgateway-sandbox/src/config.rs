//! What a world starts with.

mod callback_url;
mod clock_mode;
mod currencies;
mod dials;
mod kyc;
mod limits;

pub use callback_url::{CallbackUrl, CallbackUrlError};
pub use clock_mode::{ClockMode, ClockModeError};
pub use currencies::{CardCurrency, ChannelCurrency};
pub use dials::CallbackDials;
pub use kyc::{KycConfig, KycOrder};
pub use limits::Limits;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use xgateway_core::id::AccountId;
use xgateway_core::money::Currency;
use xgateway_core::secret::{ApiKey, SecretKey};

use crate::faults::Faults;
use crate::random::{Purpose, Random};

/// The account of the gateway's own examples, which every new [`Config`] has.
pub const EXAMPLE_ACCOUNT_ID: &str = "a67ec03c-0253-4c14-9961-28985186f90c";

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
    /// How long an active invoice at a fixed rate waits for the customer.
    pub fixed_life: SignedDuration,
    /// How long an active invoice at a floating rate waits for the customer.
    pub floating_life: SignedDuration,
    /// How many invoices at a fixed rate one customer may have active at a time.
    pub fixed_active_max: usize,
    /// Where callbacks go. Without it they wait for [`World::take_callbacks`](crate::World::take_callbacks).
    pub callback_url: Option<CallbackUrl>,
    /// Whether transaction callbacks carry `callbackType` and whatever else newer documents show. Old ones have the keys of
    /// the gateway's first example alone: nothing of fees, euro, US dollars, times, sender or the invoice's own amounts.
    pub callback_type: bool,
    /// Whether KYC callbacks name missing documents as plain texts, as in one of the gateway's examples, instead of as
    /// objects, as its schema does.
    pub missing_documents_as_texts: bool,
    /// Whether a callback tells, too, that a bank account is `PENDING`, before the one that tells that it is `ACTIVE`.
    pub pending_accounts: bool,
    /// Which application of the merchant's transactions name, in the API and in callbacks.
    pub application_id: Option<String>,
    /// Whether what no invoice was opened for has the id of one all the same, in the API and in callbacks: payments to
    /// addresses and by bank, withdrawals. That of a withdrawal can be simulated; none can be read.
    pub linked_invoices: bool,
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

/// A merchant's account.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The currencies that it is configured for.
    pub currencies: Vec<Currency>,
    /// The least amount that it takes, in major units, beside what the gateway's rules say.
    pub amount_min: Option<Decimal>,
    /// The largest amount that it takes, in major units, beside what the gateway's rules say.
    pub amount_max: Option<Decimal>,
}

/// Which environment of the gateway a world resembles.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum Mode {
    /// Demo: the documented test cards always get a `threeDSURL`; that of the card which is not enrolled passes by
    /// itself.
    #[default]
    Demo,
    /// Production: the card which is not enrolled gets `null` and is finalized at once.
    Live,
}

/// What a gateway does with an order id that it has seen. The gateway's documents only call it an idempotency key,
/// so a client must survive every one of these.
///
/// In each of them a request that was refused with a 4xx has left nothing behind: its order id is still free, so that
/// a customer may try another card.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum IdempotencyModel {
    /// The first answer is stored and repeated, even a 500. Another body gets 409.
    #[default]
    Replay,
    /// A repetition finishes what the first attempt left undone and tells how things stand: a stored 500 is not
    /// repeated. Another body gets 409.
    Finish,
    /// An order id is taken once it was used: every repetition gets 409, with the same body too. The invoice must be
    /// read to learn what became of it.
    Reject,
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
            fixed_life: SignedDuration::from_mins(15),
            floating_life: SignedDuration::from_hours(24),
            fixed_active_max: 10,
            callback_url: None,
            callback_type: true,
            missing_documents_as_texts: false,
            pending_accounts: false,
            application_id: None,
            linked_invoices: true,
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

impl Account {
    /// An account without limits of its own.
    pub fn new(id: AccountId, currencies: impl IntoIterator<Item = Currency>) -> Self {
        Self {
            id,
            currencies: currencies.into_iter().collect(),
            amount_min: None,
            amount_max: None,
        }
    }

    pub(crate) fn admits(&self, amount: Decimal) -> bool {
        self.amount_min.is_none_or(|min| amount >= min)
            && self.amount_max.is_none_or(|max| amount <= max)
    }
}
