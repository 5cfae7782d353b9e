//! Which request of the merchant's it is.

use bytes::Bytes;
use http::{Method, Request};

use crate::kinds::Point;

/// The crash points have its name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Deposit,
    Invoice,
    Transaction,
    Address,
    Profile,
    Applicant,
    Document,
    Verification,
    Account,
    Kyc,
    Accounts,
}

impl Kind {
    pub(super) fn of(request: &Request<Bytes>) -> Self {
        let path = request.uri().path();
        let is_get = request.method() == Method::GET;
        let last = path.rsplit('/').next().unwrap_or(path);
        match last {
            // A correction is of the profile.
            "user" | "bank-transfer" => Self::Profile,
            "applicant" => Self::Applicant,
            "document" => Self::Document,
            "verification" => Self::Verification,
            "account" => Self::Account,
            "kyc" => Self::Kyc,
            "accounts" => Self::Accounts,
            "channels" => Self::Address,
            _ if is_get && path.contains("/invoices/") => Self::Invoice,
            _ if is_get => Self::Transaction,
            _ => Self::Deposit,
        }
    }

    pub(super) fn before(self) -> Point {
        match self {
            Self::Deposit => Point::BeforeDeposit,
            Self::Invoice => Point::BeforeInvoice,
            Self::Transaction => Point::BeforeTransaction,
            Self::Address => Point::BeforeAddress,
            Self::Profile => Point::BeforeProfile,
            Self::Applicant => Point::BeforeApplicant,
            Self::Document => Point::BeforeDocument,
            Self::Verification => Point::BeforeVerification,
            Self::Account => Point::BeforeAccount,
            Self::Kyc => Point::BeforeKyc,
            Self::Accounts => Point::BeforeAccounts,
        }
    }

    pub(super) fn within(self) -> Point {
        match self {
            Self::Deposit => Point::WithinDeposit,
            Self::Invoice => Point::WithinInvoice,
            Self::Transaction => Point::WithinTransaction,
            Self::Address => Point::WithinAddress,
            Self::Profile => Point::WithinProfile,
            Self::Applicant => Point::WithinApplicant,
            Self::Document => Point::WithinDocument,
            Self::Verification => Point::WithinVerification,
            Self::Account => Point::WithinAccount,
            Self::Kyc => Point::WithinKyc,
            Self::Accounts => Point::WithinAccounts,
        }
    }

    pub(super) fn after(self) -> Point {
        match self {
            Self::Deposit => Point::AfterDeposit,
            Self::Invoice => Point::AfterInvoice,
            Self::Transaction => Point::AfterTransaction,
            Self::Address => Point::AfterAddress,
            Self::Profile => Point::AfterProfile,
            Self::Applicant => Point::AfterApplicant,
            Self::Document => Point::AfterDocument,
            Self::Verification => Point::AfterVerification,
            Self::Account => Point::AfterAccount,
            Self::Kyc => Point::AfterKyc,
            Self::Accounts => Point::AfterAccounts,
        }
    }
}
