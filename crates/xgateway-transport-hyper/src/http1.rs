//! A connection of HTTP/1.1, driven by whoever uses it.
//!
//! Usually such a connection has a task of its own, which each request wakes, and which wakes the caller for each
//! answer. Here the caller's task does what the connection has to do, so that nobody is woken but by the network.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use http_body::{Body as _, Frame};
use hyper::body::Incoming;
use hyper::client::conn::TrySendError;
use hyper::client::conn::http1::{Connection, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::runtime::Handle;
use tokio::task::unconstrained;
use tokio::time::{Instant, Sleep, sleep_until, timeout};
use xgateway_transport::Body;

use crate::failure::TimeLimit;
use crate::stream::Stream;

pub(crate) struct Http1 {
    sender: SendRequest<Body>,
    connection: Driven,
    /// Runs until the answer must have begun. It stays with the connection, since to put a timer off costs next to
    /// nothing, and to set one takes a lock and so does taking it away.
    limit: Pin<Box<Sleep>>,
    /// The header `host` of the last request.
    pub(crate) host: Option<HeaderValue>,
}

/// What came of a request, unless it was given back.
pub(crate) type Sent = Result<Response<Incoming>, TrySendError<Request<Body>>>;

impl Http1 {
    pub(crate) fn new(
        sender: SendRequest<Body>,
        connection: Connection<TokioIo<Stream>, Body>,
    ) -> Self {
        Self {
            sender,
            connection: Driven {
                inner: Some(connection),
                is_alone: true,
            },
            limit: Box::pin(sleep_until(Instant::now())),
            host: None,
        }
    }

    /// Sends a request and waits for the head of the answer, until `end`.
    pub(crate) async fn send(
        &mut self,
        request: Request<Body>,
        end: Instant,
    ) -> Result<Sent, TimeLimit> {
        let mut answer = pin!(unconstrained(self.sender.try_send_request(request)));
        self.limit.as_mut().reset(end);
        let mut is_begun = false;
        poll_fn(|context| {
            let look = |context: &mut Context<'_>| answer.as_mut().poll(context);
            let sent = if std::mem::replace(&mut is_begun, true) {
                self.connection.resume(context, look)
            } else {
                self.connection.drive(context, look)
            };
            if let Poll::Ready(sent) = sent {
                return Poll::Ready(Ok(sent));
            }
            ready!(self.limit.as_mut().poll(context));
            Poll::Ready(Err(TimeLimit::Answer))
        })
        .await
    }

    /// The next piece of an answer, if there is one and it comes within `limit`.
    pub(crate) async fn next(
        &mut self,
        body: &mut Incoming,
        limit: Duration,
    ) -> Result<Option<hyper::Result<Frame<Bytes>>>, TimeLimit> {
        let mut body = Pin::new(body);
        // A small answer came with its head.
        if let Poll::Ready(frame) = body.as_mut().poll_frame(&mut nobody()) {
            return Ok(frame);
        }
        let frame = poll_fn(|context| {
            self.connection
                .resume(context, |context| body.as_mut().poll_frame(context))
        });
        timeout(limit, frame).await.map_err(|_| TimeLimit::Read)
    }

    /// Whether it can take another request, as far as can be seen without waiting. It will wake nobody until it does.
    pub(crate) fn rests(&mut self) -> bool {
        if !self.connection.is_alone {
            self.connection.poll(&mut nobody());
            self.connection.is_alone = true;
        }
        self.connection.inner.is_some() && self.sender.is_ready()
    }

    /// The same after a time in which the other side may have closed it.
    pub(crate) fn still_rests(&mut self) -> bool {
        self.connection.poll(&mut nobody());
        self.rests()
    }
}

/// The part that reads and writes.
struct Driven {
    /// Nothing once it has ended.
    inner: Option<Connection<TokioIo<Stream>, Body>>,
    /// Whether it wakes nobody.
    is_alone: bool,
}

impl Driven {
    /// Lets the connection do what it can, and looks for what that had to bring about.
    fn drive<T>(
        &mut self,
        context: &mut Context<'_>,
        look: impl FnOnce(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<T> {
        self.poll(context);
        self.is_alone = false;
        match self.inner {
            // Only the connection brings it about, here: its news that it did would wake a task that is awake.
            Some(_) => look(&mut nobody()),
            None => look(context),
        }
    }

    /// The same for a task that was woken, probably for what it looks for. Only if that is not so, the connection is
    /// told whom to wake: its parts wake each other when there is nothing left to do.
    fn resume<T>(
        &mut self,
        context: &mut Context<'_>,
        mut look: impl FnMut(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<T> {
        self.poll(&mut nobody());
        self.is_alone = true;
        let found = look(&mut nobody());
        if found.is_ready() {
            return found;
        }
        self.drive(context, look)
    }

    fn poll(&mut self, context: &mut Context<'_>) {
        if let Some(connection) = &mut self.inner
            && Pin::new(connection).poll(context).is_ready()
        {
            // Its errors reach those who wait for answers.
            self.inner = None;
        }
    }
}

/// Ends the connection in order, as far as that goes at once: TLS says goodbye.
impl Drop for Driven {
    fn drop(&mut self) {
        // The sender is gone by now. Without a runtime nothing can be written.
        if self.inner.is_some() && Handle::try_current().is_ok() {
            self.poll(&mut nobody());
        }
    }
}

fn nobody() -> Context<'static> {
    Context::from_waker(Waker::noop())
}
