//! Callbacks that were taken, and go back if nobody attempts them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::sandbox::Sandbox;
use crate::world::{OutgoingCallback, Way};

/// What was taken. Whatever of it was not attempted when this is dropped goes back.
pub(super) struct Taken {
    sandbox: Sandbox,
    waiting: Arc<Waiting>,
}

/// Names one callback among those that were taken.
pub(super) type Ticket = u64;

/// How each callback goes back, unless it was attempted. Used by whoever holds the world.
#[derive(Default)]
pub(super) struct Waiting(Mutex<Ways>);

#[derive(Default)]
struct Ways {
    next: Ticket,
    by_ticket: BTreeMap<Ticket, Way>,
}

impl Taken {
    pub(super) fn new(sandbox: &Sandbox) -> Self {
        Self {
            sandbox: sandbox.clone(),
            waiting: Arc::default(),
        }
    }

    pub(super) fn waiting(&self) -> &Arc<Waiting> {
        &self.waiting
    }

    /// Puts back what was not attempted of all that was taken since that ticket.
    pub(super) fn put_back_since(&self, first: Ticket) {
        if self.waiting.is_over() {
            return;
        }
        self.sandbox.act(|world| {
            for way in self.waiting.rest(first) {
                world.put_back(way);
            }
        });
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.put_back_since(0);
    }
}

impl Waiting {
    /// The ticket that comes next.
    pub(super) fn next(&self) -> Ticket {
        self.with(|ways| ways.next)
    }

    pub(super) fn add(&self, callback: &OutgoingCallback) -> Ticket {
        self.with(|ways| {
            let ticket = ways.next;
            ways.next += 1;
            // Whatever was taken has one.
            if let Some(way) = callback.way() {
                ways.by_ticket.insert(ticket, way);
            }
            ticket
        })
    }

    /// After it went back there is nothing left to note.
    pub(super) fn attempted(&self, ticket: Ticket) {
        self.with(|ways| ways.by_ticket.remove(&ticket));
    }

    fn rest(&self, first: Ticket) -> Vec<Way> {
        self.with(|ways| ways.by_ticket.split_off(&first).into_values().collect())
    }

    fn is_over(&self) -> bool {
        self.with(|ways| ways.by_ticket.is_empty())
    }

    fn with<T>(&self, act: impl FnOnce(&mut Ways) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
