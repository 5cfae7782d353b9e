//! A connection that can be made to fail, and that says in our envelope what the HTTP library refuses in none.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf as _, Bytes};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

use crate::answer::HEAD_TOO_LARGE;

/// What comes instead of HTTP.
const GARBAGE: &[u8] = b"\x16\x03\x01\x00\x00 this is no HTTP\r\n\r\n";

/// How long a client may take for [`TAKEN_BYTES_MIN`] of what is sent to it, or for all that it is offered.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// The least that a client takes in that time, in bytes: one that takes a few now and then would hold its connection, and
/// the answer in our memory, for ever.
const TAKEN_BYTES_MIN: usize = 256 << 10;

/// What the next bytes of a connection will be.
#[derive(Debug, Default)]
pub(super) struct Switch {
    garbage: AtomicBool,
    reset: AtomicBool,
}

/// A connection of the server.
pub(super) struct Stream {
    io: TokioIo<TcpStream>,
    switch: Arc<Switch>,
    /// What goes out before anything else.
    pending: Bytes,
    /// Whether garbage has gone out, after which there is nothing to say.
    is_ended: bool,
    /// While the client takes less than it is offered.
    slow: Option<Slow>,
}

/// A client that takes less than it is offered.
struct Slow {
    /// Until when it must have taken enough.
    until: Pin<Box<Sleep>>,
    /// How much it has taken meanwhile, in bytes.
    taken: usize,
}

impl Switch {
    /// Whatever is answered next comes as garbage.
    pub(super) fn send_garbage(&self) {
        self.garbage.store(true, Ordering::Relaxed);
    }

    /// The connection ends with a reset.
    pub(super) fn reset(&self) {
        self.reset.store(true, Ordering::Relaxed);
    }
}

impl Stream {
    pub(super) fn new(stream: TcpStream, switch: Arc<Switch>) -> Self {
        Self {
            io: TokioIo::new(stream),
            switch,
            pending: Bytes::new(),
            is_ended: false,
            slow: None,
        }
    }

    /// Sends some of `bytes`, unless the client has taken too little for too long.
    fn poll_send(&mut self, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.io).poll_write(context, bytes);
        match sent {
            Poll::Ready(Ok(count)) => {
                let is_enough = |slow: &mut Slow| {
                    slow.taken += count;
                    count == bytes.len() || slow.taken >= TAKEN_BYTES_MIN
                };
                self.slow.take_if(is_enough);
                if count < bytes.len() && self.slow.is_none() {
                    self.slow = Some(Slow::new());
                }
                sent
            }
            Poll::Ready(Err(_)) => sent,
            Poll::Pending => {
                let slow = self.slow.get_or_insert_with(Slow::new);
                ready!(slow.until.as_mut().poll(context));
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }

    fn poll_pending(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.pending.is_empty() {
            let pending = self.pending.clone();
            let count = ready!(self.poll_send(context, &pending))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.pending.advance(count);
        }
        Poll::Ready(Ok(()))
    }
}

impl Slow {
    fn new() -> Self {
        Self {
            until: Box::pin(sleep(WRITE_TIMEOUT)),
            taken: 0,
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        if self.switch.reset.load(Ordering::Relaxed) {
            // Without it the other side would see an orderly end.
            let _ = self.io.inner().set_zero_linger();
        }
    }
}

impl Read for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(context, buffer)
    }
}

impl Write for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_pending(context))?;
        if self.is_ended {
            return Poll::Ready(Ok(bytes.len()));
        }
        let instead = if self.switch.garbage.load(Ordering::Relaxed) {
            self.is_ended = true;
            Some(Bytes::from_static(GARBAGE))
        } else {
            refusal(bytes)
        };
        match instead {
            None => self.poll_send(context, bytes),
            Some(instead) => {
                self.pending = instead;
                // What does not fit now goes out with the flush.
                let _ = self.poll_pending(context)?;
                Poll::Ready(Ok(bytes.len()))
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_pending(context))?;
        Pin::new(&mut self.io).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_pending(context))?;
        Pin::new(&mut self.io).poll_shutdown(context)
    }
}

/// Our envelope for what the HTTP library itself refuses, which has no body. Whatever we answer has one and its type.
fn refusal(bytes: &[u8]) -> Option<Bytes> {
    let status = bytes.strip_prefix(b"HTTP/1.1 ")?.first_chunk::<3>()?;
    let (reason, message) = match status {
        b"400" => ("400 Bad Request", "The request is not valid HTTP."),
        b"414" => ("414 URI Too Long", "The path is too long."),
        b"431" => ("431 Request Header Fields Too Large", HEAD_TOO_LARGE),
        _ => return None,
    };
    let has = |name: &[u8]| bytes.windows(name.len()).any(|part| part == name);
    if !has(b"content-length: 0\r\n") || has(b"content-type:") {
        return None;
    }
    Some(envelope(reason, "bad_request", message, ""))
}

/// A whole answer that ends its connection.
pub(super) fn envelope(reason: &str, code: &str, message: &str, header: &str) -> Bytes {
    let body =
        format!(r#"{{"errors":[{{"code":"{code}","message":"{message}"}}],"success":false}}"#);
    let head = format!(
        "HTTP/1.1 {reason}\r\ncontent-type: application/json\r\ncache-control: no-store\r\n\
         connection: close\r\n{header}content-length: {}\r\n\r\n",
        body.len()
    );
    (head + &body).into()
}
