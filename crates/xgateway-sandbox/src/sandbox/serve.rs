//! The sandbox on a socket.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;

use super::Sandbox;

impl Sandbox {
    /// Serves the sandbox on `listener` until `shutdown` is ready, then lets running requests finish.
    ///
    /// From this call on, before the future is first polled, the world's URLs lead to the listener. If there is a
    /// callback URL and [a transport](Self::with_callback_transport), callbacks are delivered as they arise.
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
            self.world(|world| world.set_public_url(format!("http://{}", reachable(*address))));
        }
        let router = self.router();
        let sandbox = self.clone();
        async move {
            address?;
            // Answers are small: waiting for more to send with them would only delay them.
            let listener = listener.tap_io(|stream| {
                let _ = stream.set_nodelay(true);
            });
            let server = axum::serve(listener, router).with_graceful_shutdown(shutdown);
            let Some(transport) = sandbox.callback_transport.clone() else {
                return server.await;
            };
            tokio::select! {
                result = server.into_future() => result,
                () = sandbox.keep_delivering(transport) => Ok(()),
            }
        }
    }
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
