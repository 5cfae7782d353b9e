use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::Request;
use http_body::Frame;
use tokio::time::timeout;
use xgateway_transport::{Body, Delivery, Transport, TransportError};

use super::request::large;
use crate::Violation;
use crate::server::{Record, Server, answer};
use crate::situation::PATIENCE;

/// Enough frames of this size to fill any buffer of a client.
const FRAME_BYTES: usize = 64 << 10;

/// A body that is not in memory arrives byte for byte, whatever its frames.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn sends_a_streamed_body(transport: &dyn Transport) -> Result<(), Violation> {
    let all_bytes: Vec<u8> = (0..=u8::MAX).chain(*b"\r\n\r\n0\r\n").collect();
    for (bytes, frame_bytes) in [
        (Vec::new(), 1),
        (b"all at once".to_vec(), 64),
        (all_bytes, 7),
        (large(), FRAME_BYTES - 1),
    ] {
        let (_, record) = sent(transport, &bytes, frame_bytes).await?;
        let seen = record.seen.first().map(|seen| seen.body.as_slice());
        let got = seen.unwrap_or_default();
        Violation::unless_equal("bytes of the body", &got.len(), &bytes.len())?;
        Violation::unless(got == bytes, || "the streamed body arrived changed")?;
    }
    Ok(())
}

/// A body that is not in memory goes out with its exact length, and not in
/// chunks: a server has to know before it reads whether it wants that much.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn states_the_length_of_a_streamed_body(
    transport: &dyn Transport,
) -> Result<(), Violation> {
    let (_, record) = sent(transport, &[b'a'; 4321], 1000).await?;
    let Some(seen) = record.seen.first() else {
        return Err(Violation::new("an answer without a request"));
    };
    let none: &[&[u8]] = &[];
    for (name, want) in [
        ("content-length", &[b"4321".as_slice()][..]),
        ("transfer-encoding", none),
    ] {
        Violation::unless_equal(
            &format!("header {name}"),
            &seen.values(name).as_slice(),
            &want,
        )?;
    }
    Ok(())
}

/// A body that fails while it is read: an error, and the server never gets
/// what it could take for the whole request.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn a_body_that_breaks_is_no_whole_request(
    transport: &dyn Transport,
) -> Result<(), Violation> {
    for frames in BREAKS_AFTER {
        let (result, record) = broken(transport, frames).await?;
        Violation::unless(result.is_err(), || {
            format!("an answer, although the body broke after {frames} frames")
        })?;
        Violation::unless(record.seen.is_empty(), || {
            format!("a whole request, although the body broke after {frames} frames")
        })?;
    }
    Ok(())
}

/// A body that fails while it is read: `Unknown`, or `NotSent` where the
/// server got nothing.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn a_body_that_breaks_is_no_lie(transport: &dyn Transport) -> Result<(), Violation> {
    for frames in BREAKS_AFTER {
        let (result, record) = broken(transport, frames).await?;
        let not_sent = matches!(&result, Err(err) if err.delivery() == Delivery::NotSent);
        Violation::unless(!not_sent || record.begun == 0, || {
            format!("`NotSent`, although some of it arrived before it broke after {frames} frames")
        })?;
    }
    Ok(())
}

/// A body for which it is too late by the time that it is handed on: an error, and no request. Bytes that were copied out
/// beforehand do not say so.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn a_body_that_is_late_is_not_sent(transport: &dyn Transport) -> Result<(), Violation> {
    let server = Server::answering(|_| answer(200, "", ""))?;
    let request = Request::post(server.url("http", "/v2/late"))
        .body(Body::from("late").until(|| true))
        .map_err(|err| Violation::new(format!("the suite is wrong: {err}")))?;
    let result = transport.send(request).await;
    Violation::unless(
        result.is_err() && server.record().seen.is_empty(),
        || "sent a body for which it was too late",
    )
}

/// Nothing, a little, and more than any buffer keeps back.
const BREAKS_AFTER: [usize; 3] = [0, 1, 32];

/// What comes of a body that breaks after so many frames, and, if some of it
/// is on its way by then, not before the server knows.
async fn broken(
    transport: &dyn Transport,
    frame_count: usize,
) -> Result<(Outcome, Record), Violation> {
    let server = Server::answering(|_| answer(200, "", ""))?;
    let mut noticed = server.subscribe();
    let breaking = async move {
        // One that reads all of it first sends nothing, and would wait for ever.
        drop(timeout(PATIENCE, noticed.wait_for(|record| record.begun > 0)).await);
        Err(io::ErrorKind::ConnectionReset.into())
    };
    let frame = Bytes::from(vec![b'a'; FRAME_BYTES]);
    let source = Source {
        frames: vec![frame; frame_count],
        end: Some(Box::pin(breaking)),
        paused: false,
    };
    let length = (frame_count + 1) * FRAME_BYTES;
    let result = transport.send(request(&server, length, source)?).await;
    Ok((result, server.record()))
}

/// What arrives of `bytes` in frames.
async fn sent(
    transport: &dyn Transport,
    bytes: &[u8],
    frame_bytes: usize,
) -> Result<(Outcome, Record), Violation> {
    let server = Server::answering(|_| answer(200, "", ""))?;
    let mut frames: Vec<_> = bytes
        .chunks(frame_bytes)
        .map(Bytes::copy_from_slice)
        .collect();
    frames.reverse();
    let source = Source {
        frames,
        end: None,
        paused: false,
    };
    let result = transport.send(request(&server, bytes.len(), source)?).await;
    if let Err(err) = &result {
        return Err(Violation::new(format!(
            "no answer to a streamed body: {err:?}"
        )));
    }
    Ok((result, server.record()))
}

type Outcome = Result<http::Response<Bytes>, TransportError>;

fn request(server: &Server, length: usize, source: Source) -> Result<Request<Body>, Violation> {
    Request::put(server.url("http", "/v2/streamed"))
        .body(Body::streamed(length as u64, source))
        .map_err(|err| Violation::new(format!("the suite is wrong: {err}")))
}

type Breaking = Pin<Box<dyn Future<Output = io::Result<Frame<Bytes>>> + Send>>;

/// Frames from the last to the first, each after a pause, and then what `end` says.
struct Source {
    frames: Vec<Bytes>,
    end: Option<Breaking>,
    paused: bool,
}

impl http_body::Body for Source {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.paused = !self.paused;
        if self.paused {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        if let Some(data) = self.frames.pop() {
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        // The end wakes by itself, so the next look need not pause.
        self.paused = true;
        match &mut self.end {
            Some(end) => end.as_mut().poll(context).map(Some),
            None => Poll::Ready(None),
        }
    }
}
