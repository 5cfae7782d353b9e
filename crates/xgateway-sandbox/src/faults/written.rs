//! Faults as people write them: JSON, YAML, flags.

mod line;
mod object;
#[cfg(test)]
mod tests;
mod words;

use std::ops::RangeInclusive;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use xgateway_api::operations;
use xgateway_core::secret::scrub;

use self::words::{Act, At, name, place};
use super::{CallbackFault, Damage, Failure, Fault, FaultRule, Latency, LatencyShape, ProxyFault};
use crate::event::MerchantText;

/// The statuses that a fault may answer with while nothing has been done.
const STATUSES: RangeInclusive<u16> = 400..=599;

/// Those after the commit. With any other one a gateway says that it did nothing, and this one has acted: a client that
/// believes it would rightly tell its customer that nothing was charged.
const STATUSES_AFTER_COMMIT: RangeInclusive<u16> = 500..=599;

/// What is said of a rule that could hit nothing: whoever wrote it means something else.
const NEVER: &str =
    "with 0 the fault would never happen: leave it out for every time, or name a number from 1";

const STATUS_NEEDED: &str = "a number from 400 to 599 is needed";

/// Why a fault is none.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct FaultError {
    field: String,
    problem: String,
}

impl FaultError {
    /// The same of one rule in a list.
    pub(crate) fn of_rule(mut self, index: usize) -> Self {
        self.field = format!("[{index}].{}", self.field);
        self
    }
}

/// A rule with all its fields.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Written {
    at: At,
    r#do: Act,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order: Option<MerchantText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_after: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    delay_ms: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    delay_max_ms: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    distribution: Option<LatencyShape>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    delay_seconds: Option<u32>,
    #[serde(default, skip_serializing_if = "is_zero")]
    skip: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    times: Option<u32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    occurrences: Vec<u32>,
    #[serde(default = "always", skip_serializing_if = "is_always")]
    percent: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seconds: Option<u32>,
}

impl Written {
    fn latency(&self) -> Result<Latency, FaultError> {
        let min = self
            .delay_ms
            .ok_or_else(|| wrong("delayMs", "a delay needs a length"))?;
        let max = self.delay_max_ms.unwrap_or(min);
        if max < min {
            let problem = "is less than delayMs";
            return Err(wrong("delayMaxMs", problem));
        }
        let shape = self.distribution.unwrap_or_default();
        Ok(Latency::between(min, max, shape))
    }

    fn status(&self) -> Result<u16, FaultError> {
        self.status.ok_or_else(|| wrong("status", STATUS_NEEDED))
    }

    /// A field that says nothing about such a fault is a mistake, not a wish to be passed over.
    fn check_fields(&self) -> Result<(), FaultError> {
        let of_status = self.r#do == Act::Status;
        let of_delay = self.r#do == Act::Delay;
        let of_callback = self.at == At::Callback;
        let of_request_delay = of_delay && !of_callback;
        for (field, is_there, has_meaning) in [
            ("status", self.status.is_some(), of_status),
            ("retryAfter", self.retry_after.is_some(), of_status),
            ("delayMs", self.delay_ms.is_some(), of_request_delay),
            ("delayMaxMs", self.delay_max_ms.is_some(), of_request_delay),
            (
                "distribution",
                self.distribution.is_some(),
                of_request_delay,
            ),
            (
                "delaySeconds",
                self.delay_seconds.is_some(),
                of_delay && of_callback,
            ),
        ] {
            if is_there && !has_meaning {
                let (act, at) = (name(&self.r#do), name(&self.at));
                return Err(wrong(field, format!("means nothing to {act} at {at}")));
            }
        }
        Ok(())
    }

    fn fault(&self) -> Result<Fault, FaultError> {
        let at_commit = |failure| {
            if self.at == At::AfterCommit {
                Fault::AfterCommit(failure)
            } else {
                Fault::BeforeCommit(failure)
            }
        };
        Ok(match (self.at, self.r#do) {
            (At::Connect, Act::Refuse) => Fault::NoConnection,
            (At::Proxy, Act::Decode) => Fault::Proxy(ProxyFault::Decode),
            (At::Proxy, Act::Block) => Fault::Proxy(ProxyFault::Block),
            (At::BeforeCommit, Act::WrongKey) => Fault::WrongKey,
            (At::BeforeCommit, Act::PartnerFailure) => Fault::Bank { paid: false },
            (At::AfterCommit, Act::PartnerFailure) => Fault::Bank { paid: true },
            (At::BeforeCommit | At::AfterCommit, Act::Reset) => at_commit(Failure::Reset),
            (At::BeforeCommit | At::AfterCommit, Act::Hang) => at_commit(Failure::Hang),
            (At::BeforeCommit | At::AfterCommit, Act::Delay) => {
                at_commit(Failure::Delay(self.latency()?))
            }
            (At::BeforeCommit | At::AfterCommit, Act::Status) => {
                at_commit(Failure::Status(self.status()?, self.retry_after))
            }
            (At::MidAnswer, Act::Truncate) => Fault::MidAnswer(Damage::Truncate),
            (At::MidAnswer, Act::Reset) => Fault::MidAnswer(Damage::Reset),
            (At::MidAnswer, Act::Drip) => Fault::MidAnswer(Damage::Drip),
            (At::MidAnswer, Act::Garbage) => Fault::MidAnswer(Damage::Garbage),
            (At::Callback, Act::Lose) => Fault::Callback(CallbackFault::Lose),
            (At::Callback, Act::Unanswered) => Fault::Callback(CallbackFault::Unanswered),
            (At::Callback, Act::Twice) => Fault::Callback(CallbackFault::Twice),
            (At::Callback, Act::Forge) => Fault::Callback(CallbackFault::Forge),
            (At::Callback, Act::Delay) => {
                let seconds = self
                    .delay_seconds
                    .ok_or_else(|| wrong("delaySeconds", "a delay needs a length"))?;
                Fault::Callback(CallbackFault::Delay(seconds))
            }
            (at, act) => {
                let problem = format!("{} does not happen at {}", name(&act), name(&at));
                return Err(wrong("do", problem));
            }
        })
    }
}

impl TryFrom<Written> for FaultRule {
    type Error = FaultError;

    fn try_from(written: Written) -> Result<Self, FaultError> {
        let fault = written.fault()?;
        fault.check()?;
        written.check_fields()?;
        let rule = Self {
            fault,
            operation: written.operation,
            order: written.order,
            skip: written.skip,
            times: written.times,
            occurrences: written.occurrences,
            percent: written.percent,
            seconds: written.seconds,
        };
        rule.checked()
    }
}

impl FaultRule {
    /// The rule, if it could ever hit something. Whatever passes is read back from a log.
    pub(super) fn checked(self) -> Result<Self, FaultError> {
        self.fault.check()?;
        if let Some(operation) = &self.operation {
            let is_known = operation == "three_ds_page"
                || operations::ALL.iter().any(|known| known.name == operation);
            if !is_known || self.fault.is_of_callbacks() {
                let problem =
                    format!("there is no operation `{operation}` that this can happen to");
                return Err(wrong("operation", problem));
            }
        }
        if !(1..=100).contains(&self.percent) {
            return Err(wrong("percent", "is a number from 1 to 100"));
        }
        if self.times == Some(0) {
            return Err(wrong("times", NEVER));
        }
        if self.seconds == Some(0) {
            return Err(wrong("seconds", NEVER));
        }
        if self.occurrences.contains(&0) {
            return Err(wrong("occurrences", "are counted from 1"));
        }
        let mut occurrences = self.occurrences.iter();
        if !self.occurrences.is_empty() && !occurrences.any(|number| self.may_hit(*number)) {
            let problem = "none of them is left by skip and times: the fault would never happen";
            return Err(wrong("occurrences", problem));
        }
        Ok(self)
    }
}

impl From<FaultRule> for Written {
    fn from(rule: FaultRule) -> Self {
        let (at, act) = place(rule.fault);
        let mut written = Self {
            at,
            r#do: act,
            operation: rule.operation,
            order: rule.order,
            status: None,
            retry_after: None,
            delay_ms: None,
            delay_max_ms: None,
            distribution: None,
            delay_seconds: None,
            skip: rule.skip,
            times: rule.times,
            occurrences: rule.occurrences,
            percent: rule.percent,
            seconds: rule.seconds,
        };
        match rule.fault {
            Fault::BeforeCommit(failure) | Fault::AfterCommit(failure) => match failure {
                Failure::Status(status, retry_after) => {
                    written.status = Some(status);
                    written.retry_after = retry_after;
                }
                Failure::Delay(latency) => {
                    let (min, max, shape) = latency.parts();
                    written.delay_ms = Some(min);
                    written.delay_max_ms = (max != min).then_some(max);
                    written.distribution = (max != min).then_some(shape);
                }
                Failure::Reset | Failure::Hang => {}
            },
            Fault::Callback(CallbackFault::Delay(seconds)) => written.delay_seconds = Some(seconds),
            Fault::NoConnection
            | Fault::Proxy(_)
            | Fault::MidAnswer(_)
            | Fault::WrongKey
            | Fault::Bank { .. }
            | Fault::Callback(_) => {}
        }
        written
    }
}

impl FromStr for FaultRule {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        Self::parse(text)
    }
}

impl Fault {
    /// Whether a gateway could do that.
    fn check(self) -> Result<(), FaultError> {
        if let Self::BeforeCommit(Failure::Status(status, _)) = self
            && !STATUSES.contains(&status)
        {
            return Err(wrong("status", STATUS_NEEDED));
        }
        if let Self::AfterCommit(Failure::Status(status, _)) = self
            && !STATUSES_AFTER_COMMIT.contains(&status)
        {
            let problem = "after the commit a number from 500 to 599 is needed: with another one a gateway says that it \
                 did nothing, and it has acted";
            return Err(wrong("status", problem));
        }
        Ok(())
    }
}

/// What could be a card number is masked: a problem repeats what was written.
fn wrong(field: &str, problem: impl AsRef<str>) -> FaultError {
    FaultError {
        field: scrub(field).into_owned(),
        problem: scrub(problem.as_ref()).into_owned(),
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde wants"
)]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

fn always() -> u32 {
    100
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde wants"
)]
fn is_always(percent: &u32) -> bool {
    *percent == 100
}
