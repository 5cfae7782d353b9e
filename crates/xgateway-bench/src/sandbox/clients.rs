//! Clients that send deposits, as lean as they come: they share the machine with what is measured.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::clock::Moment;
use crate::{Outcome, connections, samples};

/// Connections that stay open, to one server.
pub(super) struct Clients {
    connections: Vec<TcpStream>,
    head: String,
    /// Deposits have numbers, so that each is an order of its own.
    next: u64,
}

/// How long a slice took.
pub(super) struct Slice {
    pub(super) whole: Duration,
    /// The time of an exchange that 99 of a hundred do not exceed.
    pub(super) tail: Duration,
}

impl Clients {
    pub(super) async fn connect(address: SocketAddr, count: u32, key: &str) -> Outcome<Self> {
        Ok(Self {
            connections: connections::open(address, count).await?,
            head: format!(
                "POST /api/v2/gateway8 HTTP/1.1\r\nhost: {address}\r\nx-api-key: {key}\r\n\
                 content-type: application/json\r\n"
            ),
            next: 0,
        })
    }

    /// Sends so many over each connection, one after the other, until all are answered with 201.
    pub(super) async fn take(&mut self, each: u32) -> Outcome<Slice> {
        let start = Moment::now();
        let mut tasks = JoinSet::new();
        for mut connection in self.connections.drain(..) {
            let (head, first) = (self.head.clone(), self.next);
            self.next += u64::from(each);
            tasks.spawn(async move {
                let mut times = Vec::new();
                for number in (first..).take(each as usize) {
                    let request = request(&head, number);
                    let start = Moment::now();
                    exchange(&mut connection, &request).await?;
                    times.push(start.elapsed().wall);
                }
                Ok::<_, io::Error>((connection, times))
            });
        }
        let mut times = Vec::new();
        while let Some(ended) = tasks.join_next().await {
            let (connection, more) = ended??;
            self.connections.push(connection);
            times.extend(more);
        }
        let whole = start.elapsed().wall;
        times.sort_unstable();
        let tail = times[times.len() * 99 / 100];
        Ok(Slice { whole, tail })
    }
}

/// A deposit that needs no 3DS, so that it is paid at once and calls back.
fn request(head: &str, number: u64) -> Vec<u8> {
    let body = samples::DEPOSIT
        .replacen("XBNfu922e2", &format!("order-{number}"), 1)
        .replacen("4000 0000 0000 0002", "4000 0000 0001 1017", 1);
    format!("{head}content-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

async fn exchange(connection: &mut TcpStream, request: &[u8]) -> io::Result<()> {
    connection.write_all(request).await?;
    let mut answer = [0; 2048];
    let mut length = 0;
    loop {
        let read = connection.read(&mut answer[length..]).await?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        length += read;
        if is_whole(&answer[..length])? {
            return Ok(());
        }
    }
}

/// Whether the whole of an answer with 201 is there.
fn is_whole(answer: &[u8]) -> io::Result<bool> {
    let Some(end) = answer.windows(4).position(|part| part == b"\r\n\r\n") else {
        return Ok(false);
    };
    let head = std::str::from_utf8(&answer[..end]).map_err(io::Error::other)?;
    if !head.starts_with("HTTP/1.1 201 ") {
        let line = head.lines().next().unwrap_or_default().to_owned();
        return Err(io::Error::other(line));
    }
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .and_then(|text| text.parse::<usize>().ok())
        .ok_or(io::ErrorKind::InvalidData)?;
    Ok(answer.len() >= end + 4 + length)
}
