//! Ending many entries with few statements, within a transaction of the caller's.

use std::collections::HashSet;

use jiff::Timestamp;

use crate::error::StoreError;
use crate::inbox::{Claim, Completed, EffectKey};
use crate::sql::firsts::Firsts;

/// An effect to record.
#[derive(Clone, Copy)]
pub(crate) struct NewEffect<'a> {
    pub(crate) packed: [u8; 16],
    pub(crate) key: &'a EffectKey,
    pub(crate) entry: i64,
}

/// The two statements that ending takes.
pub(crate) trait Ends: Send {
    /// Ends those entries that are their callers' still, and returns the ids of these in any order.
    fn end(
        &mut self,
        claims: &[&Claim],
        now: Timestamp,
    ) -> impl Future<Output = Result<Vec<i64>, StoreError>> + Send;

    /// Records those effects that are not recorded, and returns the packed keys of these in any order. The keys are in
    /// ascending order and differ.
    fn record(
        &mut self,
        effects: &[NewEffect<'_>],
        now: Timestamp,
    ) -> impl Future<Output = Result<Vec<[u8; 16]>, StoreError>> + Send;
}

/// Ends entries and records their effects; the answers are in the order of `ends`, `None` for an entry that is no longer
/// the caller's.
pub(crate) async fn end_all(
    rows: &mut impl Ends,
    ends: &[(&Claim, Option<EffectKey>)],
    now: Timestamp,
) -> Result<Vec<Option<Completed>>, StoreError> {
    if ends.is_empty() {
        return Ok(Vec::new());
    }
    let claims: Vec<_> = ends.iter().map(|(claim, _)| *claim).collect();
    let held: HashSet<_> = rows.end(&claims, now).await?.into_iter().collect();
    // What is not asked for need not be recorded, and what the caller has lost must not be.
    let mut answers: Vec<_> = claims
        .iter()
        .map(|claim| held.contains(&claim.entry.id.get()))
        .map(|is_held| is_held.then_some(Completed::First))
        .collect();
    let mut indices = Vec::with_capacity(ends.len());
    let mut effects = Vec::with_capacity(ends.len());
    for (index, (claim, key)) in ends.iter().enumerate() {
        if let (Some(key), Some(_)) = (key, answers[index]) {
            indices.push(index);
            effects.push(NewEffect {
                packed: key.packed(),
                key,
                entry: claim.entry.id.get(),
            });
        }
    }
    if effects.is_empty() {
        return Ok(answers);
    }
    let Firsts { order, places } = Firsts::of(effects.len(), |index| effects[index].packed);
    let firsts: Vec<_> = order.into_iter().map(|index| effects[index]).collect();
    let recorded: HashSet<_> = rows.record(&firsts, now).await?.into_iter().collect();
    for (index, (place, is_first)) in indices.into_iter().zip(places) {
        if !is_first || !recorded.contains(&firsts[place].packed) {
            answers[index] = Some(Completed::Repeated);
        }
    }
    Ok(answers)
}
