//! A world that many may use at once.

mod access;
mod body;
mod damage;
mod deliver;
mod keeper;
mod live;
mod replay;
mod router;
mod serve;
mod stream;
mod three_ds;
mod three_ds_over_http;
mod time;
mod transport;

pub use access::AccessToken;
pub use three_ds::{ThreeDs, ThreeDsVisit};
pub use three_ds_over_http::ThreeDsOverHttp;
pub use transport::SandboxTransport;

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, Uri};
use tokio::sync::{Notify, Semaphore, watch};
use tokio::time::Instant;
use xgateway_transport::SharedTransport;

use self::keeper::Keeper;
use self::time::Activity;
use crate::answer::Refusal;
use crate::config::{ClockMode, Config};
use crate::data::{DataError, Log};
use crate::world::{Received, Reply, World};

/// How many answers that show much of the world are made at a time.
const LOOKS_AT_A_TIME: usize = 8;

/// How many mebibytes of large bodies are read at a time: a handful of documents.
const LARGE_BODIES_MEBIBYTES: usize = 256;

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
    access: Option<AccessToken>,
    public_url: Option<Arc<str>>,
}

struct Shared {
    world: Mutex<World>,
    /// Used by whoever holds the world, so that its lines stand in the order of the events.
    keeper: Option<Keeper>,
    /// Up to when a clock that follows ours has followed it.
    followed: Mutex<Option<Instant>>,
    /// How the clock moves, for whoever moves it.
    clock_mode: watch::Sender<ClockMode>,
    activity: Activity,
    /// Rung whenever there may be a callback to deliver.
    callbacks: Notify,
    /// The number of the newest event, for pages that follow.
    progress: watch::Sender<u64>,
    /// How many more pages may follow.
    streams: live::Streams,
    /// For how many more mebibytes there is room in bodies that are larger than one.
    large_bodies: Arc<Semaphore>,
    /// How many more answers may be made that show much of the world.
    looks: Semaphore,
}

impl Sandbox {
    /// A sandbox with a new world.
    pub fn new(config: Config) -> Self {
        Self::of(World::new(config), None)
    }

    /// A sandbox with the world that is kept in `directory`, or a new one that is kept there from now on.
    ///
    /// Whatever is answered is in the log before, so that a sandbox that is opened again goes on exactly where the
    /// other one was, however it ended. The rest of `config` is what holds from now on; the seed must be that of the
    /// log. The directory holds no card number: see [what is kept](crate#what-is-kept).
    ///
    /// # Errors
    ///
    /// [`DataError`]; the file is then as it was.
    pub fn open(directory: &Path, config: Config) -> Result<Self, DataError> {
        let (log, world) = Log::open(directory, config)?;
        let keeper = Keeper::new(log, world.events().last()).map_err(|source| DataError::Io {
            action: "start a thread that writes into",
            path: directory.to_owned(),
            source,
        })?;
        Ok(Self::of(world, Some(keeper)))
    }

    /// A sandbox whose world goes on from where `world` is, in constant time. It is kept nowhere.
    pub fn with_world(world: &World) -> Self {
        Self::of(world.fork(), None)
    }

    /// Another sandbox whose world has the same past, in constant time: what happens in one does not show in the
    /// other. It is kept nowhere, and delivers no callbacks by itself; those that are under way here are not there.
    #[must_use]
    pub fn fork(&self) -> Self {
        self.world(|world| Self::with_world(world))
    }

    fn of(world: World, keeper: Option<Keeper>) -> Self {
        Self {
            shared: Arc::new(Shared {
                clock_mode: watch::Sender::new(world.config().clock),
                world: Mutex::new(world),
                keeper,
                followed: Mutex::new(None),
                activity: Activity::default(),
                callbacks: Notify::new(),
                progress: watch::Sender::default(),
                streams: live::Streams::new(),
                large_bodies: Arc::new(Semaphore::new(LARGE_BODIES_MEBIBYTES)),
                looks: Semaphore::new(LOOKS_AT_A_TIME),
            }),
            callback_transport: None,
            access: None,
            public_url: None,
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

    /// Lets `serve` ask for a token at the pages and at `/_sandbox`, and answer to any name: for a sandbox that other
    /// machines can reach.
    #[must_use]
    pub fn with_access_token(self, token: AccessToken) -> Self {
        Self {
            access: Some(token),
            ..self
        }
    }

    /// Lets the links that `serve` gives out begin with `url`, such as `http://sandbox.team.example:4010`, instead of the
    /// listener's address: for a sandbox that other machines reach by another name.
    #[must_use]
    pub fn with_public_url(self, url: impl Into<Arc<str>>) -> Self {
        Self {
            public_url: Some(url.into()),
            ..self
        }
    }

    /// Looks at the world, or changes it. Nobody else does meanwhile, so be brief. What has changed is on disk when this
    /// returns, if the world is kept there and [the log can be written](Self::next_log_problem).
    ///
    /// `act` must not use the sandbox itself: it would wait for its own end.
    pub fn world<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        let (result, last) = self.act(act);
        if let Some(keeper) = &self.shared.keeper {
            keeper.wait(last);
        }
        result
    }

    /// The same for whoever must not hold up the thread.
    async fn change<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        let (result, last) = self.act(act);
        self.kept(last).await;
        result
    }

    /// Waits until the event with this number is on disk, if the world is kept there; false if nobody knows when.
    async fn kept(&self, last: u64) -> bool {
        match &self.shared.keeper {
            Some(keeper) => keeper.kept(last).await,
            None => true,
        }
    }

    /// Whether nothing can be written now: then nothing may happen either, for nobody could be told of it.
    fn is_stuck(&self) -> bool {
        self.shared.keeper.as_ref().is_some_and(Keeper::is_stuck)
    }

    /// The same without the wait: the number of the newest event is told, for which to wait.
    fn act<T>(&self, act: impl FnOnce(&mut World) -> T) -> (T, u64) {
        let mut world = self
            .shared
            .world
            .lock()
            // A panic in `act` leaves a world whose state still follows from its events.
            .unwrap_or_else(PoisonError::into_inner);
        self.catch_up(&mut world);
        let mode = world.config().clock;
        let result = act(&mut world);
        if world.config().clock != mode {
            self.change_pace(world.config().clock);
        }
        if let Some(keeper) = &self.shared.keeper {
            keeper.take(&mut world);
        }
        let is_due = world.has_due_callbacks();
        let seen = world.events().last();
        drop(world);
        // Whoever begins to follow looks at the world first.
        if self.shared.progress.receiver_count() > 0 {
            self.shared
                .progress
                .send_if_modified(|known| std::mem::replace(known, seen) != seen);
        }
        if is_due {
            self.shared.callbacks.notify_one();
        }
        (result, seen)
    }

    /// Answers a request that changes nothing from a copy of the world, so that nobody else waits for it.
    async fn look(&self, request: Request<Bytes>) -> Response<Bytes> {
        let _busy = self.shared.activity.begin();
        // Nobody closes it.
        let _turn = self.shared.looks.acquire().await;
        if self.is_stuck() {
            return Refusal::NotKept.answer();
        }
        let (mut copy, last) = self.act(|world| world.fork());
        if !self.kept(last).await {
            return Refusal::NotKept.answer();
        }
        let shown = tokio::task::spawn_blocking(move || copy.handle(&request)).await;
        shown.unwrap_or_else(|_| Refusal::Internal.answer())
    }

    /// Answers a request, once everything that it changed is kept, and lets it meet its fault.
    async fn exchange(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        received: Received<'_>,
    ) -> Reply {
        let _busy = self.shared.activity.begin();
        // What would be done now could not be kept, nor what was done before be told.
        if self.is_stuck() {
            return Reply::Whole(Refusal::NotKept.answer());
        }
        let (planned, mut last) = self.act(|world| {
            let plan = world.plan(method, uri, received);
            if plan.before.is_zero() {
                let reply = world.exchange(&plan, method, uri, headers, received);
                Ok((plan, reply))
            } else {
                Err(plan)
            }
        });
        let (plan, reply) = match planned {
            Ok(done) => done,
            Err(plan) => {
                tokio::time::sleep(plan.before).await;
                let late = self.act(|world| world.exchange(&plan, method, uri, headers, received));
                last = late.1;
                (plan, late.0)
            }
        };
        if !self.kept(last).await {
            return Reply::Whole(Refusal::NotKept.answer());
        }
        if !plan.after.is_zero() {
            tokio::time::sleep(plan.after).await;
        }
        reply
    }

    /// Waits until the log cannot be written for another reason than `known`, and tells it; or until it can be written
    /// again, which is `None`. A sandbox that is kept nowhere waits for ever.
    ///
    /// While there is a reason, requests are answered with 503 and do nothing, no callback goes out, and a clock that goes
    /// by itself stands still. It is tried again every second, and then everything goes on.
    pub async fn next_log_problem(&self, known: Option<&str>) -> Option<String> {
        match &self.shared.keeper {
            Some(keeper) => keeper.next_problem(known).await,
            None => std::future::pending().await,
        }
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
