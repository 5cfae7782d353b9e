//! The other side of a call: answers every request with the same deposit, on a thread of its own.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::thread;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpListener;

use crate::{Outcome, samples};

/// What is spoken on the wire.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Version {
    Http1,
    /// Without TLS, so by prior knowledge.
    Http2,
}

/// Starts it on a free port of this machine. It ends with the process.
pub(crate) fn start(version: Version) -> Outcome<SocketAddr> {
    on_thread("server", move |listener| serve(listener, version))
}

/// Lets `serve` have a free port of this machine, on a thread of its own. It ends with the process.
pub(crate) fn on_thread<F: Future>(
    name: &str,
    serve: impl FnOnce(TcpListener) -> F + Send + 'static,
) -> Outcome<SocketAddr> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let run = move || {
        runtime.block_on(async {
            let listener = TcpListener::from_std(listener).expect("the listener does not block");
            serve(listener).await;
        });
    };
    thread::Builder::new().name(name.to_owned()).spawn(run)?;
    Ok(address)
}

async fn serve(listener: TcpListener, version: Version) {
    while let Ok((stream, _)) = listener.accept().await {
        // Without it an answer may wait for an acknowledgement.
        stream.set_nodelay(true).expect("the connection is open");
        tokio::spawn(async move {
            let (io, service) = (TokioIo::new(stream), service_fn(answer));
            // A client that goes away is no concern of ours.
            let _ = match version {
                Version::Http1 => http1::Builder::new().serve_connection(io, service).await,
                Version::Http2 => {
                    let builder = http2::Builder::new(TokioExecutor::new());
                    builder.serve_connection(io, service).await
                }
            };
        });
    }
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    // As a real server would: the whole request first.
    let status = match request.into_body().collect().await {
        Ok(_) => StatusCode::CREATED,
        Err(_) => StatusCode::BAD_REQUEST,
    };
    let mut response = Response::new(Full::from(samples::ANSWER));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}
