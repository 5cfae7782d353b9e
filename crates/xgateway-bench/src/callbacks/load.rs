//! Clients that deliver callbacks, as lean as they come: they share the machine with what is measured.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::delivery::Delivery;
use super::turns::Taker;
use crate::clock::Moment;
use crate::{Outcome, connections};

/// Connections that stay open, to one server.
pub(super) struct Load {
    address: SocketAddr,
    path: &'static str,
    connections: Vec<TcpStream>,
}

impl Load {
    pub(super) async fn connect(
        address: SocketAddr,
        path: &'static str,
        count: u32,
    ) -> Outcome<Self> {
        Ok(Self {
            address,
            path,
            connections: connections::open(address, count).await?,
        })
    }
}

impl Taker for Load {
    /// The same number over each connection, one after the other, until all are answered with 200.
    async fn take(&mut self, deliveries: &[Delivery]) -> Outcome<Duration> {
        let mut shares: Vec<Vec<Vec<u8>>> = Vec::new();
        for share in deliveries.chunks(deliveries.len() / self.connections.len()) {
            shares.push(
                share
                    .iter()
                    .map(|it| request(self.address, self.path, it))
                    .collect(),
            );
        }
        let start = Moment::now();
        let mut tasks = JoinSet::new();
        for (mut connection, share) in self.connections.drain(..).zip(shares) {
            tasks.spawn(async move {
                for request in share {
                    exchange(&mut connection, &request).await?;
                }
                Ok::<_, io::Error>(connection)
            });
        }
        while let Some(ended) = tasks.join_next().await {
            self.connections.push(ended??);
        }
        Ok(start.elapsed().wall)
    }
}

fn request(address: SocketAddr, path: &str, delivery: &Delivery) -> Vec<u8> {
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        delivery.body.len()
    )
    .into_bytes();
    request.extend_from_slice(&delivery.body);
    request
}

/// A success has no body, so it ends with its head.
async fn exchange(connection: &mut TcpStream, request: &[u8]) -> io::Result<()> {
    connection.write_all(request).await?;
    let mut answer = [0; 1024];
    let mut length = 0;
    while !answer[..length].ends_with(b"\r\n\r\n") {
        let read = connection.read(&mut answer[length..]).await?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        length += read;
        if !b"HTTP/1.1 200 ".starts_with(&answer[..length.min(13)]) {
            return Err(io::Error::other("a callback was refused"));
        }
    }
    Ok(())
}
