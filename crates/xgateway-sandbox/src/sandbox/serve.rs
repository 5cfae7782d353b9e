//! The sandbox on a socket.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::Request;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioTimer;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::Sandbox;
use super::access::Access;
use super::router::Served;
use super::stream::{Stream, Switch, envelope};
use crate::answer::Refusal;

/// How long the head of a request may take, and how long a connection may wait for the next one.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);

/// The largest head of a request, in bytes.
const HEAD_BYTES_MAX: usize = 64 << 10;

/// How long it waits when there are no file descriptors left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

impl Sandbox {
    /// Serves the sandbox on `listener` until `shutdown` is ready, then lets running requests finish.
    ///
    /// From this call on, before the future is first polled, the world's URLs lead to the listener, or to where
    /// [`with_public_url`](Self::with_public_url) says. If there is a
    /// callback URL and [a transport](Self::with_callback_transport), callbacks are delivered as they arise.
    ///
    /// There are limits to what a client can do to it: [`Limits::connections`](crate::Limits::connections), a head
    /// that takes at most 15 seconds, a mebibyte in a body that never stalls for 10 and takes at most a minute, and an answer
    /// of which 256 KiB are taken every 30 seconds, or all that there is.
    ///
    /// Without [a token](Self::with_access_token) only requests are served that name this machine by a loopback address
    /// or name, wherever the listener is bound.
    ///
    /// # Errors
    ///
    /// What the listener says.
    pub fn serve(
        &self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> impl Future<Output = io::Result<()>> + Send + 'static {
        let address = listener.local_addr();
        if let Ok(address) = &address {
            let url = self.public_url.as_deref().map(str::to_owned);
            let url = url.unwrap_or_else(|| format!("http://{}", reachable(*address)));
            self.world(|world| world.set_public_url(url));
        }
        let (close, closing) = watch::channel(false);
        let access = self.access.clone().map_or(Access::Loopback, Access::Token);
        let shutdown = async move {
            shutdown.await;
            close.send_replace(true);
        };
        let sandbox = self.clone();
        async move {
            address?;
            let served = sandbox.served(access, closing);
            let delivering = async {
                match sandbox.callback_transport.clone() {
                    Some(transport) => sandbox.clone().keep_delivering(transport).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = sandbox.accept(listener, served, shutdown) => {}
                () = sandbox.keep_time() => {}
                () = delivering => {}
            }
            Ok(())
        }
    }

    async fn accept(
        &self,
        listener: TcpListener,
        served: Served,
        shutdown: impl Future<Output = ()>,
    ) {
        let connections = self.act(|world| world.config().limits.connections).0;
        let slots = Arc::new(Semaphore::new(connections.min(Semaphore::MAX_PERMITS)));
        let (stopping, stop) = watch::channel(());
        let mut shutdown = pin!(shutdown);
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = &mut shutdown => break,
            };
            match accepted {
                Ok((stream, _)) => match Arc::clone(&slots).try_acquire_owned() {
                    Ok(slot) => {
                        tokio::spawn(serve_one(stream, served.clone(), stop.clone(), slot));
                    }
                    Err(_) => turn_away(&stream),
                },
                // The client has gone already, or this machine has no room: either passes.
                Err(error) => {
                    tracing::debug!(%error, "no connection");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
        drop(listener);
        drop(stop);
        // Each connection ends after the request that it is at.
        stopping.send_replace(());
        stopping.closed().await;
    }
}

async fn serve_one(
    stream: TcpStream,
    served: Served,
    mut stop: watch::Receiver<()>,
    slot: OwnedSemaphorePermit,
) {
    // Answers are small: waiting for more to send with them would only delay them.
    let _ = stream.set_nodelay(true);
    let switch = Arc::new(Switch::default());
    let stream = Stream::new(stream, Arc::clone(&switch));
    let served = &served;
    let service = service_fn(|request| {
        let switch = &switch;
        async move {
            if head_bytes(&request) > HEAD_BYTES_MAX {
                return Ok(Refusal::HeadTooLarge.answer().map(Body::from));
            }
            Ok::<_, Infallible>(served.answer(request, Some(switch)).await)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(stream, service);
    let mut connection = pin!(connection);
    // What a client does to its own connection is its own concern.
    tokio::select! {
        result = connection.as_mut() => drop(result),
        _ = stop.changed() => {
            connection.as_mut().graceful_shutdown();
            drop(connection.await);
        }
    }
    drop(slot);
}

/// How long a head is. The HTTP library refuses one only if it has read more before it has the end.
fn head_bytes<B>(request: &Request<B>) -> usize {
    let target = request.uri().path_and_query();
    let line = request.method().as_str().len() + target.map_or(0, |target| target.as_str().len());
    // Space, version and the end of the line; colon, space and the end of the line; the empty line.
    let fields = request.headers().iter();
    let fields = fields.map(|(name, value)| name.as_str().len() + value.len() + 4);
    line + 12 + fields.sum::<usize>() + 2
}

/// Says that there is no room, without waiting for whoever may not listen.
fn turn_away(stream: &TcpStream) {
    let reason = "503 Service Unavailable";
    let message = "The sandbox has too many connections.";
    let answer = envelope(reason, "service_unavailable", message, "retry-after: 1\r\n");
    let _ = stream.try_write(&answer);
}

/// An address at which this machine finds the listener.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}
