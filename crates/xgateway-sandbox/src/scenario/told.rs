//! A step in words, for the story.

use std::fmt;

use super::file::{BankWord, Button, Step};
use crate::faults::FaultRule;

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(it) = &self.deposit {
            write!(f, "the merchant deposits {} with {}", it.order, it.card)?;
            write_times(f, it.times)?;
        }
        if let Some(it) = &self.press {
            let does = match it.button {
                Button::Visit => "visits the 3DS page of",
                Button::Approve => "approves on the 3DS page of",
                Button::Decline => "declines on the 3DS page of",
                Button::Leave => "leaves the 3DS page of",
            };
            write!(f, "the customer {does} {}", it.order)?;
            write_times(f, it.times)?;
        }
        if let Some(order) = &self.look {
            write!(f, "the merchant looks at {order}")?;
        }
        if self.sweep.is_some() {
            f.write_str("the merchant looks at everything that is open")?;
        }
        if let Some(seconds) = self.pass {
            write!(f, "{seconds} seconds pass")?;
        }
        if self.deliver.is_some() {
            f.write_str("callbacks that are due go out")?;
        }
        if let Some(rule) = &self.fault {
            f.write_str("from now on: ")?;
            write_rule(f, rule)?;
        }
        if self.heal.is_some() {
            f.write_str("nothing goes wrong any more")?;
        }
        if self.rotate_key.is_some() {
            f.write_str("the key for callbacks is replaced")?;
        }
        if let Some(it) = &self.bank {
            let says = match it.says {
                BankWord::Confirmed => "confirmed",
                BankWord::Failed => "failed",
            };
            write!(f, "the bank says of {}: {says}", it.order)?;
        }
        if let Some(it) = &self.onboard {
            write!(f, "the merchant onboards {}", it.customer)?;
        }
        if let Some(it) = &self.bank_payment {
            let (payment, customer, amount) = (&it.payment, &it.customer, &it.amount);
            write!(f, "{customer} pays {amount} EUR by bank: {payment}")?;
        }
        Ok(())
    }
}

fn write_times(f: &mut fmt::Formatter<'_>, times: u32) -> fmt::Result {
    match times {
        1 => Ok(()),
        many => write!(f, ", {many} times"),
    }
}

fn write_rule(f: &mut fmt::Formatter<'_>, rule: &FaultRule) -> fmt::Result {
    let text = serde_json::to_string(&rule.shown()).unwrap_or_default();
    f.write_str(&text)
}
