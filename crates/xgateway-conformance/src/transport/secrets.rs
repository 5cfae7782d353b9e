use std::error::Error;
use std::fmt::Write as _;

use http::Request;
use xgateway_transport::{Body, Transport, TransportError};

use crate::Violation;
use crate::situation::{CANARY, PATIENCE, Situation};

/// Neither errors, nor their sources, nor `Debug` of the transport show a
/// sensitive header, the path, the query, or anything of a body.
///
/// # Errors
///
/// [`Violation`] if the transport broke the duty.
pub async fn shows_no_secret(transport: &dyn Transport) -> Result<(), Violation> {
    for situation in Situation::ALL {
        let observed = situation.observe(transport, PATIENCE).await?;
        if let Some(err) = observed.error() {
            no_canary(situation.description, &everything_about(err))?;
        }
    }
    for url in [
        "/canary",
        "ftp://127.0.0.1/canary",
        "http://127.0.0.1:0/canary?q=canary",
    ] {
        let request = Request::get(url)
            .header("x-api-key", CANARY)
            .body(Body::from(CANARY))
            .map_err(|err| Violation::new(format!("the suite is wrong: {err}")))?;
        if let Err(err) = transport.send(request).await {
            no_canary("a URL that leads nowhere", &everything_about(&err))?;
        }
    }
    no_canary("`Debug`", &format!("{transport:?}\n{transport:#?}"))
}

pub(crate) fn no_canary(what: &str, text: &str) -> Result<(), Violation> {
    Violation::unless(!text.contains(CANARY), || {
        format!("{what} shows what was sent or answered: {text}")
    })
}

/// The error as a log would show it at its most talkative.
pub(crate) fn everything_about(err: &TransportError) -> String {
    let mut text = format!("{err}\n{err:?}\n{err:#?}\n");
    let mut cause = err.source();
    while let Some(err) = cause {
        let _ = writeln!(text, "{err}\n{err:?}");
        cause = err.source();
    }
    text
}
