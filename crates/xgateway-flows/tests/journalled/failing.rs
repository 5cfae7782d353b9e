//! A journal whose database fails when told to, or is one of an older version.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use xgateway_store::{
    Attempt, Begun, Intent, Journal, JournalLayer, NewIntent, Outcome, Progress, SharedJournal,
    Sighting, StoreError, StoreErrorKind,
};

/// When a beginning fails.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trouble {
    /// Before it is written.
    Before,
    /// After it is written: the answer of the database is lost.
    After,
}

#[derive(Debug)]
pub(crate) struct FailingJournal {
    inner: SharedJournal,
    next_begin: Mutex<Option<Trouble>>,
    fails_ends: AtomicBool,
    forgets_after_begin: AtomicBool,
    fails_recalls: AtomicBool,
    is_old: AtomicBool,
    begins_in: Mutex<Duration>,
}

impl FailingJournal {
    pub(crate) fn new(inner: SharedJournal) -> Arc<Self> {
        Arc::new(Self {
            inner,
            next_begin: Mutex::default(),
            fails_ends: AtomicBool::default(),
            forgets_after_begin: AtomicBool::default(),
            fails_recalls: AtomicBool::default(),
            is_old: AtomicBool::default(),
            begins_in: Mutex::default(),
        })
    }

    pub(crate) fn next_begin(&self, trouble: Trouble) {
        *self.next_begin.lock().unwrap() = Some(trouble);
    }

    /// From now on a beginning takes so long.
    pub(crate) fn begin_in(&self, time: Duration) {
        *self.begins_in.lock().unwrap() = time;
    }

    /// From now on it is as an older version has written it, which did not say where anything was sent.
    pub(crate) fn grow_old(&self) {
        self.is_old.store(true, Ordering::Relaxed);
    }

    fn aged(&self, mut intent: Intent) -> Intent {
        if self.is_old.load(Ordering::Relaxed) {
            intent.destination = None;
        }
        intent
    }

    pub(crate) fn fail_ends(&self, fails: bool) {
        self.fails_ends.store(fails, Ordering::Relaxed);
    }

    /// Nothing can be read any more once the next attempt is begun.
    pub(crate) fn fail_recalls_after_begin(&self) {
        self.forgets_after_begin.store(true, Ordering::Relaxed);
    }

    pub(crate) fn fail_recalls(&self, fails: bool) {
        self.fails_recalls.store(fails, Ordering::Relaxed);
    }
}

#[async_trait]
impl JournalLayer for FailingJournal {
    type Inner = dyn Journal;

    fn inner(&self) -> &dyn Journal {
        &*self.inner
    }

    async fn begin(&self, intent: &NewIntent<'_>, now: Timestamp) -> Result<Begun, StoreError> {
        let time = *self.begins_in.lock().unwrap();
        tokio::time::sleep(time).await;
        let trouble = self.next_begin.lock().unwrap().take();
        match trouble {
            Some(Trouble::Before) => return Err(StoreErrorKind::DiskFull.into()),
            Some(Trouble::After) => {
                self.inner.begin(intent, now).await?;
                return Err(StoreErrorKind::Unavailable.into());
            }
            None => {}
        }
        let begun = self.inner.begin(intent, now).await?;
        if self.forgets_after_begin.swap(false, Ordering::Relaxed) {
            self.fail_recalls(true);
        }
        Ok(begun)
    }

    async fn finish(
        &self,
        sighting: Sighting<'_>,
        outcome: Outcome,
        progress: Option<&Progress>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if self.fails_ends.load(Ordering::Relaxed) {
            return Err(StoreErrorKind::Unavailable.into());
        }
        self.inner.finish(sighting, outcome, progress, now).await
    }

    async fn intent(&self, attempt: &Attempt) -> Result<Option<Intent>, StoreError> {
        if self.fails_recalls.load(Ordering::Relaxed) {
            return Err(StoreErrorKind::Unavailable.into());
        }
        let intent = self.inner.intent(attempt).await?;
        Ok(intent.map(|intent| self.aged(intent)))
    }

    async fn open_intents(
        &self,
        begun_until: Timestamp,
        after: Option<&Intent>,
        limit: usize,
    ) -> Result<Vec<Intent>, StoreError> {
        let intents = self.inner.open_intents(begun_until, after, limit).await?;
        Ok(intents
            .into_iter()
            .map(|intent| self.aged(intent))
            .collect())
    }
}
