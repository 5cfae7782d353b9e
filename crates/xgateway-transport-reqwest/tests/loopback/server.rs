//! A server on loopback that writes down what it gets and says what it is told,
//! down to the bytes on the wire.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What the server does when it has read a request.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// Sends this and waits for the next request.
    Keep(Vec<u8>),
    /// Sends this and closes.
    Close(Vec<u8>),
    /// Resets the connection.
    Reset,
}

/// A request as it came over the wire.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// Which connection it came on, counted from zero.
    pub(crate) connection: usize,
    /// Request line and headers.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

#[derive(Clone)]
pub(crate) struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// Gives these replies, one per request, then closes each connection.
    pub(crate) async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            seen: Arc::default(),
        };
        let replies = Arc::new(Mutex::new(replies.into_iter().collect::<VecDeque<_>>()));
        let seen = Arc::clone(&server.seen);
        tokio::spawn(async move {
            for connection in 0.. {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(
                    connection,
                    stream,
                    Arc::clone(&replies),
                    Arc::clone(&seen),
                ));
            }
        });
        server
    }

    pub(crate) fn url(&self, target: &str) -> String {
        format!("http://{}{target}", self.address)
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

/// An answer with `status` and `body`, and `headers` as lines.
pub(crate) fn answer(status: u16, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status} Any\r\ncontent-length: {length}\r\n{headers}\r\n{body}").into_bytes()
}

async fn serve(
    connection: usize,
    mut stream: TcpStream,
    replies: Arc<Mutex<VecDeque<Reply>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
) {
    while let Some((head, body)) = read_request(&mut stream).await {
        seen.lock().unwrap().push(Seen {
            connection,
            head,
            body,
        });
        let reply = replies.lock().unwrap().pop_front();
        match reply {
            Some(Reply::Keep(bytes)) => stream.write_all(&bytes).await.unwrap(),
            Some(Reply::Close(bytes)) => {
                stream.write_all(&bytes).await.unwrap();
                return;
            }
            Some(Reply::Reset) => {
                stream.set_zero_linger().unwrap();
                return;
            }
            None => return,
        }
    }
}

/// Head and body of the next request, or nothing when the peer has closed.
async fn read_request(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some((head, body))
}
