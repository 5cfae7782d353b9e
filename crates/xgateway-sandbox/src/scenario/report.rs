//! What came of a scenario.

use rust_decimal::Decimal;
use serde::Serialize;

use crate::hidden;

/// What became of a scenario.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ScenarioReport {
    /// Its name.
    pub scenario: String,
    /// The seed that it was played with.
    pub seed: u64,
    /// Whether every order ended as the scenario expects.
    pub ok: bool,
    /// The worst that became of an order.
    pub verdict: ScenarioVerdict,
    /// How each order ended.
    pub orders: Vec<ScenarioOutcome>,
    /// What steps were to do and could not, such as a button of a page that is not there. It may be meant: a fault that
    /// loses a deposit loses its 3DS page.
    pub not_done: Vec<String>,
    /// What happened, step by step. Not in its JSON.
    #[serde(skip)]
    pub story: Vec<ScenarioStep>,
    /// How many events there were.
    pub events: u64,
}

/// One step of a scenario that was played.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ScenarioStep {
    /// What was done.
    pub step: String,
    /// What it led to in the sandbox, one event each.
    pub events: Vec<String>,
}

/// How an order ended.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ScenarioOutcome {
    /// Its id; the name of a payment by bank, which no order is for.
    pub order: String,
    /// Whether it must be paid.
    pub must_be_paid: bool,
    /// What the gateway says was paid, each time, by its own log.
    pub charged: Vec<String>,
    /// What the merchant has credited, each time.
    pub credited: Vec<String>,
    /// Whether it ended as the scenario expects: charged once and credited the same once, or neither.
    pub ok: bool,
    /// What that means.
    pub verdict: ScenarioVerdict,
}

/// What became of the money, the best first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ScenarioVerdict {
    /// What the scenario expects.
    AsExpected,
    /// Charged once and credited the same once, or neither; but the scenario expects the other one.
    OtherThanExpected,
    /// Charged or credited more than once, or one without the other, or not the same.
    DoubledOrLost,
}

impl ScenarioOutcome {
    pub(super) fn new(
        order: &str,
        must_be_paid: bool,
        charged: &[Decimal],
        credited: &[Decimal],
    ) -> Self {
        let verdict = if charged.len() > 1 || credited != charged {
            ScenarioVerdict::DoubledOrLost
        } else if charged.len() == usize::from(must_be_paid) {
            ScenarioVerdict::AsExpected
        } else {
            ScenarioVerdict::OtherThanExpected
        };
        let texts = |amounts: &[Decimal]| amounts.iter().map(Decimal::to_string).collect();
        Self {
            order: hidden::shown(order).into_owned(),
            must_be_paid,
            charged: texts(charged),
            credited: texts(credited),
            ok: verdict == ScenarioVerdict::AsExpected,
            verdict,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_expectation_is_no_money_that_was_doubled_or_lost() {
        let [one, other] = [25, 26].map(Decimal::from);
        for (paid, charged, credited, verdict) in [
            (true, &[one][..], &[one][..], ScenarioVerdict::AsExpected),
            (false, &[], &[], ScenarioVerdict::AsExpected),
            (false, &[one], &[one], ScenarioVerdict::OtherThanExpected),
            (true, &[], &[], ScenarioVerdict::OtherThanExpected),
            (true, &[one], &[], ScenarioVerdict::DoubledOrLost),
            (true, &[], &[one], ScenarioVerdict::DoubledOrLost),
            (false, &[one], &[], ScenarioVerdict::DoubledOrLost),
            (true, &[one], &[other], ScenarioVerdict::DoubledOrLost),
            (true, &[one], &[one, one], ScenarioVerdict::DoubledOrLost),
            (
                true,
                &[one, one],
                &[one, one],
                ScenarioVerdict::DoubledOrLost,
            ),
        ] {
            let outcome = ScenarioOutcome::new("order-1", paid, charged, credited);
            assert_eq!(outcome.verdict, verdict, "{outcome:?}");
            assert_eq!(outcome.ok, verdict == ScenarioVerdict::AsExpected);
        }
    }
}
