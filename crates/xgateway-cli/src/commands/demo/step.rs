use serde::Serialize;
use xgateway::core::issue::Issues;
use xgateway::flows::card::Progress;

/// What came of one case.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Step {
    pub(super) flow: &'static str,
    pub(super) case: &'static str,
    /// Whether it came as it should, in every respect.
    pub(super) ok: bool,
    pub(super) outcome: &'static str,
    /// How the deposit stood, one after the other; the last is the outcome.
    pub(super) progress: Vec<&'static str>,
    pub(super) order_id: String,
    pub(super) invoice_id: Option<String>,
    pub(super) transaction_id: Option<String>,
    /// What the gateway itself says was paid.
    pub(super) settled: Option<Money>,
    /// The callback, if one came.
    pub(super) callback: Option<Callback>,
    /// How often the customer was charged, by the sandbox's own log.
    pub(super) charges: usize,
    /// How often the deposit was sent.
    pub(super) requests: usize,
    /// What the rules found, before anything was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) issues: Option<Issues>,
    /// The gateway's codes, where it refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) codes: Vec<String>,
}

#[derive(Debug, Eq, PartialEq, Serialize)]
pub(super) struct Money {
    pub(super) amount: String,
    pub(super) currency: String,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Callback {
    pub(super) received: bool,
    /// Whether its hash is right.
    pub(super) verified: bool,
    /// What it says, which the hash does not cover.
    pub(super) status: String,
    pub(super) transaction_id: String,
}

impl Step {
    pub(super) fn new(case: &'static str, order_id: String) -> Self {
        Self {
            flow: "card",
            case,
            ok: false,
            outcome: "nothing",
            progress: Vec::new(),
            order_id,
            invoice_id: None,
            transaction_id: None,
            settled: None,
            callback: None,
            charges: 0,
            requests: 0,
            issues: None,
            codes: Vec::new(),
        }
    }

    /// Notes how the deposit stands now, if that is new.
    pub(super) fn note(&mut self, progress: &Progress) {
        let name = match progress {
            Progress::Deposited(_) => "deposited",
            Progress::ThreeDsRequired { .. } => "three_ds_required",
            Progress::InProgress(_) => "in_progress",
            Progress::Refused(_) => "refused",
            Progress::Unknown { .. } => "unknown",
            Progress::Failed { .. } => "failed",
            Progress::NotCharged { .. } => "not_charged",
            Progress::Contradiction(_) => "contradiction",
            Progress::Resolved(_) | _ => "other",
        };
        if self.progress.last() != Some(&name) {
            self.progress.push(name);
        }
    }

    /// The outcome and what it cost the customer.
    pub(super) fn verdict(&self) -> String {
        let money = match (&self.settled, self.charges) {
            (Some(paid), 1) => format!("{} {} moved, once", paid.amount, paid.currency),
            (_, 0) => "no money moved".to_owned(),
            (_, charges) => format!("charged {charges} times"),
        };
        format!("{}: {money}", self.outcome.replace('_', " "))
    }
}
