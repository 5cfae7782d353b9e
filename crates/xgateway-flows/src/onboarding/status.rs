//! What a KYC status means, which depends on what was done before it was read.

use xgateway_api::types::KycStatus;

use super::machine::Startable;
use super::{Attempt, Machine, State};

impl Machine {
    pub(super) fn on_status(&mut self, status: Option<&KycStatus>) {
        let word = Word::of(status);
        // Which answer says so is a matter of the request that is on its way.
        let on_its_way = matches!(
            self.state,
            State::OtherCustomer
                | State::Account(_)
                | State::Profile
                | State::Applicant(Attempt::Sent)
                | State::Verification(Attempt::Sent)
        );
        if on_its_way {
            return;
        }
        let is_begun = matches!(
            word,
            Word::Passed | Word::Rejected | Word::Startable(Startable::Pending)
        );
        if is_begun {
            // Whoever has started it, from now on nothing is uploaded.
            self.left.clear();
        }
        match word {
            Word::Passed => self.on_passed(),
            Word::Rejected => self.fall_to(State::Rejected),
            Word::NoApplicant => self.on_no_applicant(),
            Word::Startable(status) => self.on_startable(status),
            Word::Unknown => {}
        }
    }

    fn on_passed(&mut self) {
        self.started_in = None;
        if !self.passed || self.state != State::Onboarded {
            self.state = State::Opening;
        }
        self.passed = true;
    }

    fn on_no_applicant(&mut self) {
        if let State::Applicant(
            attempt @ (Attempt::Unchecked
            | Attempt::Unknown {
                grace_elapsed: true,
            }),
        ) = &mut self.state
        {
            *attempt = Attempt::Ready;
        }
    }

    fn on_startable(&mut self, status: Startable) {
        match self.state {
            State::Applicant(_) | State::Preparing => {
                self.state = State::Documents;
                self.started_in = None;
                if self.left.is_empty() {
                    self.state = State::Verification(Attempt::Unchecked);
                }
            }
            State::Verification(_) => {
                self.started_in = Some(status);
                self.state = State::Verification(Attempt::Ready);
            }
            State::Verifying {
                accepted,
                grace_elapsed,
            } => self.on_startable_while_verifying(status, accepted, grace_elapsed),
            State::Failed if status != Startable::Pending => {}
            // Somebody else has started it.
            State::Documents | State::Correcting if status == Startable::Pending => {
                self.state = VERIFYING;
            }
            State::Failed | State::Opening | State::Onboarded | State::Rejected => {
                self.started_in = None;
                self.fall_to(match status {
                    Startable::Pending => VERIFYING,
                    Startable::Data | Startable::SoftFailed => State::Failed,
                });
            }
            State::Account(_)
            | State::Profile
            | State::Documents
            | State::Correcting
            | State::OtherCustomer => {}
        }
    }

    fn on_startable_while_verifying(
        &mut self,
        status: Startable,
        accepted: bool,
        grace_elapsed: bool,
    ) {
        if self.started_in != Some(status) {
            // The start has shown its effect, so whatever comes now is news.
            self.started_in = None;
            self.state = match status {
                Startable::Pending => VERIFYING,
                Startable::Data | Startable::SoftFailed => State::Failed,
            };
            return;
        }
        // The same as when it was sent: not seen yet, never arrived, or failed anew.
        match (status, accepted, grace_elapsed) {
            // In `KYC_PENDING` nothing tells the first two apart, and a second start might be one too many. What was
            // taken of the data, the vendor has not begun with.
            (Startable::Pending, _, _) | (Startable::Data, true, true) | (_, _, false) => {}
            (Startable::Data | Startable::SoftFailed, false, true) => {
                self.state = State::Verification(Attempt::Ready);
            }
            (Startable::SoftFailed, true, true) => {
                self.started_in = None;
                self.state = State::Failed;
            }
        }
    }

    /// To a state in which KYC is not passed.
    fn fall_to(&mut self, state: State) {
        self.passed = false;
        self.state = state;
    }
}

const VERIFYING: State = State::Verifying {
    accepted: true,
    grace_elapsed: false,
};

/// What a status says.
enum Word {
    NoApplicant,
    Startable(Startable),
    Passed,
    Rejected,
    Unknown,
}

impl Word {
    fn of(status: Option<&KycStatus>) -> Self {
        match status {
            None | Some(KycStatus::Created | KycStatus::KycNeeded) => Self::NoApplicant,
            Some(KycStatus::PendingKycData) => Self::Startable(Startable::Data),
            Some(KycStatus::KycPending) => Self::Startable(Startable::Pending),
            Some(KycStatus::SoftKycFailed) => Self::Startable(Startable::SoftFailed),
            Some(KycStatus::FullUser) => Self::Passed,
            Some(KycStatus::HardKycFailed) => Self::Rejected,
            Some(_) => Self::Unknown,
        }
    }
}
