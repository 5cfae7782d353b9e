//! A scenario as it is written.

use serde::Deserialize;

use crate::faults::FaultRule;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) summary: String,
    #[serde(default)]
    pub(super) world: WorldPart,
    pub(super) steps: Vec<Step>,
    pub(super) expect: Vec<Expected>,
}

/// What the world begins with, where it differs from the defaults.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WorldPart {
    /// How long an order id is remembered as a key.
    pub(super) key_life_seconds: Option<u32>,
    #[serde(default)]
    pub(super) duplicate_percent: u32,
    #[serde(default)]
    pub(super) reorder_percent: u32,
    #[serde(default)]
    pub(super) loss_percent: u32,
    #[serde(default)]
    pub(super) delay_seconds: u32,
}

/// One thing that happens. Exactly one of them is there.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    /// The merchant sends a deposit.
    pub(super) deposit: Option<DepositStep>,
    /// The customer does something on the 3DS page.
    pub(super) press: Option<PressStep>,
    /// The merchant looks how an order stands, as when the customer comes back.
    pub(super) look: Option<String>,
    /// The merchant looks at everything that it has left open.
    pub(super) sweep: Option<bool>,
    /// So many seconds pass.
    pub(super) pass: Option<u32>,
    /// Callbacks that are due go out, until none is.
    pub(super) deliver: Option<bool>,
    /// From now on something goes wrong.
    pub(super) fault: Option<FaultRule>,
    /// Nothing goes wrong any more.
    pub(super) heal: Option<bool>,
    /// The key for callbacks is replaced; the merchant knows both.
    pub(super) rotate_key: Option<bool>,
    /// The bank finishes the invoice of an order in its own way.
    pub(super) bank: Option<BankStep>,
    /// The merchant brings a customer through KYC to a bank account in euro.
    pub(super) onboard: Option<OnboardStep>,
    /// The customer pays to that account.
    pub(super) bank_payment: Option<BankPaymentStep>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OnboardStep {
    pub(super) customer: String,
    /// It may be one that decides what comes of KYC.
    #[serde(default = "plain_name")]
    pub(super) last_name: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BankPaymentStep {
    /// What it is called in this scenario.
    pub(super) payment: String,
    pub(super) customer: String,
    /// In euro.
    pub(super) amount: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DepositStep {
    pub(super) order: String,
    pub(super) card: String,
    /// So often at the same moment.
    #[serde(default = "once")]
    pub(super) times: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PressStep {
    pub(super) order: String,
    pub(super) button: Button,
    #[serde(default = "once")]
    pub(super) times: u32,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Button {
    Visit,
    Approve,
    Decline,
    Leave,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BankStep {
    pub(super) order: String,
    pub(super) says: BankWord,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum BankWord {
    Confirmed,
    Failed,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expected {
    pub(super) order: Option<String>,
    /// By bank.
    pub(super) payment: Option<String>,
    /// Charged once and credited once, or neither.
    pub(super) paid: bool,
}

fn once() -> u32 {
    1
}

fn plain_name() -> String {
    "Doe".to_owned()
}
