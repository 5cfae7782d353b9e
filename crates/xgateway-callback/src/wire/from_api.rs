//! From the answers as `xgateway-api` reads them.

use xgateway_api::types::{
    BankTransferAccountResponse, KycApplicationDetailsResponse, MissingDocument,
};

use super::{BankAccount, BankAccountStatus, KycState, KycStatus};

impl From<KycApplicationDetailsResponse> for KycState {
    fn from(answer: KycApplicationDetailsResponse) -> Self {
        let documents = answer.docs_missing.into_iter().flatten();
        Self {
            status: answer.status.map(|status| KycStatus::from(status.as_str())),
            docs_missing: documents.filter_map(name).collect(),
            kyc_reject_label: answer.kyc_reject_label,
            kyc_end_user_error_message: answer.kyc_end_user_error_message,
        }
    }
}

impl From<BankTransferAccountResponse> for BankAccount {
    fn from(answer: BankTransferAccountResponse) -> Self {
        Self {
            id: Some(answer.id),
            status: BankAccountStatus::from(answer.status.as_str()),
            currency: answer.currency.map(|code| code.as_str().to_owned()),
            country: answer.country,
            iban: answer.iban,
            bic: answer.bic,
            account_number: answer.account_number,
            sort_code: answer.sort_code.map(|code| code.expose().to_owned()),
        }
    }
}

/// The gateway has written documents as texts and as objects (protocol §13, C9).
fn name(document: MissingDocument) -> Option<String> {
    match document {
        MissingDocument::KycDocumentType(kind) => Some(kind.as_str().to_owned()),
        MissingDocument::MissingDocumentObject(object) => Some(object.doc_type.as_str().to_owned()),
        // So that a shape that nobody knows yet does not hide the others.
        MissingDocument::Unknown(_) | _ => None,
    }
}
