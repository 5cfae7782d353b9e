//! Faults as people write them: JSON, YAML, flags.

use std::ops::RangeInclusive;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use xgateway_api::operations;
use xgateway_core::secret::scrub;

use super::{CallbackFault, Damage, Failure, Fault, FaultRule, Latency, LatencyShape};
use crate::event::MerchantText;

/// The statuses that a fault may answer with while nothing has been done.
const STATUSES: RangeInclusive<u16> = 400..=599;

/// Those after the commit. With any other one a gateway says that it did nothing, and this one has acted: a client that
/// believes it would rightly tell its customer that nothing was charged.
const STATUSES_AFTER_COMMIT: RangeInclusive<u16> = 500..=599;

const STATUS_NEEDED: &str = "a number from 400 to 599 is needed";

/// Why a fault is none.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct FaultError {
    field: String,
    problem: String,
}

/// Where on the way of a request.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum At {
    Connect,
    BeforeCommit,
    AfterCommit,
    MidAnswer,
    Callback,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Act {
    Refuse,
    Reset,
    Hang,
    Delay,
    Status,
    WrongKey,
    PartnerFailure,
    Truncate,
    Drip,
    Garbage,
    Lose,
    Unanswered,
    Twice,
    Forge,
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
    /// From `name=value,name=value`. Of a list the numbers stand between `+`.
    pub(super) fn from_pairs(text: &str) -> Result<Self, FaultError> {
        let mut map = serde_json::Map::new();
        for pair in text.split(',').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair
                .split_once('=')
                .ok_or_else(|| wrong("fault", format!("`{pair}` is not name=value")))?;
            let value = match name {
                "at" | "do" | "operation" | "order" | "distribution" => value.into(),
                "occurrences" => value
                    .split('+')
                    .map(|text| number(name, text))
                    .collect::<Result<Vec<_>, _>>()?
                    .into(),
                _ => number(name, value)?.into(),
            };
            map.insert(name.to_owned(), value);
        }
        check_word::<At>(&map, "at")?;
        check_word::<Act>(&map, "do")?;
        serde_json::from_value(map.into()).map_err(|error| wrong("fault", error.to_string()))
    }

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
        if self.occurrences.contains(&0) {
            return Err(wrong("occurrences", "are counted from 1"));
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

    /// In two words: where, and what.
    pub(crate) fn label(self) -> String {
        let (at, act) = place(self);
        format!("{} {}", name(&at), name(&act))
    }
}

fn place(fault: Fault) -> (At, Act) {
    let of_failure = |failure| match failure {
        Failure::Reset => Act::Reset,
        Failure::Hang => Act::Hang,
        Failure::Delay(_) => Act::Delay,
        Failure::Status(..) => Act::Status,
    };
    match fault {
        Fault::NoConnection => (At::Connect, Act::Refuse),
        Fault::BeforeCommit(failure) => (At::BeforeCommit, of_failure(failure)),
        Fault::AfterCommit(failure) => (At::AfterCommit, of_failure(failure)),
        Fault::MidAnswer(Damage::Truncate) => (At::MidAnswer, Act::Truncate),
        Fault::MidAnswer(Damage::Reset) => (At::MidAnswer, Act::Reset),
        Fault::MidAnswer(Damage::Drip) => (At::MidAnswer, Act::Drip),
        Fault::MidAnswer(Damage::Garbage) => (At::MidAnswer, Act::Garbage),
        Fault::WrongKey => (At::BeforeCommit, Act::WrongKey),
        Fault::Bank { paid: false } => (At::BeforeCommit, Act::PartnerFailure),
        Fault::Bank { paid: true } => (At::AfterCommit, Act::PartnerFailure),
        Fault::Callback(CallbackFault::Lose) => (At::Callback, Act::Lose),
        Fault::Callback(CallbackFault::Unanswered) => (At::Callback, Act::Unanswered),
        Fault::Callback(CallbackFault::Twice) => (At::Callback, Act::Twice),
        Fault::Callback(CallbackFault::Delay(_)) => (At::Callback, Act::Delay),
        Fault::Callback(CallbackFault::Forge) => (At::Callback, Act::Forge),
    }
}

/// The name that serde writes.
fn name(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

fn number(field: &str, text: &str) -> Result<u32, FaultError> {
    let problem = || wrong(field, format!("`{text}` is no whole number"));
    text.parse().map_err(|_| problem())
}

/// Whether a field that must be there is one of the words that it may be.
fn check_word<'a, T: Deserialize<'a>>(
    map: &'a serde_json::Map<String, serde_json::Value>,
    field: &str,
) -> Result<(), FaultError> {
    let value = map.get(field).ok_or_else(|| wrong(field, "is missing"))?;
    let problem = |error: serde_json::Error| {
        wrong(
            field,
            error.to_string().replace("unknown variant", "there is no"),
        )
    };
    T::deserialize(value).map(drop).map_err(problem)
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

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(text: &str, want: &Expect) {
        let said = match FaultRule::parse(text) {
            Ok(rule) => {
                let json = serde_json::to_string(&rule).unwrap();
                assert_eq!(serde_json::from_str::<FaultRule>(&json).unwrap(), rule);
                json
            }
            Err(error) => format!("error: {error}"),
        };
        want.assert_eq(&said);
    }

    #[test]
    fn a_rule_is_read_and_written_alike() {
        check(
            "at=after_commit,do=reset,operation=create_card_deposit,times=1",
            &expect![[
                r#"{"at":"after_commit","do":"reset","operation":"create_card_deposit","times":1}"#
            ]],
        );
        check(
            "at=before_commit,do=status,status=429,retryAfter=2,occurrences=1+3,percent=50,seconds=60,skip=1",
            &expect![[
                r#"{"at":"before_commit","do":"status","status":429,"retryAfter":2,"skip":1,"occurrences":[1,3],"percent":50,"seconds":60}"#
            ]],
        );
        check(
            "at=before_commit,do=delay,delayMs=10,delayMaxMs=500,distribution=long_tail",
            &expect![[
                r#"{"at":"before_commit","do":"delay","delayMs":10,"delayMaxMs":500,"distribution":"long_tail"}"#
            ]],
        );
        for text in [
            "at=connect,do=refuse",
            "at=before_commit,do=wrong_key",
            "at=before_commit,do=partner_failure",
            "at=after_commit,do=partner_failure",
            "at=after_commit,do=hang",
            "at=mid_answer,do=truncate",
            "at=mid_answer,do=reset",
            "at=mid_answer,do=drip",
            "at=mid_answer,do=garbage",
            "at=callback,do=lose",
            "at=callback,do=unanswered",
            "at=callback,do=twice",
            "at=callback,do=forge",
            "at=callback,do=delay,delaySeconds=9",
        ] {
            let rule = FaultRule::parse(text).unwrap();
            let json = serde_json::to_string(&rule).unwrap();
            assert_eq!(serde_json::from_str::<FaultRule>(&json).unwrap(), rule);
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        check(
            "at=connect,do=lose",
            &expect!["error: do: lose does not happen at connect"],
        );
        check(
            "at=callback,do=twice,operation=get_invoice",
            &expect![
                "error: operation: there is no operation `get_invoice` that this can happen to"
            ],
        );
        check(
            "at=mid_answer,do=drip,operation=nothing",
            &expect!["error: operation: there is no operation `nothing` that this can happen to"],
        );
        check(
            "at=before_commit,do=status,status=200",
            &expect!["error: status: a number from 400 to 599 is needed"],
        );
        for status in [400, 422, 429, 499, 200] {
            let text = format!("at=after_commit,do=status,status={status}");
            let error = FaultRule::parse(&text).unwrap_err().to_string();
            assert!(error.starts_with("status: "), "{error}");
        }
        check(
            "at=after_commit,do=status,status=429",
            &expect![
                "error: status: after the commit a number from 500 to 599 is needed: with another one a gateway says that it did nothing, and it has acted"
            ],
        );
        check(
            "at=after_commit,do=status,status=503",
            &expect![[r#"{"at":"after_commit","do":"status","status":503}"#]],
        );
        check(
            "at=after_commit,do=reset,status=503",
            &expect!["error: status: means nothing to reset at after_commit"],
        );
        check(
            "at=callback,do=delay,delaySeconds=1,delayMs=1",
            &expect!["error: delayMs: means nothing to delay at callback"],
        );
        check(
            "at=before_commit,do=delay",
            &expect!["error: delayMs: a delay needs a length"],
        );
        check(
            "at=before_commit,do=delay,delayMs=2,delayMaxMs=1",
            &expect!["error: delayMaxMs: is less than delayMs"],
        );
        check(
            "at=connect,do=refuse,percent=0",
            &expect!["error: percent: is a number from 1 to 100"],
        );
        check(
            "at=connect,do=refuse,occurrences=0",
            &expect!["error: occurrences: are counted from 1"],
        );
        check(
            "at=connect,do=refuse,times=x",
            &expect!["error: times: `x` is no whole number"],
        );
        check(
            "nothing",
            &expect!["error: fault: `nothing` is not name=value"],
        );
        check(
            "at=connect,do=refuse,colour=1",
            &expect![
                "error: fault: unknown field `colour`, expected one of `at`, `do`, `operation`, `order`, `status`, `retryAfter`, `delayMs`, `delayMaxMs`, `distribution`, `delaySeconds`, `skip`, `times`, `occurrences`, `percent`, `seconds`"
            ],
        );
        check("do=refuse", &expect!["error: at: is missing"]);
        check(
            "at=connect,do=fuse",
            &expect![
                "error: do: there is no `fuse`, expected one of `refuse`, `reset`, `hang`, `delay`, `status`, `wrong_key`, `partner_failure`, `truncate`, `drip`, `garbage`, `lose`, `unanswered`, `twice`, `forge`"
            ],
        );
    }
    #[test]
    fn no_card_number_is_repeated() {
        for text in [
            "at=connect,do=refuse,operation=4000000000000002",
            "at=connect,do=refuse,times=4000 0000 0000 0002",
            "4000000000000002",
            "at=4000000000000002,do=refuse",
            "at=connect,do=refuse,4000000000000002=1",
            "at=connect,do=refuse,4000000000000002=x",
        ] {
            let error = FaultRule::parse(text).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("0002"), "{shown}");
        }
    }

    /// What serde would take in this place.
    fn names(error: &str) -> Vec<&str> {
        let (_, names) = error.split_once("expected one of ").unwrap();
        let names = names.split(", ");
        names.map(|name| name.trim_matches('`')).collect()
    }

    #[test]
    fn the_guide_lists_every_fault_and_every_field() {
        let guide = include_str!("../../../../docs/guides/sandbox.md");
        let (_, guide) = guide.split_once("\n## Faults\n").unwrap();
        let (guide, _) = guide.split_once("\n## ").unwrap();
        let rows = |head: &str| {
            let (_, table) = guide.split_once(head).unwrap();
            let rows = table.lines().skip(2).take_while(|row| row.starts_with('|'));
            rows.map(|row| row.split(" | ").collect::<Vec<_>>())
                .collect::<Vec<_>>()
        };

        let unknown = FaultRule::parse("at=connect,do=refuse,colour=1").unwrap_err();
        let known = unknown.to_string();
        let told: Vec<_> = rows("| field |")
            .iter()
            .flat_map(|row| row[0].split('`').skip(1).step_by(2))
            .map(str::to_owned)
            .collect();
        assert_eq!(told, names(&known));

        let faults = rows("| `at` | `do` |");
        let is_told = |at: &str, act: &str| {
            let [at, act] = [at, act].map(|name| format!("`{name}`"));
            let mut rows = faults.iter();
            rows.any(|row| row[0].contains(&at) && row[1].contains(&act))
        };
        let places = FaultRule::parse("at=x,do=reset").unwrap_err().to_string();
        let acts = FaultRule::parse("at=connect,do=x").unwrap_err().to_string();
        for at in names(&places) {
            for act in names(&acts) {
                let more = match (at, act) {
                    (_, "status") => ",status=503",
                    ("callback", "delay") => ",delaySeconds=1",
                    (_, "delay") => ",delayMs=1",
                    _ => "",
                };
                let is_fault = FaultRule::parse(&format!("at={at},do={act}{more}")).is_ok();
                assert_eq!(is_told(at, act), is_fault, "{at} {act}");
            }
        }
    }
}
