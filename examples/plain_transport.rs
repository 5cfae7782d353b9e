//! A transport of one's own, over bare hyper: plain HTTP/1.1, and one connection per request.
//!
//! docs/guides/custom-transport.md shows it and says why each line is there.

use std::time::Duration;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use http::uri::Scheme;
use http::{HeaderValue, Request, Response, header};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Body as _;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use xgateway::transport::{Body, Transport, TransportError, TransportErrorKind};

/// The most bytes of an answer.
const ANSWER_BYTES_MAX: usize = 8 << 20;

/// The longest time to connect. The rest of the exchange is timed by the caller.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(crate) struct PlainTransport;

#[async_trait]
impl Transport for PlainTransport {
    async fn send(&self, mut request: Request<Body>) -> Result<Response<Bytes>, TransportError> {
        // 1. Refuse what cannot go out as it is.
        let invalid = || TransportError::not_sent(TransportErrorKind::InvalidRequest);
        let uri = request.uri().clone();
        if uri.scheme() != Some(&Scheme::HTTP) {
            // No TLS here. Never fall back to sending in the clear.
            return Err(TransportError::not_sent(TransportErrorKind::Connect));
        }
        let authority = uri.authority().ok_or_else(invalid)?;
        if authority.as_str().contains('@') {
            return Err(invalid());
        }
        let target = uri.path_and_query().ok_or_else(invalid)?;
        *request.uri_mut() = target.clone().into();
        let host = HeaderValue::try_from(authority.as_str()).map_err(|_| invalid())?;
        request.headers_mut().entry(header::HOST).or_insert(host);

        // 2. Connect. Whatever fails here, nothing was sent.
        let address = (authority.host(), authority.port_u16().unwrap_or(80));
        let stream = tokio::time::timeout(CONNECT_TIMEOUT, TcpStream::connect(address))
            .await
            .map_err(|err| TransportError::not_sent(TransportErrorKind::Connect).with_source(err))?
            .map_err(|err| {
                TransportError::not_sent(TransportErrorKind::Connect).with_source(err)
            })?;
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream))
                .await
                .map_err(|err| {
                    TransportError::not_sent(TransportErrorKind::Connect).with_source(err)
                })?;

        // 3. The handover: from here on it is `Unknown`.
        let unknown = |err: hyper::Error| {
            let kind = if err.is_parse() {
                TransportErrorKind::InvalidAnswer
            } else {
                TransportErrorKind::Io
            };
            TransportError::unknown(kind).with_source(err)
        };
        let exchange = async {
            let (head, body) = sender
                .send_request(request)
                .await
                .map_err(unknown)?
                .into_parts();

            // 4. Read it all, and not more than the limit. Part of a body is no answer.
            let too_large = || TransportError::unknown(TransportErrorKind::AnswerTooLarge);
            if body.size_hint().lower() > ANSWER_BYTES_MAX as u64 {
                return Err(too_large()); // Announced, so there is no need to wait for it.
            }
            let mut body = Limited::new(body, ANSWER_BYTES_MAX);
            let mut bytes = BytesMut::new();
            while let Some(frame) = body.frame().await {
                match frame {
                    Ok(frame) => bytes.extend_from_slice(&frame.into_data().unwrap_or_default()),
                    Err(err) => {
                        return Err(match err.downcast::<hyper::Error>() {
                            Ok(err) => unknown(*err),
                            Err(_) => too_large(),
                        });
                    }
                }
            }
            Ok(Response::from_parts(head, bytes.freeze()))
        };

        // The connection lives in this future and not in a task of its own: when the caller drops the
        // call, the connection is gone, and no half-read answer can meet another request.
        let mut connection = std::pin::pin!(connection);
        let mut exchange = std::pin::pin!(exchange);
        tokio::select! {
            biased;
            result = &mut exchange => result,
            // It has ended, and what is left of the answer is on its way to us.
            _ = &mut connection => exchange.await,
        }
    }
}
