//! The journal in memory.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;

use crate::decide::{self, Beginning, Ending, Kept};
use crate::{
    Attempt, Begun, Fingerprint, Intent, Journal, NewIntent, Outcome, Progress, Sighting,
    StoreError, StoreErrorKind,
};

/// A [`Journal`] that forgets when it is dropped. One thread at a time is in it.
#[derive(Default)]
pub struct MemoryJournal {
    rows: Mutex<BTreeMap<Attempt, (Intent, Fingerprint)>>,
}

impl MemoryJournal {
    /// An empty journal.
    pub fn new() -> Self {
        Self::default()
    }

    fn rows(&self) -> MutexGuard<'_, BTreeMap<Attempt, (Intent, Fingerprint)>> {
        // Whoever panicked inside left whole rows: each step below changes one.
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MemoryJournal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryJournal").finish_non_exhaustive()
    }
}

#[async_trait]
impl Journal for MemoryJournal {
    async fn begin(&self, new: &NewIntent<'_>, now: Timestamp) -> Result<Begun, StoreError> {
        let mut rows = self.rows();
        let kept = rows.get(&new.attempt).map(|(intent, fingerprint)| Kept {
            intent: intent.clone(),
            fingerprint: fingerprint.clone(),
        });
        let earlier = new.attempt.earlier().map(|attempt| {
            let row = rows.get(&attempt);
            row.map(|(intent, _)| intent.clone())
        });
        match decide::begin(new, kept, &earlier.collect::<Vec<_>>()) {
            Beginning::Write(round) => {
                let intent = Intent::new(new, round, now);
                rows.insert(new.attempt.clone(), (intent, new.fingerprint.clone()));
                Ok(Begun::New(round))
            }
            Beginning::Answer(begun) => Ok(begun),
        }
    }

    async fn note(&self, sighting: Sighting<'_>, progress: &Progress) -> Result<(), StoreError> {
        let mut rows = self.rows();
        match rows.get_mut(sighting.attempt) {
            Some((intent, _)) if decide::is_as_seen(intent, sighting) => {
                intent.progress = Some(progress.clone());
                Ok(())
            }
            other => Err(decide::outpaced(other.is_some())),
        }
    }

    async fn finish(
        &self,
        sighting: Sighting<'_>,
        outcome: Outcome,
        progress: Option<&Progress>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut rows = self.rows();
        let (intent, _) = rows
            .get_mut(sighting.attempt)
            .ok_or(StoreErrorKind::NotFound)?;
        match decide::finish(intent, sighting, outcome)? {
            Ending::Known => {}
            Ending::Write => decide::finished(intent, outcome, progress, now),
        }
        Ok(())
    }

    async fn reopen(
        &self,
        sighting: Sighting<'_>,
        ended: Outcome,
        progress: &Progress,
    ) -> Result<(), StoreError> {
        let mut rows = self.rows();
        match rows.get_mut(sighting.attempt) {
            Some((intent, _)) if decide::has_ended(intent, sighting, ended) => {
                decide::reopened(intent, progress);
                Ok(())
            }
            other => Err(decide::outpaced(other.is_some())),
        }
    }

    async fn intent(&self, attempt: &Attempt) -> Result<Option<Intent>, StoreError> {
        let rows = self.rows();
        Ok(rows.get(attempt).map(|(intent, _)| intent.clone()))
    }

    async fn open_intents(
        &self,
        begun_until: Timestamp,
        after: Option<&Intent>,
        limit: usize,
    ) -> Result<Vec<Intent>, StoreError> {
        let rows = self.rows();
        let mut open: Vec<_> = rows
            .values()
            .map(|(intent, _)| intent)
            .filter(|intent| decide::is_open(intent) && intent.begun_at <= begun_until)
            .filter(|intent| after.is_none_or(|after| place(intent) > place(after)))
            .cloned()
            .collect();
        open.sort_by(|a, b| place(a).cmp(&place(b)));
        open.truncate(limit);
        Ok(open)
    }

    async fn ended_intents(
        &self,
        since: Timestamp,
        limit: usize,
    ) -> Result<Vec<Intent>, StoreError> {
        let rows = self.rows();
        let mut ended: Vec<_> = rows
            .values()
            .map(|(intent, _)| intent)
            .filter(|intent| intent.finished_at.is_some_and(|at| at >= since))
            .cloned()
            .collect();
        let place = |intent: &Intent| {
            let order = intent.attempt.gateway_order_id().as_str().to_owned();
            Reverse((intent.finished_at, order))
        };
        ended.sort_by_cached_key(place);
        ended.truncate(limit);
        Ok(ended)
    }

    /// None: what is here was never written down.
    async fn unreadable(&self, _: usize) -> Result<Vec<String>, StoreError> {
        Ok(Vec::new())
    }
}

/// Where an open intent stands among the others.
fn place(intent: &Intent) -> (Timestamp, &str) {
    (intent.begun_at, intent.attempt.gateway_order_id().as_str())
}
