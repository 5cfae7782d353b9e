//! `xgateway invoice`.

use xgateway::core::id::InvoiceId;

use super::{session, view};
use crate::arguments::GlobalArguments;
use crate::console::Console;
use crate::failure::Failure;

pub(super) fn get(
    id: &str,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let id = InvoiceId::parse(id).map_err(|error| {
        Failure::usage(error.to_string(), "give the invoice's id or your order id")
    })?;
    let settings = session::settings(global, console)?;
    let client = session::client(&settings, console)?;
    let answer = session::ask(async { client.invoice(&id).await.map_err(Failure::from) })?;
    view::show("invoice", answer.data(), console)
}
