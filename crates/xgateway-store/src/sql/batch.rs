//! Accepting many callbacks with few statements.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use crate::error::StoreError;
use crate::inbox::{Accepted, EntryId, NewEntry, Repeat};

/// A row to insert, unless its event is there.
pub(crate) struct NewRow<'a> {
    pub(crate) event: [u8; 16],
    pub(crate) entry: &'a NewEntry,
    pub(crate) contradicts: Option<i64>,
}

/// What a table holds of an event.
#[derive(Clone, Copy)]
pub(crate) struct Held {
    pub(crate) id: i64,
    pub(crate) digest: [u8; 32],
}

/// The three statements that accepting needs. Each is durable when it returns.
pub(crate) trait Rows: Send + Sync + 'static {
    /// Inserts those rows whose event is not there; returns the ids of those that were inserted. The events are in
    /// ascending order and differ.
    fn insert(
        &self,
        rows: &[NewRow<'_>],
    ) -> impl Future<Output = Result<HashMap<[u8; 16], i64>, StoreError>> + Send;

    /// What is held of these events.
    fn find(
        &self,
        events: &[[u8; 16]],
    ) -> impl Future<Output = Result<HashMap<[u8; 16], Held>, StoreError>> + Send;

    /// Makes an entry due again.
    fn reopen(
        &self,
        id: EntryId,
        at: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Accepts a batch; the answers are in its order.
///
/// It usually takes one statement. No transaction holds the statements together, and none is needed: rows are never
/// taken away and never change their event, and each delivery is answered after its own row is durable.
pub(crate) async fn accept(
    rows: &impl Rows,
    batch: &[NewEntry],
) -> Result<Vec<Accepted>, StoreError> {
    let all: Vec<_> = batch
        .iter()
        .map(|entry| NewRow {
            event: entry.event,
            entry,
            contradicts: None,
        })
        .collect();
    let first = place(rows, &all).await?;
    // Which deliveries say something else than the entry of their event.
    let other: Vec<_> = all
        .iter()
        .zip(&first)
        .filter(|(row, place)| place.held.digest != *row.entry.digest.as_bytes())
        .map(|(row, place)| NewRow {
            event: row.entry.key.packed_with(&row.entry.digest),
            entry: row.entry,
            contradicts: Some(place.held.id),
        })
        .collect();
    let mut second = place(rows, &other).await?.into_iter();
    let mut answers = Vec::with_capacity(batch.len());
    for (row, place) in all.iter().zip(first) {
        let is_other = place.held.digest != *row.entry.digest.as_bytes();
        let answer = if is_other {
            let other = second.next().expect("each contradiction has its place");
            let id = EntryId::new(other.held.id);
            let first = EntryId::new(place.held.id);
            if other.is_new {
                Accepted::Contradiction { id, first }
            } else {
                Accepted::Duplicate(id)
            }
        } else if place.is_new {
            Accepted::New(EntryId::new(place.held.id))
        } else {
            Accepted::Duplicate(EntryId::new(place.held.id))
        };
        match (answer, row.entry.repeat) {
            (Accepted::Duplicate(id), Repeat::Reopen) => {
                rows.reopen(id, row.entry.received_at).await?;
            }
            (Accepted::Duplicate(_), Repeat::Ignore)
            | (Accepted::New(_) | Accepted::Contradiction { .. }, _) => {}
        }
        answers.push(answer);
    }
    Ok(answers)
}

/// Where the event of a delivery is.
struct Place {
    held: Held,
    is_new: bool,
}

/// Inserts rows, or finds those of the same event that are there.
async fn place(rows: &impl Rows, wanted: &[NewRow<'_>]) -> Result<Vec<Place>, StoreError> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    // The first delivery of each event. In one order everywhere, so that two processes cannot wait for each other.
    let mut seen = HashSet::with_capacity(wanted.len());
    let mut firsts: Vec<_> = wanted
        .iter()
        .filter(|row| seen.insert(row.event))
        .map(|row| NewRow { ..*row })
        .collect();
    firsts.sort_unstable_by_key(|row| row.event);
    let mut inserted = rows.insert(&firsts).await?;
    let mut held: HashMap<_, _> = firsts
        .iter()
        .filter_map(|row| {
            let id = *inserted.get(&row.event)?;
            let digest = *row.entry.digest.as_bytes();
            Some((row.event, Held { id, digest }))
        })
        .collect();
    let missing: Vec<_> = firsts
        .iter()
        .map(|row| row.event)
        .filter(|event| !held.contains_key(event))
        .collect();
    if !missing.is_empty() {
        held.extend(rows.find(&missing).await?);
    }
    wanted
        .iter()
        .map(|row| {
            let held = held.get(&row.event).copied();
            Ok(Place {
                held: held.ok_or(crate::error::StoreErrorKind::Corrupt)?,
                // The first takes the place of the new one, the others find it taken.
                is_new: inserted.remove(&row.event).is_some(),
            })
        })
        .collect()
}
