//! The sockets on which `sandbox` and `callback listen` answer.

use std::io;
use std::net::SocketAddr;

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
