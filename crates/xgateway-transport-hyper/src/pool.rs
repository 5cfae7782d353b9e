use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::client::conn::{http1, http2};
use tokio::time::Instant;
use xgateway_transport::Body;

use crate::prepare::Origin;

/// How long a connection may take to become ready for its next request.
///
/// It is ready at once, unless it still writes the last request, which was
/// answered early. Such a one is not worth waiting for.
const READY_WAIT: Duration = Duration::from_millis(50);

/// The end of a connection that takes requests.
pub(crate) enum Sender {
    Http1(http1::SendRequest<Body>),
    Http2(http2::SendRequest<Body>),
}

/// Connections that wait for their next request.
///
/// Looks at the age of connections only when it is used. One that ages unused
/// ends when the other side closes it: its own task sees that.
pub(crate) struct Pool {
    idle_timeout: Duration,
    idle_per_host_max: usize,
    /// Few, so that going through them is quicker than hashing a name.
    hosts: Mutex<Vec<Host>>,
}

struct Host {
    https: bool,
    name: String,
    port: u16,
    /// Oldest first. None of them is in use.
    idle: Vec<Kept<http1::SendRequest<Body>>>,
    /// Carries many requests at once, so it stays here while in use.
    shared: Option<Kept<http2::SendRequest<Body>>>,
}

struct Kept<S> {
    sender: S,
    used: Instant,
}

impl Pool {
    pub(crate) fn new(idle_timeout: Duration, idle_per_host_max: usize) -> Self {
        Self {
            idle_timeout,
            idle_per_host_max,
            hosts: Mutex::default(),
        }
    }

    /// The connection that was used last, if there is a live one.
    pub(crate) async fn take(&self, origin: Origin<'_>, now: Instant) -> Option<Sender> {
        loop {
            let mut sender = self.pop(origin, now)?;
            if sender.is_ready() {
                return Some(sender);
            }
            // One that is closed or busy is dropped, which ends it in time.
            if let Ok(Ok(())) = tokio::time::timeout(READY_WAIT, sender.ready()).await {
                return Some(sender);
            }
        }
    }

    /// Keeps an HTTP/1.1 connection whose answer was read to the end.
    pub(crate) fn put(&self, origin: Origin<'_>, sender: http1::SendRequest<Body>) {
        if self.idle_per_host_max == 0 || sender.is_closed() {
            return;
        }
        self.with_host(origin, |host| {
            if host.idle.len() >= self.idle_per_host_max {
                host.idle.remove(0);
            }
            host.idle.push(Kept::now(sender));
        });
    }

    /// Shares an HTTP/2 connection, unless there is one already.
    pub(crate) fn share(&self, origin: Origin<'_>, sender: http2::SendRequest<Body>) {
        if self.idle_per_host_max == 0 {
            return;
        }
        self.with_host(origin, |host| {
            host.shared.get_or_insert_with(|| Kept::now(sender));
        });
    }

    /// Shares no longer what may be dead. Requests under way go on.
    pub(crate) fn unshare(&self, origin: Origin<'_>) {
        if let Some(host) = find(&mut self.hosts(), origin) {
            host.shared = None;
        }
    }

    /// Drops connections that are closed or too old, at any host. For when one is opened: in between, only those are
    /// looked at that are about to be used.
    pub(crate) fn sweep(&self) {
        let now = Instant::now();
        self.hosts().retain_mut(|host| {
            host.idle.retain(|kept| self.is_live(kept, now));
            host.shared = host.shared.take().filter(|kept| self.is_live(kept, now));
            host.shared.is_some() || !host.idle.is_empty()
        });
    }

    fn pop(&self, origin: Origin<'_>, now: Instant) -> Option<Sender> {
        let mut hosts = self.hosts();
        let host = find(&mut hosts, origin)?;
        if let Some(kept) = &mut host.shared {
            if self.is_live(kept, now) {
                kept.used = now;
                return Some(Sender::Http2(kept.sender.clone()));
            }
            host.shared = None;
        }
        while let Some(kept) = host.idle.pop() {
            if self.is_live(&kept, now) {
                return Some(Sender::Http1(kept.sender));
            }
        }
        None
    }

    fn with_host(&self, origin: Origin<'_>, act: impl FnOnce(&mut Host)) {
        let mut hosts = self.hosts();
        if let Some(host) = find(&mut hosts, origin) {
            return act(host);
        }
        let mut host = Host::new(origin);
        act(&mut host);
        hosts.push(host);
    }

    fn is_live(&self, kept: &Kept<impl Closable>, now: Instant) -> bool {
        !kept.sender.is_closed() && now.saturating_duration_since(kept.used) <= self.idle_timeout
    }

    fn hosts(&self) -> MutexGuard<'_, Vec<Host>> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn find<'a>(hosts: &'a mut [Host], origin: Origin<'_>) -> Option<&'a mut Host> {
    hosts.iter_mut().find(|host| host.origin() == origin)
}

impl Host {
    fn new(origin: Origin<'_>) -> Self {
        Self {
            https: origin.https,
            name: origin.host.to_owned(),
            port: origin.port,
            idle: Vec::new(),
            shared: None,
        }
    }

    fn origin(&self) -> Origin<'_> {
        Origin {
            https: self.https,
            host: &self.name,
            port: self.port,
        }
    }
}

impl Sender {
    fn is_ready(&self) -> bool {
        match self {
            Self::Http1(sender) => sender.is_ready(),
            Self::Http2(sender) => sender.is_ready(),
        }
    }

    async fn ready(&mut self) -> hyper::Result<()> {
        match self {
            Self::Http1(sender) => sender.ready().await,
            Self::Http2(sender) => sender.ready().await,
        }
    }
}

/// What can be closed by the other side.
trait Closable {
    fn is_closed(&self) -> bool;
}

impl Closable for http1::SendRequest<Body> {
    fn is_closed(&self) -> bool {
        self.is_closed()
    }
}

impl Closable for http2::SendRequest<Body> {
    fn is_closed(&self) -> bool {
        self.is_closed()
    }
}

impl<S> Kept<S> {
    fn now(sender: S) -> Self {
        Self {
            sender,
            used: Instant::now(),
        }
    }
}
