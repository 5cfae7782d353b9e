//! The keys of an object, each once.

use std::borrow::Cow;

use super::KEYS_MAX;
use crate::error::CallbackError;

/// The keys that an object has had so far.
///
/// Those of every honest callback find room in an array; nothing is allocated for them.
pub(super) struct Keys<'a> {
    plain: [&'a str; PLAIN_MAX],
    plain_count: usize,
    /// Those that were written with escapes, or found no room.
    others: Vec<Cow<'a, str>>,
    /// One bit for each shape (length and edges) that was seen, so that most new keys need no search.
    shapes: u64,
}

/// The room for keys that are written without escapes.
const PLAIN_MAX: usize = 32;

/// Why a key was not added.
#[derive(Clone, Copy, Debug)]
pub(super) enum Refused {
    Duplicate,
    TooMany,
}

impl<'a> Keys<'a> {
    pub(super) fn new() -> Self {
        Self {
            plain: [""; PLAIN_MAX],
            plain_count: 0,
            others: Vec::new(),
            shapes: 0,
        }
    }

    /// Adds a key, which is the `nth` of its object.
    #[inline]
    pub(super) fn add(&mut self, key: Cow<'a, str>, nth: usize) -> Result<(), Refused> {
        let shape = shape(key.as_bytes());
        if let Cow::Borrowed(key) = key
            && self.shapes & shape == 0
            && self.plain_count < PLAIN_MAX
        {
            self.shapes |= shape;
            self.plain[self.plain_count] = key;
            self.plain_count += 1;
            return Ok(());
        }
        self.add_other(key, nth, shape)
    }

    #[cold]
    #[inline(never)]
    fn add_other(&mut self, key: Cow<'a, str>, nth: usize, shape: u64) -> Result<(), Refused> {
        let plain = &self.plain[..self.plain_count];
        if plain.contains(&&*key) || self.others.contains(&key) {
            return Err(Refused::Duplicate);
        }
        // So that nobody is made to search in very many; the caller counts them all.
        if nth > KEYS_MAX {
            return Err(Refused::TooMany);
        }
        self.shapes |= shape;
        self.others.push(key);
        Ok(())
    }
}

/// A bit that equal keys share, and different ones seldom.
fn shape(key: &[u8]) -> u64 {
    let edge = |byte: Option<&u8>| usize::from(byte.copied().unwrap_or_default());
    1 << ((key.len() + 5 * edge(key.first()) + 11 * edge(key.last())) % 64)
}

impl From<Refused> for CallbackError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Duplicate => Self::DuplicateKey,
            Refused::TooMany => Self::TooManyKeys,
        }
    }
}
