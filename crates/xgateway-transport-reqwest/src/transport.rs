use std::fmt;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use http::uri::{PathAndQuery, Scheme};
use xgateway_transport::{Body, Transport, TransportError, TransportErrorKind, Wanted};

use crate::builder::{BuildError, ReqwestTransportBuilder};
use crate::failure::{UrlError, from_reqwest};

/// A [`Transport`] over HTTP/1.1 and HTTP/2, with TLS by rustls.
///
/// - Clones share one pool of connections. Make one and keep it: a transport
///   per call means a TLS handshake per call.
/// - Sends each request once. The one thing that happens twice is taking a
///   connection: if a kept one turns out to be closed before any byte of the
///   request was written to it, the request goes to another.
/// - Follows no redirect, keeps no cookies, asks for no compression, uses no
///   proxy and reads no proxy settings from the environment.
/// - Trusts the CA certificates of the machine, and those given to the
///   [builder](Self::builder). On Linux `SSL_CERT_FILE` and `SSL_CERT_DIR` in
///   the environment say where they are.
/// - Has a limit for the time to connect and none for the whole exchange: the
///   caller sets a deadline by dropping the future. A dropped exchange closes
///   its connection, or its stream in HTTP/2; if it still waits for a stream
///   there, its body is never sent whole.
/// - Is for one runtime at a time: a kept connection is driven by the runtime
///   that opened it. A call from another one fails by its deadline if the first
///   is there and stands still, as those of programs do that have one for each
///   thread. Give each a transport of its own, or take `HyperTransport`.
/// - Adds the headers `accept: */*` and `user-agent` where there are none.
/// - Refuses a URL that its library would rewrite, such as `/a/../b`, since
///   the gateway would be asked for another one.
///
/// Errors hold what the libraries below say, down to host names and addresses,
/// but neither path, query, header nor body.
#[derive(Clone)]
pub struct ReqwestTransport {
    client: reqwest::Client,
    answer_bytes_max: usize,
    trusts_some_ca: bool,
}

impl ReqwestTransport {
    /// A transport with the default settings.
    ///
    /// # Errors
    ///
    /// [`BuildError`] if the TLS library cannot be set up.
    pub fn new() -> Result<Self, BuildError> {
        Self::builder().build()
    }

    /// Settings to change before the transport is made.
    pub fn builder() -> ReqwestTransportBuilder {
        ReqwestTransportBuilder::new()
    }

    pub(crate) const fn with_client(
        client: reqwest::Client,
        answer_bytes_max: usize,
        trusts_some_ca: bool,
    ) -> Self {
        Self {
            client,
            answer_bytes_max,
            trusts_some_ca,
        }
    }

    /// The same request for reqwest, unless the URL forbids it. It is sent as long as `wanted` lives.
    fn prepare(
        &self,
        request: http::Request<Body>,
        wanted: &Wanted,
    ) -> Result<reqwest::Request, TransportError> {
        if !self.trusts_some_ca && request.uri().scheme() == Some(&Scheme::HTTPS) {
            return Err(TransportError::not_sent(TransportErrorKind::Connect)
                .with_source(UrlError::NoCaCertificates));
        }
        let target = request.uri().path_and_query().cloned();
        // Over HTTP/2 hyper would go on with what waits for a free stream. Which version is spoken is not known yet.
        let request = request.map(|body| match body.while_wanted(wanted).into_bytes() {
            Ok(bytes) => reqwest::Body::from(bytes),
            Err(body) => reqwest::Body::wrap(body),
        });
        let request = reqwest::Request::try_from(request).map_err(from_reqwest)?;
        if is_target(request.url(), target.as_ref()) {
            Ok(request)
        } else {
            Err(TransportError::not_sent(TransportErrorKind::InvalidRequest)
                .with_source(UrlError::NotNormal))
        }
    }

    /// Reads the body to its end, or to the limit.
    async fn read(
        &self,
        mut answer: reqwest::Response,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let too_large = || TransportError::unknown(TransportErrorKind::AnswerTooLarge);
        if answer.content_length().unwrap_or(0) > self.answer_bytes_max as u64 {
            return Err(too_large());
        }
        let mut body = Bytes::new();
        while let Some(chunk) = answer.chunk().await.map_err(from_reqwest)? {
            if chunk.len() > self.answer_bytes_max - body.len() {
                return Err(too_large());
            }
            // Most answers come in one piece, which needs no copy.
            body = if body.is_empty() {
                chunk
            } else {
                let mut longer = BytesMut::from(body);
                longer.extend_from_slice(&chunk);
                longer.freeze()
            };
        }

        let mut response = http::Response::new(body);
        *response.status_mut() = answer.status();
        *response.version_mut() = answer.version();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}

/// Whether `url` asks for `target`, to the letter.
fn is_target(url: &reqwest::Url, target: Option<&PathAndQuery>) -> bool {
    target.is_none_or(|target| url.path() == target.path() && url.query() == target.query())
}

#[async_trait]
impl Transport for ReqwestTransport {
    async fn send(
        &self,
        request: http::Request<Body>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        // Held until the answer is read: a server may answer before it has read all.
        let wanted = Wanted::default();
        let request = self.prepare(request, &wanted)?;
        let answer = self.client.execute(request).await.map_err(from_reqwest)?;
        self.read(answer).await
    }
}

impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReqwestTransport")
            .field("answer_bytes_max", &self.answer_bytes_max)
            .finish_non_exhaustive()
    }
}
