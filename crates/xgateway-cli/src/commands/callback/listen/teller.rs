//! Hands events to whoever prints them, and waits for nobody: a stdout that nobody reads must hold up neither the
//! gateway's answer nor a worker.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::mpsc;

use super::event::Event;

/// Where events go. Clones share what was not told.
#[derive(Clone)]
pub(super) struct Teller {
    events: mpsc::Sender<Event>,
    untold: Arc<AtomicU64>,
}

impl Teller {
    pub(super) fn new(events: mpsc::Sender<Event>) -> Self {
        Self {
            events,
            untold: Arc::default(),
        }
    }

    /// Tells of an event, or counts it where there is no room. The count is told before the next one that finds some.
    pub(super) fn tell(&self, event: Event) {
        let untold = self.untold.swap(0, Ordering::Relaxed);
        if untold > 0
            && self
                .events
                .try_send(Event::Untold { events: untold })
                .is_err()
        {
            self.untold.fetch_add(untold, Ordering::Relaxed);
        }
        if self.events.try_send(event).is_err() {
            self.untold.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Tells of what a stranger sent, which must not stand before what is authentic. The log has it in any case.
    pub(super) fn tell_if_there_is_much_room(&self, event: Event) {
        if self.events.capacity() > self.events.max_capacity() / 2 {
            self.tell(event);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(status: u16) -> Event {
        let reason = String::new();
        Event::Refused { status, reason }
    }

    #[test]
    fn what_finds_no_room_is_counted_and_told_later() {
        let (sender, mut events) = mpsc::channel(3);
        let teller = Teller::new(sender);
        for status in 1..=8 {
            teller.tell(event(status));
        }
        let mut told = |count| {
            let mut next = || serde_json::to_value(events.try_recv().unwrap()).unwrap();
            let of = |event: serde_json::Value| match event["events"].as_u64() {
                Some(events) => format!("{events} untold"),
                None => event["status"].to_string(),
            };
            (0..count).map(|_| of(next())).collect::<Vec<_>>()
        };
        assert_eq!(told(3), ["1", "2", "3"]);
        teller.tell(event(9));
        teller.tell(event(10));
        assert_eq!(told(3), ["5 untold", "9", "10"]);
    }

    #[test]
    fn strangers_leave_room() {
        let (sender, mut events) = mpsc::channel(4);
        let teller = Teller::new(sender);
        for status in 1..=8 {
            teller.tell_if_there_is_much_room(event(status));
        }
        assert_eq!(events.len(), 2);
        assert!(events.try_recv().is_ok());
    }
}
