use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use tokio::time::Instant;
use xgateway_api::environment::Environment;
use xgateway_client::{Client, ClientBuilder};
use xgateway_transport::{Body, Transport, TransportError, TransportErrorKind};

use crate::fixture::api_key;

/// What the gateway, or the network before it, does about one request.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    Status(u16, &'static str),
    RetryAfter(u16, &'static str),
    NotSent,
    Broken,
    Lost,
    Hang,
}

/// Replies in turn, the last one for ever, and remembers when it was asked and for what.
#[derive(Clone, Debug)]
pub(crate) struct Scripted(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    replies: VecDeque<Reply>,
    start: Instant,
    seen: Vec<(Duration, Bytes)>,
}

impl Scripted {
    pub(crate) fn new(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self(Arc::new(Mutex::new(State {
            replies: replies.into_iter().collect(),
            start: Instant::now(),
            seen: Vec::new(),
        })))
    }

    /// A client whose jitter always draws the most.
    pub(crate) fn client(&self, settings: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
        let builder = Client::builder(Environment::Demo, api_key(), self.clone());
        settings(builder.jitter(|| u32::MAX)).build()
    }

    /// When requests came, in milliseconds.
    pub(crate) fn times(&self) -> Vec<u128> {
        let state = self.0.lock().unwrap();
        state.seen.iter().map(|(at, _)| at.as_millis()).collect()
    }

    pub(crate) fn bodies(&self) -> Vec<Bytes> {
        let state = self.0.lock().unwrap();
        state.seen.iter().map(|(_, body)| body.clone()).collect()
    }

    fn next(&self, request: Request<Body>) -> Reply {
        let mut state = self.0.lock().unwrap();
        let at = state.start.elapsed();
        state
            .seen
            .push((at, request.into_body().into_bytes().unwrap()));
        match state.replies.len() {
            1 => state.replies[0].clone(),
            _ => state.replies.pop_front().unwrap(),
        }
    }
}

#[async_trait]
impl Transport for Scripted {
    async fn send(&self, request: Request<Body>) -> Result<Response<Bytes>, TransportError> {
        let answer = |status: u16| Response::builder().status(status);
        match self.next(request) {
            Reply::Status(status, body) => Ok(answer(status).body(body.into()).unwrap()),
            Reply::RetryAfter(status, text) => {
                let answer = answer(status)
                    .header("date", "Sun, 06 Nov 1994 08:49:37 GMT")
                    .header("retry-after", text);
                Ok(answer.body(Bytes::new()).unwrap())
            }
            Reply::NotSent => Err(TransportError::not_sent(TransportErrorKind::Connect)),
            Reply::Broken => Err(TransportError::not_sent(TransportErrorKind::InvalidRequest)),
            Reply::Lost => Err(TransportError::unknown(TransportErrorKind::Io)),
            Reply::Hang => std::future::pending().await,
        }
    }
}
