//! The sockets on which `sandbox` and `callback listen` answer.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::TcpListener;

use crate::failure::Failure;

/// Listens on `address`, which `--listen` has named.
pub(crate) async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .await
        .map_err(|source| Failure::System {
            action: format!("listen on {address}"),
            hint: (source.kind() == io::ErrorKind::AddrInUse).then(|| {
                "another program listens there: stop it, or use --listen 127.0.0.1:0 for a free port"
                    .to_owned()
            }),
            source: source.into(),
        })
}

/// A URL by which this machine finds a listener.
pub(crate) fn url(mut address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    format!("http://{address}")
}
