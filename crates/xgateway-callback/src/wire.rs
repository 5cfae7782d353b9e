//! What the API answers about customers: bank accounts and the identity check (protocol §5, §6).

mod from_api;

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use xgateway_core::open_enum::open_enum;
use xgateway_core::secret::PersonalText;

open_enum! {
    /// How far the identity check of a customer has come.
    pub enum KycStatus {
        /// The customer exists and has not applied.
        Created = "CREATED",
        /// A check is required.
        KycNeeded = "KYC_NEEDED",
        /// Data or documents are missing.
        PendingKycData = "PENDING_KYC_DATA",
        /// The check is under way.
        KycPending = "KYC_PENDING",
        /// Refused for something that the customer can put right.
        SoftKycFailed = "SOFT_KYC_FAILED",
        /// Refused for good.
        HardKycFailed = "HARD_KYC_FAILED",
        /// Passed. It can still be taken back.
        FullUser = "FULL_USER",
    }
}

open_enum! {
    /// Whether money can be paid into an account.
    pub enum BankAccountStatus {
        /// Not yet.
        Pending = "PENDING",
        /// Yes.
        Active = "ACTIVE",
    }
}

/// The identity check of a customer, as the API answers it.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct KycState {
    /// How far it has come; `None` if the gateway does not know the customer.
    #[serde(default)]
    pub status: Option<KycStatus>,
    /// The documents that are missing, such as `PASSPORT`.
    ///
    /// The gateway has written them as texts and as objects with a `docType` (protocol §13, C9).
    #[serde(default, deserialize_with = "documents")]
    pub docs_missing: Vec<String>,
    /// Why it was refused, in the gateway's words.
    #[serde(default)]
    pub kyc_reject_label: Option<String>,
    /// What the customer should be told.
    #[serde(default)]
    pub kyc_end_user_error_message: Option<PersonalText>,
}

/// A bank account of a customer, as the API answers it: whoever pays into it credits the customer.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct BankAccount {
    /// The gateway's id of it.
    #[serde(default)]
    pub id: Option<String>,
    /// Whether money can be paid into it.
    pub status: BankAccountStatus,
    /// The code of its currency.
    #[serde(default)]
    pub currency: Option<String>,
    /// The country of the bank, as two capital letters.
    #[serde(default)]
    pub country: Option<String>,
    /// The IBAN.
    #[serde(default)]
    pub iban: Option<PersonalText>,
    /// The code of the bank.
    #[serde(default)]
    pub bic: Option<String>,
    /// The account number, in the United Kingdom and the United States.
    #[serde(default)]
    pub account_number: Option<PersonalText>,
    /// The sort code, six digits, in the United Kingdom.
    #[serde(default)]
    pub sort_code: Option<String>,
}

fn documents<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    struct Documents;

    impl<'de> Visitor<'de> for Documents {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of documents, or null")
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Vec::new())
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            let mut documents = Vec::new();
            while let Some(Document(name)) = seq.next_element()? {
                documents.extend(name);
            }
            Ok(documents)
        }
    }

    deserializer.deserialize_any(Documents)
}

/// The name of a document, if this is one in either form.
struct Document(Option<String>);

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;

        impl<'de> Visitor<'de> for Name {
            type Value = Document;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a document's name, or an object that holds it")
            }

            fn visit_str<E>(self, name: &str) -> Result<Document, E> {
                Ok(Document(Some(name.to_owned())))
            }

            fn visit_unit<E>(self) -> Result<Document, E> {
                Ok(Document(None))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document, A::Error> {
                let mut name = None;
                while let Some(key) = map.next_key::<String>()? {
                    if key == "docType" {
                        name = map.next_value()?;
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(Document(name))
            }
        }

        deserializer.deserialize_any(Name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, want: &[&str]) {
        let state: KycState = serde_json::from_str(json).unwrap();
        assert_eq!(state.docs_missing, want);
    }

    #[test]
    fn documents_come_in_either_form() {
        check(
            r#"{"docsMissing":["SELFIE","PASSPORT"]}"#,
            &["SELFIE", "PASSPORT"],
        );
        check(
            r#"{"docsMissing":[{"docType":"SELFIE","side":1},{"docType":"PASSPORT"}]}"#,
            &["SELFIE", "PASSPORT"],
        );
        check(
            r#"{"docsMissing":[null,{"other":1},"SELFIE"]}"#,
            &["SELFIE"],
        );
        check(r#"{"docsMissing":null}"#, &[]);
        check("{}", &[]);
    }

    #[test]
    fn what_identifies_a_person_is_not_shown() {
        let account: BankAccount = serde_json::from_str(
            r#"{"status":"ACTIVE","iban":"MT36CFTE28004000000000003225049","accountNumber":"00386255"}"#,
        )
        .unwrap();
        let shown = format!("{account:?}");
        assert!(
            !shown.contains("MT36") && !shown.contains("00386255"),
            "{shown}"
        );
    }
}
