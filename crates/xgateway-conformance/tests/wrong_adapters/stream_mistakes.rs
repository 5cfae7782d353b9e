//! The mistakes with bodies that are not in memory, one per function.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::Request;
use http::header::HOST;
use http_body_util::BodyExt as _;
use hyper::body::Frame;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use xgateway_transport::{Body, Transport as _, TransportError, TransportErrorKind};

use crate::wrong::{Answer, Wrong};

type Answering = Pin<Box<dyn Future<Output = Answer> + Send>>;

pub(crate) fn shouts_what_is_streamed(transport: Wrong, request: Request<Body>) -> Answering {
    Box::pin(async move {
        let (head, body) = request.into_parts();
        if body.as_bytes().is_some() {
            return transport.right.send(Request::from_parts(head, body)).await;
        }
        let bytes = body
            .collect()
            .await
            .map_err(|_| TransportError::unknown(TransportErrorKind::Body))?;
        let body = Body::from(bytes.to_bytes().to_ascii_uppercase());
        transport.right.send(Request::from_parts(head, body)).await
    })
}

pub(crate) fn sends_streams_without_length(transport: Wrong, request: Request<Body>) -> Answering {
    /// A body that does not know its length.
    struct Endless(Body);

    impl hyper::body::Body for Endless {
        type Data = Bytes;
        type Error = io::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
            Pin::new(&mut self.0).poll_frame(context)
        }
    }

    Box::pin(async move {
        if request.body().as_bytes().is_some() {
            return transport.right.send(request).await;
        }
        let authority = request.uri().authority().unwrap().to_string();
        let stream = TcpStream::connect(&authority).await.unwrap();
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        let mut request = request.map(Endless);
        request
            .headers_mut()
            .insert(HOST, authority.parse().unwrap());
        let exchange = async move {
            let (head, body) = sender.send_request(request).await?.into_parts();
            let bytes = body.collect().await?.to_bytes();
            Ok::<_, hyper::Error>(http::Response::from_parts(head, bytes))
        };
        let (answer, _) = tokio::join!(exchange, connection);
        answer.map_err(|_| TransportError::unknown(TransportErrorKind::Io))
    })
}

pub(crate) fn takes_a_break_for_the_end(transport: Wrong, request: Request<Body>) -> Answering {
    Box::pin(async move {
        let (head, mut body) = request.into_parts();
        if body.as_bytes().is_none() {
            let mut bytes = Vec::new();
            while let Some(Ok(frame)) = body.frame().await {
                bytes.extend_from_slice(&frame.into_data().unwrap());
            }
            body = bytes.into();
        }
        transport.right.send(Request::from_parts(head, body)).await
    })
}

pub(crate) fn denies_what_was_sent_before_a_break(
    transport: Wrong,
    request: Request<Body>,
) -> Answering {
    Box::pin(async move {
        transport.right.send(request).await.map_err(|err| {
            if err.kind() == TransportErrorKind::Body {
                TransportError::not_sent(TransportErrorKind::Body)
            } else {
                err
            }
        })
    })
}

pub(crate) fn copies_bodies_beforehand(transport: Wrong, request: Request<Body>) -> Answering {
    Box::pin(async move {
        let request = request.map(|body| match body.into_bytes() {
            Ok(bytes) => Body::from(bytes),
            Err(body) => body,
        });
        transport.right.send(request).await
    })
}
