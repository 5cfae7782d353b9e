//! The KYC machine: what is started, and what time does.

use bytes::Bytes;
use http::Response;
use jiff::SignedDuration;
use uuid::Uuid;

use super::{KycRefusal, magic, no_content};
use crate::answer::Refusal;
use crate::event::{
    Birth, CustomerChange, CustomerNews, KycNews, KycStatus, Outcome, Personal, Step, Verdict,
};
use crate::state::{Applicant, Customer};
use crate::world::World;

/// How long the vendor's machine takes.
const CHECK_TIME: SignedDuration = SignedDuration::from_secs(10);

/// How long a person at the vendor takes.
const REVIEW_TIME: SignedDuration = SignedDuration::from_hours(4);

/// How long after it was given a status is taken back.
const REVERSAL_TIME: SignedDuration = SignedDuration::from_hours(24);

impl World {
    pub(in crate::world) fn start_verification(
        &mut self,
        customer_id: &str,
    ) -> Result<Response<Bytes>, Refusal> {
        let customer = self.customer(customer_id)?;
        if customer.applicant != Applicant::Ready {
            return Err(KycRefusal::NoApplicant.into());
        }
        match customer.status() {
            // It is being checked already.
            Some(KycStatus::KycPending) => return Ok(no_content()),
            Some(KycStatus::PendingKycData | KycStatus::SoftKycFailed) => {}
            _ => return Err(KycRefusal::NotNow.into()),
        }
        if !customer.missing().is_empty() {
            return Err(KycRefusal::DocumentsMissing.into());
        }
        if customer.items.accepted.contains(&false) {
            return Err(KycRefusal::AgreementsMissing.into());
        }
        self.check(customer_id, None);
        Ok(no_content())
    }

    /// Hands a customer over to the vendor.
    fn check(&mut self, customer_id: &str, step: Option<Step>) {
        if let Some(customer) = self.state.customers.get(customer_id) {
            let judged = judge(customer);
            self.check_as(customer_id, step, judged);
        }
    }

    /// The same on the vendor's page, with what somebody there has chosen to come of it.
    pub(super) fn finish_page(&mut self, customer_id: &str, verdict: Option<Verdict>) {
        let waits = self.customer_uuid(customer_id);
        let waits = self.state.schedule.waits_for_link(waits);
        let step = waits.then_some(Step::LinkDone);
        match verdict {
            Some(verdict) => self.check_as(customer_id, step, (verdict, false)),
            None => self.check(customer_id, step),
        }
    }

    fn check_as(
        &mut self,
        customer_id: &str,
        step: Option<Step>,
        (verdict, is_reviewed): (Verdict, bool),
    ) {
        let time = if is_reviewed { REVIEW_TIME } else { CHECK_TIME };
        let change = CustomerChange::VerificationStarted {
            verdict,
            decided_at: self.after(time),
        };
        self.change_customer(customer_id, change);
        self.set_kyc_by(
            customer_id,
            KycNews::plain(KycStatus::KycPending),
            step,
            None,
        );
    }

    /// What fell due for a customer.
    pub(in crate::world) fn customer_step(&mut self, customer: Uuid, step: Step) {
        let Some(customer_id) = self.state.customers.name(customer).cloned() else {
            return;
        };
        let customer_id = customer_id.as_str();
        match step {
            Step::ApplicantReady => {
                let news = KycNews::plain(KycStatus::PendingKycData);
                self.set_kyc_by(customer_id, news, Some(step), None);
            }
            Step::LinkDone => self.check(customer_id, Some(step)),
            Step::Decided(verdict) => {
                let reversed_at =
                    (verdict == Verdict::PassUntilReversed).then(|| self.after(REVERSAL_TIME));
                let news = self.decided(customer_id, verdict);
                self.set_kyc_by(customer_id, news, Some(step), reversed_at);
            }
            Step::Reversed => {
                let news = KycNews::plain(KycStatus::HardKycFailed);
                self.set_kyc_by(customer_id, news, Some(step), None);
            }
            Step::AccountOpens(account) => {
                self.change_customer(customer_id, CustomerChange::AccountActive { account });
                self.tell(customer_id, CustomerNews::Account(account));
            }
        }
    }

    fn decided(&self, customer_id: &str, verdict: Verdict) -> KycNews {
        let soft = |rejected, message: &str| KycNews {
            status: KycStatus::SoftKycFailed,
            rejected,
            message: Some(message.into()),
        };
        match verdict {
            Verdict::Pass | Verdict::PassUntilReversed => KycNews::plain(KycStatus::FullUser),
            Verdict::Hard => KycNews::plain(KycStatus::HardKycFailed),
            Verdict::SoftName => soft(
                Vec::new(),
                "Enter your name exactly as it is on your identity document.",
            ),
            Verdict::SoftBirth => soft(
                Vec::new(),
                "Enter your date of birth exactly as it is on your identity document.",
            ),
            Verdict::SoftDocument => {
                let customer = self.state.customers.get(customer_id);
                let rejected = customer
                    .map(|it| it.documents_with(Outcome::SoftFailure))
                    .unwrap_or_default();
                soft(rejected, "Upload the document again, whole and readable.")
            }
        }
    }
}

/// What the vendor will say, and whether a person looks first.
fn judge(customer: &Customer) -> (Verdict, bool) {
    let items = &customer.items;
    let name = items.last_name.as_ref().map(Personal::expose);
    let name = name.and_then(magic::of_name);
    let birth = match items.birth {
        Some(Birth::Magic(outcome)) => Some(outcome),
        Some(Birth::Plain) | None => None,
    };
    let documents = customer.documents.iter().map(|it| it.outcome);
    let any = |outcome: Outcome| {
        name == Some(outcome)
            || birth == Some(outcome)
            || documents.clone().any(|it| it == Some(outcome))
    };
    let verdict = if any(Outcome::HardFailure) {
        Verdict::Hard
    } else if name == Some(Outcome::SoftFailure) {
        Verdict::SoftName
    } else if birth == Some(Outcome::SoftFailure) {
        Verdict::SoftBirth
    } else if any(Outcome::SoftFailure) {
        Verdict::SoftDocument
    } else if any(Outcome::Reversal) {
        Verdict::PassUntilReversed
    } else {
        Verdict::Pass
    };
    (verdict, any(Outcome::Review))
}
