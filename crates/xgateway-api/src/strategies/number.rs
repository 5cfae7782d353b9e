//! Numbers for a list of checks.

use proptest::prelude::*;
use serde_json::Value;
use xgateway_core::issue::{Bound, IssueKind, Size};
use xgateway_core::rules::{Limit, NumberCheck};

/// Numbers are counted in units of `10^-12`, so that they are exact. Limits have at most 15 digits.
const DECIMALS: usize = 12;
const ONE: i128 = 10_i128.pow(12);

/// The limits of a list of checks, in units.
struct Range {
    min: i128,
    max: i128,
    step: i128,
}

impl Range {
    fn of(checks: &[NumberCheck]) -> Self {
        let mut range = Self {
            min: 0,
            max: 0,
            // Where there is no limit, any number will do.
            step: ONE / 1000,
        };
        let mut max = None;
        for check in checks {
            match check {
                NumberCheck::Min(limit) => range.min = units(limit),
                NumberCheck::Max(limit) => max = Some(units(limit)),
                NumberCheck::MultipleOf(limit) => range.step = units(limit),
            }
        }
        range.max = max.unwrap_or(range.min + 1_000_000 * ONE);
        range
    }
}

/// Numbers that pass.
pub(super) fn valid(checks: &'static [NumberCheck]) -> impl Strategy<Value = Value> {
    let Range { min, max, step } = Range::of(checks);
    let (first, last) = ((min + step - 1).div_euclid(step), max.div_euclid(step));
    prop_oneof![2 => Just(first), 2 => Just(last), 6 => first..=last]
        .prop_map(move |steps| json(steps * step))
}

/// Numbers that break at least one check, and what they break.
pub(super) fn broken(checks: &'static [NumberCheck]) -> Vec<(Value, Vec<IssueKind>)> {
    let Range { min, max, step } = Range::of(checks);
    let half = step / 2;
    [
        min - step,
        max + step,
        min - half,
        max + half,
        min + half,
        -max,
        max * 1000,
    ]
    .into_iter()
    .map(|number| (json(number), issues(checks, number)))
    .filter(|(_, issues)| !issues.is_empty())
    .collect()
}

/// What a number breaks, in order.
fn issues(checks: &[NumberCheck], number: i128) -> Vec<IssueKind> {
    let size = |limit: &Limit| Size::Text(limit.text().into());
    checks
        .iter()
        .filter_map(|check| match check {
            NumberCheck::Min(limit) => (number < units(limit)).then(|| IssueKind::TooSmall {
                minimum: size(limit),
                of: "number".into(),
                bound: Bound::Inclusive,
            }),
            NumberCheck::Max(limit) => (number > units(limit)).then(|| IssueKind::TooBig {
                maximum: size(limit),
                of: "number".into(),
                bound: Bound::Inclusive,
            }),
            NumberCheck::MultipleOf(limit) => {
                (number % units(limit) != 0).then(|| IssueKind::NotMultipleOf { of: size(limit) })
            }
        })
        .collect()
}

fn units(limit: &Limit) -> i128 {
    let (whole, fraction) = limit.text().split_once('.').unwrap_or((limit.text(), ""));
    format!("{whole}{fraction:0<DECIMALS$}")
        .parse()
        .expect("the generator admits only short decimals")
}

fn json(number: i128) -> Value {
    let sign = if number < 0 { "-" } else { "" };
    let number = number.unsigned_abs();
    let one = ONE.unsigned_abs();
    let text = format!("{sign}{}.{:0DECIMALS$}", number / one, number % one);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    serde_json::from_str(text).expect("it is written as a JSON number")
}
