//! The journal in memory, as slow and as frail as one in a database.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use xgateway::store::{
    Attempt, Begun, Intent, Journal as _, JournalLayer, MemoryJournal, NewIntent, Outcome,
    Progress, Sighting, StoreError,
};

use super::disk::Disk;
use crate::kinds::{Fault, Point};
use crate::sim::Sim;

/// A journal in whose every step the merchant may end, before or after the commit.
pub(crate) struct FrailJournal {
    pub(crate) disk: Arc<Disk>,
    pub(crate) sim: Sim,
}

impl FrailJournal {
    async fn before(&self, point: Point) -> Result<(), StoreError> {
        self.sim.store_point(point, Fault::StoreFailsBefore).await
    }

    async fn after(&self, point: Point) -> Result<(), StoreError> {
        self.sim.store_point(point, Fault::StoreFailsAfter).await
    }

    /// Looks at what was written.
    async fn written(&self, attempt: &Attempt) -> Result<(), StoreError> {
        if let Some(intent) = self.inner().intent(attempt).await? {
            self.disk.journalled(&intent);
        }
        Ok(())
    }
}

#[async_trait]
impl JournalLayer for FrailJournal {
    type Inner = MemoryJournal;

    fn inner(&self) -> &MemoryJournal {
        &self.disk.journal
    }

    async fn begin(&self, intent: &NewIntent<'_>, now: Timestamp) -> Result<Begun, StoreError> {
        self.before(Point::BeforeBegin).await?;
        let begun = self.inner().begin(intent, now).await?;
        self.written(&intent.attempt).await?;
        self.after(Point::AfterBegin).await?;
        Ok(begun)
    }

    async fn note(&self, sighting: Sighting<'_>, progress: &Progress) -> Result<(), StoreError> {
        self.before(Point::BeforeNote).await?;
        self.inner().note(sighting, progress).await?;
        self.written(sighting.attempt).await?;
        self.after(Point::AfterNote).await
    }

    async fn finish(
        &self,
        sighting: Sighting<'_>,
        outcome: Outcome,
        progress: Option<&Progress>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.before(Point::BeforeFinish).await?;
        let finished = self.inner().finish(sighting, outcome, progress, now);
        finished.await?;
        self.written(sighting.attempt).await?;
        self.after(Point::AfterFinish).await
    }

    async fn reopen(
        &self,
        sighting: Sighting<'_>,
        ended: Outcome,
        progress: &Progress,
    ) -> Result<(), StoreError> {
        self.before(Point::BeforeNote).await?;
        let reopened = self.inner().reopen(sighting, ended, progress);
        reopened.await?;
        self.written(sighting.attempt).await?;
        self.after(Point::AfterNote).await
    }

    async fn intent(&self, attempt: &Attempt) -> Result<Option<Intent>, StoreError> {
        self.before(Point::BeforeRecall).await?;
        let intent = self.inner().intent(attempt).await?;
        self.after(Point::AfterRecall).await?;
        Ok(intent)
    }

    async fn open_intents(
        &self,
        begun_until: Timestamp,
        after: Option<&Intent>,
        limit: usize,
    ) -> Result<Vec<Intent>, StoreError> {
        self.before(Point::BeforeRecall).await?;
        let intents = self.inner().open_intents(begun_until, after, limit).await?;
        self.after(Point::AfterRecall).await?;
        Ok(intents)
    }
}

impl fmt::Debug for FrailJournal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrailJournal").finish_non_exhaustive()
    }
}
