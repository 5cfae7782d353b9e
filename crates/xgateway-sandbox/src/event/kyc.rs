//! What happens to a customer who pays by bank: profile, KYC, accounts.
//!
//! Names and account numbers stand here, since answers and callbacks hold them and the state follows from the events.
//! They are [`Personal`]: the log on disk has them, and nothing that is shown does.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::MerchantText;

/// A personal datum. It is written into a log on disk, which its owner alone can read, and never shown.
#[derive(Clone, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Personal(Arc<str>);

/// Something that happened to a customer.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct CustomerFacts {
    /// Ours, by which the schedule names the customer.
    pub(crate) customer: Uuid,
    pub(crate) customer_id: MerchantText,
    pub(crate) change: CustomerChange,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CustomerChange {
    ProfileCreated(Items),
    ProfileCorrected(Items),
    ApplicantCreated {
        /// When the KYC vendor has it.
        ready_at: Timestamp,
        birth: Birth,
    },
    DocumentStored(DocumentFacts),
    TokenImported {
        ready_at: Option<Timestamp>,
    },
    LinkMade {
        done_at: Timestamp,
        /// The name of the page; old logs have none.
        #[serde(default)]
        page: Option<Uuid>,
    },
    /// The customer went away from the vendor's page.
    LinkLeft,
    VerificationStarted {
        verdict: Verdict,
        decided_at: Timestamp,
        /// What decided the verdict, unless nothing stood in the way; old logs do not tell.
        #[serde(default)]
        decisive: Option<Decisive>,
    },
    StatusChanged {
        /// What fell due, if time alone did it.
        step: Option<Step>,
        news: KycNews,
        /// When it is taken back.
        reversed_at: Option<Timestamp>,
    },
    AccountOpened {
        facts: AccountFacts,
        active_at: Timestamp,
    },
    AccountActive {
        account: Uuid,
    },
    /// The bank sent a payment back.
    PaymentBounced {
        account: Uuid,
        amount: Decimal,
        reason: Bounce,
    },
    CallbackQueued {
        number: u64,
        news: CustomerNews,
    },
}

/// Text items, as far as they were given.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct Items {
    pub(crate) first_name: Option<Personal>,
    pub(crate) last_name: Option<Personal>,
    /// Whether each of the three agreements was accepted.
    pub(crate) accepted: [bool; 3],
    pub(crate) birth: Option<Birth>,
}

/// All that is kept of a date of birth.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Birth {
    Plain,
    Magic(Outcome),
}

/// All that is kept of a document.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct DocumentFacts {
    pub(crate) kind: Box<str>,
    pub(crate) side: Option<Box<str>>,
    pub(crate) bytes: u64,
    pub(crate) format: FileFormat,
    /// SHA-256, in hexadecimal digits.
    pub(crate) hash: Box<str>,
    pub(crate) outcome: Option<Outcome>,
}

/// What a file is by its content.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FileFormat {
    Jpeg,
    Png,
    Pdf,
}

/// What magic data ask for.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    Review,
    SoftFailure,
    HardFailure,
    Reversal,
}

/// What the vendor will say.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    Pass,
    PassUntilReversed,
    SoftName,
    SoftBirth,
    SoftDocument,
    Hard,
}

/// What a verdict came from.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Decisive {
    LastName,
    BirthDate,
    Document,
    /// Somebody pressed a button on the vendor's page.
    Person,
}

/// What time alone does to a customer.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    ApplicantReady,
    /// The customer has done everything on the vendor's pages.
    LinkDone,
    Decided(Verdict),
    Reversed,
    AccountOpens(Uuid),
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum KycStatus {
    Created,
    KycNeeded,
    PendingKycData,
    KycPending,
    SoftKycFailed,
    HardKycFailed,
    FullUser,
}

/// How KYC stands, and what is told of it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct KycNews {
    pub(crate) status: KycStatus,
    /// The documents that were rejected.
    pub(crate) rejected: Vec<Box<str>>,
    pub(crate) message: Option<Box<str>>,
}

/// A virtual bank account.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct AccountFacts {
    pub(crate) id: Uuid,
    pub(crate) currency: Box<str>,
    pub(crate) country: Box<str>,
    pub(crate) bic: Option<Box<str>>,
    pub(crate) iban: Option<Personal>,
    pub(crate) account_number: Option<Personal>,
    pub(crate) sort_code: Option<Personal>,
}

/// Who paid by bank.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct SenderFacts {
    pub(crate) iban: Option<Personal>,
    pub(crate) account_number: Option<Personal>,
    pub(crate) sort_code: Option<Personal>,
}

/// Why a bank sends a payment back.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Bounce {
    AccountNotOpen,
    OutsideLimits,
    SenderIsCompany,
    SenderDiffers,
    KycRequired,
}

/// What a callback about a customer tells, as it stood then.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CustomerNews {
    Kyc {
        news: KycNews,
        missing: Vec<Box<str>>,
    },
    Account(Uuid),
    /// The same while it is being opened.
    PendingAccount(Uuid),
}

impl Personal {
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Personal {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Personal(**)")
    }
}

impl KycStatus {
    /// Whether the customer can do something about it.
    pub(crate) fn is_open(self) -> bool {
        match self {
            Self::Created | Self::KycNeeded | Self::PendingKycData | Self::SoftKycFailed => true,
            Self::KycPending | Self::HardKycFailed | Self::FullUser => false,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::KycNeeded => "KYC_NEEDED",
            Self::PendingKycData => "PENDING_KYC_DATA",
            Self::KycPending => "KYC_PENDING",
            Self::SoftKycFailed => "SOFT_KYC_FAILED",
            Self::HardKycFailed => "HARD_KYC_FAILED",
            Self::FullUser => "FULL_USER",
        }
    }
}

impl KycNews {
    pub(crate) fn plain(status: KycStatus) -> Self {
        Self {
            status,
            rejected: Vec::new(),
            message: None,
        }
    }

    /// What the vendor's label is.
    pub(crate) fn label(&self) -> Option<String> {
        let labels: Vec<_> = self.rejected.iter().map(|it| format!("BAD_{it}")).collect();
        match (labels.is_empty(), self.status) {
            (false, _) => Some(labels.join(", ")),
            (true, KycStatus::SoftKycFailed) => Some("BAD_DATA".to_owned()),
            (true, KycStatus::HardKycFailed) => Some("REJECTED".to_owned()),
            _ => None,
        }
    }
}

impl Bounce {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::AccountNotOpen => "account_not_open",
            Self::OutsideLimits => "outside_limits",
            Self::SenderIsCompany => "sender_is_company",
            Self::SenderDiffers => "sender_differs",
            Self::KycRequired => "kyc_required",
        }
    }
}

impl CustomerChange {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::ProfileCreated(_) => "profile_created",
            Self::ProfileCorrected(_) => "profile_corrected",
            Self::ApplicantCreated { .. } => "applicant_created",
            Self::DocumentStored(_) => "document_stored",
            Self::TokenImported { .. } => "kyc_token_imported",
            Self::LinkMade { .. } => "kyc_link_made",
            Self::LinkLeft => "kyc_page_left",
            Self::VerificationStarted { .. } => "verification_started",
            Self::StatusChanged { .. } => "kyc_changed",
            Self::AccountOpened { .. } => "account_opened",
            Self::AccountActive { .. } => "account_active",
            Self::PaymentBounced { .. } => "payment_bounced",
            Self::CallbackQueued { .. } => "callback_queued",
        }
    }

    /// In words for people.
    pub(crate) fn title(&self) -> String {
        match self {
            Self::StatusChanged { news, .. } => format!("KYC {}", news.status.as_str()),
            Self::PaymentBounced { reason, .. } => format!("Payment bounced: {}", reason.as_str()),
            Self::DocumentStored(facts) => format!("Document stored: {}", facts.kind),
            Self::CallbackQueued { number, .. } => format!("Callback {number} made"),
            Self::ProfileCreated(_)
            | Self::ProfileCorrected(_)
            | Self::ApplicantCreated { .. }
            | Self::TokenImported { .. }
            | Self::LinkMade { .. }
            | Self::LinkLeft
            | Self::VerificationStarted { .. }
            | Self::AccountOpened { .. }
            | Self::AccountActive { .. } => {
                let mut words = self.name().replace('_', " ");
                words[..1].make_ascii_uppercase();
                words
            }
        }
    }
}

impl CustomerFacts {
    /// As everybody may see it.
    pub(super) fn show<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("customerId", &self.customer_id.shown())?;
        match &self.change {
            CustomerChange::DocumentStored(facts) => {
                map.serialize_entry("documentType", &facts.kind)?;
                map.serialize_entry("documentSubType", &facts.side)?;
                map.serialize_entry("bytes", &facts.bytes)?;
                map.serialize_entry("format", &facts.format)?;
                map.serialize_entry("sha256", &facts.hash)
            }
            CustomerChange::StatusChanged { news, .. } => {
                map.serialize_entry("status", news.status.as_str())?;
                map.serialize_entry("docsRejected", &news.rejected)
            }
            CustomerChange::AccountOpened { facts, .. } => {
                map.serialize_entry("accountId", &facts.id.to_string())?;
                map.serialize_entry("currency", &facts.currency)
            }
            CustomerChange::AccountActive { account } => {
                map.serialize_entry("accountId", &account.to_string())
            }
            CustomerChange::PaymentBounced {
                account,
                amount,
                reason,
            } => {
                map.serialize_entry("accountId", &account.to_string())?;
                map.serialize_entry("amount", &amount.to_string())?;
                map.serialize_entry("reason", reason.as_str())
            }
            CustomerChange::CallbackQueued { number, news } => {
                map.serialize_entry("callback", number)?;
                let kind = match news {
                    CustomerNews::Kyc { .. } => "kyc",
                    CustomerNews::Account(_) | CustomerNews::PendingAccount(_) => "bank_account",
                };
                map.serialize_entry("callbackType", kind)
            }
            CustomerChange::ProfileCreated(_)
            | CustomerChange::ProfileCorrected(_)
            | CustomerChange::ApplicantCreated { .. }
            | CustomerChange::TokenImported { .. }
            | CustomerChange::LinkMade { .. }
            | CustomerChange::LinkLeft
            | CustomerChange::VerificationStarted { .. } => Ok(()),
        }
    }
}
