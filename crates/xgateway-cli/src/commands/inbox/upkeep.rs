//! What people do about entries.

use jiff::SignedDuration;
use serde::Serialize;
use serde_json::Value;
use xgateway::api::types::TransactionStatus;
use xgateway::callback::effect_key;
use xgateway::store::{
    EffectKey, EntryId, EntryState, Inbox, Kind, ListQuery, Reason, StoreError, StoreErrorKind,
};

use super::{is_unrecognized, no_such_entry, unreadable};
use crate::arguments::{DiscardArguments, PruneArguments, ReplayArguments};
use crate::clock;
use crate::console::Console;
use crate::failure::Failure;

/// How many entries are looked at in one commit, so that nobody else waits for long.
const PART: usize = 1000;

/// How old what is removed must be at least.
const LEAST: SignedDuration = SignedDuration::from_hours(24);

/// All that `replayed` and `discarded` hold is ids.
#[derive(Serialize)]
#[serde(untagged)]
enum Ids {
    One(i64),
    All(Vec<i64>),
}

pub(super) async fn replay(
    arguments: &ReplayArguments,
    inbox: &dyn Inbox,
    console: &mut Console,
) -> Result<(), Failure> {
    #[derive(Serialize)]
    struct Document {
        ok: bool,
        replayed: Ids,
    }

    let replayed = if let Some(id) = arguments.id {
        let replayed = inbox.replay(EntryId::new(id), clock::now()).await;
        replayed.map_err(unchanged)?;
        Ids::One(id)
    } else {
        Ids::All(replay_dead(inbox).await?)
    };
    if console.is_json() {
        return console.document(&Document { ok: true, replayed });
    }
    let taken_by = "the next `callback listen` or processor on this store takes";
    match replayed {
        Ids::One(id) => console.line(format_args!("entry {id} is due: {taken_by} it")),
        Ids::All(ids) if ids.is_empty() => console.line("nothing is dead: no entry was changed"),
        Ids::All(ids) => console.line(format_args!(
            "{} entries are due: {taken_by} them",
            ids.len()
        )),
    }
}

/// All that were given up, part by part. Tells which.
async fn replay_dead(inbox: &dyn Inbox) -> Result<Vec<i64>, Failure> {
    let mut replayed: Vec<i64> = Vec::new();
    loop {
        let after = replayed.last().copied().map(EntryId::new);
        let part = inbox.replay_dead(after, PART, clock::now()).await;
        let part = part.map_err(unchanged)?;
        if part.is_empty() {
            return Ok(replayed);
        }
        replayed.extend(part.into_iter().map(EntryId::get));
    }
}

pub(super) async fn discard(
    arguments: &DiscardArguments,
    inbox: &dyn Inbox,
    console: &mut Console,
) -> Result<(), Failure> {
    #[derive(Serialize)]
    struct Document {
        ok: bool,
        discarded: Ids,
    }

    if arguments.reason.trim().is_empty() {
        return Err(Failure::usage(
            "--reason is empty",
            "say in a few words why nobody need look any more",
        ));
    }
    let reason = Reason::new(&arguments.reason);
    let discarded = if let Some(id) = arguments.id {
        let id = EntryId::new(id);
        let effect = if arguments.credited {
            Some(credit(id, inbox, console).await?)
        } else {
            None
        };
        let discarded = inbox.discard(id, effect.as_ref(), &reason, clock::now());
        discarded.await.map_err(unchanged)?;
        Ids::One(id.get())
    } else {
        Ids::All(discard_unrecognized(&reason, inbox).await?)
    };
    if console.is_json() {
        return console.document(&Document {
            ok: true,
            discarded,
        });
    }
    match discarded {
        Ids::One(id) => console.line(format_args!("entry {id} is discarded")),
        Ids::All(ids) if ids.is_empty() => {
            console.line("nothing of an unknown kind is dead: no entry was changed")
        }
        Ids::All(ids) => console.line(format_args!("{} entries are discarded", ids.len())),
    }
}

/// What a person has done by hand.
async fn credit(
    id: EntryId,
    inbox: &dyn Inbox,
    console: &mut Console,
) -> Result<EffectKey, Failure> {
    let entry = inbox.show(id).await.map_err(unreadable)?;
    let entry = entry.ok_or_else(no_such_entry)?;
    let key = &entry.key;
    let callback: Value = serde_json::from_slice(entry.payload.as_bytes()).unwrap_or_default();
    if callback["orderId"]
        .as_str()
        .is_some_and(|id| !id.is_empty())
    {
        console.note(
            "it names an order: if that is one of a journal, it is still open there, and `xgateway card resume` tells of the \
             payment once more",
        );
    }
    let credit = effect_key(key.subject(), &TransactionStatus::Confirmed);
    credit
        .filter(|_| key.kind() == Kind::Transaction)
        .ok_or_else(|| {
            Failure::usage(
                "only a transaction can have been credited",
                "leave --credited out",
            )
        })
}

/// All dead letters of kinds that this version does not know. Tells which.
async fn discard_unrecognized(reason: &Reason, inbox: &dyn Inbox) -> Result<Vec<i64>, Failure> {
    let mut discarded = Vec::new();
    let mut query = ListQuery::default().with_state(EntryState::Dead);
    loop {
        let page = inbox.page(query).await.map_err(unreadable)?;
        for entry in page.entries.iter().filter(|entry| is_unrecognized(entry)) {
            match inbox.discard(entry.id, None, reason, clock::now()).await {
                Ok(()) => discarded.push(entry.id.get()),
                // It came again in this moment.
                Err(error) if error.kind() == StoreErrorKind::NotDead => {}
                Err(error) => return Err(unchanged(error)),
            }
        }
        let Some(last) = page.last else {
            return Ok(discarded);
        };
        query = query.with_after(last);
    }
}

pub(super) async fn prune(
    arguments: &PruneArguments,
    inbox: &dyn Inbox,
    console: &mut Console,
) -> Result<(), Failure> {
    #[derive(Serialize)]
    struct Document {
        ok: bool,
        pruned: u64,
        before: String,
    }

    let before = clock::ago(&arguments.older_than)
        .ok_or_else(|| Failure::usage("--older-than is no time", "write it as 90d or 36h"))?;
    // What is removed is gone, and `m` is easily meant for months.
    if clock::now().duration_since(before) < LEAST {
        return Err(Failure::usage(
            "--older-than is less than a day",
            "write it as 90d; `m` stands for minutes",
        ));
    }
    let (mut count, mut after) = (0, None);
    loop {
        let pruned = inbox.prune(before, after, PART).await.map_err(unchanged)?;
        count += pruned.count;
        if pruned.last.is_none() {
            break;
        }
        after = pruned.last;
    }
    if console.is_json() {
        return console.document(&Document {
            ok: true,
            pruned: count,
            before: before.to_string(),
        });
    }
    console.line(format_args!("gone: {count} of what ended before {before}"))
}

fn unchanged(error: StoreError) -> Failure {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what else may be wrong is the system's"
    )]
    match error.kind() {
        StoreErrorKind::NotFound => no_such_entry(),
        StoreErrorKind::NotDead => Failure::usage(
            "the entry is no dead letter: only these can be discarded",
            "`xgateway inbox dead` lists them",
        ),
        StoreErrorKind::Held => Failure::usage(
            "the entry is being processed",
            "wait until that is done: `xgateway inbox show` tells what came of it",
        ),
        _ => Failure::system("write to the inbox", error),
    }
}
