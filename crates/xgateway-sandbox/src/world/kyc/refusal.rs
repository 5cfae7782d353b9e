use http::StatusCode;
use xgateway_api::types::AppErrorCode;

use crate::answer::Refusal;

/// Why the gateway does nothing for a customer who pays by bank.
#[derive(Clone, Copy, Debug)]
pub(crate) enum KycRefusal {
    ProfileExists,
    NoProfile,
    NoApplicant,
    ApplicantExists,
    /// The status admits no such step.
    NotNow,
    DocumentsMissing,
    AgreementsMissing,
    MustPass,
    NoAccount,
    NotAForm,
    MalformedForm,
}

impl KycRefusal {
    pub(crate) fn kind(self) -> (StatusCode, AppErrorCode) {
        match self {
            Self::ProfileExists => (StatusCode::CONFLICT, AppErrorCode::Conflict),
            Self::MustPass => (StatusCode::FORBIDDEN, AppErrorCode::Forbidden),
            Self::NotAForm => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                AppErrorCode::UnsupportedMediaType,
            ),
            // The applicant is a row of its own, and there may be one.
            Self::ApplicantExists => (StatusCode::BAD_REQUEST, AppErrorCode::DbViolation),
            Self::NoProfile
            | Self::NoApplicant
            | Self::NotNow
            | Self::DocumentsMissing
            | Self::AgreementsMissing
            | Self::NoAccount
            | Self::MalformedForm => (StatusCode::BAD_REQUEST, AppErrorCode::BadRequest),
        }
    }

    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::ProfileExists => "The customer already exists.",
            Self::NoProfile => "The customer has no profile.",
            Self::NoApplicant => "The customer has no KYC applicant yet.",
            Self::ApplicantExists => {
                "The request failed because it violated a database constraint."
            }
            Self::NotNow => "The KYC status does not admit this step.",
            Self::DocumentsMissing => "Documents are missing.",
            Self::AgreementsMissing => {
                "The customer has not accepted every agreement: each hash is of its own document."
            }
            Self::MustPass => "The user must pass the KYC first.",
            Self::NoAccount => "The customer has no bank account.",
            Self::NotAForm => "The request body must be multipart/form-data.",
            Self::MalformedForm => "The request body is not a valid form.",
        }
    }
}

impl From<KycRefusal> for Refusal {
    fn from(refusal: KycRefusal) -> Self {
        Self::Kyc(refusal)
    }
}
