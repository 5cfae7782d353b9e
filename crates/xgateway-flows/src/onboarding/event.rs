use xgateway_api::types::{BankAccountCallback, KycCallback, KycStatus};
use xgateway_client::{Answered, Effect, Error};
use xgateway_core::document::Page;
use xgateway_core::id::{CustomerId, IdError};

/// Something that happened to an onboarding.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Event {
    /// The request that is due is handed to the network now.
    Sends,
    /// What came of a request.
    Outcome(Request, Outcome),
    /// The KYC status was read; `None` if the gateway does not know the customer.
    StatusRead(Option<KycStatus>),
    /// The customer's bank accounts were read.
    AccountsRead(AccountSeen),
    /// An answer was about another customer.
    OtherCustomer,
    /// A lost request can arrive no more, and what arrived must show by now, says the caller.
    GraceElapsed,
    /// The caller has corrections after a failure.
    Correct {
        /// Whether there are text items among them.
        texts: bool,
        /// The sides of documents that are uploaded anew.
        pages: Vec<Page>,
    },
}

/// A request that changes something at the gateway.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Request {
    /// Creates the bank account.
    Account,
    /// Creates the profile.
    Profile,
    /// Creates the applicant.
    Applicant,
    /// Uploads one side of a document.
    Upload(Page),
    /// Corrects text items.
    Correction,
    /// Starts the verification.
    Verification,
}

/// What came of a [`Request`].
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Outcome {
    /// The gateway took it.
    Accepted,
    /// The gateway has it already.
    Conflict,
    /// The gateway, or our own rules, did not take it, and nothing was done.
    Refused,
    /// It never left this machine.
    NotSent,
    /// Nobody knows.
    Lost,
}

/// What the list of a customer's accounts says about the one that is wanted.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum AccountSeen {
    /// There is none.
    None,
    /// It is there and not open yet.
    Pending,
    /// It is open.
    Active,
}

/// That a callback about a customer came.
///
/// Its status and its account are left behind on purpose: the hash of a KYC callback is the same for all of a customer's
/// and covers no status, and that of a bank account covers no IBAN (protocol §4).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CallbackHint {
    customer_id: CustomerId,
}

impl Outcome {
    pub(super) fn of<T>(request: Request, outcome: &Result<Answered<T>, Error>) -> Self {
        // Of a text or a file nothing is there before it is taken.
        let may_conflict = !matches!(request, Request::Upload(_) | Request::Correction);
        match outcome {
            Ok(_) => Self::Accepted,
            Err(error) if may_conflict && error.is_conflict() => Self::Conflict,
            Err(error) => match (error.effect(), error) {
                (Effect::Unknown | Effect::Acted, _) => Self::Lost,
                (Effect::Nothing, Error::Transport(_) | Error::Caller(_)) => Self::NotSent,
                (Effect::Nothing, _) => Self::Refused,
            },
        }
    }
}

impl CallbackHint {
    /// A hint at a customer.
    pub fn new(customer_id: CustomerId) -> Self {
        Self { customer_id }
    }

    /// The hint that a KYC callback is. Check its hash first.
    ///
    /// # Errors
    ///
    /// [`IdError`] if the callback's customer id is none.
    pub fn of_kyc(callback: &KycCallback) -> Result<Self, IdError> {
        CustomerId::parse(&callback.customer_id).map(Self::new)
    }

    /// The hint that a bank account callback is. Check its hash first.
    ///
    /// # Errors
    ///
    /// [`IdError`] if the callback's customer id is none.
    pub fn of_bank_account(callback: &BankAccountCallback) -> Result<Self, IdError> {
        CustomerId::parse(&callback.customer_id).map(Self::new)
    }

    /// The customer whom the callback is about.
    pub fn customer_id(&self) -> &CustomerId {
        &self.customer_id
    }
}
