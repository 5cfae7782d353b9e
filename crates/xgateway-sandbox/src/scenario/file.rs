//! A scenario as it is written.

use serde::Deserialize;
use xgateway_core::money::{Amount, Currency};

use crate::card::SandboxCard;
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

impl File {
    /// What no type tells.
    pub(super) fn check(&self) -> Result<(), String> {
        for (index, step) in self.steps.iter().enumerate() {
            step.check()
                .map_err(|problem| format!("steps[{index}]: {problem}"))?;
        }
        if self.expect.is_empty() {
            return Err("expect: nothing is expected".to_owned());
        }
        for (index, expected) in self.expect.iter().enumerate() {
            self.check_expected(expected)
                .map_err(|problem| format!("expect[{index}]: {problem}"))?;
        }
        Ok(())
    }

    fn check_expected(&self, expected: &Expected) -> Result<(), String> {
        let payment = match (&expected.order, &expected.payment) {
            (Some(_), None) => return Ok(()),
            (None, Some(payment)) => payment,
            _ => return Err("names not exactly one order or payment".to_owned()),
        };
        let mut made = self.steps.iter().filter_map(|it| it.bank_payment.as_ref());
        if made.any(|step| step.payment == *payment) {
            return Ok(());
        }
        Err(format!("no step makes the payment `{payment}`"))
    }
}

impl Step {
    fn check(&self) -> Result<(), String> {
        let things = [
            self.deposit.is_some(),
            self.press.is_some(),
            self.look.is_some(),
            self.sweep.is_some(),
            self.pass.is_some(),
            self.deliver.is_some(),
            self.fault.is_some(),
            self.heal.is_some(),
            self.rotate_key.is_some(),
            self.bank.is_some(),
            self.onboard.is_some(),
            self.bank_payment.is_some(),
        ];
        if things.into_iter().filter(|is_there| *is_there).count() != 1 {
            return Err("has not exactly one thing to do".to_owned());
        }
        if let Some(payment) = &self.bank_payment
            && Amount::parse(&payment.amount, Currency::Eur).is_err()
        {
            return Err(format!("`{}` is no amount", payment.amount));
        }
        match &self.deposit {
            Some(deposit) if SandboxCard::named(&deposit.card).is_none() => {
                Err(format!("there is no test card `{}`", deposit.card))
            }
            _ => Ok(()),
        }
    }
}
