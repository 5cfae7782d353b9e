//! Why something happened to a customer who pays by bank.

use crate::event::{Bounce, CustomerChange, Decisive, KycStatus, Step, Verdict};

/// In a sentence, with the magic datum that decided if one did.
pub(super) fn why(change: &CustomerChange) -> String {
    match change {
        CustomerChange::ProfileCreated(_) => "The merchant registered the customer.",
        CustomerChange::ProfileCorrected(_) => {
            "The merchant corrected the customer's data. They are checked when verification starts again."
        }
        CustomerChange::ApplicantCreated { .. } => {
            "The merchant sent address and date of birth. The KYC vendor needs 15 seconds to make an applicant of them."
        }
        CustomerChange::DocumentStored(_) => {
            "The merchant uploaded it. Nothing looks at it before verification starts."
        }
        CustomerChange::TokenImported { .. } => {
            "The merchant handed over an applicant that the vendor has from somebody else, with an identity document."
        }
        CustomerChange::LinkMade { .. } => {
            "The merchant asked for a link to the vendor's page. If nobody presses a button there, all is handed in after \
             two minutes."
        }
        CustomerChange::LinkLeft => "The customer went away from the vendor's page; the link still works.",
        CustomerChange::VerificationStarted {
            verdict, decisive, ..
        } => return verification(*verdict, *decisive),
        CustomerChange::StatusChanged { news, step, .. } => status(news.status, *step),
        CustomerChange::AccountOpened { .. } => {
            "The merchant asked for it. The bank needs a while until it is active."
        }
        CustomerChange::AccountActive { .. } => "The bank has opened the account.",
        CustomerChange::PaymentBounced { reason, .. } => bounced(*reason),
        CustomerChange::CallbackQueued { .. } => {
            "Something changed that the merchant is told of. The hash does not cover what."
        }
    }
    .to_owned()
}

fn verification(verdict: Verdict, decisive: Option<Decisive>) -> String {
    let end = match verdict {
        Verdict::Pass => "FULL_USER",
        Verdict::PassUntilReversed => "FULL_USER, taken back after a day",
        Verdict::SoftName | Verdict::SoftBirth | Verdict::SoftDocument => "SOFT_KYC_FAILED",
        Verdict::Hard => "HARD_KYC_FAILED",
    };
    let because = match decisive {
        Some(Decisive::LastName) => "the last name is one of the magic data",
        Some(Decisive::BirthDate) => "the date of birth is one of the magic data",
        Some(Decisive::Document) => "a document holds one of the magic texts",
        Some(Decisive::Person) => "somebody pressed that button on the vendor's page",
        None => "none of the magic data stands in the way",
    };
    format!("The vendor checks the customer. It will end with {end}: {because}.")
}

fn status(status: KycStatus, step: Option<Step>) -> &'static str {
    match (status, step) {
        (KycStatus::Created, _) => "There is a profile, and no applicant yet.",
        (KycStatus::KycNeeded, _) => {
            "There is a link to the vendor's page, and nothing was handed in yet."
        }
        (KycStatus::PendingKycData, _) => "The vendor has the applicant, and waits for documents.",
        (KycStatus::KycPending, Some(Step::LinkDone)) => {
            "Nobody pressed a button on the vendor's page for two minutes, so all was handed in."
        }
        (KycStatus::KycPending, _) => "The vendor checks the customer.",
        (KycStatus::SoftKycFailed, _) => {
            "The vendor found something that the customer can correct."
        }
        (KycStatus::HardKycFailed, Some(Step::Reversed)) => {
            "The vendor took it back a day later: the customer's data ask for that."
        }
        (KycStatus::HardKycFailed, _) => "The vendor said no for good.",
        (KycStatus::FullUser, _) => "The vendor found nothing wrong.",
    }
}

fn bounced(reason: Bounce) -> &'static str {
    match reason {
        Bounce::AccountNotOpen => {
            "The account is not active yet, so the bank sent the payment back."
        }
        Bounce::OutsideLimits => {
            "The amount is outside the limits, so the bank sent the payment back."
        }
        Bounce::SenderIsCompany => "A company sent it, so the bank sent the payment back.",
        Bounce::SenderDiffers => {
            "It came in another name than the customer's, so the bank sent it back."
        }
        Bounce::KycRequired => {
            "A payment of this kind needs FULL_USER, and the customer is none, so the bank sent it back."
        }
    }
}
