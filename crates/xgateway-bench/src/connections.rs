//! Connections of clients as lean as they come: they share the machine with what is measured.

use std::io;
use std::net::SocketAddr;

use tokio::net::TcpStream;

/// So many that stay open, to one server.
pub(crate) async fn open(address: SocketAddr, count: u32) -> io::Result<Vec<TcpStream>> {
    let mut connections = Vec::new();
    for _ in 0..count {
        let connection = TcpStream::connect(address).await?;
        connection.set_nodelay(true)?;
        connections.push(connection);
    }
    Ok(connections)
}
