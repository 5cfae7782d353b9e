use std::future;
use std::pin::pin;
use std::task::Poll;

use http::Request;
use xgateway_transport::{Body, Transport};

use crate::Violation;
use crate::server::{Seen, Server, answer};
use crate::situation::{PATIENCE, Situation};

/// How many calls run at once.
const CALL_COUNT: usize = 32;

/// A redirect is an answer like any other.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn follows_no_redirect(transport: &dyn Transport) -> Result<(), Violation> {
    for status in [301, 302, 303, 307, 308] {
        let server = Server::answering(move |seen| match seen.target.as_str() {
            "/v2/asked" => answer(status, "location: /v2/elsewhere\r\n", ""),
            _ => answer(200, "", ""),
        })?;
        // The answer matters less than what the server saw.
        drop(transport.send(request(&server, "/v2/asked")?).await);
        let targets: Vec<_> = server
            .record()
            .seen
            .into_iter()
            .map(|it| it.target)
            .collect();
        Violation::unless_equal(
            &format!("requests after {status}"),
            &targets,
            &vec!["/v2/asked".to_owned()],
        )?;
    }
    Ok(())
}

/// A cookie of one answer is not in the next request.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn keeps_no_cookie(transport: &dyn Transport) -> Result<(), Violation> {
    let server = Server::answering(|_| answer(200, "set-cookie: a=b\r\n", ""))?;
    for _ in 0..2 {
        drop(transport.send(request(&server, "/v2/cookie")?).await);
    }
    let cookie = server
        .record()
        .seen
        .iter()
        .any(|seen| !seen.values("cookie").is_empty());
    Violation::unless(!cookie, || "sent a cookie that nobody gave to it")
}

/// No status makes the transport send again, not even one that asks for it.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn repeats_no_answered_request(transport: &dyn Transport) -> Result<(), Violation> {
    for status in [401, 407, 408, 421, 425, 429, 500, 502, 503, 504] {
        let headers = "retry-after: 0\r\nwww-authenticate: Basic realm=a\r\n";
        let server = Server::answering(move |_| answer(status, headers, ""))?;
        drop(transport.send(request(&server, "/v2/answered")?).await);
        Violation::unless_equal(
            &format!("requests after {status}"),
            &server.record().begun,
            &1,
        )?;
    }
    Ok(())
}

/// No failure makes the transport send again, neither on a new nor on a kept
/// connection.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn repeats_no_failed_request(transport: &dyn Transport) -> Result<(), Violation> {
    for situation in Situation::ALL {
        let observed = situation.observe(transport, PATIENCE).await?;
        let (want, got) = (situation.request_count, observed.begun);
        Violation::unless(got <= want, || {
            format!(
                "{}: expected at most {want} requests, got {got}",
                situation.description
            )
        })?;
    }
    Ok(())
}

/// Of 32 calls at once, each gets the answer to its own request.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn concurrent_calls_get_their_own_answers(
    transport: &dyn Transport,
) -> Result<(), Violation> {
    let server = Server::answering(|seen| answer(200, "", &seen.target))?;
    let targets: Vec<_> = (0..CALL_COUNT)
        .map(|call| format!("/v2/calls/{call}"))
        .collect();
    let requests = targets
        .iter()
        .map(|target| request(&server, target))
        .collect::<Result<Vec<_>, _>>()?;
    let answers = all_at_once(requests.into_iter().map(|it| transport.send(it))).await;
    for (target, result) in targets.iter().zip(answers) {
        let got = result.map_err(|err| Violation::new(format!("no answer: {err:?}")))?;
        let body = String::from_utf8_lossy(got.body()).into_owned();
        Violation::unless_equal("answer", &body, target)?;
    }
    let mut seen: Vec<_> = server
        .record()
        .seen
        .into_iter()
        .map(|it| it.target)
        .collect();
    seen.sort_unstable();
    let mut want = targets;
    want.sort_unstable();
    Violation::unless_equal("requests", &seen, &want)
}

/// A call that is dropped, before or within its answer, leaves nothing to the
/// next one.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn a_dropped_call_harms_no_other(transport: &dyn Transport) -> Result<(), Violation> {
    for beginning in [
        "",
        "HTTP/1.1 200",
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nold",
    ] {
        let server = Server::answering(move |seen: &Seen| match seen.target.as_str() {
            "/v2/dropped" => beginning.as_bytes().to_vec(),
            _ => answer(200, "", "new"),
        })?;
        tokio::select! {
            result = transport.send(request(&server, "/v2/dropped")?) => {
                let text = format!("an answer that is not whole became {result:?}");
                return Err(Violation::new(text));
            }
            () = server.until(|record| !record.seen.is_empty()) => {}
        }
        let got = transport
            .send(request(&server, "/v2/next")?)
            .await
            .map_err(|err| Violation::new(format!("no answer after a dropped call: {err:?}")))?;
        Violation::unless_equal("answer", &got.body().as_ref(), &b"new".as_slice())?;
    }
    Ok(())
}

/// The results of all futures, in their order.
pub(crate) async fn all_at_once<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<_> = futures.map(|it| (Box::pin(it), None)).collect();
    let mut all = pin!(future::poll_fn(move |context| {
        let mut waiting = false;
        for (future, result) in &mut running {
            if result.is_none() {
                match future.as_mut().poll(context) {
                    Poll::Ready(output) => *result = Some(output),
                    Poll::Pending => waiting = true,
                }
            }
        }
        if waiting {
            return Poll::Pending;
        }
        Poll::Ready(running.drain(..).filter_map(|(_, result)| result).collect())
    }));
    all.as_mut().await
}

fn request(server: &Server, target: &str) -> Result<Request<Body>, Violation> {
    Request::get(server.url("http", target))
        .body(Body::empty())
        .map_err(|err| Violation::new(format!("the suite is wrong: {err}")))
}
