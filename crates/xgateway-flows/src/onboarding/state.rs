use std::fmt;

/// How an onboarding stands.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum State {
    /// The bank account is to be created.
    Account(Attempt),
    /// The profile is to be created.
    Profile,
    /// The applicant is to be created.
    Applicant(Attempt),
    /// The KYC vendor is creating the applicant.
    Preparing,
    /// Documents are to be uploaded.
    Documents,
    /// The verification is to be started.
    Verification(Attempt),
    /// The KYC vendor verifies, or nobody knows whether it does.
    Verifying {
        /// Whether the gateway has taken the start.
        accepted: bool,
        /// Whether the caller has said that the start can arrive no more, and that its effect must show by now.
        grace_elapsed: bool,
    },
    /// Failed in a way that can be corrected. It is the customer's turn.
    Failed,
    /// Text items are to be corrected.
    Correcting,
    /// KYC is passed, and the bank account is being opened.
    Opening,
    /// KYC is passed and the account is open.
    Onboarded,
    /// Failed for good, as far as anybody knows.
    Rejected,
    /// The gateway's answer names another customer. A person must look.
    OtherCustomer,
}

/// How a request stands that must not arrive twice.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Attempt {
    /// Whether it was made before is to be read.
    Unchecked,
    /// It is needed, and may be sent.
    Ready,
    /// It is about to be sent or on its way.
    Sent,
    /// Nobody knows whether it arrived.
    Unknown {
        /// Whether the caller has said that it can arrive no more.
        grace_elapsed: bool,
    },
}

impl State {
    /// A short name, for logs and people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Account(_) => "account",
            Self::Profile => "profile",
            Self::Applicant(_) => "applicant",
            Self::Preparing => "preparing",
            Self::Documents => "documents",
            Self::Verification(_) => "verification",
            Self::Verifying { .. } => "verifying",
            Self::Failed => "failed",
            Self::Correcting => "correcting",
            Self::Opening => "opening",
            Self::Onboarded => "onboarded",
            Self::Rejected => "rejected",
            Self::OtherCustomer => "other customer",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
