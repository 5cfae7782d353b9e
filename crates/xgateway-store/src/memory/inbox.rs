//! The inbox in memory.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use crate::{
    Accepted, Claim, Completed, Counts, EffectKey, Entry, EntryId, EntryState, Inbox, Kind,
    ListQuery, NewEntry, Page, Pruned, Reason, Repeat, StoreError, StoreErrorKind, after_pause,
    due_again, lease_end,
};

/// An [`Inbox`] that forgets when it is dropped. One thread at a time is in it.
#[derive(Default)]
pub struct MemoryInbox {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    rows: BTreeMap<EntryId, Row>,
    by_event: HashMap<[u8; 16], EntryId>,
    effects: HashSet<EffectKey>,
    owner: Option<String>,
}

struct Row {
    entry: Entry,
    fence: i64,
    is_held: bool,
}

impl MemoryInbox {
    /// An empty inbox.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends the processing of an entry and causes its effect, unless that has been caused before, as one step: nobody
    /// sees one without the other. Returns what `effect` returned, or `None` if it did not run.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::LeaseLost`] if the entry is no longer the caller's; then `effect` does not run.
    pub fn apply<T>(
        &self,
        claim: &Claim,
        key: &EffectKey,
        now: Timestamp,
        effect: impl FnOnce() -> T,
    ) -> Result<Option<T>, StoreError> {
        let mut state = self.state();
        state.claimed(claim)?;
        let result = (!state.effects.contains(key)).then(effect);
        state.complete(claim, Some(key), now)?;
        Ok(result)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Whoever panicked inside left whole rows: each step below changes one.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MemoryInbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryInbox").finish_non_exhaustive()
    }
}

#[async_trait]
impl Inbox for MemoryInbox {
    async fn accept(&self, entry: NewEntry) -> Result<Accepted, StoreError> {
        Ok(self.state().accept(entry))
    }

    async fn claim(
        &self,
        now: Timestamp,
        lease: Duration,
        limit: usize,
    ) -> Result<Vec<Claim>, StoreError> {
        let mut state = self.state();
        let held: HashMap<_, _> = state
            .rows
            .values()
            .filter(|row| row.is_held)
            .map(|row| (row.subject(), row.entry.id))
            .collect();
        let is_claimable = |row: &&Row| {
            let held = held.get(&row.subject());
            row.entry.state == EntryState::Open
                && row.entry.due_at <= now
                && held.is_none_or(|held| *held == row.entry.id)
        };
        let mut due: Vec<_> = state.rows.values().filter(is_claimable).collect();
        due.sort_unstable_by_key(|row| (row.entry.due_at, row.entry.id));
        due.truncate(limit);
        let mut subjects = HashSet::new();
        due.retain(|row| subjects.insert(row.subject()));
        let mut ids: Vec<_> = due.iter().map(|row| row.entry.id).collect();
        ids.sort_unstable();
        let mut claims = Vec::new();
        for id in ids {
            let row = state.row(id)?;
            row.fence += 1;
            row.is_held = true;
            row.entry.attempts += 1;
            row.entry.due_at = lease_end(now, lease);
            claims.push(Claim::new(row.entry.clone(), row.fence));
        }
        Ok(claims)
    }

    async fn complete(
        &self,
        claim: &Claim,
        effect: Option<&EffectKey>,
        now: Timestamp,
    ) -> Result<Completed, StoreError> {
        self.state().complete(claim, effect, now)
    }

    async fn retry(&self, claim: &Claim, at: Timestamp, reason: &Reason) -> Result<(), StoreError> {
        self.state().unrepeated(claim, at)?.retry(at, reason);
        Ok(())
    }

    async fn retry_with_attempts(
        &self,
        claim: &Claim,
        at: Timestamp,
        reason: &Reason,
        attempts: u32,
    ) -> Result<(), StoreError> {
        let mut state = self.state();
        let row = state.unrepeated(claim, at)?;
        row.retry(at, reason);
        row.entry.attempts = attempts;
        Ok(())
    }

    async fn dead(&self, claim: &Claim, reason: &Reason, now: Timestamp) -> Result<(), StoreError> {
        let mut state = self.state();
        let row = state.unrepeated(claim, now)?;
        row.let_go();
        row.entry.state = EntryState::Dead;
        row.entry.due_at = now;
        row.entry.reason = Some(reason.clone());
        Ok(())
    }

    async fn record(
        &self,
        claim: &Claim,
        effect: &EffectKey,
        _: Timestamp,
    ) -> Result<(), StoreError> {
        let mut state = self.state();
        state.claimed(claim)?;
        state.effects.insert(effect.clone());
        Ok(())
    }

    async fn is_done(&self, effect: &EffectKey) -> Result<bool, StoreError> {
        Ok(self.state().effects.contains(effect))
    }

    async fn replay(&self, id: EntryId, now: Timestamp) -> Result<(), StoreError> {
        let mut state = self.state();
        let row = state.row(id)?;
        if row.is_held && row.entry.due_at > now {
            return Err(StoreErrorKind::Held.into());
        }
        row.open_again(now);
        Ok(())
    }

    async fn replay_dead(
        &self,
        after: Option<EntryId>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<EntryId>, StoreError> {
        let mut state = self.state();
        let dead = state.rows.values_mut().filter(|row| {
            row.entry.state == EntryState::Dead && after.is_none_or(|after| row.entry.id > after)
        });
        Ok(dead
            .take(limit)
            .map(|row| {
                row.open_again(now);
                row.entry.id
            })
            .collect())
    }

    async fn discard(
        &self,
        id: EntryId,
        effect: Option<&EffectKey>,
        reason: &Reason,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut state = self.state();
        let row = state.row(id)?;
        if row.entry.state != EntryState::Dead {
            return Err(StoreErrorKind::NotDead.into());
        }
        row.entry.state = EntryState::Done;
        row.entry.due_at = now;
        row.entry.reason = Some(reason.clone());
        state.effects.extend(effect.cloned());
        Ok(())
    }

    async fn prune(
        &self,
        before: Timestamp,
        after: Option<EntryId>,
        limit: usize,
    ) -> Result<Pruned, StoreError> {
        let mut state = self.state();
        let contradicted: HashSet<_> = state
            .rows
            .values()
            .filter(|row| row.entry.state == EntryState::Dead)
            .filter_map(|row| row.entry.contradicts)
            .collect();
        let newest = state.rows.last_key_value().map(|(id, _)| *id);
        let behind = state.rows.values().map(|row| &row.entry);
        let looked_at: Vec<_> = behind
            .filter(|entry| after.is_none_or(|after| entry.id > after))
            .take(limit)
            .collect();
        let last = looked_at.last().map(|entry| entry.id);
        let is_old = |entry: &&Entry| {
            entry.state == EntryState::Done
                && entry.due_at < before
                && Some(entry.id) != newest
                && !contradicted.contains(&entry.id)
        };
        let old: HashSet<_> = looked_at
            .into_iter()
            .filter(is_old)
            .map(|entry| entry.id)
            .collect();
        state.rows.retain(|id, _| !old.contains(id));
        state.by_event.retain(|_, id| !old.contains(id));
        Ok(Pruned::new(old.len() as u64, last))
    }

    async fn belongs_to(&self, environment: &str) -> Result<(), StoreError> {
        let mut state = self.state();
        let owner = state.owner.get_or_insert_with(|| environment.to_owned());
        if owner == environment {
            Ok(())
        } else {
            Err(StoreErrorKind::OtherEnvironment.into())
        }
    }

    async fn show(&self, id: EntryId) -> Result<Option<Entry>, StoreError> {
        Ok(self.state().rows.get(&id).map(|row| row.entry.clone()))
    }

    async fn page(&self, query: ListQuery) -> Result<Page, StoreError> {
        let state = self.state();
        let entries = state.rows.values().map(|row| &row.entry).filter(|entry| {
            query.state.is_none_or(|state| entry.state == state)
                && query.after.is_none_or(|after| entry.id > after)
        });
        let entries = entries.take(query.limit).cloned().collect();
        Ok(Page::new(entries, Vec::new(), query))
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        let mut counts = Counts::default();
        for row in self.state().rows.values() {
            match row.entry.state {
                EntryState::Open => counts.open += 1,
                EntryState::Done => counts.done += 1,
                EntryState::Dead => counts.dead += 1,
            }
        }
        Ok(counts)
    }
}

impl State {
    fn accept(&mut self, new: NewEntry) -> Accepted {
        let event = new.event();
        let Some(&first) = self.by_event.get(&event) else {
            return Accepted::New(self.insert(event, new, None));
        };
        let row = self.rows.get_mut(&first).expect("each event has its row");
        if row.entry.digest == new.digest() {
            row.repeat(&new);
            return Accepted::Duplicate(first);
        }
        let event = new.key().packed_with(&new.digest());
        if let Some(&id) = self.by_event.get(&event) {
            let row = self.rows.get_mut(&id).expect("each event has its row");
            row.repeat(&new);
            return Accepted::Duplicate(id);
        }
        let id = self.insert(event, new, Some(first));
        Accepted::Contradiction { id, first }
    }

    fn insert(&mut self, event: [u8; 16], new: NewEntry, contradicts: Option<EntryId>) -> EntryId {
        let last = self.rows.last_key_value().map_or(0, |(id, _)| id.get());
        let id = EntryId::new(last + 1);
        let mut entry = Entry::new(id, new);
        entry.contradicts = contradicts;
        let row = Row {
            entry,
            fence: 0,
            is_held: false,
        };
        self.rows.insert(id, row);
        self.by_event.insert(event, id);
        id
    }

    fn complete(
        &mut self,
        claim: &Claim,
        effect: Option<&EffectKey>,
        now: Timestamp,
    ) -> Result<Completed, StoreError> {
        let row = self.claimed(claim)?;
        row.let_go();
        if row.has_come_again() {
            row.entry.due_at = after_pause(now);
        } else {
            row.entry.state = EntryState::Done;
            row.entry.due_at = now;
        }
        row.entry.reason = None;
        let is_first = effect.is_none_or(|effect| self.effects.insert(effect.clone()));
        Ok(if is_first {
            Completed::First
        } else {
            Completed::Repeated
        })
    }

    fn row(&mut self, id: EntryId) -> Result<&mut Row, StoreError> {
        let row = self.rows.get_mut(&id);
        row.ok_or_else(|| StoreErrorKind::NotFound.into())
    }

    fn claimed(&mut self, claim: &Claim) -> Result<&mut Row, StoreError> {
        let row = self.rows.get_mut(&claim.entry().id);
        row.filter(|row| row.entry.state == EntryState::Open && row.fence == claim.fence())
            .ok_or_else(|| StoreErrorKind::LeaseLost.into())
    }

    /// The same for whoever ends a claim without an effect: an entry that has come again meanwhile must be looked into, and
    /// is let go so that others about its subject get their turn.
    fn unrepeated(&mut self, claim: &Claim, at: Timestamp) -> Result<&mut Row, StoreError> {
        let row = self.claimed(claim)?;
        if row.has_come_again() {
            row.let_go();
            row.entry.due_at = row.entry.due_at.min(after_pause(at));
            return Err(StoreErrorKind::LeaseLost.into());
        }
        Ok(row)
    }
}

impl Row {
    fn subject(&self) -> (Kind, &str) {
        (self.entry.key.kind(), self.entry.key.subject())
    }

    /// Of an entry that is held: its claim is an attempt.
    fn has_come_again(&self) -> bool {
        self.entry.attempts == 0
    }

    fn let_go(&mut self) {
        self.fence += 1;
        self.is_held = false;
    }

    fn repeat(&mut self, new: &NewEntry) {
        match new.repeat() {
            Repeat::Ignore => {}
            Repeat::Reopen if self.is_held => {
                self.entry.attempts = 0;
                self.entry.reason = None;
            }
            Repeat::Reopen => {
                let entry = &self.entry;
                self.open_again(due_again(entry.state, entry.due_at, new.received_at()));
            }
        }
    }

    fn retry(&mut self, at: Timestamp, reason: &Reason) {
        self.let_go();
        self.entry.due_at = at;
        self.entry.reason = Some(reason.clone());
    }

    fn open_again(&mut self, at: Timestamp) {
        self.let_go();
        self.entry.state = EntryState::Open;
        self.entry.due_at = at;
        self.entry.attempts = 0;
        self.entry.reason = None;
    }
}
