//! Virtual bank accounts.

use bytes::Bytes;
use http::{Response, StatusCode};
use jiff::SignedDuration;
use serde::Serialize;
use uuid::Uuid;
use xgateway_api::json;
use xgateway_api::types::CreateBankAccountRequest;
use xgateway_core::bank::Iban;

use super::KycRefusal;
use crate::answer::{Refusal, success};
use crate::config::KycOrder;
use crate::event::{AccountFacts, CustomerChange, CustomerNews, Items, KycStatus, Personal};
use crate::random::Purpose;
use crate::state::Account;
use crate::wire::Id;
use crate::world::World;

/// The bank behind the gateway, as in the gateway's own example.
const BIC: &str = "CFTEMTM1";
const BANK: &str = "CFTE28004";
const SORT_CODE: &str = "040679";

/// How long an account takes to open.
const OPEN_TIME: SignedDuration = SignedDuration::from_secs(5);

/// The same in US dollars.
const OPEN_TIME_USD: SignedDuration = SignedDuration::from_hours(1);

/// What an account has or will have: null in a callback, and left out by the API (protocol §4.2 and §6).
type Perhaps<'a> = Option<Option<&'a str>>;

/// An account as the API, or a callback, tells it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccountView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    account_number: Perhaps<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bic: Perhaps<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_first_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_last_name: Option<&'a str>,
    country: &'a str,
    currency: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    iban: Perhaps<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sort_code: Perhaps<'a>,
    status: &'static str,
}

impl<'a> AccountView<'a> {
    fn new(account: &'a Account, items: &'a Items) -> Self {
        let told = Self::of_callback(account, account.is_active);
        let known = |number: Perhaps<'a>| number.filter(Option::is_some);
        Self {
            account_number: known(told.account_number),
            bic: known(told.bic),
            customer_first_name: items.first_name.as_ref().map(Personal::expose),
            customer_last_name: items.last_name.as_ref().map(Personal::expose),
            iban: known(told.iban),
            id: Some(Id(account.facts.id)),
            sort_code: known(told.sort_code),
            ..told
        }
    }

    /// Without the holder. Numbers are there as soon as the account is open, or was when this was told.
    pub(super) fn of_callback(account: &'a Account, is_open: bool) -> Self {
        let facts = &account.facts;
        let open = |text: &'a Option<Personal>| {
            let text = text.as_ref().filter(|_| is_open);
            Some(text.map(Personal::expose))
        };
        Self {
            account_number: open(&facts.account_number),
            bic: Some(facts.bic.as_deref().filter(|_| is_open)),
            customer_first_name: None,
            customer_last_name: None,
            country: &facts.country,
            currency: &facts.currency,
            iban: open(&facts.iban),
            id: None,
            sort_code: open(&facts.sort_code),
            status: if is_open { "ACTIVE" } else { "PENDING" },
        }
    }
}

impl World {
    pub(in crate::world) fn create_bank_account(
        &mut self,
        customer_id: &str,
        body: &[u8],
    ) -> Result<Response<Bytes>, Refusal> {
        let request = json::read::<CreateBankAccountRequest>(body).map_err(Refusal::from)?;
        let currency = request.currency.as_str();
        let customer = self.customer(customer_id)?;
        let is_full = customer.status() == Some(KycStatus::FullUser);
        if self.config.kyc.order == KycOrder::KycFirst && !is_full {
            return Err(KycRefusal::MustPass.into());
        }
        // A customer keeps one account for a currency; asked for again, it is the same.
        if customer
            .accounts
            .iter()
            .all(|it| &*it.facts.currency != currency)
        {
            let facts = self.account_facts(customer_id, currency)?;
            let time = if currency == "USD" {
                OPEN_TIME_USD
            } else {
                OPEN_TIME
            };
            let active_at = self.after(time);
            let account = facts.id;
            self.change_customer(
                customer_id,
                CustomerChange::AccountOpened { facts, active_at },
            );
            if self.config.pending_accounts {
                self.tell(customer_id, CustomerNews::PendingAccount(account));
            }
        }
        Ok(success(
            StatusCode::CREATED,
            &"Bank account is being created",
        ))
    }

    pub(in crate::world) fn read_bank_accounts(&self, customer_id: &str) -> Response<Bytes> {
        let customer = self.state.customers.get(customer_id);
        let views: Vec<_> = customer
            .into_iter()
            .flat_map(|it| it.accounts.iter().map(|account| (account, &it.items)))
            .map(|(account, items)| AccountView::new(account, items))
            .collect();
        success(StatusCode::OK, &views)
    }

    /// What follows from the seed for this customer and currency.
    fn account_facts(&self, customer_id: &str, currency: &str) -> Result<AccountFacts, Refusal> {
        let subject = [customer_id, currency].join("/");
        let subject = subject.as_bytes();
        let mut ordinal = 0;
        loop {
            let bytes = self.random.bytes(Purpose::BankAccount, subject, ordinal);
            let digits: String = bytes
                .iter()
                .map(|byte| char::from(b'0' + byte % 10))
                .collect();
            let iban = Iban::of("MT", &format!("{BANK}{}", &digits[..18]))
                .map_err(|_| Refusal::Internal)?;
            let has_iban = currency != "GBP";
            let has_number = currency != "EUR";
            let facts = AccountFacts {
                id: self.random.uuid(Purpose::BankAccount, subject, ordinal),
                currency: currency.into(),
                country: if currency == "EUR" { "MT" } else { "GB" }.into(),
                bic: has_iban.then(|| BIC.into()),
                iban: has_iban.then(|| Personal::from(iban.expose())),
                account_number: has_number.then(|| Personal::from(&digits[18..26])),
                sort_code: has_number.then(|| Personal::from(SORT_CODE)),
            };
            // Eight digits are few: somebody may have them already.
            let is_free = |key: &std::sync::Arc<str>| self.state.customers.account(key).is_none();
            if facts.keys().iter().all(is_free) {
                return Ok(facts);
            }
            ordinal += 1;
        }
    }

    /// The account's id, for what is paid to it.
    pub(super) fn payment_id(&self, account: Uuid, ordinal: u64) -> Uuid {
        self.random
            .uuid(Purpose::Deposit, account.as_bytes(), ordinal)
    }
}
