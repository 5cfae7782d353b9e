//! Passes on what is confirmed.

use std::net::SocketAddr;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::try_join_all;
use http::header::CONTENT_TYPE;
use http::{Request, StatusCode, Uri};
use tokio::time::timeout;
use xgateway::api::environment::BaseUrl;
use xgateway::callback::{ConfirmedCallback, Handler, HandlerError, sign};
use xgateway::core::secret::SecretKey;
use xgateway::store::EffectKey;
use xgateway::transport::{Body, Delivery, SharedTransport, Transport as _};

use super::document;
use super::event::Event;
use super::mark::{self, Mark};
use super::teller::Teller;
use crate::failure::Failure;

/// Where confirmed callbacks go, and the key under which they go there.
pub(super) struct Forward {
    url: Uri,
    transport: SharedTransport,
    key: SecretKey,
    mark: Mark,
    time_limit: Duration,
}

impl Forward {
    /// `listen` is where the callbacks come in that are forwarded.
    pub(super) fn new(
        url: &str,
        listen: SocketAddr,
        transport: SharedTransport,
        key: SecretKey,
        mark: Mark,
        time_limit: Duration,
    ) -> Result<Self, Failure> {
        let base = url.split('?').next().unwrap_or_default();
        let is_safe = BaseUrl::parse(base);
        let (Ok(_), Ok(url)) = (is_safe, url.parse()) else {
            return Err(Failure::usage(
                "callbacks are forwarded to an https URL, or to this machine",
                "write it as --forward http://127.0.0.1:8080/callbacks",
            ));
        };
        if mark::leads_to(&url, listen) {
            return Err(Failure::usage(
                "--forward names this receiver itself, which would take its own forwards for callbacks",
                "name the URL of your own server with --forward, or another port with --listen",
            ));
        }
        Ok(Self {
            url,
            transport,
            key,
            mark,
            time_limit,
        })
    }

    /// Sends what the API says, in the form of callbacks that are hashed anew. The callback that came is not sent on: most
    /// of what it says is not proven.
    async fn send(&self, callback: &ConfirmedCallback) -> Result<(), HandlerError> {
        let effect = callback.effect();
        let mut posts = Vec::new();
        for document in document::of(callback)? {
            let body = sign(document.to_string().as_bytes(), &self.key)
                .map_err(|error| HandlerError::Never(format!("it cannot be hashed: {error}")))?;
            posts.push(self.post(body, effect.as_ref()));
        }
        // At the same time: however many accounts a customer has, all of it takes no longer than one.
        try_join_all(posts).await?;
        Ok(())
    }

    async fn post(&self, body: Vec<u8>, effect: Option<&EffectKey>) -> Result<(), HandlerError> {
        let mut request = Request::post(&self.url)
            .header(CONTENT_TYPE, "application/json")
            .header(mark::HEADER, self.mark.header());
        if let Some(effect) = effect {
            request = request.header("idempotency-key", effect.as_str());
        }
        let request = request
            .body(Body::from(body))
            .map_err(|_| HandlerError::Never("the callback makes no request".to_owned()))?;
        let again = |why: String| Err(HandlerError::Again(why));
        match timeout(self.time_limit, self.transport.send(request)).await {
            Ok(Ok(answer)) if answer.status().is_success() => Ok(()),
            Ok(Ok(answer)) if answer.status() == StatusCode::LOOP_DETECTED => again(
                "forwarding was answered 508: the URL of --forward leads back to this receiver"
                    .to_owned(),
            ),
            Ok(Ok(answer)) => again(format!(
                "forwarding was answered {}",
                answer.status().as_u16()
            )),
            // The transport's own words speak of the gateway.
            Ok(Err(error)) => again(match error.delivery() {
                Delivery::NotSent => "forwarding failed: nobody could be reached".to_owned(),
                Delivery::Unknown => "forwarding broke off: it may have arrived".to_owned(),
            }),
            Err(_) => again("forwarding took too long".to_owned()),
        }
    }
}

/// What is done about a confirmed callback: it is forwarded if that is wanted, and told.
pub(super) struct PassOn {
    forward: Option<Forward>,
    teller: Teller,
}

impl PassOn {
    pub(super) fn new(forward: Option<Forward>, teller: Teller) -> Self {
        Self { forward, teller }
    }
}

#[async_trait]
impl Handler for PassOn {
    async fn handle(&self, callback: &ConfirmedCallback) -> Result<(), HandlerError> {
        if let Some(forward) = &self.forward {
            forward.send(callback).await?;
        }
        for applied in Event::applied(callback, self.forward.is_some()) {
            self.teller.tell(applied);
        }
        Ok(())
    }
}
