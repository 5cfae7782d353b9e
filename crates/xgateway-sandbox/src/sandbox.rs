//! A world that many may use at once.

mod deliver;
mod router;
mod serve;
mod three_ds;
mod transport;

pub use three_ds::{ThreeDs, ThreeDsVisit};
pub use transport::SandboxTransport;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;
use xgateway_transport::SharedTransport;

use crate::config::Config;
use crate::world::World;

/// A handle to a shared [`World`], cheap to clone.
///
/// The same world can be used in-process through [`transport`](Self::transport), served on a socket with
/// [`serve`](Self::serve), or mounted into another server with [`router`](Self::router).
///
/// ```
/// use xgateway_sandbox::{Config, Sandbox};
///
/// let sandbox = Sandbox::new(Config::new(1));
/// assert_eq!(sandbox.base_url(), "http://sandbox.invalid/api");
/// assert!(sandbox.world(|world| world.events().is_empty()));
/// ```
#[derive(Clone)]
pub struct Sandbox {
    shared: Arc<Shared>,
    callback_transport: Option<SharedTransport>,
}

struct Shared {
    world: Mutex<World>,
    /// Rung whenever there may be a callback to deliver.
    callbacks: Notify,
}

impl Sandbox {
    /// A sandbox with a new world.
    pub fn new(config: Config) -> Self {
        Self {
            shared: Arc::new(Shared {
                world: Mutex::new(World::new(config)),
                callbacks: Notify::new(),
            }),
            callback_transport: None,
        }
    }

    /// Lets `serve` deliver callbacks through `transport` as they arise, to the URL of the configuration.
    #[must_use]
    pub fn with_callback_transport(self, transport: SharedTransport) -> Self {
        Self {
            callback_transport: Some(transport),
            ..self
        }
    }

    /// Looks at the world, or changes it. Nobody else does meanwhile, so be brief.
    ///
    /// `act` must not use the sandbox itself: it would wait for its own end.
    pub fn world<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        let mut world = self
            .shared
            .world
            .lock()
            // A panic in `act` leaves a world whose state still follows from its events.
            .unwrap_or_else(PoisonError::into_inner);
        let result = act(&mut world);
        let is_due = world.has_due_callbacks();
        drop(world);
        if is_due {
            self.shared.callbacks.notify_one();
        }
        result
    }

    /// The base URL for a client: that of the API.
    pub fn base_url(&self) -> String {
        self.world(|world| format!("{}/api", world.public_url()))
    }

    /// A transport straight into this world, without sockets.
    pub fn transport(&self) -> SandboxTransport {
        SandboxTransport::new(self.clone())
    }

    /// The 3DS page at `url`, as the customer's browser would have it.
    pub fn three_ds(&self, url: &str) -> ThreeDs {
        ThreeDs::new(self.clone(), url)
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").finish_non_exhaustive()
    }
}
