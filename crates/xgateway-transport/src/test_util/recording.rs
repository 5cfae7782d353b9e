use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;

use super::cassette::{Cassette, Exchange};
use super::scrub::Scrub;
use super::seen::Seen;
use crate::{Body, SharedTransport, Transport, TransportError};

/// Passes requests on and records each exchange, scrubbed, when it ends.
///
/// A call that is dropped before its end leaves no trace. Clones record on the
/// same cassette.
///
/// ```
/// use http::StatusCode;
/// use xgateway_transport::test_util::{
///     ExpectedRequest, RecordingTransport, ReplayTransport, Scrub, ScriptedTransport,
/// };
/// use xgateway_transport::{Body, Transport};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let request = || {
///     http::Request::post("https://gateway.example/v2/gateway8")
///         .header("x-api-key", "a key")
///         .body(Body::from(r#"{"cardNumber":"4111111111111111","cvc":"123"}"#))
/// };
/// # let gateway = ScriptedTransport::new([
/// #     ExpectedRequest::post("/v2/gateway8").answers(StatusCode::CREATED, r#"{"invoiceId":42}"#),
/// # ]);
/// let recording = RecordingTransport::new(gateway, Scrub::new(["/cvc"]));
/// recording.send(request()?).await?;
///
/// let cassette = recording.cassette();
/// let text = cassette.to_json();
/// assert!(!text.contains("a key") && !text.contains("4111") && !text.contains("123"));
///
/// let replay = ReplayTransport::new(cassette)?;
/// let answer = replay.send(request()?).await?;
/// assert_eq!(answer.body(), r#"{"invoiceId":42}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct RecordingTransport {
    inner: SharedTransport,
    scrub: Arc<Scrub>,
    cassette: Arc<Mutex<Cassette>>,
}

impl RecordingTransport {
    /// Records what goes through `inner`, without what `scrub` takes out.
    pub fn new(inner: impl Transport, scrub: Scrub) -> Self {
        Self {
            inner: SharedTransport::new(inner),
            scrub: Arc::new(scrub),
            cassette: Arc::default(),
        }
    }

    /// What was recorded so far.
    pub fn cassette(&self) -> Cassette {
        self.cassette
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

#[async_trait]
impl Transport for RecordingTransport {
    async fn send(
        &self,
        request: http::Request<Body>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let seen = Seen::read(request).await?;
        let body = Body::from(seen.body.clone());
        let request = http::Request::from_parts(seen.parts.clone(), body);
        let outcome = self.inner.send(request).await;
        let exchange = Exchange::new(&seen, &outcome, &self.scrub);
        self.cassette
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .exchanges
            .push(exchange);
        outcome
    }
}
