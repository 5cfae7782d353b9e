//! `xgateway inbox`: what a receiver has stored.

use serde::Serialize;
use serde_json::Value;
use xgateway::callback::AuthenticCallback;
use xgateway::store::{
    Entry, EntryId, EntryState, Inbox, ListQuery, Reason, StoreError, StoreErrorKind,
};

use super::store::Store;
use super::view::printable;
use super::{session, view};
use crate::arguments::{
    GlobalArguments, InboxCommand, ListArguments, ListedState, PageArguments, ReplayArguments,
    ShowArguments,
};
use crate::clock;
use crate::console::Console;
use crate::failure::Failure;
use crate::style::{FAINT, STRONG};

pub(super) fn execute(
    command: &InboxCommand,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    session::block_on(async {
        let store = match command {
            InboxCommand::List(ListArguments { page, .. }) | InboxCommand::Dead(page) => {
                &page.store
            }
            InboxCommand::Show(arguments) => &arguments.entry.store,
            InboxCommand::Replay(arguments) => &arguments.store,
        };
        let store = Store::open_existing(&store.store, global, console).await?;
        let inbox = store.inbox();
        let outcome = match command {
            InboxCommand::List(arguments) => list(arguments, &*inbox, console).await,
            InboxCommand::Dead(page) => {
                page_of(page, Some(EntryState::Dead), &*inbox, console).await
            }
            InboxCommand::Show(arguments) => show(arguments, &*inbox, console).await,
            InboxCommand::Replay(arguments) => replay(arguments, &*inbox, console).await,
        };
        store.close().await;
        outcome
    })
}

async fn list(
    arguments: &ListArguments,
    inbox: &dyn Inbox,
    console: &mut Console,
) -> Result<(), Failure> {
    let state = arguments.state.map(|state| match state {
        ListedState::Open => EntryState::Open,
        ListedState::Done => EntryState::Done,
        ListedState::Dead => EntryState::Dead,
    });
    page_of(&arguments.page, state, inbox, console).await
}

async fn page_of(
    page: &PageArguments,
    state: Option<EntryState>,
    inbox: &dyn Inbox,
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

    let query = ListQuery {
        state,
        after: Some(EntryId::new(page.after)),
        limit: page.limit,
    };
    let entries = inbox.list(query).await.map_err(unreadable)?;
    let counts = inbox.counts().await.map_err(unreadable)?;
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

async fn show(
    arguments: &ShowArguments,
    inbox: &dyn Inbox,
    console: &mut Console,
) -> Result<(), Failure> {
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
    let entry = inbox.show(id).await.map_err(unreadable)?;
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

async fn replay(
    arguments: &ReplayArguments,
    inbox: &dyn Inbox,
    console: &mut Console,
) -> Result<(), Failure> {
    #[derive(Serialize)]
    struct Document<T> {
        ok: bool,
        replayed: T,
    }

    let taken_by = "the next `callback listen` or processor on this store takes";
    let Some(id) = arguments.id else {
        let replayed = replay_dead(inbox).await?;
        if console.is_json() {
            return console.document(&Document { ok: true, replayed });
        }
        let count = replayed.len();
        return console.line(format_args!("{count} entries are due: {taken_by} them"));
    };
    replay_one(EntryId::new(id), inbox).await?;
    if console.is_json() {
        let replayed = id;
        return console.document(&Document { ok: true, replayed });
    }
    console.line(format_args!("entry {id} is due: {taken_by} it"))
}

async fn replay_one(id: EntryId, inbox: &dyn Inbox) -> Result<(), Failure> {
    let replayed = inbox.replay(id, clock::now()).await;
    replayed.map_err(|error| {
        if error.kind() == StoreErrorKind::NotFound {
            no_such_entry()
        } else {
            Failure::system("write to the inbox", error)
        }
    })
}

/// All that were given up, page by page. Tells which.
async fn replay_dead(inbox: &dyn Inbox) -> Result<Vec<i64>, Failure> {
    let mut replayed = Vec::new();
    let mut query = ListQuery {
        state: Some(EntryState::Dead),
        ..ListQuery::default()
    };
    loop {
        let dead = inbox.list(query).await.map_err(unreadable)?;
        let Some(last) = dead.last() else {
            return Ok(replayed);
        };
        query.after = Some(last.id);
        for entry in dead {
            replay_one(entry.id, inbox).await?;
            replayed.push(entry.id.get());
        }
    }
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
