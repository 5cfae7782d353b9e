use std::error::Error;

use xgateway_transport::{BodyError, TransportError, TransportErrorKind};

/// Why the URL of a request was refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UrlError {
    /// It would reach the wire as another URL.
    #[error("the URL is not in its normal form")]
    NotNormal,
    /// `https` on a machine that trusts nobody.
    #[error(
        "there are no CA certificates to check the server's with; install them on this machine \
         or give one to the builder of the transport"
    )]
    NoCaCertificates,
}

/// What an error of reqwest says about the request.
///
/// reqwest builds the request, connects, and only then sends: the first two are
/// the only errors that prove that nothing was sent. Everything else may have
/// happened after the first byte, "canceled" and "closed before message
/// completed" on a connection from the pool among it.
pub(crate) fn from_reqwest(err: reqwest::Error) -> TransportError {
    let error = if err.is_builder() {
        TransportError::not_sent(TransportErrorKind::InvalidRequest)
    } else if err.is_connect() {
        TransportError::not_sent(TransportErrorKind::Connect)
    } else if BodyError::is_cause_of(&err) {
        // Some of it may be on its way by then.
        TransportError::unknown(TransportErrorKind::Body)
    } else if err.is_timeout() {
        TransportError::unknown(TransportErrorKind::Timeout)
    } else if is_not_http(&err) {
        TransportError::unknown(TransportErrorKind::InvalidAnswer)
    } else {
        TransportError::unknown(TransportErrorKind::Io)
    };
    error.with_source(err.without_url())
}

fn is_not_http(err: &reqwest::Error) -> bool {
    let mut cause = err.source();
    while let Some(err) = cause {
        if err
            .downcast_ref::<hyper::Error>()
            .is_some_and(hyper::Error::is_parse)
        {
            return true;
        }
        cause = err.source();
    }
    false
}
