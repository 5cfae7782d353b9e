use std::error::Error;
use std::io;

use xgateway_transport::{BodyError, TransportError, TransportErrorKind};

/// Why no connection was opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectError {
    /// `https` on a machine that trusts nobody.
    #[error(
        "there are no CA certificates to check the server's with; install them on this machine \
         or give one to the builder of the transport"
    )]
    NoCaCertificates,
    /// Neither a name nor an address.
    #[error("the host cannot be in a certificate")]
    ServerName,
    #[error("the name has no address")]
    NoAddress,
    #[error("looking up the name and connecting took too long")]
    ConnectTimeout,
    #[error("the handshake took too long")]
    HandshakeTimeout,
}

/// Which limit of time ran out after the handover.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TimeLimit {
    #[error("the answer did not begin in time")]
    Answer,
    #[error("the answer paused for too long")]
    Read,
}

impl From<TimeLimit> for TransportError {
    fn from(limit: TimeLimit) -> Self {
        Self::unknown(TransportErrorKind::Timeout).with_source(limit)
    }
}

pub(crate) fn connect(source: impl Into<Box<dyn Error + Send + Sync>>) -> TransportError {
    TransportError::not_sent(TransportErrorKind::Connect).with_source(source)
}

/// The request is still here: hyper never began to write it.
pub(crate) fn unsent(err: hyper::Error) -> TransportError {
    TransportError::not_sent(TransportErrorKind::Io).with_source(err)
}

/// Anything after the handover. Some errors would allow to conclude that
/// nothing was written; only [`unsent`] proves it.
pub(crate) fn exchange(err: hyper::Error) -> TransportError {
    TransportError::unknown(kind(&err)).with_source(err)
}

fn kind(err: &hyper::Error) -> TransportErrorKind {
    if BodyError::is_cause_of(err) {
        return TransportErrorKind::Body;
    }
    // A head over the limit is among these: without its server half, hyper does not tell it apart.
    if err.is_parse() {
        return TransportErrorKind::InvalidAnswer;
    }
    let mut cause = err.source();
    while let Some(err) = cause {
        match err.downcast_ref::<io::Error>().map(io::Error::kind) {
            Some(io::ErrorKind::TimedOut) => return TransportErrorKind::Timeout,
            // Chunks that are none, TLS records that are none.
            Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput) => {
                return TransportErrorKind::InvalidAnswer;
            }
            _ => {}
        }
        cause = err.source();
    }
    TransportErrorKind::Io
}
