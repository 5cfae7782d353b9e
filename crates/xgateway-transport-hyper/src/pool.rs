//! Connections that wait for their next request.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, SystemTime};

use hyper::client::conn::http2;
use tokio::runtime::{Handle, Id};
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep};
use xgateway_transport::Body;

use crate::http1::Http1;
use crate::prepare::Origin;

/// By how much the clock on the wall may be set without anybody taking it for sleep. Taking it so costs a connection.
const SET_MAX: Duration = Duration::from_secs(1);

/// What takes requests.
pub(crate) enum Connection {
    Http1(Box<Http1>),
    Http2(http2::SendRequest<Body>),
}

pub(crate) struct Pool {
    idle_timeout: Duration,
    idle_per_host_max: usize,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// Few, so that going through them is quicker than hashing a name.
    hosts: Vec<Host>,
    /// How many there have been.
    count: u64,
    /// When a connection was asked for last, by both clocks.
    asked: Option<(Instant, SystemTime)>,
}

/// What is kept for one server by one runtime: the other end of a socket, and of a timer, is in the runtime that made them, and
/// if nobody drives that any more, whoever waits for them elsewhere is never woken.
struct Host {
    number: u64,
    /// Drops what nobody uses any more. It lives as long as this host, unless its runtime ends before.
    sweeper: AbortHandle,
    runtime: Id,
    https: bool,
    name: String,
    port: u16,
    /// Oldest first. None of them is in use.
    idle: Vec<Unused<Box<Http1>>>,
    /// Carries many requests at once, so it stays here while in use.
    shared: Option<Unused<http2::SendRequest<Body>>>,
}

/// A connection, and when it was used last.
struct Unused<C> {
    connection: C,
    since: Instant,
}

impl Pool {
    pub(crate) fn new(idle_timeout: Duration, idle_per_host_max: usize) -> Self {
        Self {
            idle_timeout,
            idle_per_host_max,
            kept: Mutex::default(),
        }
    }

    /// The connection that was used last, unless it is too old. `wall` is the clock on the wall.
    pub(crate) fn take(
        &self,
        origin: Origin<'_>,
        now: Instant,
        wall: SystemTime,
    ) -> Option<Connection> {
        let mut kept = self.lock();
        if kept.has_slept(now, wall) {
            kept.hosts.clear();
        }
        let host = find(&mut kept.hosts, origin)?;
        if let Some(shared) = &mut host.shared {
            if self.is_recent(shared, now) && !shared.connection.is_closed() {
                shared.since = now;
                return Some(Connection::Http2(shared.connection.clone()));
            }
            host.shared = None;
        }
        while let Some(unused) = host.idle.pop() {
            if self.is_recent(&unused, now) {
                return Some(Connection::Http1(unused.connection));
            }
        }
        None
    }

    /// Keeps an HTTP/1.1 connection whose answer was read to the end.
    pub(crate) fn put(self: &Arc<Self>, origin: Origin<'_>, mut connection: Box<Http1>) {
        // One that still writes its request was answered early, and is not worth waiting for.
        if self.idle_per_host_max == 0 || !connection.rests() {
            return;
        }
        self.keep(origin, |host| {
            if host.idle.len() >= self.idle_per_host_max {
                host.idle.remove(0);
            }
            host.idle.push(Unused::now(connection));
        });
    }

    /// Shares an HTTP/2 connection, unless there is one already.
    pub(crate) fn share(
        self: &Arc<Self>,
        origin: Origin<'_>,
        connection: http2::SendRequest<Body>,
    ) {
        if self.idle_per_host_max == 0 {
            return;
        }
        self.keep(origin, |host| {
            host.shared.get_or_insert_with(|| Unused::now(connection));
        });
    }

    /// Shares no longer what may be dead. Requests under way go on.
    pub(crate) fn unshare(&self, origin: Origin<'_>) {
        if let Some(host) = find(&mut self.lock().hosts, origin) {
            host.shared = None;
        }
    }

    fn keep(self: &Arc<Self>, origin: Origin<'_>, act: impl FnOnce(&mut Host)) {
        let mut kept = self.lock();
        if let Some(host) = find(&mut kept.hosts, origin) {
            act(host);
            return;
        }
        // With a runtime for each call none of their sweepers ever gets to it.
        self.drop_unused(&mut kept.hosts);
        let number = kept.count;
        kept.count += 1;
        let sweeping = tokio::spawn(sweep(Arc::downgrade(self), number, self.idle_timeout));
        let mut host = Host::new(origin, number, sweeping.abort_handle());
        act(&mut host);
        kept.hosts.push(host);
    }

    /// Drops what nobody uses any more. Nobody needs to come again for the host of this number if it is gone.
    fn sweep(&self, number: u64) -> bool {
        let mut kept = self.lock();
        self.drop_unused(&mut kept.hosts);
        kept.hosts.iter().any(|host| host.number == number)
    }

    /// Drops connections that are closed, too old, or of a runtime that is gone; of a runtime that nobody drives at the
    /// moment as well, whose own sweeper cannot.
    fn drop_unused(&self, hosts: &mut Vec<Host>) {
        let now = Instant::now();
        hosts.retain_mut(|host| {
            if host.sweeper.is_finished() {
                return false;
            }
            host.idle.retain_mut(|unused| {
                self.is_recent(unused, now) && unused.connection.still_rests()
            });
            host.shared
                .take_if(|shared| !self.is_recent(shared, now) || shared.connection.is_closed());
            host.shared.is_some() || !host.idle.is_empty()
        });
    }

    fn is_recent<C>(&self, unused: &Unused<C>, now: Instant) -> bool {
        now.saturating_duration_since(unused.since) <= self.idle_timeout
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// Whether the machine has slept since a connection was asked for. The other side, and what stands between, may have
    /// forgotten all that is kept, and to our clock it is still fresh: that stood still as well.
    fn has_slept(&mut self, now: Instant, wall: SystemTime) -> bool {
        let Some((then, wall_then)) = self.asked.replace((now, wall)) else {
            return false;
        };
        let on_the_wall = wall.duration_since(wall_then).unwrap_or_default();
        on_the_wall.saturating_sub(now.saturating_duration_since(then)) > SET_MAX
    }
}

/// Looks after unused connections as long as there are some. Nobody else sees that they age, or that the other side
/// closes them.
async fn sweep(pool: Weak<Pool>, number: u64, every: Duration) {
    loop {
        sleep(every).await;
        if !pool.upgrade().is_some_and(|pool| pool.sweep(number)) {
            return;
        }
    }
}

fn find<'a>(hosts: &'a mut [Host], origin: Origin<'_>) -> Option<&'a mut Host> {
    let here = Handle::current().id();
    hosts
        .iter_mut()
        .find(|host| host.origin() == origin && host.runtime == here)
}

impl Host {
    fn new(origin: Origin<'_>, number: u64, sweeper: AbortHandle) -> Self {
        Self {
            number,
            sweeper,
            runtime: Handle::current().id(),
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

impl<C> Unused<C> {
    fn now(connection: C) -> Self {
        Self {
            connection,
            since: Instant::now(),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::Uri;
    use hyper::client::conn::http1;
    use hyper_util::rt::TokioIo;
    use tokio::net::{TcpListener, TcpStream};

    use super::*;
    use crate::prepare::origin;
    use crate::stream::{Stream, WriteLimit};

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test]
    async fn nothing_is_kept_over_a_sleep_of_the_machine() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Uri::from_static("http://a.example/").into_parts();
        let origin = origin(&url).unwrap();
        let (start, wall) = (Instant::now(), SystemTime::UNIX_EPOCH);
        // By how much each clock goes on while the connection is unused.
        for (runtime, on_the_wall, is_kept) in [
            (SECOND, SECOND, true),
            (SECOND, 2 * SECOND, true),
            (SECOND, 3601 * SECOND, false),
            (Duration::ZERO, 3 * SECOND, false),
            // Nobody sets a clock back by sleeping.
            (SECOND, Duration::ZERO, true),
            (3600 * SECOND, 3600 * SECOND, false),
        ] {
            let pool = Arc::new(Pool::new(20 * SECOND, 1));
            assert!(pool.take(origin, start, wall).is_none());
            let stream = TcpStream::connect(listener.local_addr().unwrap());
            let stream = Stream::Plain(WriteLimit::new(stream.await.unwrap(), SECOND));
            let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
            let mut connection = Box::new(Http1::new(sender, connection));
            assert!(connection.still_rests());
            pool.put(origin, connection);
            let taken = pool.take(origin, start + runtime, wall + on_the_wall);
            assert_eq!(taken.is_some(), is_kept, "{runtime:?} {on_the_wall:?}");
        }
    }
}
