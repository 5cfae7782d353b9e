//! What a gateway and a network may do, as a model: small enough to walk through all of it.

use xgateway_api::types::KycStatus;
use xgateway_core::document::Page;
use xgateway_flows::onboarding::{AccountSeen, Outcome, Request};

/// The gateway's truth about one customer.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Gateway {
    pub(crate) status: Status,
    pub(crate) account: Account,
    uploaded: Vec<Page>,
    /// A start was taken and does not show yet.
    starting: bool,
    /// The vendor is at work on an applicant.
    preparing: bool,
    /// Starts in the status of now.
    pub(crate) starts: u8,
    pub(crate) accounts: u8,
    pub(crate) applicants: u8,
    /// A request that the network holds back.
    delayed: Option<Delayed>,
    soft_failures_left: u8,
    reversals_left: u8,
    pub(crate) faults_left: u8,
}

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Status {
    Unknown,
    Created,
    Data,
    Pending,
    Soft,
    Hard,
    Full,
}

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Account {
    None,
    /// Taken, and not in the list yet.
    Asked,
    Pending,
    Active,
}

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Delayed {
    Account,
    Applicant,
    Verification,
}

impl Gateway {
    pub(crate) fn new() -> Self {
        Self {
            status: Status::Unknown,
            account: Account::None,
            uploaded: Vec::new(),
            starting: false,
            preparing: false,
            starts: 0,
            accounts: 0,
            applicants: 0,
            delayed: None,
            soft_failures_left: 2,
            reversals_left: 1,
            faults_left: 2,
        }
    }

    /// What the gateway does with a request that arrives.
    pub(crate) fn take(&mut self, request: Request, strict: bool, pages: &[Page]) -> Outcome {
        let is_known = self.status != Status::Unknown;
        match request {
            Request::Account if !is_known || (strict && self.status != Status::Full) => {
                Outcome::Refused
            }
            Request::Account => {
                self.accounts += 1;
                self.account = Account::Asked;
                Outcome::Accepted
            }
            Request::Profile if is_known => Outcome::Conflict,
            Request::Profile => {
                self.status = Status::Created;
                Outcome::Accepted
            }
            Request::Applicant if !is_known => Outcome::Refused,
            Request::Applicant => {
                self.applicants += 1;
                self.preparing = true;
                Outcome::Accepted
            }
            Request::Upload(_) | Request::Correction
                if !matches!(self.status, Status::Data | Status::Soft) =>
            {
                Outcome::Refused
            }
            Request::Upload(page) => {
                if !self.uploaded.contains(&page) {
                    self.uploaded.push(page);
                    self.uploaded.sort_unstable();
                }
                Outcome::Accepted
            }
            Request::Correction => Outcome::Accepted,
            Request::Verification => {
                let is_complete = pages.iter().all(|page| self.uploaded.contains(page));
                if !is_complete || !matches!(self.status, Status::Data | Status::Soft) {
                    return Outcome::Refused;
                }
                self.starts += 1;
                self.starting = true;
                Outcome::Accepted
            }
        }
    }

    /// Leaves a request with the network, which may deliver it later.
    pub(crate) fn delay(&mut self, request: Request) -> bool {
        self.delayed = match request {
            Request::Account => Some(Delayed::Account),
            Request::Applicant => Some(Delayed::Applicant),
            Request::Verification => Some(Delayed::Verification),
            Request::Profile | Request::Upload(_) | Request::Correction => return false,
        };
        true
    }

    /// Whether nothing is on its way, and everything that was taken shows.
    pub(crate) fn is_settled(&self) -> bool {
        self.delayed.is_none()
            && !self.starting
            && !self.preparing
            && self.account != Account::Asked
    }

    /// Everything that may happen by itself. The first is what a kind world does.
    pub(crate) fn moves(&self, strict: bool, pages: &[Page]) -> Vec<Self> {
        let mut moves = Vec::new();
        let mut may = |change: &dyn Fn(&mut Self)| {
            let mut next = self.clone();
            change(&mut next);
            if next.status != self.status {
                next.starts = 0;
            }
            moves.push(next);
        };
        if let Some(delayed) = self.delayed {
            may(&|it| {
                it.delayed = None;
                let request = match delayed {
                    Delayed::Account => Request::Account,
                    Delayed::Applicant => Request::Applicant,
                    Delayed::Verification => Request::Verification,
                };
                it.take(request, strict, pages);
            });
            may(&|it| it.delayed = None);
        }
        if self.preparing {
            may(&|it| {
                it.preparing = false;
                it.status = Status::Data;
            });
        }
        if self.starting {
            may(&|it| {
                it.starting = false;
                it.status = Status::Pending;
            });
        }
        if self.account == Account::Asked {
            may(&|it| it.account = Account::Pending);
        }
        if self.status == Status::Pending {
            may(&|it| it.status = Status::Full);
            may(&|it| it.status = Status::Hard);
            if self.soft_failures_left > 0 {
                may(&|it| {
                    it.soft_failures_left -= 1;
                    it.status = Status::Soft;
                });
            }
        }
        if self.account == Account::Pending {
            may(&|it| it.account = Account::Active);
        }
        if self.status == Status::Full && self.reversals_left > 0 {
            for status in [Status::Soft, Status::Hard, Status::Pending] {
                may(&|it| {
                    it.reversals_left -= 1;
                    it.status = status;
                });
            }
        }
        moves
    }

    pub(crate) fn kyc_status(&self) -> Option<KycStatus> {
        Some(match self.status {
            Status::Unknown => return None,
            Status::Created => KycStatus::Created,
            Status::Data => KycStatus::PendingKycData,
            Status::Pending => KycStatus::KycPending,
            Status::Soft => KycStatus::SoftKycFailed,
            Status::Hard => KycStatus::HardKycFailed,
            Status::Full => KycStatus::FullUser,
        })
    }

    pub(crate) fn account_seen(&self) -> AccountSeen {
        match self.account {
            Account::None | Account::Asked => AccountSeen::None,
            Account::Pending => AccountSeen::Pending,
            Account::Active => AccountSeen::Active,
        }
    }
}
