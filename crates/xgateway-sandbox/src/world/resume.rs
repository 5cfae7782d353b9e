//! A world that goes on from a log.

use super::World;
use crate::event::Event;

impl World {
    /// From now on events are kept for [`take_unsaved`](Self::take_unsaved).
    pub(crate) fn keep_unsaved(&mut self) {
        self.unsaved = Some(Vec::new());
    }

    /// What has happened since the last time; `None` if this is not the world that was told to keep it.
    pub(crate) fn take_unsaved(&mut self) -> Option<Vec<Event>> {
        self.unsaved.as_mut().map(std::mem::take)
    }

    /// Lets happen again what a log tells.
    pub(crate) fn replay(&mut self, event: Event) {
        self.state.apply(&event);
        self.events.push(event);
    }

    /// Goes on after the last event of a log.
    pub(crate) fn resume(&mut self) {
        self.keep_unsaved();
        self.refill_outbox();
    }
}
