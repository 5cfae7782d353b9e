//! Effects that happen once.

use super::event::{EntryError, check_key, digest, first_half};

/// The name of an effect that must happen at most once, such as `credit:<transaction id>`.
///
/// It outlives every entry: whatever events come, in whatever order, one key is recorded once.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct EffectKey(Box<str>);

impl EffectKey {
    /// Reads a key.
    ///
    /// # Errors
    ///
    /// [`EntryError`] unless it has 1 to 1024 bytes and no control characters.
    pub fn parse(text: &str) -> Result<Self, EntryError> {
        check_key(text)?;
        Ok(Self(text.into()))
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key in 16 bytes, for a unique index.
    #[must_use]
    pub fn packed(&self) -> [u8; 16] {
        first_half(digest(&[b"effect", self.0.as_bytes()]))
    }
}

/// What completing an entry found. There will be no other variant without a new major version.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Completed {
    /// No effect was asked for, or it is recorded now for the first time.
    First,
    /// The effect had been recorded before, by another event of the same subject or before a replay. With an effect
    /// outside the database this may mean that it happened twice.
    Repeated,
}
