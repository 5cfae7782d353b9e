//! A transport of one's own, over bare hyper: one connection per request.
//!
//! Run it with `cargo run -p xgateway-examples --bin custom_transport`. What a transport owes its caller is written at
//! the trait; docs/guides/custom-transport.md goes through it duty by duty.

#![expect(clippy::print_stdout, reason = "an example tells its story")]

use std::future;

use async_trait::async_trait;
use bytes::Bytes;
use http::header::HOST;
use http::{HeaderValue, Request, Response, Uri};
use http_body_util::{BodyExt as _, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use xgateway::api::environment::Environment;
use xgateway::client::Client;
use xgateway::core::id::OrderId;
use xgateway::transport::{Body, Transport, TransportError, TransportErrorKind};
use xgateway_sandbox::{Config, Sandbox};

const ANSWER_BYTES_MAX: usize = 1024 * 1024;

/// Plain HTTP/1.1 to this machine: enough for a sandbox.
#[derive(Debug)]
struct OneShot;

#[async_trait]
impl Transport for OneShot {
    async fn send(&self, request: Request<Body>) -> Result<Response<Bytes>, TransportError> {
        let (mut parts, body) = request.into_parts();
        let invalid = || TransportError::not_sent(TransportErrorKind::InvalidRequest);
        let authority = parts.uri.authority().ok_or_else(invalid)?.clone();
        let host = HeaderValue::from_str(authority.as_str()).map_err(|_| invalid())?;
        parts.headers.insert(HOST, host);
        let target = parts.uri.path_and_query().ok_or_else(invalid)?.as_str();
        parts.uri = target.parse::<Uri>().map_err(|_| invalid())?;

        // Up to here nothing has left this machine, so whatever fails is `NotSent`.
        let stream = TcpStream::connect(authority.as_str())
            .await
            .map_err(|error| {
                TransportError::not_sent(TransportErrorKind::Connect).with_source(error)
            })?;
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream))
                .await
                .map_err(|error| {
                    TransportError::not_sent(TransportErrorKind::Connect).with_source(error)
                })?;

        // From here on bytes may have arrived, so whatever fails is `Unknown`.
        let broken = |error| TransportError::unknown(TransportErrorKind::Io).with_source(error);
        let exchange = async {
            let answer = sender
                .send_request(Request::from_parts(parts, body))
                .await
                .map_err(broken)?;
            let (parts, body) = answer.into_parts();
            let body = Limited::new(body, ANSWER_BYTES_MAX)
                .collect()
                .await
                .map_err(|error| {
                    TransportError::unknown(TransportErrorKind::Io).with_source(error)
                })?;
            Ok(Response::from_parts(parts, body.to_bytes()))
        };
        let connection = async {
            match connection.await {
                Ok(()) => future::pending().await, // The exchange has what it needs.
                Err(error) => Err(broken(error)),
            }
        };
        tokio::select! {
            biased;
            answer = exchange => answer,
            error = connection => error,
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = Config::new(1);
    let key = config.api_key.clone();
    let sandbox = Sandbox::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    tokio::spawn(sandbox.serve(listener, future::pending()));

    let environment = Environment::sandbox(&sandbox.base_url())?;
    let client = Client::new(environment, key, OneShot);
    let order = OrderId::parse("never-sent")?;
    match client.invoice_by_order(&order).await {
        Err(error) if error.is_not_found() => println!("no invoice for {order}: {error}"),
        other => return Err(format!("unexpected: {other:?}").into()),
    }
    Ok(())
}
