//! An adapter that does one thing wrong.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use xgateway_transport::{Body, Transport, TransportError};
use xgateway_transport_hyper::HyperTransport;

pub(crate) type Answer = Result<Response<Bytes>, TransportError>;

/// Calls the right adapter in a wrong way.
pub(crate) type Call = fn(Wrong, Request<Body>) -> Pin<Box<dyn Future<Output = Answer> + Send>>;

#[derive(Clone)]
pub(crate) struct Wrong {
    pub(crate) right: HyperTransport,
    pub(crate) unlimited: HyperTransport,
    call: Call,
    state: Arc<Mutex<State>>,
}

/// What some wrong adapters remember and should not.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) cookie: Option<http::HeaderValue>,
    pub(crate) running: usize,
    pub(crate) last_body: Option<Bytes>,
    pub(crate) broken: bool,
    pub(crate) calls: usize,
}

impl Wrong {
    pub(crate) fn new(call: Call) -> Self {
        Self {
            right: HyperTransport::new().unwrap(),
            unlimited: HyperTransport::builder()
                .answer_bytes_max(usize::MAX)
                .build()
                .unwrap(),
            call,
            state: Arc::default(),
        }
    }

    /// The same adapter, which has not done anything yet.
    pub(crate) fn with_new_state(&self) -> Self {
        Self {
            state: Arc::default(),
            ..self.clone()
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

#[async_trait]
impl Transport for Wrong {
    async fn send(&self, request: Request<Body>) -> Answer {
        (self.call)(self.clone(), request).await
    }
}

impl fmt::Debug for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let State { last_body, .. } = &*self.state();
        f.debug_struct("Wrong")
            .field("last_body", last_body)
            .finish()
    }
}

/// The same request once more.
pub(crate) fn copy(request: &Request<Body>) -> Request<Body> {
    let bytes = request.body().as_bytes().unwrap().to_vec();
    let mut copy = Request::new(Body::from(bytes));
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = request.uri().clone();
    *copy.headers_mut() = request.headers().clone();
    copy
}
