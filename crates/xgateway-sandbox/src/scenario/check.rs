//! What no type tells about a scenario: mistakes that would play a story other than the one that is meant.

use std::collections::BTreeSet;

use xgateway_core::id::OrderId;
use xgateway_core::money::{Amount, Currency};
use xgateway_core::secret::scrub;

use super::file::{BankPaymentStep, DepositStep, Expected, File, Step, WorldPart};
use crate::card::SandboxCard;

/// How often something may be done at the same moment. More would tell nothing else, and take for ever.
const TIMES_MAX: u32 = 1000;

/// The longest file, in bytes. The longest that is shipped has a tenth of it.
const BYTES_MAX: usize = 64 << 10;

/// How deep things may lie in each other. A scenario needs four.
const DEPTH_MAX: usize = 32;

/// Refuses what a reader of YAML would need very long for.
pub(super) fn size(text: &str) -> Result<(), String> {
    if text.len() > BYTES_MAX {
        return Err(format!("a scenario has at most {BYTES_MAX} bytes"));
    }
    let (mut open, mut line) = (0_usize, 1);
    // Marks at the beginning of a line, each of which begins another list or map.
    let (mut marks, mut is_beginning) = (0, true);
    for (at, byte) in text.bytes().enumerate() {
        let ends_here = || {
            text.as_bytes()
                .get(at + 1)
                .is_none_or(u8::is_ascii_whitespace)
        };
        match byte {
            b'\n' => (line, marks, is_beginning) = (line + 1, 0, true),
            b' ' | b'\t' => {}
            b'-' | b'?' | b':' if is_beginning && ends_here() => marks += 1,
            b'[' | b'{' => (open, is_beginning) = (open + 1, false),
            b']' | b'}' => (open, is_beginning) = (open.saturating_sub(1), false),
            _ => is_beginning = false,
        }
        if open.max(marks) > DEPTH_MAX {
            return Err(format!("line {line}: things lie too deep in each other"));
        }
    }
    Ok(())
}

/// The first line in which a card number could hide: scenarios are shown and handed around.
pub(super) fn card_number(text: &str) -> Result<(), String> {
    let is_clean = |line: &str| scrub(line) == line;
    match text.lines().position(|line| !is_clean(line)) {
        Some(index) => Err(format!(
            "line {}: a card number could hide in it; cards go by their names, such as three_ds",
            index + 1
        )),
        None => Ok(()),
    }
}

/// What the steps before have made.
#[derive(Default)]
struct Made<'a> {
    orders: BTreeSet<&'a str>,
    customers: BTreeSet<&'a str>,
    payments: BTreeSet<&'a str>,
}

impl File {
    /// Whether it can be played as it is meant.
    pub(super) fn check(&self) -> Result<(), String> {
        self.world
            .check()
            .map_err(|problem| format!("world: {problem}"))?;
        let mut made = Made::default();
        for (index, step) in self.steps.iter().enumerate() {
            made.check(step)
                .map_err(|problem| format!("steps[{index}]: {problem}"))?;
        }
        if self.expect.is_empty() {
            return Err("expect: nothing is expected".to_owned());
        }
        for (index, expected) in self.expect.iter().enumerate() {
            made.check_expected(expected)
                .map_err(|problem| format!("expect[{index}]: {problem}"))?;
        }
        Ok(())
    }
}

impl WorldPart {
    fn check(&self) -> Result<(), String> {
        for (name, percent) in [
            ("duplicate_percent", self.duplicate_percent),
            ("reorder_percent", self.reorder_percent),
            ("loss_percent", self.loss_percent),
        ] {
            if percent > 100 {
                return Err(format!("{name}: is a number from 0 to 100"));
            }
        }
        Ok(())
    }
}

impl<'a> Made<'a> {
    fn check(&mut self, step: &'a Step) -> Result<(), String> {
        step.check_shape()?;
        if let Some(deposit) = &step.deposit {
            deposit.check()?;
            self.orders.insert(&deposit.order);
        }
        if let Some(press) = &step.press {
            check_times(press.times)?;
            self.check_order(&press.order)?;
        }
        if let Some(order) = &step.look {
            self.check_order(order)?;
        }
        if let Some(bank) = &step.bank {
            self.check_order(&bank.order)?;
        }
        if let Some(onboard) = &step.onboard {
            self.customers.insert(&onboard.customer);
        }
        if let Some(payment) = &step.bank_payment {
            self.check_payment(payment)?;
        }
        Ok(())
    }

    fn check_order(&self, order: &str) -> Result<(), String> {
        if self.orders.contains(order) {
            return Ok(());
        }
        Err(format!("no step before deposits the order `{order}`"))
    }

    fn check_payment(&mut self, step: &'a BankPaymentStep) -> Result<(), String> {
        if Amount::parse(&step.amount, Currency::Eur).is_err() {
            return Err(format!("`{}` is no amount", step.amount));
        }
        if !self.customers.contains(&*step.customer) {
            let customer = &step.customer;
            return Err(format!("no step before onboards the customer `{customer}`"));
        }
        if !self.payments.insert(&step.payment) {
            return Err(format!("the payment `{}` is there already", step.payment));
        }
        Ok(())
    }

    fn check_expected(&self, expected: &Expected) -> Result<(), String> {
        match (&expected.order, &expected.payment) {
            (Some(order), None) if self.orders.contains(&**order) => Ok(()),
            (Some(order), None) => Err(format!("no step deposits the order `{order}`")),
            (None, Some(payment)) if self.payments.contains(&**payment) => Ok(()),
            (None, Some(payment)) => Err(format!("no step makes the payment `{payment}`")),
            _ => Err("names not exactly one order or payment".to_owned()),
        }
    }
}

impl Step {
    fn check_shape(&self) -> Result<(), String> {
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
        for (name, flag) in [
            ("sweep", self.sweep),
            ("deliver", self.deliver),
            ("heal", self.heal),
            ("rotate_key", self.rotate_key),
        ] {
            if flag == Some(false) {
                return Err(format!("{name}: is true, or the step is left out"));
            }
        }
        Ok(())
    }
}

impl DepositStep {
    fn check(&self) -> Result<(), String> {
        check_times(self.times)?;
        if let Err(error) = OrderId::parse(&self.order) {
            return Err(format!("order: {error}"));
        }
        if SandboxCard::named(&self.card).is_none() {
            return Err(format!("there is no test card `{}`", self.card));
        }
        Ok(())
    }
}

fn check_times(times: u32) -> Result<(), String> {
    if (1..=TIMES_MAX).contains(&times) {
        return Ok(());
    }
    Err(format!("times: is a number from 1 to {TIMES_MAX}"))
}
