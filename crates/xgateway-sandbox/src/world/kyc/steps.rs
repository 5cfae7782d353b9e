//! The KYC machine: what is started, and what time does.

use bytes::Bytes;
use http::Response;
use jiff::SignedDuration;
use uuid::Uuid;

use super::{KycRefusal, magic, no_content};
use crate::answer::Refusal;
use crate::event::{
    Birth, CustomerChange, CustomerNews, Decisive, KycNews, KycStatus, Outcome, Personal, Step,
    Verdict,
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
        match verdict {
            Some(verdict) => {
                let judgement = Judgement {
                    verdict,
                    is_reviewed: false,
                    decisive: Some(Decisive::Person),
                };
                self.check_as(customer_id, None, judgement);
            }
            None => self.check(customer_id, None),
        }
    }

    fn check_as(&mut self, customer_id: &str, step: Option<Step>, judgement: Judgement) {
        let time = if judgement.is_reviewed {
            REVIEW_TIME
        } else {
            CHECK_TIME
        };
        let change = CustomerChange::VerificationStarted {
            verdict: judgement.verdict,
            decided_at: self.after(time),
            decisive: judgement.decisive,
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
        let kyc = self.state.customers.get(customer_id);
        let kyc = kyc.and_then(|customer| customer.kyc.as_ref());
        if let Some(news) = kyc.filter(|news| !waits_for(news.status, step)) {
            // Something else was faster. It is done with all the same.
            let news = news.clone();
            self.set_kyc_by(customer_id, news, Some(step), None);
            return;
        }
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
                // It may have been replaced while it was looked at.
                let message = if rejected.is_empty() {
                    "The document that was checked is not readable. Start the verification of the new one."
                } else {
                    "Upload the document again, whole and readable."
                };
                soft(rejected, message)
            }
        }
    }
}

/// Whether a step that was planned earlier may still change a customer who has this status by now.
fn waits_for(status: KycStatus, step: Step) -> bool {
    match step {
        Step::ApplicantReady => matches!(status, KycStatus::Created | KycStatus::KycNeeded),
        Step::LinkDone => status.is_open(),
        Step::Decided(_) => status == KycStatus::KycPending,
        Step::Reversed => status == KycStatus::FullUser,
        Step::AccountOpens(_) => true,
    }
}

/// What the vendor will say.
#[derive(Clone, Copy)]
struct Judgement {
    verdict: Verdict,
    /// A person looks first.
    is_reviewed: bool,
    decisive: Option<Decisive>,
}

fn judge(customer: &Customer) -> Judgement {
    let items = &customer.items;
    let name = items.last_name.as_ref().map(Personal::expose);
    let name = name.and_then(magic::of_name);
    let birth = match items.birth {
        Some(Birth::Magic(outcome)) => Some(outcome),
        Some(Birth::Plain) | None => None,
    };
    let documents = customer.documents.iter().map(|it| it.outcome);
    // Where an outcome stands, if it does.
    let place = |outcome: Outcome| {
        if name == Some(outcome) {
            Some(Decisive::LastName)
        } else if birth == Some(outcome) {
            Some(Decisive::BirthDate)
        } else {
            let mut documents = documents.clone();
            documents
                .any(|it| it == Some(outcome))
                .then_some(Decisive::Document)
        }
    };
    let review = place(Outcome::Review);
    let (verdict, decisive) = if let Some(place) = place(Outcome::HardFailure) {
        (Verdict::Hard, Some(place))
    } else if let Some(place) = place(Outcome::SoftFailure) {
        let verdict = match place {
            Decisive::LastName => Verdict::SoftName,
            Decisive::BirthDate => Verdict::SoftBirth,
            Decisive::Document | Decisive::Person => Verdict::SoftDocument,
        };
        (verdict, Some(place))
    } else if let Some(place) = place(Outcome::Reversal) {
        (Verdict::PassUntilReversed, Some(place))
    } else {
        (Verdict::Pass, review)
    };
    Judgement {
        verdict,
        is_reviewed: review.is_some(),
        decisive,
    }
}
