//! `xgateway transaction watch`.

use std::time::Duration;

use serde::Serialize;
use tokio::time::{Instant, sleep};
use xgateway::api::types::{TransactionData, TransactionStatus};
use xgateway::client::{Client, Error};
use xgateway::core::id::TransactionId;

use crate::arguments::{GlobalArguments, WatchArguments};
use crate::commands::session;
use crate::commands::view::printable;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::{Failure, Stopped};
use crate::style::STRONG;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    ok: bool,
    transaction_id: &'a str,
    status: &'a str,
    amount: &'a str,
    currency: &'a str,
}

pub(in crate::commands) fn execute(
    arguments: &WatchArguments,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let id = TransactionId::parse(&arguments.id)
        .map_err(|error| Failure::usage(error.to_string(), "give the transaction's id"))?;
    let settings = session::settings(global, console)?;
    let client = session::client(&settings, console)?;
    let mut seen = None;
    let last = session::block_on(async {
        let stop = session::stop()?;
        tokio::select! {
            last = watch(&client, &id, arguments, &mut seen, console) => last,
            // As if time were up.
            () = stop => Err(Failure::Stopped(Stopped::Watching)),
        }
    });
    let last = match (last, seen) {
        (Err(Failure::Stopped(_)), Some(seen)) => seen,
        (last, _) => last?,
    };
    if console.is_json() {
        console.document(&Document {
            ok: last.status == TransactionStatus::Confirmed,
            transaction_id: &last.id,
            status: last.status.as_str(),
            amount: last.amount.as_str(),
            currency: last.currency.as_str(),
        })?;
    }
    match last.status {
        TransactionStatus::Confirmed => Ok(()),
        TransactionStatus::Failed => Err(Failure::Reported(Exit::Refused)),
        // Whatever it is, it is not final.
        TransactionStatus::Pending
        | TransactionStatus::Processing
        | TransactionStatus::Unknown(_)
        | _ => {
            console.note("it is not final: watch on before anything is done");
            Err(Failure::Reported(Exit::Unknown))
        }
    }
}

/// Looks until it is final or time is up, and tells every change. `failed` may still turn, but not soon.
async fn watch(
    client: &Client,
    id: &TransactionId,
    arguments: &WatchArguments,
    seen: &mut Option<TransactionData>,
    console: &mut Console,
) -> Result<TransactionData, Failure> {
    let every = Duration::from_secs(arguments.every_seconds);
    let end = Instant::now() + Duration::from_secs(arguments.for_seconds);
    loop {
        match client.transaction(id).await {
            Ok(answer) => {
                let now = answer.into_data();
                let is_new = seen.as_ref().is_none_or(|last| last.status != now.status);
                if is_new && !console.is_json() {
                    console.line(format_args!(
                        "{STRONG}{}{STRONG:#}: {} {}",
                        printable(now.status.as_str()),
                        now.amount,
                        printable(now.currency.as_str())
                    ))?;
                }
                let is_final = [TransactionStatus::Confirmed, TransactionStatus::Failed];
                if is_final.contains(&now.status) {
                    return Ok(now);
                }
                *seen = Some(now);
            }
            // A reading that fails says nothing about money; the next one may succeed.
            Err(error) if Instant::now() < end && may_pass(&error) => {
                console.note(format_args!("{error}; looking again"));
            }
            Err(error) => return Err(error.into()),
        }
        if let Some(last) = seen.take_if(|_| Instant::now() + every > end) {
            return Ok(last);
        }
        sleep(every).await;
    }
}

/// Whether another try may help.
fn may_pass(error: &Error) -> bool {
    matches!(
        error,
        Error::Transport(_) | Error::Gateway(_) | Error::RateLimited(_)
    )
}
