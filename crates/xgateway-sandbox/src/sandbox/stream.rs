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

/// How long a client may take nothing of what is sent to it.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

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
    /// Until when the client must take something, while it takes nothing.
    stalled: Option<Pin<Box<Sleep>>>,
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
            stalled: None,
        }
    }

    /// The same as the connection says, unless it has not taken anything for too long.
    fn in_time<T>(
        &mut self,
        context: &mut Context<'_>,
        taken: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if taken.is_ready() {
            self.stalled = None;
            return taken;
        }
        let stalled = &mut self.stalled;
        let stalled = stalled.get_or_insert_with(|| Box::pin(sleep(WRITE_TIMEOUT)));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    fn poll_pending(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.pending.is_empty() {
            let taken = Pin::new(&mut self.io).poll_write(context, &self.pending);
            let count = ready!(self.in_time(context, taken))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.pending.advance(count);
        }
        Poll::Ready(Ok(()))
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
            None => {
                let taken = Pin::new(&mut self.io).poll_write(context, bytes);
                self.in_time(context, taken)
            }
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
