//! `xgateway card resolve`: a person ends what contradicts itself.

use serde::Serialize;
use xgateway::flows::card::{Resolution, Resolved};

use super::order;
use crate::arguments::{GlobalArguments, ResolveArguments, ResolvedAs};
use crate::clock;
use crate::commands::journal::OpenJournal;
use crate::commands::session;
use crate::console::Console;
use crate::failure::Failure;
use crate::style::{GOOD, WARNING};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    ok: bool,
    gateway_order_id: &'a str,
    /// Nothing if the gateway's own word counts by now.
    outcome: Option<&'static str>,
}

pub(in crate::commands) fn resolve(
    arguments: &ResolveArguments,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let settings = session::settings(global, console)?;
    let attempt = order::attempt(&arguments.order)?;
    let outcome = match arguments.outcome {
        ResolvedAs::Charged => Resolved::Charged,
        ResolvedAs::NotCharged => Resolved::NotCharged,
    };
    let now = clock::now();
    let resolution = Resolution::new(outcome, &arguments.by, &arguments.note, now);
    let resolution = resolution.map_err(|error| {
        Failure::usage(
            format!("this cannot be written down: {error}"),
            "give --by and --note a line each, without card data",
        )
    })?;
    session::act(async {
        let mut existing = OpenJournal::open_existing(&settings).await?;
        let (named, journal) = existing.split();
        let journal = journal.ok_or_else(|| named.knows_nothing_of(attempt.order().as_str()))?;
        let client = session::client(&settings, console)?;
        let (cards, store) = journal.cards(&settings, client, arguments.account).await?;
        let resolved = if arguments.again {
            cards.resolve_again(&attempt, resolution, now).await
        } else {
            let resolved = cards.resolve(&attempt, resolution, now).await;
            resolved.map(|()| true)
        };
        store.close().await;
        let counts = resolved?;
        if console.is_json() {
            return console.document(&Document {
                ok: true,
                gateway_order_id: attempt.gateway_order_id().as_str(),
                outcome: counts.then(|| outcome.as_str()),
            });
        }
        if !counts {
            return console.line(format_args!(
                "{WARNING}open{WARNING:#}: what was said of {attempt} is taken back; the gateway says by now how it stands, so \
                 resume the order"
            ));
        }
        console.line(format_args!(
            "{GOOD}resolved{GOOD:#}: {attempt} as {}",
            outcome.as_str().replace('_', " ")
        ))
    })
}
