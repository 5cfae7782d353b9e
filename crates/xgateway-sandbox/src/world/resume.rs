//! A world that goes on from a log.

use super::World;
use crate::event::{Event, Events};
use crate::state::State;

impl World {
    /// From now on events are kept for [`take_unsaved`](Self::take_unsaved).
    pub(crate) fn keep_unsaved(&mut self) {
        self.unsaved = Some(Vec::new());
    }

    /// What has happened since the last time; `None` if this is not the world that was told to keep it.
    pub(crate) fn take_unsaved(&mut self) -> Option<Vec<Event>> {
        self.unsaved.as_mut().map(std::mem::take)
    }

    /// Lets happen again what a log tells; of what is `known` already it is only remembered that it happened.
    pub(crate) fn replay(&mut self, event: Event, known: u64) {
        if event.sequence > known {
            self.state.apply(&event);
        }
        self.events.push(event);
    }

    /// Begins from how everything stood, with the events after the first `dropped` to come.
    pub(crate) fn set_past(&mut self, state: State, dropped: u64) {
        self.state = state;
        self.events = Events::after_dropped(self.config.limits.events, dropped);
    }

    /// What a log that is written anew begins with.
    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    /// Goes on after the last event of a log.
    pub(crate) fn resume(&mut self) {
        self.keep_unsaved();
        self.refill_outbox();
    }
}
