//! The keys that callbacks may be hashed with.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use xgateway_core::callback::HashedFields;
use xgateway_core::secret::SecretKey;

/// The most keys of a ring. A rotation needs two.
pub const KEYS_OF_RING_MAX: usize = 8;

/// The secret keys that callbacks may be hashed with, each under a label, and how often each matched.
///
/// During a rotation the gateway may send with either key. Put the new one beside the old one, watch
/// [`matched`](Self::matched), and take the old one out when its count stands still for longer than the gateway retries.
///
/// ```
/// use xgateway_callback::KeyRing;
/// use xgateway_core::secret::SecretKey;
///
/// let ring = KeyRing::new(SecretKey::parse("the_new_key")?).with_previous(SecretKey::parse("the_old_key")?)?;
/// let counts: Vec<_> = ring.matched().map(|(label, count)| (label.to_string(), count)).collect();
/// assert_eq!(counts, [("current".to_owned(), 0), ("previous".to_owned(), 0)]);
/// assert_eq!(format!("{ring:?}"), r#"KeyRing(["current", "previous"])"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct KeyRing {
    keys: Vec<Key>,
}

struct Key {
    label: KeyLabel,
    secret: SecretKey,
    matched: AtomicU64,
}

/// The name of a key. It is logged; the key never is.
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct KeyLabel(Arc<str>);

/// Why a key cannot be added to a ring.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyRingError {
    /// The label is not 1 to 32 letters, digits, `-` and `_`.
    #[error("a key's label is 1 to 32 letters, digits, hyphens and underscores")]
    Label,
    /// The label is taken.
    #[error("the label of the key is taken")]
    SameLabel,
    /// The label is the key, or part of it: labels are logged.
    #[error("the label gives the key away")]
    LabelIsKey,
    /// The key is in the ring already.
    #[error("the key is in the ring already")]
    SameKey,
    /// One key ends in a dot and the other: a hash with one could be a hash with the other, over more fields.
    #[error("one key ends in a dot and another key, which makes their hashes ambiguous")]
    Ambiguous,
    /// There are [`KEYS_OF_RING_MAX`] keys already.
    #[error("a ring has at most {KEYS_OF_RING_MAX} keys")]
    Full,
}

impl KeyRing {
    /// A ring with one key, labelled `current`.
    #[must_use]
    pub fn new(current: SecretKey) -> Self {
        Self {
            keys: vec![Key::new("current", current)],
        }
    }

    /// Adds the key before the current one, labelled `previous`.
    ///
    /// # Errors
    ///
    /// As [`with`](Self::with).
    pub fn with_previous(self, previous: SecretKey) -> Result<Self, KeyRingError> {
        self.with("previous", previous)
    }

    /// Adds a key under a label of your own.
    ///
    /// # Errors
    ///
    /// [`KeyRingError`] says why it cannot be added.
    pub fn with(mut self, label: &str, secret: SecretKey) -> Result<Self, KeyRingError> {
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if !(1..=32).contains(&label.len()) || !label.bytes().all(is_word) {
            return Err(KeyRingError::Label);
        }
        if self.keys.len() == KEYS_OF_RING_MAX {
            return Err(KeyRingError::Full);
        }
        for key in &self.keys {
            if &*key.label.0 == label {
                return Err(KeyRingError::SameLabel);
            }
            if key.secret == secret {
                return Err(KeyRingError::SameKey);
            }
            if ends_in_dot_and(&key.secret, &secret) || ends_in_dot_and(&secret, &key.secret) {
                return Err(KeyRingError::Ambiguous);
            }
        }
        if secret.expose().contains(label) && 2 * label.len() >= secret.expose().len() {
            return Err(KeyRingError::LabelIsKey);
        }
        self.keys.push(Key::new(label, secret));
        Ok(self)
    }

    /// How many callbacks each key has matched since the ring was made.
    pub fn matched(&self) -> impl Iterator<Item = (&KeyLabel, u64)> {
        self.keys
            .iter()
            .map(|key| (&key.label, key.matched.load(Ordering::Relaxed)))
    }

    /// The key that gives this hash. All are tried, whichever matches, so that time does not tell which.
    pub(crate) fn find(&self, fields: &HashedFields, told: &str) -> Option<&KeyLabel> {
        let mut found = None;
        for key in &self.keys {
            if fields.with(&key.secret).matches(told) {
                found = Some(key);
            }
        }
        let found = found?;
        found.matched.fetch_add(1, Ordering::Relaxed);
        Some(&found.label)
    }

    /// The keys with their labels, for [`explain`](crate::explain).
    pub(crate) fn keys(&self) -> impl Iterator<Item = (&KeyLabel, &SecretKey)> {
        self.keys.iter().map(|key| (&key.label, &key.secret))
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labels: Vec<_> = self.keys.iter().map(|key| &*key.label.0).collect();
        f.debug_tuple("KeyRing").field(&labels).finish()
    }
}

impl Key {
    fn new(label: &str, secret: SecretKey) -> Self {
        Self {
            label: KeyLabel(label.into()),
            secret,
            matched: AtomicU64::new(0),
        }
    }
}

impl KeyLabel {
    /// The label as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for KeyLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

fn ends_in_dot_and(long: &SecretKey, short: &SecretKey) -> bool {
    long.expose()
        .strip_suffix(short.expose())
        .is_some_and(|start| start.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> SecretKey {
        SecretKey::parse(text).unwrap()
    }

    #[track_caller]
    fn check(label: &str, secret: &str, want: KeyRingError) {
        let ring = KeyRing::new(key("test_secret_key"));
        assert_eq!(ring.with(label, key(secret)).unwrap_err(), want);
    }

    #[test]
    fn a_key_that_cannot_stand_beside_the_others_is_refused() {
        check("", "another", KeyRingError::Label);
        check("two words", "another", KeyRingError::Label);
        check("current", "another", KeyRingError::SameLabel);
        check("next", "test_secret_key", KeyRingError::SameKey);
        check("next", "USD.test_secret_key", KeyRingError::Ambiguous);
        check("another", "another1", KeyRingError::LabelIsKey);
        assert!(KeyRing::new(key("a")).with("next", key("ba")).is_ok());
    }

    #[test]
    fn a_ring_is_bounded() {
        let mut ring = KeyRing::new(key("key-0"));
        for at in 1..KEYS_OF_RING_MAX {
            ring = ring
                .with(&format!("label-{at}"), key(&format!("key-{at}")))
                .unwrap();
        }
        assert_eq!(
            ring.with("more", key("one-more")).unwrap_err(),
            KeyRingError::Full
        );
    }
}
