//! `xgateway transaction`.

pub(super) mod watch;

use serde::Serialize;
use xgateway::api::environment::Environment;
use xgateway::api::types::{SimulateTransactionRequest, SimulatedStatus};
use xgateway::core::id::TransactionId;

use super::{session, view};
use crate::arguments::{self, GlobalArguments, SimulateArguments};
use crate::console::Console;
use crate::failure::Failure;

pub(super) fn get(
    id: &str,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let id = TransactionId::parse(id)
        .map_err(|error| Failure::usage(error.to_string(), "give the transaction's id"))?;
    let settings = session::settings(global, console)?;
    let client = session::client(&settings, console)?;
    let answer = session::ask(async { client.transaction(&id).await.map_err(Failure::from) })?;
    view::show("transaction", answer.data(), console)
}

pub(super) fn simulate(
    arguments: &SimulateArguments,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Document<'a> {
        ok: bool,
        invoice_id: &'a str,
        status: &'a str,
        message: &'a str,
    }

    let status = match arguments.status {
        arguments::SimulatedStatus::Confirmed => SimulatedStatus::Confirmed,
        arguments::SimulatedStatus::Failed => SimulatedStatus::Failed,
    };
    let request = SimulateTransactionRequest {
        amount: arguments.amount.clone(),
        invoice_id: arguments.invoice.clone(),
        status: status.clone(),
    };
    let settings = session::settings(global, console)?;
    if settings.environment == Environment::Production {
        return Err(Failure::usage(
            "production simulates nothing",
            "use --environment demo, or a sandbox",
        ));
    }
    let client = session::client(&settings, console)?;
    let answer = session::act(async { client.send(&request).await.map_err(Failure::from) })?;
    if console.is_json() {
        return console.document(&Document {
            ok: true,
            invoice_id: &arguments.invoice,
            status: status.as_str(),
            message: answer.data(),
        });
    }
    console.line(answer.data())
}
