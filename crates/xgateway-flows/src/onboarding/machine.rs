use xgateway_core::document::Page;

use super::{AccountSeen, Attempt, Event, Outcome, Plan, Request, Sequence, State};

/// An onboarding as a function: an event changes the state, and the state says what is due. No I/O, no clock.
///
/// Whoever drives it does what is [due](Self::due) and reports what came of it as events, in any order and as often as
/// they happen. See the [module](super) for the states.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Machine {
    pub(super) plan: Plan,
    /// The base URL of the environment that it belongs to, once that is known.
    pub(super) environment: Option<Box<str>>,
    /// The sides that are still to be uploaded, in their order.
    pub(super) left: Vec<Page>,
    /// The status in which the last start was sent, until another one was read.
    pub(super) started_in: Option<Startable>,
    /// Whether KYC was passed when last read.
    pub(super) passed: bool,
    /// Whether the account was asked for, or seen.
    pub(super) asked: Asked,
    pub(super) state: State,
}

/// Whether a bank account is there as far as anybody knows, though the list may not show it yet.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Asked {
    No,
    /// It must show before the grace has elapsed.
    Lately,
    LongAgo,
}

/// A status in which the gateway takes a start.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Startable {
    Data,
    Pending,
    SoftFailed,
}

/// What a [`Machine`] wants done next.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Action {
    /// Send this.
    Send(Request),
    /// Read the KYC status.
    ReadStatus,
    /// Read the bank accounts.
    ReadAccounts,
    /// Read the KYC status, and then, unless it is another one by now, the bank accounts.
    ReadBoth,
}

impl Machine {
    /// The beginning: nothing was sent.
    pub fn begin(plan: Plan) -> Self {
        Self {
            left: plan.pages.clone(),
            plan,
            environment: None,
            started_in: None,
            passed: false,
            asked: Asked::No,
            state: State::Profile,
        }
    }

    /// What it is to lead to.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The base URL of the environment that it belongs to.
    ///
    /// Nothing as long as no [flow](super::OnboardingFlow) has taken it up, and in a snapshot of a version that did not
    /// write it down.
    pub fn environment(&self) -> Option<&str> {
        self.environment.as_deref()
    }

    /// How it stands.
    pub fn state(&self) -> State {
        self.state
    }

    /// The sides of documents that are still to be uploaded, in their order.
    pub fn pages_left(&self) -> &[Page] {
        &self.left
    }

    /// Whether KYC was passed when it was last read. It may be reversed later.
    pub fn is_passed(&self) -> bool {
        self.passed
    }

    /// What to do next; nothing if a person must look.
    pub fn due(&self) -> Option<Action> {
        let is_ready = |attempt| matches!(attempt, Attempt::Ready | Attempt::Sent);
        Some(match self.state {
            State::Account(attempt) if is_ready(attempt) => Action::Send(Request::Account),
            State::Account(_) => Action::ReadAccounts,
            State::Opening | State::Onboarded => Action::ReadBoth,
            State::Profile => Action::Send(Request::Profile),
            State::Applicant(attempt) if is_ready(attempt) => Action::Send(Request::Applicant),
            State::Documents => match self.left.first() {
                Some(page) => Action::Send(Request::Upload(*page)),
                None => Action::ReadStatus,
            },
            State::Correcting => Action::Send(Request::Correction),
            State::Verification(attempt) if is_ready(attempt) => {
                Action::Send(Request::Verification)
            }
            State::Applicant(_)
            | State::Preparing
            | State::Verification(_)
            | State::Verifying { .. }
            | State::Failed
            | State::Rejected => Action::ReadStatus,
            State::OtherCustomer => return None,
        })
    }

    /// Takes in what happened.
    ///
    /// Returns whether it was a reversal: KYC was passed, and is no more.
    #[must_use = "a reversal is to be reported"]
    pub fn step(&mut self, event: &Event) -> bool {
        let was_passed = self.passed;
        match event {
            Event::Sends => self.on_sends(),
            Event::Outcome(request, outcome) => self.on_outcome(*request, *outcome),
            Event::StatusRead(status) => self.on_status(status.as_ref()),
            Event::AccountsRead(seen) => self.on_accounts(*seen),
            Event::OtherCustomer => self.state = State::OtherCustomer,
            Event::GraceElapsed => self.on_grace(),
            Event::Correct { texts, pages } => self.on_correct(*texts, pages),
        }
        was_passed && !self.passed
    }

    /// Takes in that a request was handed over and that nothing was heard of it: the process ended meanwhile. Whoever
    /// reads a machine back calls it first.
    ///
    /// Those requests that may arrive twice are simply due again.
    pub fn interrupted(&mut self) {
        for request in [Request::Account, Request::Applicant, Request::Verification] {
            self.on_outcome(request, Outcome::Lost);
        }
    }

    fn on_sends(&mut self) {
        if let State::Account(attempt) | State::Applicant(attempt) | State::Verification(attempt) =
            &mut self.state
            && *attempt == Attempt::Ready
        {
            *attempt = Attempt::Sent;
        }
    }

    fn on_outcome(&mut self, request: Request, outcome: Outcome) {
        let done = matches!(outcome, Outcome::Accepted | Outcome::Conflict);
        match (request, self.state) {
            (Request::Account, State::Account(Attempt::Sent)) => match again(outcome) {
                // Who has passed is refused only if that was reversed meanwhile.
                Some(Attempt::Unchecked) if self.passed => self.state = State::Opening,
                Some(attempt) => self.state = State::Account(attempt),
                None => {
                    self.asked = Asked::Lately;
                    self.after_account();
                }
            },
            (Request::Profile, State::Profile) if done => {
                self.state = match self.plan.sequence {
                    Sequence::AccountFirst => State::Account(Attempt::Unchecked),
                    Sequence::KycFirst => State::Applicant(Attempt::Unchecked),
                };
            }
            (Request::Applicant, State::Applicant(Attempt::Sent)) => {
                self.state = again(outcome).map_or(State::Preparing, State::Applicant);
            }
            (Request::Upload(page), State::Documents) if outcome == Outcome::Accepted => {
                self.left.retain(|it| *it != page);
                self.after_upload();
            }
            (Request::Correction, State::Correcting) if outcome == Outcome::Accepted => {
                self.upload_rest();
            }
            (Request::Verification, State::Verification(Attempt::Sent)) => {
                self.state = match outcome {
                    // A conflict says that the status is another one by now, or soon will be.
                    Outcome::Accepted | Outcome::Lost | Outcome::Conflict => State::Verifying {
                        accepted: outcome == Outcome::Accepted,
                        grace_elapsed: false,
                    },
                    Outcome::NotSent => State::Verification(Attempt::Ready),
                    Outcome::Refused => State::Verification(Attempt::Unchecked),
                };
            }
            // Of a request that was given up: what it did shows in what is read.
            _ => {}
        }
    }

    fn on_accounts(&mut self, seen: AccountSeen) {
        let is_there = seen != AccountSeen::None;
        let is_open = seen == AccountSeen::Active;
        if is_there {
            self.asked = Asked::Lately;
        }
        // Where one may have been asked for, a look before the grace has elapsed proves nothing.
        let is_needed = self.state == State::Opening && self.asked != Asked::Lately;
        let may_ask = is_needed
            || matches!(
                self.state,
                State::Account(
                    Attempt::Unchecked
                        | Attempt::Unknown {
                            grace_elapsed: true
                        }
                )
            );
        if may_ask && !is_there {
            self.asked = Asked::No;
            self.state = State::Account(Attempt::Ready);
        } else if matches!(self.state, State::Account(_)) && is_there {
            self.after_account();
        } else if self.state == State::Opening && is_open {
            self.state = State::Onboarded;
        } else if self.state == State::Onboarded && !is_open {
            self.state = State::Opening;
        }
    }

    fn on_grace(&mut self) {
        if let State::Account(Attempt::Unknown { grace_elapsed })
        | State::Applicant(Attempt::Unknown { grace_elapsed })
        | State::Verifying { grace_elapsed, .. } = &mut self.state
        {
            *grace_elapsed = true;
        }
        if self.state == State::Opening && self.asked == Asked::Lately {
            self.asked = Asked::LongAgo;
        }
    }

    fn on_correct(&mut self, texts: bool, pages: &[Page]) {
        if self.state != State::Failed || (!texts && pages.is_empty()) {
            return;
        }
        self.left = pages.to_vec();
        if texts {
            self.state = State::Correcting;
        } else {
            self.upload_rest();
        }
    }

    fn after_account(&mut self) {
        self.state = if self.passed {
            State::Opening
        } else {
            State::Applicant(Attempt::Unchecked)
        };
    }

    fn upload_rest(&mut self) {
        self.state = State::Documents;
        self.after_upload();
    }

    fn after_upload(&mut self) {
        if self.left.is_empty() {
            self.state = State::Verification(Attempt::Unchecked);
        }
    }
}

/// How to go on with a request that is not done.
fn again(outcome: Outcome) -> Option<Attempt> {
    match outcome {
        Outcome::Accepted | Outcome::Conflict => None,
        Outcome::Refused => Some(Attempt::Unchecked),
        Outcome::NotSent => Some(Attempt::Ready),
        Outcome::Lost => Some(Attempt::Unknown {
            grace_elapsed: false,
        }),
    }
}
