use std::future::poll_fn;
use std::mem::take;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::HOST;
use http::uri::Parts;
use http::{Request, Response, Version};
use http_body::{Body as _, Frame};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio::time::{Instant, timeout, timeout_at};
use xgateway_transport::{Body, TransportError, TransportErrorKind, Wanted};

use crate::builder::Limits;
use crate::failure::{TimeLimit, exchange};
use crate::pool::Connection;
use crate::prepare::{Origin, host, take_path, with_path};

/// What came of handing a request to a connection.
pub(crate) enum Handover {
    /// Status and headers; the body is still to come.
    Answered(Response<Incoming>),
    /// hyper gave the request back: not one byte of it was written.
    Unsent(hyper::Error),
}

/// Hands `request` for a path at `url` over, now, and waits for the head of the answer. What is unsent is `request` again.
///
/// Over HTTP/2 it is sent as long as somebody holds `wanted`: hyper would go on with a request that waits for a free stream.
pub(crate) async fn hand_over(
    connection: &mut Connection,
    request: &mut Request<Body>,
    url: &Parts,
    origin: Origin<'_>,
    now: Instant,
    limits: &Limits,
    wanted: &mut Option<Wanted>,
) -> Result<Handover, TransportError> {
    let limit = limits
        .answer_timeout
        .saturating_add(writing_time(request.body()));
    // What is too far away to be counted is a year away.
    let end = now
        .checked_add(limit)
        .unwrap_or_else(|| now + Duration::from_hours(24 * 365));
    let sent = match connection {
        Connection::Http1(http1) => {
            *request.version_mut() = Version::HTTP_11;
            if !request.headers().contains_key(HOST) {
                let host = host(url, origin, http1.host.as_ref())?;
                http1.host = Some(host.clone());
                request.headers_mut().insert(HOST, host);
            }
            http1.send(take(request), end).await
        }
        Connection::Http2(sender) => {
            let path = take(request.uri_mut()).into_parts().path_and_query;
            *request.uri_mut() = with_path(url, path)?;
            *request.version_mut() = Version::HTTP_2;
            let wanted = wanted.get_or_insert_default();
            let request = take(request).map(|body| body.while_wanted(wanted));
            timeout_at(end, sender.try_send_request(request))
                .await
                .map_err(|_| TimeLimit::Answer)
        }
    };
    match sent? {
        Ok(answer) => Ok(Handover::Answered(answer)),
        Err(mut err) => match err.take_message() {
            Some(unsent) => {
                *request = unsent;
                let path = take_path(&mut take(request.uri_mut()).into_parts());
                *request.uri_mut() = path.into();
                Ok(Handover::Unsent(err.into_error()))
            }
            None => Err(exchange(err.into_error())),
        },
    }
}

/// What a slow line needs for a body that is too large to be in memory. A line that is dead is for
/// [`Limits::write_timeout`] to find.
fn writing_time(body: &Body) -> Duration {
    const BYTES_PER_SECOND_MIN: u64 = 16 << 10;

    match body.as_bytes() {
        Some(_) => Duration::ZERO,
        None => Duration::from_secs(body.size_hint().lower() / BYTES_PER_SECOND_MIN),
    }
}

/// Reads the body to its end, or to the limit.
pub(crate) async fn read(
    connection: &mut Connection,
    body: &mut Incoming,
    limits: &Limits,
) -> Result<Bytes, TransportError> {
    let too_large = || TransportError::unknown(TransportErrorKind::AnswerTooLarge);
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > limits.answer_bytes_max {
        return Err(too_large());
    }
    // What comes in one piece, as most answers do, is taken over as it is; only more than one are joined.
    let mut first = Bytes::new();
    let mut joined = BytesMut::new();
    while let Some(frame) = next(connection, body, limits.read_timeout).await? {
        // Trailers say nothing that a caller asked for.
        let Ok(data) = frame.into_data() else {
            continue;
        };
        let length = first.len().max(joined.len());
        if data.len() > limits.answer_bytes_max - length {
            return Err(too_large());
        }
        if length == 0 {
            first = data;
            continue;
        }
        if joined.is_empty() {
            // The announcement is not to be trusted with memory.
            joined.reserve(announced.min(1 << 20).max(length + data.len()));
            joined.extend_from_slice(&first);
        }
        joined.extend_from_slice(&data);
    }
    Ok(if joined.is_empty() {
        first
    } else {
        joined.freeze()
    })
}

/// The next piece, if there is one. A timer is set only if it is not here yet; a small answer is, with its head.
async fn next(
    connection: &mut Connection,
    body: &mut Incoming,
    limit: Duration,
) -> Result<Option<Frame<Bytes>>, TransportError> {
    let frame = match connection {
        Connection::Http1(http1) => http1.next(body, limit).await?,
        Connection::Http2(_) => {
            let mut body = Pin::new(body);
            let here = poll_fn(|context| Poll::Ready(body.as_mut().poll_frame(context))).await;
            match here {
                Poll::Ready(frame) => frame,
                Poll::Pending => timeout(limit, body.frame())
                    .await
                    .map_err(|_| TimeLimit::Read)?,
            }
        }
    };
    frame.transpose().map_err(exchange)
}

#[cfg(test)]
mod tests {
    use hyper::client::conn::http1;
    use hyper_util::rt::TokioIo;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;
    use crate::HyperTransport;
    use crate::http1::Http1;
    use crate::prepare::{origin, prepare};
    use crate::stream::{Stream, WriteLimit};

    #[tokio::test]
    async fn a_request_that_is_given_back_was_not_written() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let near = TcpStream::connect(listener.local_addr().unwrap())
            .await
            .unwrap();
        let (mut far, _) = listener.accept().await.unwrap();
        // The server gives up on the connection before it is used.
        far.write_all(b"HTTP/1.1 408 Any\r\n\r\n").await.unwrap();
        near.readable().await.unwrap();
        let limits = HyperTransport::builder().limits;
        let near = Stream::Plain(WriteLimit::new(near, limits.write_timeout));
        let (sender, connection) = http1::handshake(TokioIo::new(near)).await.unwrap();
        let mut connection = Connection::Http1(Box::new(Http1::new(sender, connection)));
        let mut request = Request::post("http://a.example/")
            .body(Body::from("body"))
            .unwrap();
        let mut url = take(request.uri_mut()).into_parts();
        *request.uri_mut() = take_path(&mut url).into();
        let origin = origin(&url).unwrap();
        prepare(&mut request, &"agent".parse().unwrap()).unwrap();

        let now = Instant::now();
        let handover = hand_over(
            &mut connection,
            &mut request,
            &url,
            origin,
            now,
            &limits,
            &mut None,
        )
        .await;

        let Handover::Unsent(_) = handover.unwrap() else {
            panic!("an answer to what was not asked");
        };
        assert_eq!(request.body().as_bytes(), Some(b"body".as_slice()));
        drop(connection);
        let mut written = Vec::new();
        far.read_to_end(&mut written).await.unwrap();
        assert_eq!(written, b"");
    }
}
