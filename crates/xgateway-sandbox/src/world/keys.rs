//! The keys that callbacks are hashed with.

use std::borrow::Cow;

use xgateway_core::secret::SecretKey;

use super::World;
use crate::event::EventKind;
use crate::random::Purpose;

impl World {
    /// Replaces the key for callbacks, and tells the new one. Callbacks that exist keep the key that they were made with.
    ///
    /// ```
    /// use xgateway_sandbox::{Config, World};
    ///
    /// let mut world = World::new(Config::new(1));
    /// let key = world.rotate_secret_key();
    /// assert_ne!(key, world.config().secret_key);
    /// ```
    pub fn rotate_secret_key(&mut self) -> SecretKey {
        let key = self.state.key + 1;
        self.record(EventKind::KeyRotated { key });
        self.secret_key(key).into_owned()
    }

    /// The how many-th key, from 0: that of the configuration.
    pub(super) fn secret_key(&self, key: u32) -> Cow<'_, SecretKey> {
        if key == 0 {
            return Cow::Borrowed(&self.config.secret_key);
        }
        let text = self.random.uuid(Purpose::SecretKey, b"", key.into());
        Cow::Owned(SecretKey::parse(text.to_string()).expect("a UUID is a key"))
    }
}
