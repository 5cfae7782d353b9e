//! Changes of a customer, and the callbacks that tell of them.

use serde::Serialize;
use xgateway_api::types::{BankAccountCallback, KycCallback};
use xgateway_core::callback::CallbackHash;

use super::accounts::AccountView;
use crate::event::{CustomerChange, CustomerNews, KycNews, KycStatus, MerchantText, Step};
use crate::state::{Customer, Told};
use crate::world::World;

/// A document that is missing: the gateway's schema and one of its examples differ.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Missing<'a> {
    Object {
        #[serde(rename = "docType")]
        doc_type: &'a str,
    },
    Text(&'a str),
}

impl<'a> Missing<'a> {
    pub(super) fn of(doc_type: &'a str) -> Self {
        Self::Object { doc_type }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct KycBody<'a> {
    callback_type: &'static str,
    customer_id: &'a str,
    docs_missing: Option<Vec<Missing<'a>>>,
    hash: String,
    kyc_reject_label: Option<String>,
    kyc_end_user_error_message: Option<&'a str>,
    status: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AccountBody<'a> {
    callback_type: &'static str,
    customer_id: &'a str,
    hash: String,
    #[serde(flatten)]
    account: AccountView<'a>,
}

/// What a customer must upload.
pub(super) fn missing(customer: &Customer) -> Vec<Box<str>> {
    match &customer.kyc {
        Some(news) if news.status == KycStatus::PendingKycData => customer.missing(),
        Some(news) if news.status == KycStatus::SoftKycFailed => news.rejected.clone(),
        _ => Vec::new(),
    }
}

impl World {
    /// A new status, of which the merchant is told.
    pub(super) fn set_kyc(&mut self, customer_id: &str, news: KycNews) {
        self.set_kyc_by(customer_id, news, None, None);
    }

    /// The same because of what fell due.
    pub(super) fn set_kyc_by(
        &mut self,
        customer_id: &str,
        news: KycNews,
        step: Option<Step>,
        reversed_at: Option<jiff::Timestamp>,
    ) {
        let before = self
            .state
            .customers
            .get(customer_id)
            .and_then(Customer::status);
        let is_new = before != Some(news.status);
        let told = news.clone();
        let change = CustomerChange::StatusChanged {
            step,
            news,
            reversed_at,
        };
        self.change_customer(customer_id, change);
        if is_new {
            let customer = self.state.customers.get(customer_id);
            let missing = customer.map(missing).unwrap_or_default();
            let news = CustomerNews::Kyc {
                news: told,
                missing,
            };
            self.tell(customer_id, news);
        }
    }

    pub(super) fn tell(&mut self, customer_id: &str, news: CustomerNews) {
        let number = self.next_callback();
        self.change_customer(customer_id, CustomerChange::CallbackQueued { number, news });
        self.post(number);
    }

    /// The body of a callback about a customer.
    pub(in crate::world) fn customer_callback(
        &self,
        customer_id: &MerchantText,
        news: &CustomerNews,
        key: u32,
    ) -> Option<Vec<u8>> {
        let secret = self.secret_key(key);
        let customer_id = customer_id.as_str();
        let hash = |texts: &[&'static str], currency: &str| {
            let texts: Vec<_> = texts
                .iter()
                .map(|field| {
                    if *field == "currency" {
                        currency
                    } else {
                        customer_id
                    }
                })
                .collect();
            CallbackHash::of(&texts, &secret).to_string()
        };
        let missing_one = if self.config.missing_documents_as_texts {
            Missing::Text
        } else {
            Missing::of
        };
        let body = match news {
            CustomerNews::Kyc { news, missing } => serde_json::to_vec(&KycBody {
                callback_type: "kyc",
                customer_id,
                docs_missing: (!missing.is_empty())
                    .then(|| missing.iter().map(|it| missing_one(it)).collect()),
                hash: hash(KycCallback::HASHED, ""),
                kyc_reject_label: news.label(),
                kyc_end_user_error_message: news.message.as_deref(),
                status: news.status.as_str(),
            }),
            CustomerNews::Account(id) | CustomerNews::PendingAccount(id) => {
                let is_open = matches!(news, CustomerNews::Account(_));
                let customer = self.state.customers.get(customer_id)?;
                let account = customer.accounts.iter().find(|it| it.facts.id == *id)?;
                serde_json::to_vec(&AccountBody {
                    callback_type: "bank_account",
                    customer_id,
                    hash: hash(BankAccountCallback::HASHED, &account.facts.currency),
                    account: AccountView::of_callback(account, is_open),
                })
            }
        };
        body.ok()
    }
}

/// For whoever keeps callbacks: what one about a customer is.
impl Told {
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Transaction(version) => version.status.as_str(),
            Self::Customer(_, CustomerNews::Kyc { news, .. }) => news.status.as_str(),
            Self::Customer(_, CustomerNews::Account(_)) => "ACTIVE",
            Self::Customer(_, CustomerNews::PendingAccount(_)) => "PENDING",
        }
    }
}
