//! Worlds that begin where another one is.

use std::fmt;

use super::World;

/// How a [`World`] stood at a moment: see [`World::snapshot`].
#[derive(Clone)]
pub struct Snapshot(World);

impl World {
    /// Keeps how everything stands, in constant time.
    ///
    /// ```
    /// use xgateway_sandbox::{Config, World};
    ///
    /// let mut world = World::new(Config::new(1));
    /// let before = world.snapshot();
    /// world.advance(jiff::SignedDuration::from_hours(1));
    /// world.restore(&before);
    /// assert!(world.events().is_empty());
    /// ```
    pub fn snapshot(&self) -> Snapshot {
        Snapshot(self.fork())
    }

    /// Goes back to how everything stood, in constant time. What happened since then has not happened.
    pub fn restore(&mut self, snapshot: &Snapshot) {
        *self = snapshot.0.clone();
    }

    /// Another world with the same past, in constant time: what happens in one does not show in the other.
    #[must_use]
    pub fn fork(&self) -> Self {
        // No two worlds write one log.
        Self {
            unsaved: None,
            ..self.clone()
        }
    }
}

impl Snapshot {
    /// A world that goes on from here.
    pub fn to_world(&self) -> World {
        self.0.fork()
    }
}

/// Counts only.
impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Snapshot").field(&self.0).finish()
    }
}
