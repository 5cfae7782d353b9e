//! `xgateway card status`: what the journal knows, without asking the gateway.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use xgateway::flows::card::{Machine, Resolution, State};
use xgateway::store::{Intent, IntentState, SharedJournal, StoreError, attempts};

use super::order;
use crate::arguments::{GlobalArguments, StatusArguments};
use crate::clock;
use crate::commands::journal::{Named, OpenJournal};
use crate::commands::session;
use crate::commands::view::printable;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::{self, Failure};
use crate::style::{ERROR, FAINT, HINT, STRONG};

#[derive(Serialize)]
struct Document<'a> {
    ok: bool,
    #[serde(flatten)]
    named: Named<'a>,
    attempts: Vec<Row<'a>>,
    /// Open orders, as the gateway knows them, of which this version cannot read what the journal holds.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    unreadable: &'a [String],
}

/// Open orders of which this version cannot read what the journal holds: a few, since one is enough for a person to look.
pub(super) async fn illegible(journal: &SharedJournal) -> Result<Vec<String>, Failure> {
    const MOST: usize = 100;

    let illegible = journal.unreadable(MOST).await;
    illegible.map_err(|error| Failure::system("read the journal", error))
}

pub(super) fn tell_illegible(illegible: &[String], console: &mut Console) {
    for order in illegible {
        console.note(format_args!(
            "{ERROR}error{ERROR:#}: this version cannot read what the journal holds of {}",
            printable(order)
        ));
    }
    if !illegible.is_empty() {
        console.note(format_args!(
            "{HINT}hint{HINT:#}: {}",
            failure::USE_ITS_VERSION
        ));
    }
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
    /// What it was about, and what of it the gateway has named, as far as the journal says.
    #[serde(flatten)]
    about: Option<About>,
    /// What a person has found out, if it took one.
    #[serde(skip_serializing_if = "Option::is_none")]
    resolution: Option<Resolved>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct About {
    amount: String,
    currency: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice_id: Option<String>,
    /// Of a payment, under which it is credited once.
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_id: Option<String>,
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
    let named_order = arguments.order.as_deref();
    let order = named_order.map(order::if_any).transpose()?.flatten();
    let since = match &arguments.since {
        Some(text) => Some(since(text)?),
        None => arguments.all.then_some(Timestamp::MIN),
    };
    let limit = arguments.limit as usize;
    let mut is_cut = false;
    session::ask(async {
        let mut intents = Vec::new();
        let mut illegible = Vec::new();
        let mut existing = OpenJournal::open_existing(&settings).await?;
        let (named, journal) = existing.split();
        if let Some(journal) = journal {
            let store = journal.store();
            let journal = store.journal();
            let read = async {
                if let Some(order) = &order {
                    return attempts(&*journal, order).await;
                }
                if named_order.is_some() {
                    return Ok(Vec::new());
                }
                let mut intents = open(&journal).await?;
                if let Some(since) = since {
                    let ended = journal.ended_intents(since, limit).await?;
                    is_cut = ended.len() == limit;
                    intents.extend(ended);
                }
                Ok(intents)
            };
            intents = read.await.map_err(|error| match &order {
                Some(order) => Failure::unread(order, error),
                None => Failure::system("read the journal", error),
            })?;
            if named_order.is_none() {
                illegible = self::illegible(&journal).await?;
            }
            store.close().await;
        }
        match named_order {
            // As `card resume` has it: a mistyped id must not look like an order of which all is well.
            Some(order) if intents.is_empty() => Err(named.knows_nothing_of(order)),
            _ => {
                tell(&intents, &illegible, named, named_order.is_some(), console)?;
                if is_cut {
                    console.note(format_args!(
                        "{FAINT}there may be more that have ended before: --limit{FAINT:#}"
                    ));
                }
                if !illegible.is_empty() {
                    return Err(Failure::Reported(Exit::Unknown));
                }
                Ok(())
            }
        }
    })
}

/// A time, a day, or so long ago.
fn since(text: &str) -> Result<Timestamp, Failure> {
    let day = || {
        let day: Date = text.parse().ok()?;
        let day = day.to_zoned(TimeZone::UTC).ok()?;
        Some(day.timestamp())
    };
    let time = text.parse().ok();
    time.or_else(day).or_else(|| clock::ago(text)).ok_or_else(|| {
        Failure::usage(
            "--since is no time",
            "write it as 2026-11-27T06:00:00Z, as 2026-11-27, or as 90m, 24h or 7d for so long ago",
        )
    })
}

/// All that is open.
async fn open(journal: &SharedJournal) -> Result<Vec<Intent>, StoreError> {
    const PAGE: usize = 100;

    let mut open: Vec<Intent> = Vec::new();
    loop {
        let page = journal
            .open_intents(Timestamp::MAX, open.last(), PAGE)
            .await?;
        if page.is_empty() {
            return Ok(open);
        }
        open.extend(page);
    }
}

fn tell(
    intents: &[Intent],
    illegible: &[String],
    named: Named<'_>,
    is_of_one_order: bool,
    console: &mut Console,
) -> Result<(), Failure> {
    let rows: Vec<_> = intents.iter().map(row).collect();
    if console.is_json() {
        return console.document(&Document {
            ok: illegible.is_empty(),
            named,
            attempts: rows,
            unreadable: illegible,
        });
    }
    tell_illegible(illegible, console);
    if !intents
        .iter()
        .any(|intent| intent.state == IntentState::Open)
        && !is_of_one_order
        && illegible.is_empty()
    {
        console.note(format_args!(
            "{FAINT}{}{FAINT:#}",
            named.holds_nothing_open()
        ));
    }
    for row in rows {
        let finished = row.finished_at.map(|at| format!(" at {at}"));
        let about = row.about.as_ref();
        let transaction = about.and_then(|about| about.transaction_id.as_ref());
        let transaction = transaction.map(|id| format!("; transaction {}", printable(id)));
        let about = about.map(|about| format!("; {} {}", about.amount, printable(&about.currency)));
        console.line(format_args!(
            "{STRONG}{:<10}{STRONG:#} {}{}; begun {}; {}{}{}",
            row.operation.replace('_', " "),
            row.gateway_order_id,
            about.unwrap_or_default(),
            row.begun_at,
            row.state,
            finished.unwrap_or_default(),
            transaction.unwrap_or_default(),
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
        about: about(intent),
        resolution: Resolution::of(intent).map(|resolution| Resolved {
            outcome: resolution.outcome().as_str(),
            by: resolution.by().to_owned(),
            note: resolution.note().to_owned(),
            at: resolution.at().to_string(),
        }),
    }
}

fn about(intent: &Intent) -> Option<About> {
    let machine = Machine::from_json(intent.progress.as_ref()?.as_str()).ok()?;
    let transaction = match machine.state() {
        State::Deposited { transaction_id } => Some(transaction_id),
        State::Failed { transaction_id } => transaction_id.as_ref(),
        State::Sending
        | State::Unknown { .. }
        | State::InProgress
        | State::Refused
        | State::NotCharged
        | State::Contradiction(_) => None,
    };
    let amount = machine.order().amount();
    Some(About {
        amount: amount.value().to_string(),
        currency: amount.currency().as_str().to_owned(),
        invoice_id: machine.invoice_id().map(|id| id.as_str().to_owned()),
        transaction_id: transaction.map(|id| id.as_str().to_owned()),
    })
}
