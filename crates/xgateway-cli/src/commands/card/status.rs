//! `xgateway card status`: what the journal knows, without asking the gateway.

use serde::Serialize;
use xgateway::flows::card::Resolution;
use xgateway::store::{Intent, SharedJournal, StoreError, attempts};

use super::order::order;
use crate::arguments::{GlobalArguments, StatusArguments};
use crate::clock;
use crate::commands::journal::{Named, OpenJournal};
use crate::commands::session;
use crate::commands::view::printable;
use crate::console::Console;
use crate::failure::Failure;
use crate::style::{FAINT, STRONG};

#[derive(Serialize)]
struct Document<'a> {
    ok: bool,
    #[serde(flatten)]
    named: Named<'a>,
    attempts: Vec<Row<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    order_id: &'a str,
    attempt: u32,
    gateway_order_id: &'a str,
    operation: &'a str,
    state: String,
    begun_at: String,
    finished_at: Option<String>,
    /// What a person has found out, if it took one.
    #[serde(skip_serializing_if = "Option::is_none")]
    resolution: Option<Resolved>,
}

#[derive(Serialize)]
struct Resolved {
    outcome: &'static str,
    by: String,
    note: String,
    at: String,
}

pub(in crate::commands) fn status(
    arguments: &StatusArguments,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    let settings = session::settings(global, console)?;
    let order = arguments.order.as_deref().map(order).transpose()?;
    session::ask(async {
        let mut intents = Vec::new();
        let mut existing = OpenJournal::open_existing(&settings).await?;
        let (named, journal) = existing.split();
        if let Some(journal) = journal {
            let store = journal.store();
            let journal = store.journal();
            let read = match &order {
                Some(order) => attempts(&*journal, order).await,
                None => open(&journal).await,
            };
            intents = read.map_err(|error| Failure::system("read the journal", error))?;
            store.close().await;
        }
        match &order {
            // As `card resume` has it: a mistyped id must not look like an order of which all is well.
            Some(order) if intents.is_empty() => Err(named.knows_nothing_of(order)),
            _ => tell(&intents, named, console),
        }
    })
}

/// All that is open.
async fn open(journal: &SharedJournal) -> Result<Vec<Intent>, StoreError> {
    const PAGE: usize = 100;

    let mut open: Vec<Intent> = Vec::new();
    loop {
        let page = journal
            .open_intents(clock::now(), open.last(), PAGE)
            .await?;
        if page.is_empty() {
            return Ok(open);
        }
        open.extend(page);
    }
}

fn tell(intents: &[Intent], named: Named<'_>, console: &mut Console) -> Result<(), Failure> {
    let rows: Vec<_> = intents.iter().map(row).collect();
    if console.is_json() {
        return console.document(&Document {
            ok: true,
            named,
            attempts: rows,
        });
    }
    if rows.is_empty() {
        console.note(format_args!(
            "{FAINT}{}{FAINT:#}",
            named.holds_nothing_open()
        ));
    }
    for row in rows {
        let finished = row.finished_at.map(|at| format!(" at {at}"));
        console.line(format_args!(
            "{STRONG}{:<10}{STRONG:#} {}; begun {}; {}{}",
            row.operation.replace('_', " "),
            row.gateway_order_id,
            row.begun_at,
            row.state,
            finished.unwrap_or_default(),
        ))?;
        if let Some(resolved) = row.resolution {
            console.line(format_args!(
                "           resolved by {}: {}",
                printable(&resolved.by),
                printable(&resolved.note)
            ))?;
        }
    }
    Ok(())
}

fn row(intent: &Intent) -> Row<'_> {
    Row {
        order_id: intent.attempt.order().as_str(),
        attempt: intent.attempt.number().get(),
        gateway_order_id: intent.attempt.gateway_order_id().as_str(),
        operation: &intent.operation,
        state: intent.state.to_string(),
        begun_at: intent.begun_at.to_string(),
        finished_at: intent.finished_at.map(|at| at.to_string()),
        resolution: Resolution::of(intent).map(|resolution| Resolved {
            outcome: resolution.outcome().as_str(),
            by: resolution.by().to_owned(),
            note: resolution.note().to_owned(),
            at: resolution.at().to_string(),
        }),
    }
}
