//! The keys of an object, each once.

use std::borrow::Cow;

use super::KEYS_MAX;
use crate::error::CallbackError;

/// The keys that an object has had so far.
pub(super) struct Keys<'a> {
    seen: Vec<Cow<'a, str>>,
    /// One bit for each shape (length and edges) that was seen, so that most new keys need no search.
    shapes: u64,
}

impl<'a> Keys<'a> {
    pub(super) fn new() -> Self {
        Self {
            seen: Vec::with_capacity(32),
            shapes: 0,
        }
    }

    /// Adds a key.
    pub(super) fn add(&mut self, key: Cow<'a, str>) -> Result<(), CallbackError> {
        let shape = shape(key.as_bytes());
        if self.shapes & shape != 0 && self.seen.contains(&key) {
            return Err(CallbackError::DuplicateKey);
        }
        if self.seen.len() == KEYS_MAX {
            return Err(CallbackError::TooManyKeys);
        }
        self.shapes |= shape;
        self.seen.push(key);
        Ok(())
    }
}

/// A bit that equal keys share, and different ones seldom.
fn shape(key: &[u8]) -> u64 {
    let edge = |byte: Option<&u8>| usize::from(byte.copied().unwrap_or_default());
    1 << ((key.len() + 5 * edge(key.first()) + 11 * edge(key.last())) % 64)
}
