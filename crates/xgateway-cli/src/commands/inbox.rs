//! `xgateway inbox`: what a receiver has stored.

use std::io;
use std::path::Path;

use serde::Serialize;
use serde_json::Value;
use xgateway::callback::AuthenticCallback;
use xgateway::store::{
    Entry, EntryId, EntryState, Inbox as _, ListQuery, Reason, SqliteOptions, SqliteStore,
    StoreError, StoreErrorKind,
};

use super::view::printable;
use super::{input, session, view};
use crate::arguments::{
    EntryArguments, InboxCommand, ListArguments, ListedState, PageArguments, ShowArguments,
};
use crate::clock;
use crate::console::Console;
use crate::failure::Failure;
use crate::style::{FAINT, STRONG};

pub(super) fn execute(command: &InboxCommand, console: &mut Console) -> Result<(), Failure> {
    session::block_on(async {
        match command {
            InboxCommand::List(arguments) => list(arguments, console).await,
            InboxCommand::Dead(page) => page_of(page, Some(EntryState::Dead), console).await,
            InboxCommand::Show(arguments) => show(arguments, console).await,
            InboxCommand::Replay(arguments) => replay(arguments, console).await,
        }
    })
}

/// Opens a store that is there already, or makes one.
pub(super) async fn open(path: &Path) -> Result<SqliteStore, Failure> {
    SqliteStore::open(SqliteOptions::new(path))
        .await
        .map_err(|error| Failure::system(format!("open the inbox in {}", path.display()), error))
}

/// Opens a store for a person who looks: a mistyped name must not make one.
async fn open_existing(path: &Path) -> Result<SqliteStore, Failure> {
    if !path.is_file() {
        return Err(input::failure(path, io::ErrorKind::NotFound.into()));
    }
    open(path).await
}

async fn list(arguments: &ListArguments, console: &mut Console) -> Result<(), Failure> {
    let state = arguments.state.map(|state| match state {
        ListedState::Open => EntryState::Open,
        ListedState::Done => EntryState::Done,
        ListedState::Dead => EntryState::Dead,
    });
    page_of(&arguments.page, state, console).await
}

async fn page_of(
    page: &PageArguments,
    state: Option<EntryState>,
    console: &mut Console,
) -> Result<(), Failure> {
    #[derive(Serialize)]
    struct Document<'a> {
        ok: bool,
        counts: Totals,
        entries: Vec<Row<'a>>,
    }

    #[derive(Serialize)]
    struct Totals {
        open: u64,
        done: u64,
        dead: u64,
    }

    let store = open_existing(&page.store.store).await?;
    let query = ListQuery {
        state,
        after: Some(EntryId::new(page.after)),
        limit: page.limit,
    };
    let entries = store.list(query).await.map_err(unreadable)?;
    let counts = store.counts().await.map_err(unreadable)?;
    store.close().await;
    if console.is_json() {
        return console.document(&Document {
            ok: true,
            counts: Totals {
                open: counts.open,
                done: counts.done,
                dead: counts.dead,
            },
            entries: entries.iter().map(Row::of).collect(),
        });
    }
    for entry in &entries {
        console.line(line(entry))?;
    }
    console.note(format_args!(
        "{FAINT}{} open, {} done, {} dead in all{FAINT:#}",
        counts.open, counts.done, counts.dead
    ));
    if let (Some(last), true) = (entries.last(), entries.len() == page.limit) {
        console.note(format_args!(
            "{FAINT}there may be more: --after {}{FAINT:#}",
            last.id
        ));
    }
    Ok(())
}

fn line(entry: &Entry) -> String {
    let key = &entry.key;
    let contradicts = entry
        .contradicts
        .map(|first| format!("; contradicts {first}"))
        .unwrap_or_default();
    let reason = entry
        .reason
        .as_ref()
        .map(|reason| format!("; {}", printable(reason.as_str())))
        .unwrap_or_default();
    format!(
        "{STRONG}{:>6}{STRONG:#}  {:<4}  {}  {} {} says {}{contradicts}{reason}",
        entry.id.get(),
        entry.state.as_str(),
        entry.received_at,
        key.kind(),
        printable(key.subject()),
        printable(key.status()),
    )
}

async fn show(arguments: &ShowArguments, console: &mut Console) -> Result<(), Failure> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Shown<'a> {
        #[serde(flatten)]
        row: Row<'a>,
        /// What the hash proved when it came.
        proven: Option<Proven<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<Value>,
    }

    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Proven<'a> {
        id: Option<&'a str>,
        customer_id: Option<&'a str>,
        amount: Option<&'a str>,
        currency: Option<&'a str>,
    }

    let id = EntryId::new(arguments.entry.id);
    let store = open_existing(&arguments.entry.store.store).await?;
    let entry = store.show(id).await.map_err(unreadable)?;
    store.close().await;
    let entry = entry.ok_or_else(no_such_entry)?;
    let callback = AuthenticCallback::from_entry(&entry).ok();
    let payload = arguments.payload.then(|| payload(&entry));
    view::show(
        "entry",
        &Shown {
            row: Row::of(&entry),
            proven: callback.as_ref().map(|callback| Proven {
                id: callback.id(),
                customer_id: callback.customer_id(),
                amount: callback.amount(),
                currency: callback.currency(),
            }),
            payload,
        },
        console,
    )
}

/// All that the callback says, without the hash by which it could be sent again with another status.
fn payload(entry: &Entry) -> Value {
    let mut payload = serde_json::from_slice(entry.payload.as_bytes()).unwrap_or_default();
    if let Value::Object(fields) = &mut payload {
        fields.remove("hash");
    }
    payload
}

async fn replay(arguments: &EntryArguments, console: &mut Console) -> Result<(), Failure> {
    #[derive(Serialize)]
    struct Document {
        ok: bool,
        replayed: i64,
    }

    let store = open_existing(&arguments.store.store).await?;
    let replayed = store.replay(EntryId::new(arguments.id), clock::now()).await;
    store.close().await;
    replayed.map_err(|error| {
        if error.kind() == StoreErrorKind::NotFound {
            no_such_entry()
        } else {
            Failure::system("write to the inbox", error)
        }
    })?;
    if console.is_json() {
        return console.document(&Document {
            ok: true,
            replayed: arguments.id,
        });
    }
    console.line(format_args!(
        "entry {} is due: the next `callback listen` or processor on this file takes it",
        arguments.id
    ))
}

/// An entry without what the callback says beyond its key.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    id: i64,
    kind: &'static str,
    subject: &'a str,
    /// The status that the callback claims, which nothing proves.
    claims: &'a str,
    state: &'static str,
    received_at: String,
    due_at: String,
    attempts: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    contradicts: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

impl<'a> Row<'a> {
    fn of(entry: &'a Entry) -> Self {
        Self {
            id: entry.id.get(),
            kind: entry.key.kind().as_str(),
            subject: entry.key.subject(),
            claims: entry.key.status(),
            state: entry.state.as_str(),
            received_at: entry.received_at.to_string(),
            due_at: entry.due_at.to_string(),
            attempts: entry.attempts,
            contradicts: entry.contradicts.map(EntryId::get),
            reason: entry.reason.as_ref().map(Reason::as_str),
        }
    }
}

fn unreadable(error: StoreError) -> Failure {
    Failure::system("read the inbox", error)
}

fn no_such_entry() -> Failure {
    Failure::usage(
        "there is no such entry in the inbox",
        "`xgateway inbox list` tells their numbers",
    )
}
