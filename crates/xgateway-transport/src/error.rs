use std::error::Error;
use std::fmt;

/// Whether the gateway may have acted on a request that failed.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Delivery {
    /// The gateway cannot have processed any of it. Safe to send again.
    NotSent,
    /// It may have arrived. Look before you send again.
    Unknown,
}

/// What went wrong during an exchange.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The transport cannot, or will not, send this request as it is.
    InvalidRequest,
    /// The body of the request could not be read to its end: see
    /// [`BodyError`](crate::BodyError).
    Body,
    /// No connection: name lookup, refused or unreachable host, TLS handshake,
    /// or a limit on the time for these.
    Connect,
    /// A limit of the transport's own on the time of the exchange.
    Timeout,
    /// The exchange broke off: the connection was reset or closed too early.
    Io,
    /// The answer was longer than the transport accepts.
    AnswerTooLarge,
    /// Something came back that is not an HTTP answer.
    InvalidAnswer,
}

/// Why an exchange failed, and whether the request may have arrived.
///
/// The message is one line, fit for a log: no URL, header or body, and not its
/// source. Callers branch on [`delivery`](Self::delivery) and
/// [`kind`](Self::kind), and print [`source`](Error::source) with the rest of
/// the chain. Who makes an error keeps secrets out of the source as well.
///
/// ```
/// use std::io;
/// use xgateway_transport::{Delivery, TransportError, TransportErrorKind};
///
/// let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
/// let err = TransportError::not_sent(TransportErrorKind::Connect).with_source(refused);
///
/// assert_eq!(err.delivery(), Delivery::NotSent);
/// assert_eq!(err.to_string(), "could not connect; the request was not sent");
/// ```
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    delivery: Delivery,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl TransportError {
    /// A failure before the gateway could process any byte of the request.
    ///
    /// Only for what is certain: whoever reads it may send the request again.
    pub const fn not_sent(kind: TransportErrorKind) -> Self {
        Self {
            kind,
            delivery: Delivery::NotSent,
            source: None,
        }
    }

    /// A failure after which the gateway may have acted. The choice when in doubt.
    pub const fn unknown(kind: TransportErrorKind) -> Self {
        Self {
            kind,
            delivery: Delivery::Unknown,
            source: None,
        }
    }

    /// Adds the cause. It must not contain the URL, a header or a body.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What went wrong.
    pub const fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Whether the gateway may have acted on the request.
    pub const fn delivery(&self) -> Delivery {
        self.delivery
    }
}

impl fmt::Display for TransportErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InvalidRequest => "the request cannot be sent as it is",
            Self::Body => "the body of the request could not be read to its end",
            Self::Connect => "could not connect",
            Self::Timeout => "the exchange took too long",
            Self::Io => "the exchange broke off",
            Self::AnswerTooLarge => "the answer is too large",
            Self::InvalidAnswer => "the answer is not valid HTTP",
        })
    }
}

impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotSent => "the request was not sent",
            Self::Unknown => "the request may have reached the gateway",
        })
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.kind, self.delivery)
    }
}

impl Error for TransportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(err: &TransportError, want: &Expect) {
        want.assert_eq(&err.to_string());
    }

    #[test]
    fn says_whether_the_request_may_have_arrived() {
        check(
            &TransportError::not_sent(TransportErrorKind::InvalidRequest),
            &expect!["the request cannot be sent as it is; the request was not sent"],
        );
        check(
            &TransportError::unknown(TransportErrorKind::Io),
            &expect!["the exchange broke off; the request may have reached the gateway"],
        );
    }

    #[test]
    fn keeps_its_source_out_of_its_own_line() {
        let err = TransportError::unknown(TransportErrorKind::Timeout).with_source("the cause");
        check(
            &err,
            &expect!["the exchange took too long; the request may have reached the gateway"],
        );
        assert_eq!(err.source().unwrap().to_string(), "the cause");
    }
}
