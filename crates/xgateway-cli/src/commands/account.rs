//! `xgateway account`.

use serde::Serialize;
use xgateway::api::types::{BankCurrency, BankTransferAccountResponse};
use xgateway::core::id::CustomerId;
use xgateway::core::secret::PersonalText;

use super::{session, view};
use crate::arguments::GlobalArguments;
use crate::console::Console;
use crate::failure::Failure;

/// An account without the name of the customer, which whoever asks for it knows.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Listed<'a> {
    id: &'a str,
    status: &'a str,
    currency: Option<&'a str>,
    country: Option<&'a str>,
    iban: Option<&'a str>,
    bic: Option<&'a str>,
    account_number: Option<&'a str>,
    sort_code: Option<&'a str>,
}

impl<'a> From<&'a BankTransferAccountResponse> for Listed<'a> {
    fn from(account: &'a BankTransferAccountResponse) -> Self {
        Self {
            id: &account.id,
            status: account.status.as_str(),
            currency: account.currency.as_ref().map(BankCurrency::as_str),
            country: account.country.as_deref(),
            iban: account.iban.as_ref().map(PersonalText::expose),
            bic: account.bic.as_deref(),
            account_number: account.account_number.as_ref().map(PersonalText::expose),
            sort_code: account.sort_code.as_ref().map(PersonalText::expose),
        }
    }
}

pub(super) fn list(
    customer: &str,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let customer_id = customer_id(customer)?;
    let settings = session::settings(global, console)?;
    let client = session::client(&settings, console)?;
    let answer = session::ask(async {
        let answer = client.bank_accounts(&customer_id).await;
        answer.map_err(Failure::from)
    })?;
    if answer.data().is_empty() && !console.is_json() {
        console.note("the customer has no account");
    }
    let accounts: Vec<_> = answer.data().iter().map(Listed::from).collect();
    view::show("accounts", &accounts, console)
}

pub(super) fn customer_id(text: &str) -> Result<CustomerId, Failure> {
    CustomerId::parse(text)
        .map_err(|error| Failure::usage(error.to_string(), "give your own id of the customer"))
}
