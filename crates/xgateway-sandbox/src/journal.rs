//! What the last requests said and were answered, masked, for people who look on.
//!
//! It is no part of the state, and in no log on disk: the event of a request tells all that anything follows from.

mod body;
mod mask;

pub(crate) use body::Body;
pub(crate) use mask::{Shown, mask};

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;

/// How many requests are kept.
const KEPT_MAX: usize = 500;

/// The longest body that is kept, in bytes.
pub(crate) const KEPT_BYTES_MAX: usize = 16 << 10;

/// The last requests, the oldest first. A clone takes constant time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Journal(Arc<VecDeque<Arc<Exchange>>>);

/// A request and its answer, free of card data, personal data and keys.
#[derive(Debug)]
pub(crate) struct Exchange {
    /// The sequence number of its event.
    pub(crate) event: u64,
    /// The path and the query.
    pub(crate) target: String,
    /// None if there was none, or none that is JSON.
    pub(crate) body: Option<Body>,
    pub(crate) answer: Bytes,
}

impl Journal {
    pub(crate) fn note(&mut self, exchange: Exchange) {
        let kept = Arc::make_mut(&mut self.0);
        if kept.len() == KEPT_MAX {
            kept.pop_front();
        }
        kept.push_back(Arc::new(exchange));
    }

    /// The memory of the oldest body, if it has to go for the next one, and nobody else has it.
    pub(crate) fn spare_room(&mut self) -> Vec<u8> {
        if self.0.len() < KEPT_MAX {
            return Vec::new();
        }
        let oldest = Arc::make_mut(&mut self.0).pop_front();
        let oldest = oldest.and_then(|exchange| Arc::into_inner(exchange)?.body);
        oldest.map(Body::into_room).unwrap_or_default()
    }

    /// What is known of the request whose event has this number.
    pub(crate) fn get(&self, event: u64) -> Option<&Exchange> {
        let index = self
            .0
            .binary_search_by_key(&event, |exchange| exchange.event);
        self.0.get(index.ok()?).map(|exchange| &**exchange)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_ones_are_kept() {
        let mut journal = Journal::default();
        for number in 0..KEPT_MAX as u64 + 3 {
            journal.note(Exchange {
                event: number * 2,
                target: "/".to_owned(),
                body: None,
                answer: Bytes::new(),
            });
        }
        assert!(journal.get(4).is_none());
        assert_eq!(journal.get(6).unwrap().event, 6);
        assert!(journal.get(7).is_none());
        assert_eq!(journal.0.len(), KEPT_MAX);
    }
}
