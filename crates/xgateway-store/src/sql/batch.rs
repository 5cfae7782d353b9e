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

/// The three statements that accepting needs. Each is durable when it returns.
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

    /// Makes entries due again. Their ids are in ascending order and differ.
    fn reopen(
        &mut self,
        ids: &[EntryId],
        at: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Accepts a batch; the answers are in its order.
///
/// It usually takes one statement. No transaction holds the statements together, and none is needed: rows are never
/// taken away and never change their event, and each delivery is answered after its own row is durable.
pub(crate) async fn accept(
    rows: &mut impl Rows,
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
    let mut again = Vec::new();
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
                again.push((id, row.entry.received_at));
            }
            (Accepted::Duplicate(_), Repeat::Ignore)
            | (Accepted::New(_) | Accepted::Contradiction { .. }, _) => {}
        }
        answers.push(answer);
    }
    // They came together, so they are due together.
    if let Some(at) = again.iter().map(|(_, at)| *at).max() {
        let mut ids: Vec<_> = again.iter().map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids.dedup();
        rows.reopen(&ids, at).await?;
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
                    held: held_of(&found, &row.event).ok_or(StoreErrorKind::Corrupt)?,
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

/// Entries may be deleted when they are old: then the gateway sends the callback again, and it is a new one.
pub(crate) fn all_found(count: u64, ids: &[EntryId]) -> Result<(), StoreError> {
    if usize::try_from(count) == Ok(ids.len()) {
        Ok(())
    } else {
        Err(StoreErrorKind::NotFound.into())
    }
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

        async fn reopen(&mut self, ids: &[EntryId], at: Timestamp) -> Result<(), StoreError> {
            let ids: Vec<_> = ids.iter().map(|id| id.get()).collect();
            let at = at.as_millisecond();
            self.statements.push(format!("reopen {ids:?} at {at}"));
            Ok(())
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
        let accepted = accept(&mut table, &first).await.unwrap();
        let [a, b] = [accepted[0].id(), accepted[1].id()];
        assert_eq!(accepted, [Accepted::New(a), Accepted::New(b)]);
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
        let accepted = accept(&mut table, &batch).await.unwrap();
        let (c, other) = (accepted[0].id(), accepted[2].id());
        let want = [
            Accepted::New(c),
            Accepted::Duplicate(b),
            Accepted::Contradiction {
                id: other,
                first: a,
            },
            Accepted::Duplicate(c),
            Accepted::Duplicate(a),
            Accepted::Duplicate(b),
        ];
        assert_eq!(accepted, want);
        assert_eq!(
            table.statements,
            ["insert 3", "find 2", "insert 1", "reopen [1, 2, 3] at 7"]
        );
    }
}
