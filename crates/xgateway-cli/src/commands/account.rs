//! `xgateway account`.

use xgateway::core::id::CustomerId;

use super::{session, view};
use crate::arguments::GlobalArguments;
use crate::console::Console;
use crate::failure::Failure;

pub(super) fn list(
    customer: &str,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let customer_id = customer_id(customer)?;
    let settings = session::settings(global, console)?;
    let client = session::client(&settings, console)?;
    let answer = session::block_on(async {
        let answer = client.bank_accounts(&customer_id).await;
        answer.map_err(Failure::from)
    })?;
    if answer.data().is_empty() && !console.is_json() {
        console.note("the customer has no account");
    }
    view::show("accounts", answer.data(), console)
}

pub(super) fn customer_id(text: &str) -> Result<CustomerId, Failure> {
    CustomerId::parse(text)
        .map_err(|error| Failure::usage(error.to_string(), "give your own id of the customer"))
}
