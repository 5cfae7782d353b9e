use std::collections::HashMap;
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
    hosts: Mutex<HashMap<Origin, Host>>,
}

#[derive(Default)]
struct Host {
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
    pub(crate) async fn take(&self, origin: &Origin) -> Option<Sender> {
        loop {
            let mut sender = self.pop(origin)?;
            let ready = async {
                match &mut sender {
                    Sender::Http1(sender) => sender.ready().await,
                    Sender::Http2(sender) => sender.ready().await,
                }
            };
            // One that is closed or busy is dropped, which ends it in time.
            if let Ok(Ok(())) = tokio::time::timeout(READY_WAIT, ready).await {
                return Some(sender);
            }
        }
    }

    /// Keeps an HTTP/1.1 connection whose answer was read to the end.
    pub(crate) fn put(&self, origin: Origin, sender: http1::SendRequest<Body>) {
        if self.idle_per_host_max == 0 || sender.is_closed() {
            return;
        }
        let mut hosts = self.live_hosts();
        let idle = &mut hosts.entry(origin).or_default().idle;
        if idle.len() >= self.idle_per_host_max {
            idle.remove(0);
        }
        idle.push(Kept::now(sender));
    }

    /// Shares an HTTP/2 connection, unless there is one already.
    pub(crate) fn share(&self, origin: Origin, sender: http2::SendRequest<Body>) {
        if self.idle_per_host_max == 0 {
            return;
        }
        let mut hosts = self.live_hosts();
        let host = hosts.entry(origin).or_default();
        host.shared.get_or_insert_with(|| Kept::now(sender));
    }

    /// Shares no longer what may be dead. Requests under way go on.
    pub(crate) fn unshare(&self, origin: &Origin) {
        if let Some(host) = self.live_hosts().get_mut(origin) {
            host.shared = None;
        }
    }

    fn pop(&self, origin: &Origin) -> Option<Sender> {
        let mut hosts = self.live_hosts();
        let host = hosts.get_mut(origin)?;
        if let Some(kept) = &mut host.shared {
            kept.used = Instant::now();
            return Some(Sender::Http2(kept.sender.clone()));
        }
        host.idle.pop().map(|kept| Sender::Http1(kept.sender))
    }

    /// The hosts, without connections that are closed or too old.
    fn live_hosts(&self) -> MutexGuard<'_, HashMap<Origin, Host>> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.retain(|_, host| {
            host.idle.retain(|kept| {
                !kept.sender.is_closed() && kept.used.elapsed() <= self.idle_timeout
            });
            host.shared = host.shared.take().filter(|kept| {
                !kept.sender.is_closed() && kept.used.elapsed() <= self.idle_timeout
            });
            host.shared.is_some() || !host.idle.is_empty()
        });
        hosts
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
