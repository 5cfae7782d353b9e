//! What the API says, in the form of callbacks without their hashes.

use serde_json::{Value, json};
use xgateway::api::types::MissingDocument;
use xgateway::callback::{ConfirmedCallback, HandlerError};
use xgateway::core::secret::PersonalText;

/// One document; for a customer's bank accounts one each.
pub(super) fn of(callback: &ConfirmedCallback) -> Result<Vec<Value>, HandlerError> {
    let text = |text: &Option<PersonalText>| text.as_ref().map(|text| text.expose().to_owned());
    match callback {
        ConfirmedCallback::Transaction(transaction) => {
            let mut value = serde_json::to_value(transaction.data())
                .expect("answers have text keys and hold no failing values");
            if let Value::Object(fields) = &mut value {
                // Its texts are masked when they are written.
                fields.remove("senderDetails");
                fields.insert("callbackType".to_owned(), "transaction".into());
            }
            Ok(vec![value])
        }
        ConfirmedCallback::BankAccount(confirmed) => {
            let documents = confirmed.accounts().iter().map(|account| {
                json!({
                    "callbackType": "bank_account",
                    "customerId": confirmed.customer_id(),
                    "currency": confirmed.currency(),
                    "status": account.status.as_str(),
                    "country": account.country,
                    "iban": text(&account.iban),
                    "bic": account.bic,
                    "accountNumber": text(&account.account_number),
                    "sortCode": text(&account.sort_code),
                })
            });
            Ok(documents.collect())
        }
        ConfirmedCallback::Kyc(confirmed) => {
            let state = confirmed.state();
            let missing = state.docs_missing.iter().flatten();
            let missing: Vec<_> = missing.filter_map(MissingDocument::document_type).collect();
            Ok(vec![json!({
                "callbackType": "kyc",
                "customerId": confirmed.customer_id(),
                "status": confirmed.status().as_str(),
                "docsMissing": missing,
                "kycRejectLabel": state.kyc_reject_label,
                "kycEndUserErrorMessage": text(&state.kyc_end_user_error_message),
            })])
        }
        // A kind that this version does not know is for a person.
        _ => Err(HandlerError::Never(
            "this version cannot pass it on".to_owned(),
        )),
    }
}
