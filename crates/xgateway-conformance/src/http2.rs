//! What HTTP/2 adds to the duties of a [`transport`](crate::transport), each as a test of its own.
//!
//! Many calls share one connection there, a call may have to wait for its turn on it, and a server says more about what it
//! did not do. Run them all with [`http2_suite!`](crate::http2_suite), go through [`DUTIES`], or call one. Whoever calls one
//! provides a tokio runtime with I/O and time enabled.
//!
//! The transport under test has to speak HTTP/2 to `http` URLs without asking ("prior knowledge"). Most have a setting for it,
//! and what they do then is what they do over TLS.

mod server;

use std::pin::pin;

use http::Request;
use tokio::time::timeout;
use xgateway_transport::{Body, Delivery, Transport, TransportError};

use crate::http2::server::{HELD, Server};
use crate::situation::PATIENCE;
use crate::transport::all_at_once;
use crate::{Duty, Violation};

/// Says "not processed" of stream 1.
const REFUSED_STREAM: &[u8] = &[0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 7];
/// Says that it closes in order, and that no stream was processed.
const GO_AWAY: &[u8] = &[0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

macro_rules! list {
    ([] $($duty:ident)*) => {
        /// Every duty, in the order in which they are listed in this module.
        pub const DUTIES: &[Duty] = &[$(
            Duty {
                name: stringify!($duty),
                check: |transport: &dyn Transport| Box::pin($duty(transport)),
            },
        )*];
    };
}

crate::__http2_duties! { [list] }

/// A request arrives byte for byte, and its answer comes back.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn sends_over_http2(transport: &dyn Transport) -> Result<(), Violation> {
    let server = Server::of_one_stream()?;
    let all_bytes: Vec<u8> = (0..=u8::MAX).collect();
    for body in [Vec::new(), all_bytes.clone()] {
        answered(transport.send(request(&server, body)?).await)?;
    }
    let want = vec![Vec::new(), all_bytes];
    Violation::unless_equal("bodies", &server.record().whole, &want)
}

/// A call that is given up while it waits for a free stream never becomes a whole request: whoever gave it up counts on its
/// end, and may pay by another way.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn what_was_given_up_before_its_turn_is_never_sent_whole(
    transport: &dyn Transport,
) -> Result<(), Violation> {
    let given_up = b"is given up".to_vec();
    let server = Server::of_one_stream()?;
    // From here on it is known that there is one stream only.
    answered(transport.send(request(&server, b"first".to_vec())?).await)?;
    let mut holds = pin!(transport.send(request(&server, HELD.to_vec())?));
    {
        let waits = transport.send(request(&server, given_up.clone())?);
        let both = [holds.as_mut(), pin!(waits)];
        Violation::unless(
            timeout(PATIENCE, all_at_once(both.into_iter()))
                .await
                .is_err(),
            || "an answer that nobody gave",
        )?;
    }
    if server.record().whole.contains(&given_up) {
        // It did not wait, but went over a connection of its own.
        return Ok(());
    }
    server.answer_held();
    answered(holds.await)?;
    // What was to be sent before this one has been by then.
    answered(transport.send(request(&server, b"last".to_vec())?).await)?;
    Violation::unless(
        !server.record().whole.contains(&given_up),
        || "sent a request whole that had been given up",
    )
}

/// What the server says of a request that it does not answer is `Unknown`: it may be wrong, and so may whoever stands before
/// it. Nor is the request sent again.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn a_refused_stream_is_unknown(transport: &dyn Transport) -> Result<(), Violation> {
    for frames in [REFUSED_STREAM, GO_AWAY, b"this is no frame of HTTP/2"] {
        let server = Server::refusing(frames)?;
        let sent = transport.send(request(&server, b"body".to_vec())?);
        match timeout(PATIENCE, sent).await {
            Ok(Ok(_)) => return Err(Violation::new("an answer that nobody gave")),
            Ok(Err(err)) => {
                Violation::unless_equal("delivery", &err.delivery(), &Delivery::Unknown)?;
            }
            // Who gives up counts it as unknown.
            Err(_) => {}
        }
        Violation::unless_equal("requests", &server.record().begun, &1)?;
    }
    Ok(())
}

fn answered(result: Result<http::Response<bytes::Bytes>, TransportError>) -> Result<(), Violation> {
    let answer = result.map_err(|err| Violation::new(format!("no answer: {err:?}")))?;
    Violation::unless_equal("status", &answer.status().as_u16(), &200)
}

fn request(server: &Server, body: Vec<u8>) -> Result<Request<Body>, Violation> {
    Request::post(server.url("/v2/http2"))
        .body(Body::from(body))
        .map_err(|err| Violation::new(format!("the suite is wrong: {err}")))
}
