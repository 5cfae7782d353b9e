//! Accepting many callbacks with few statements.

use jiff::Timestamp;

use crate::error::{StoreError, StoreErrorKind};
use crate::inbox::{Accepted, EntryId, NewEntry, Repeat};
use crate::sql::firsts::Firsts;

/// A row to insert, unless its event is there.
#[derive(Clone, Copy)]
pub(crate) struct NewRow<'a> {
    pub(crate) event: [u8; 16],
    pub(crate) entry: &'a NewEntry,
    pub(crate) contradicts: Option<i64>,
}

/// What a table holds of an event.
#[derive(Clone, Copy)]
pub(crate) struct Held {
    pub(crate) event: [u8; 16],
    pub(crate) id: i64,
    pub(crate) digest: [u8; 32],
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Stored {
    pub(crate) accepted: Accepted,
    /// Since when the entry is to be due again, which has still to be written: it was there, and this may be news of it.
    pub(crate) again: Option<Timestamp>,
}

/// The two statements that storing needs. Each is durable when it returns.
pub(crate) trait Rows: Send + 'static {
    /// Inserts those rows whose event is not there. The events are in ascending order and differ; for each there is the
    /// id of its new row, or `None` if it was there.
    fn insert(
        &mut self,
        rows: &[NewRow<'_>],
    ) -> impl Future<Output = Result<Vec<Option<i64>>, StoreError>> + Send;

    /// What is held of these events, in any order.
    fn find(
        &mut self,
        events: &[[u8; 16]],
    ) -> impl Future<Output = Result<Vec<Held>, StoreError>> + Send;
}

/// Stores a batch; the answers are in its order.
///
/// It usually takes one statement. No transaction holds the statements together, and none is needed: rows never change their
/// event and are taken away only when they are old, and each delivery is answered after its own row is durable.
pub(crate) async fn store(
    rows: &mut impl Rows,
    batch: &[NewEntry],
) -> Result<Vec<Stored>, StoreError> {
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
        let accepted = if is_other {
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
        let again = match (accepted, row.entry.repeat) {
            (Accepted::Duplicate(_), Repeat::Reopen) => Some(row.entry.received_at),
            (Accepted::Duplicate(_), Repeat::Ignore)
            | (Accepted::New(_) | Accepted::Contradiction { .. }, _) => None,
        };
        answers.push(Stored { accepted, again });
    }
    Ok(answers)
}

/// Where the event of a delivery is.
struct Place {
    held: Held,
    is_new: bool,
}

/// Inserts rows, or finds those of the same event that are there.
async fn place(rows: &mut impl Rows, wanted: &[NewRow<'_>]) -> Result<Vec<Place>, StoreError> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let Firsts { order, places } = Firsts::of(wanted.len(), |index| wanted[index].event);
    let firsts: Vec<_> = order.into_iter().map(|index| wanted[index]).collect();
    let inserted = rows.insert(&firsts).await?;
    let is_missing = |(_, id): &(&NewRow<'_>, &Option<i64>)| id.is_none();
    let pairs = firsts.iter().zip(&inserted);
    let missing: Vec<_> = pairs.filter(is_missing).map(|(row, _)| row.event).collect();
    let mut found = Vec::new();
    if !missing.is_empty() {
        found = rows.find(&missing).await?;
        found.sort_unstable_by_key(|held| held.event);
    }
    places
        .into_iter()
        .map(|(first, is_first)| {
            let row = firsts[first];
            Ok(match inserted.get(first).copied().flatten() {
                Some(id) => Place {
                    held: Held {
                        event: row.event,
                        id,
                        digest: *row.entry.digest.as_bytes(),
                    },
                    is_new: is_first,
                },
                None => Place {
                    // If it was pruned in this moment, it is new when the gateway sends it once more.
                    held: held_of(&found, &row.event).ok_or(StoreErrorKind::Busy)?,
                    is_new: false,
                },
            })
        })
        .collect()
}

/// What is held of an event, among what is in the order of events.
pub(crate) fn held_of(sorted: &[Held], event: &[u8; 16]) -> Option<Held> {
    let index = sorted.binary_search_by_key(event, |held| held.event).ok()?;
    Some(sorted[index])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::inbox::{ContentDigest, EventKey, Kind};

    /// A table, and what was asked of it.
    #[derive(Default)]
    struct Table {
        held: BTreeMap<[u8; 16], Held>,
        statements: Vec<String>,
    }

    impl Rows for Table {
        async fn insert(&mut self, rows: &[NewRow<'_>]) -> Result<Vec<Option<i64>>, StoreError> {
            assert!(rows.is_sorted_by(|one, next| one.event < next.event));
            self.statements.push(format!("insert {}", rows.len()));
            let mut insert = |row: &NewRow<'_>| {
                let id = i64::try_from(self.held.len()).unwrap() + 1;
                let held = Held {
                    event: row.event,
                    id,
                    digest: *row.entry.digest.as_bytes(),
                };
                let is_new = !self.held.contains_key(&row.event);
                is_new
                    .then(|| self.held.insert(row.event, held))
                    .map(|_| id)
            };
            Ok(rows.iter().map(&mut insert).collect())
        }

        async fn find(&mut self, events: &[[u8; 16]]) -> Result<Vec<Held>, StoreError> {
            self.statements.push(format!("find {}", events.len()));
            // In no order that helps.
            let held = events.iter().rev().map(|event| self.held[event]);
            Ok(held.collect())
        }
    }

    fn entry(subject: &str, amount: &str, at: i64) -> NewEntry {
        let key = EventKey::new(Kind::Transaction, subject, "confirmed").unwrap();
        let at = Timestamp::from_millisecond(at).unwrap();
        NewEntry::new(key, ContentDigest::of(&[amount]), &b"{}"[..], at)
            .unwrap()
            .on_repeat(Repeat::Reopen)
    }

    #[tokio::test]
    async fn a_batch_takes_few_statements_whatever_is_in_it() {
        let mut table = Table::default();
        let first = [entry("a", "10", 1), entry("b", "10", 1)];
        let stored = store(&mut table, &first).await.unwrap();
        let [a, b] = [stored[0].accepted.id(), stored[1].accepted.id()];
        let new = |id| (Accepted::New(id), None);
        assert_eq!(pairs(&stored), [new(a), new(b)]);
        assert_eq!(table.statements, ["insert 2"]);

        table.statements.clear();
        let batch = [
            entry("c", "10", 2),
            entry("b", "10", 3),
            entry("a", "99", 4),
            entry("c", "10", 5),
            entry("a", "10", 6),
            entry("b", "10", 7),
        ];
        let stored = store(&mut table, &batch).await.unwrap();
        let (c, other) = (stored[0].accepted.id(), stored[2].accepted.id());
        let again = |id, at| (Accepted::Duplicate(id), Some(at));
        let contradiction = Accepted::Contradiction {
            id: other,
            first: a,
        };
        let want = [
            new(c),
            again(b, 3),
            (contradiction, None),
            again(c, 5),
            again(a, 6),
            again(b, 7),
        ];
        assert_eq!(pairs(&stored), want);
        assert_eq!(table.statements, ["insert 3", "find 2", "insert 1"]);
    }

    fn pairs(stored: &[Stored]) -> Vec<(Accepted, Option<i64>)> {
        stored
            .iter()
            .map(|it| (it.accepted, it.again.map(Timestamp::as_millisecond)))
            .collect()
    }
}
