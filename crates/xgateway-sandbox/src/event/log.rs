//! The events that are kept.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::Event;

/// How many events are kept or dropped together.
const CHUNK: usize = 256;

/// What has happened in a [`World`](crate::World), the oldest first.
///
/// Events are numbered from 1 without gaps. The oldest are dropped beyond
/// [`Limits::events`](crate::Limits::events); [`dropped`](Self::dropped) tells how many. A clone takes constant time.
///
/// ```
/// use xgateway_sandbox::{Config, World};
///
/// let mut world = World::new(Config::new(1));
/// world.advance(jiff::SignedDuration::from_secs(5));
/// let names: Vec<_> = world.events().iter().map(|event| event.name()).collect();
/// assert_eq!(names, ["clock_advanced"]);
/// assert_eq!(world.events().after(1).count(), 0);
/// ```
pub struct Events {
    /// Full chunks.
    closed: Arc<VecDeque<Arc<Vec<Event>>>>,
    open: Arc<Vec<Event>>,
    dropped: u64,
    chunks_max: usize,
    /// Dropped ones whose memory goes with every event that comes, so that nobody waits while that of a whole chunk goes.
    /// What is left of it in the end is the memory of the next chunk.
    fading: Vec<Event>,
}

impl Events {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.closed.len() * CHUNK + self.open.len()
    }

    /// Whether nothing has happened yet.
    pub fn is_empty(&self) -> bool {
        self.last() == 0
    }

    /// How many there were before the first one that is still here: the numbers up to this are gone.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// The number of the newest one; 0 if there is none.
    pub fn last(&self) -> u64 {
        self.dropped + self.len() as u64
    }

    /// The oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Event> + Clone {
        let closed = self.closed.iter().flat_map(|chunk| chunk.iter());
        closed.chain(self.open.iter())
    }

    /// Those with a number above `sequence`, the oldest first.
    pub fn after(&self, sequence: u64) -> impl Iterator<Item = &Event> + Clone {
        let skipped = usize::try_from(sequence.saturating_sub(self.dropped)).unwrap_or(usize::MAX);
        let chunks = (skipped / CHUNK).min(self.closed.len());
        let rest = skipped - chunks * CHUNK;
        let closed = self.closed.range(chunks..).flat_map(|chunk| chunk.iter());
        closed.chain(self.open.iter()).skip(rest)
    }

    /// The one with this number, if it is still here.
    pub fn get(&self, sequence: u64) -> Option<&Event> {
        let index = usize::try_from(sequence.checked_sub(self.dropped + 1)?).ok()?;
        match self.closed.get(index / CHUNK) {
            Some(chunk) => chunk.get(index % CHUNK),
            None => self.open.get(index.checked_sub(self.closed.len() * CHUNK)?),
        }
    }

    /// With room for at least `max` events.
    pub(crate) fn new(max: usize) -> Self {
        Self {
            closed: Arc::default(),
            open: Arc::default(),
            dropped: 0,
            chunks_max: max.div_ceil(CHUNK),
            fading: Vec::new(),
        }
    }

    /// The same, whose first ones are gone already.
    pub(crate) fn after_dropped(max: usize, dropped: u64) -> Self {
        Self {
            dropped,
            ..Self::new(max)
        }
    }

    pub(crate) fn push(&mut self, event: Event) {
        let open = Arc::make_mut(&mut self.open);
        open.push(event);
        self.fading.pop();
        if open.len() < CHUNK {
            return;
        }
        let mut room = std::mem::take(&mut self.fading);
        room.clear();
        room.reserve_exact(CHUNK);
        let chunk = std::mem::replace(&mut self.open, Arc::new(room));
        let closed = Arc::make_mut(&mut self.closed);
        closed.push_back(chunk);
        if closed.len() > self.chunks_max {
            let oldest = closed.pop_front();
            self.fading = oldest.and_then(Arc::into_inner).unwrap_or_default();
            self.dropped += CHUNK as u64;
        }
    }
}

impl Clone for Events {
    fn clone(&self) -> Self {
        Self {
            closed: Arc::clone(&self.closed),
            open: Arc::clone(&self.open),
            dropped: self.dropped,
            chunks_max: self.chunks_max,
            fading: Vec::new(),
        }
    }
}

/// As a list.
impl Serialize for Events {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::event::EventKind;

    fn log(count: u64, max: usize) -> Events {
        let mut events = Events::new(max);
        for sequence in 1..=count {
            let to = Timestamp::UNIX_EPOCH;
            let kind = EventKind::ClockAdvanced { to };
            events.push(Event {
                sequence,
                at: to,
                kind,
            });
        }
        events
    }

    #[test]
    fn the_oldest_are_dropped_and_numbers_have_no_gaps() {
        for count in [0, 1, 255, 256, 257, 512, 767, 768, 1000, 5000] {
            let events = log(count, 512);
            assert_eq!(events.last(), count);
            assert!(events.len() < 512 + 2 * CHUNK);
            assert!(events.len() as u64 >= count.min(512));
            let first = events.dropped() + 1;
            let numbers: Vec<_> = events.iter().map(Event::sequence).collect();
            assert_eq!(numbers, (first..=count).collect::<Vec<_>>());
            for after in [0, 1, 255, 256, 257, 600, 4999, 5000, 9999] {
                let some: Vec<_> = events.after(after).map(Event::sequence).collect();
                assert_eq!(some, (first.max(after + 1)..=count).collect::<Vec<_>>());
                let one = events.get(after).map(Event::sequence);
                let is_here = (first..=count).contains(&after);
                assert_eq!(one, is_here.then_some(after), "{after} of {count}");
            }
        }
    }

    #[test]
    fn a_copy_does_not_see_what_comes_later() {
        let events = log(300, 512);
        let mut other = events.clone();
        other.push(Event {
            sequence: 301,
            at: Timestamp::UNIX_EPOCH,
            kind: EventKind::ClockAdvanced {
                to: Timestamp::UNIX_EPOCH,
            },
        });
        assert_eq!((events.last(), other.last()), (300, 301));
    }
}
