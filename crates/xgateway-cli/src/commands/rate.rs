//! `xgateway rate`.

use serde::Serialize;
use xgateway::api::types::{ExchangeDirection, GetExchangeRate, RateCurrency};

use super::session;
use crate::arguments::{GlobalArguments, RateArguments};
use crate::console::Console;
use crate::failure::Failure;

#[derive(Serialize)]
struct Document<'a> {
    ok: bool,
    rate: Rate<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rate<'a> {
    source: &'a str,
    target: &'a str,
    source_amount: &'a str,
    target_amount: &'a str,
}

pub(super) fn execute(
    arguments: &RateArguments,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let request = GetExchangeRate {
        source: RateCurrency::from(&*arguments.source),
        target: RateCurrency::from(&*arguments.target),
        amount: Some(arguments.amount.clone()),
        direction: arguments.to_source.then_some(ExchangeDirection::ToSource),
        invoice_id: arguments.invoice.clone(),
    };
    let settings = session::settings(global, console)?;
    let client = session::client_without_key(&settings)?;
    let answer = session::ask(async { client.send(&request).await.map_err(Failure::from) })?;
    let (asked, told) = (&*arguments.amount, answer.data().as_str());
    let (source_amount, target_amount) = if arguments.to_source {
        (told, asked)
    } else {
        (asked, told)
    };
    let (source, target) = (request.source.as_str(), request.target.as_str());
    if console.is_json() {
        return console.document(&Document {
            ok: true,
            rate: Rate {
                source,
                target,
                source_amount,
                target_amount,
            },
        });
    }
    console.line(format_args!(
        "{source_amount} {source} = {target_amount} {target}"
    ))
}
