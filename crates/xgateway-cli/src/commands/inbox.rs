//! `xgateway inbox`: what a receiver has stored.

mod upkeep;

use serde::Serialize;
use serde_json::Value;
use xgateway::api::types::CallbackType;
use xgateway::callback::AuthenticCallback;
use xgateway::store::{Counts, Entry, EntryId, EntryState, Inbox, ListQuery, Reason, StoreError};

use super::store::Store;
use super::view::{kind_and_claim, printable};
use super::{session, view};
use crate::arguments::{
    GlobalArguments, InboxCommand, ListArguments, ListedState, PageArguments, ShowArguments,
};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::style::{ERROR, FAINT, HINT, STRONG};

pub(super) fn execute(
    command: &InboxCommand,
    global: &GlobalArguments,
    console: &mut Console,
) -> Result<(), Failure> {
    session::block_on(async {
        let store = match command {
            InboxCommand::List(ListArguments { page, .. }) => &page.store,
            InboxCommand::Dead(arguments) => &arguments.page.store,
            InboxCommand::Show(arguments) => &arguments.entry.store,
            InboxCommand::Replay(arguments) => &arguments.store,
            InboxCommand::Discard(arguments) => &arguments.store,
            InboxCommand::Prune(arguments) => &arguments.store,
        };
        let store = Store::open_existing(&store.store, global, console).await?;
        let inbox = store.inbox();
        let outcome = match command {
            InboxCommand::List(arguments) => list(arguments, &*inbox, console).await,
            InboxCommand::Dead(arguments) => {
                let dead = Some(EntryState::Dead);
                page_of(
                    &arguments.page,
                    dead,
                    arguments.unrecognized,
                    &*inbox,
                    console,
                )
                .await
            }
            InboxCommand::Show(arguments) => show(arguments, &*inbox, console).await,
            InboxCommand::Replay(arguments) => upkeep::replay(arguments, &*inbox, console).await,
            InboxCommand::Discard(arguments) => upkeep::discard(arguments, &*inbox, console).await,
            InboxCommand::Prune(arguments) => upkeep::prune(arguments, &*inbox, console).await,
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
    page_of(&arguments.page, state, false, inbox, console).await
}

async fn page_of(
    arguments: &PageArguments,
    state: Option<EntryState>,
    only_unrecognized: bool,
    inbox: &dyn Inbox,
    console: &mut Console,
) -> Result<(), Failure> {
    #[derive(Serialize)]
    struct Document<'a> {
        ok: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        counts: Option<Totals>,
        entries: Vec<Row<'a>>,
        /// Entries of this page that this version cannot read.
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        unreadable: &'a [i64],
        /// Behind which one the next page begins.
        #[serde(skip_serializing_if = "Option::is_none")]
        next: Option<i64>,
    }

    let mut query = ListQuery::default()
        .with_after(EntryId::new(arguments.after))
        .with_limit(arguments.limit);
    query.state = state;
    let mut page = inbox.page(query).await.map_err(unreadable)?;
    page.entries
        .retain(|entry| !only_unrecognized || is_unrecognized(entry));
    let illegible: Vec<_> = page.unreadable.iter().map(|id| id.get()).collect();
    let counts = if arguments.totals {
        Some(Totals::of(inbox.counts().await.map_err(unreadable)?))
    } else {
        None
    };
    let next = page.last.map(EntryId::get);
    if console.is_json() {
        console.document(&Document {
            ok: illegible.is_empty(),
            counts,
            entries: page.entries.iter().map(Row::of).collect(),
            unreadable: &illegible,
            next,
        })?;
        return all_legible(&illegible);
    }
    if page.entries.is_empty() && illegible.is_empty() && next.is_none() {
        console.note(nothing(arguments, state, only_unrecognized));
    }
    for entry in &page.entries {
        console.line(line(entry))?;
    }
    if let Some(Totals { open, done, dead }) = counts {
        console.note(format_args!(
            "{FAINT}{open} open, {done} done, {dead} dead in all{FAINT:#}"
        ));
    }
    if let Some(next) = next {
        console.note(format_args!(
            "{FAINT}there may be more: --after {next}{FAINT:#}"
        ));
    }
    for id in &illegible {
        console.note(format_args!(
            "{ERROR}error{ERROR:#}: this version cannot read entry {id}"
        ));
    }
    if !illegible.is_empty() {
        console.note(format_args!(
            "{HINT}hint{HINT:#}: use the version that wrote it; it may be about money"
        ));
    }
    all_legible(&illegible)
}

/// That a page is empty, and of what: a name that was mistyped looks like an inbox that nobody has written to.
fn nothing(
    arguments: &PageArguments,
    state: Option<EntryState>,
    only_unrecognized: bool,
) -> String {
    let what = match state {
        _ if only_unrecognized => "nothing of an unknown kind is dead".to_owned(),
        Some(state) => format!("nothing is {}", state.as_str()),
        None => "there is no entry".to_owned(),
    };
    let after = match arguments.after {
        0 => String::new(),
        after => format!(" behind entry {after}"),
    };
    format!(
        "{FAINT}{what}{after} in the inbox {}{FAINT:#}",
        arguments.store.store.display()
    )
}

#[derive(Serialize)]
struct Totals {
    open: u64,
    done: u64,
    dead: u64,
}

impl Totals {
    fn of(counts: Counts) -> Self {
        Self {
            open: counts.open,
            done: counts.done,
            dead: counts.dead,
        }
    }
}

/// The others have been listed; a person must look at these all the same.
fn all_legible(illegible: &[i64]) -> Result<(), Failure> {
    if illegible.is_empty() {
        Ok(())
    } else {
        Err(Failure::Reported(Exit::Io))
    }
}

/// Whether it is of a kind that this version does not know.
fn is_unrecognized(entry: &Entry) -> bool {
    AuthenticCallback::from_entry(entry)
        .is_ok_and(|callback| matches!(callback.kind(), CallbackType::Unknown(_)))
}

fn line(entry: &Entry) -> String {
    let (kind, claim) = kind_and_claim(&entry.key);
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
        "{STRONG}{:>6}{STRONG:#}  {:<4}  {}  {kind} {} says {}{contradicts}{reason}",
        entry.id.get(),
        entry.state.as_str(),
        entry.received_at,
        printable(entry.key.subject()),
        printable(claim),
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
        let (kind, claims) = kind_and_claim(&entry.key);
        Self {
            id: entry.id.get(),
            kind,
            subject: entry.key.subject(),
            claims,
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
