//! Worlds that begin where another one is.

use std::fmt;
use std::sync::Arc;

use super::World;

/// How a [`World`] stood at a moment: see [`World::snapshot`].
#[derive(Clone)]
pub struct Snapshot(World);

/// The world is kept on disk, so that nothing in it can be taken back.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a world that is kept on disk cannot go back")]
pub struct RestoreError;

impl World {
    /// Keeps how everything stands, in constant time.
    ///
    /// ```
    /// use xgateway_sandbox::{Config, World};
    ///
    /// let mut world = World::new(Config::new(1));
    /// let before = world.snapshot();
    /// world.advance(jiff::SignedDuration::from_hours(1));
    /// world.restore(&before)?;
    /// assert!(world.events().is_empty());
    /// # Ok::<(), xgateway_sandbox::RestoreError>(())
    /// ```
    pub fn snapshot(&self) -> Snapshot {
        Snapshot(self.fork())
    }

    /// Goes back to how everything stood, in constant time. What happened since then has not happened. Where the world is
    /// served, how its clock moves and where callbacks go stays as it is now.
    ///
    /// # Errors
    ///
    /// [`RestoreError`] for a world that is kept on disk: its log cannot take back what it tells. Nothing is changed then;
    /// go on with a [fork](Self::fork).
    pub fn restore(&mut self, snapshot: &Snapshot) -> Result<(), RestoreError> {
        if self.unsaved.is_some() {
            return Err(RestoreError);
        }
        let now = self.fork();
        *self = snapshot.0.clone();
        (self.public_url, self.documents) = (now.public_url, now.documents);
        let config = Arc::make_mut(&mut self.config);
        config.clock = now.config.clock;
        config.callback_url.clone_from(&now.config.callback_url);
        Ok(())
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
