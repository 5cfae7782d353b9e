use std::fmt;

use xgateway_api::types::{
    BankTransferAccountResponse, CustomerBankAccountStatus, KycApplicationDetailsResponse,
    KycDocumentType, KycStatus, MissingDocument,
};
use xgateway_client::{Answered, Error};
use xgateway_core::document::Page;
use xgateway_core::issue::Issues;
use xgateway_core::secret::{MASK, PersonalText};

use super::{AccountSeen, Plan};

/// How an onboarding stands, and what its caller can do about it.
#[derive(Debug)]
#[non_exhaustive]
#[must_use = "it may say that the customer must act"]
pub enum Progress {
    /// A step is done. Store the snapshot and go on at once.
    Working,
    /// The KYC vendor, the bank or the network is at work. Look again after a callback, or after a while.
    Waiting {
        /// What went wrong, if something did. Nothing is lost by it.
        error: Option<Error>,
    },
    /// Something is to be sent that the dossier does not hold.
    Needs(Need),
    /// A document cannot be sent. Give another file.
    BadFile {
        /// Which side.
        page: Page,
        /// What is wrong with it.
        issues: Issues,
    },
    /// The gateway, or our own rules, did not take a request. Correct it, and go on with the same flow.
    Refused(Error),
    /// KYC failed in a way that the customer can correct.
    Failed(Verdict),
    /// KYC is passed and the account is open: the customer may pay to it.
    Onboarded(OpenAccount),
    /// KYC failed for good.
    Rejected(Verdict),
    /// KYC was passed and is no more: payments to the account will be sent back. Going on leads to what it is now.
    Reversed(Verdict),
    /// The gateway's answer names another customer. Nothing more is sent, and a person must look.
    OtherCustomer,
}

/// What a dossier lacks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Need {
    /// The data of the profile.
    Profile,
    /// The data of the applicant.
    Applicant,
    /// The text items of a correction.
    Correction,
    /// The file of a side of a document.
    File(Page),
}

/// What the gateway says of a KYC that is not passed.
#[derive(Clone)]
pub struct Verdict(Box<KycApplicationDetailsResponse>);

/// An account of which the gateway itself said that it is this customer's and open.
///
/// There is no way to make one but from an answer that a [`Client`](xgateway_client::Client) got: not from a callback,
/// whose hash does not cover the account, and not from a snapshot.
#[derive(Clone)]
pub struct OpenAccount(Box<BankTransferAccountResponse>);

impl Progress {
    /// Why the last step told nothing, if the gateway was not heard.
    pub fn unread(&self) -> Option<&Error> {
        if let Self::Waiting { error } = self {
            error.as_ref()
        } else {
            None
        }
    }

    /// Whether the flow goes on by itself.
    pub fn is_open(&self) -> bool {
        match self {
            Self::Working | Self::Waiting { .. } | Self::Reversed(_) => true,
            Self::Needs(_)
            | Self::BadFile { .. }
            | Self::Refused(_)
            | Self::Failed(_)
            | Self::Onboarded(_)
            | Self::Rejected(_)
            | Self::OtherCustomer => false,
        }
    }
}

impl Verdict {
    /// What an answer of the gateway says.
    pub fn of(answer: &KycApplicationDetailsResponse) -> Self {
        Self(Box::new(answer.clone()))
    }

    /// The status.
    pub fn status(&self) -> Option<&KycStatus> {
        self.0.status.as_ref()
    }

    /// The documents that are missing or must be replaced. One of those that prove the identity is enough.
    pub fn missing(&self) -> Vec<KycDocumentType> {
        let documents = self.0.docs_missing.iter().flatten();
        let kind = |document: &MissingDocument| -> Option<KycDocumentType> {
            if let MissingDocument::KycDocumentType(kind) = document {
                Some(kind.clone())
            } else if let MissingDocument::MissingDocumentObject(object) = document {
                Some(object.doc_type.clone())
            } else {
                None // A shape that this version does not know.
            }
        };
        documents.filter_map(kind).collect()
    }

    /// Why, in the KYC vendor's own codes.
    pub fn reject_label(&self) -> Option<&str> {
        self.0.kyc_reject_label.as_deref()
    }

    /// What the customer should be told. It may hold personal data.
    pub fn message(&self) -> Option<&PersonalText> {
        self.0.kyc_end_user_error_message.as_ref()
    }
}

impl OpenAccount {
    /// The account as the gateway has it.
    pub fn details(&self) -> &BankTransferAccountResponse {
        &self.0
    }

    pub(super) fn find(
        plan: &Plan,
        answer: &Answered<Vec<BankTransferAccountResponse>>,
    ) -> (AccountSeen, Option<Self>) {
        let mut seen = AccountSeen::None;
        for account in answer.data() {
            if account.currency.as_ref() != Some(&plan.currency) {
                continue;
            }
            if account.status == CustomerBankAccountStatus::Active {
                return (AccountSeen::Active, Some(Self(Box::new(account.clone()))));
            }
            seen = AccountSeen::Pending;
        }
        (seen, None)
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Profile => f.write_str("the data of the profile"),
            Self::Applicant => f.write_str("the data of the applicant"),
            Self::Correction => f.write_str("the corrected text items"),
            Self::File(page) => write!(f, "the document {page}"),
        }
    }
}

/// The status and the vendor's codes, and nothing for the customer's eyes.
impl fmt::Debug for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verdict")
            .field("status", &self.status())
            .field("missing", &self.missing())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for OpenAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OpenAccount").field(&MASK).finish()
    }
}
