//! What can happen to a request on its way, and what a transport says of it.

use std::fmt;
use std::time::Duration;

use http::{HeaderValue, Request, StatusCode};
use xgateway_transport::{Body, Delivery, Transport, TransportError, TransportErrorKind};

use crate::Violation;
use crate::server::{Server, Step, answer, refusing_address};

/// When the caller gives up on a call that does not end. A duty is kept by
/// those who wait and by those who say `Unknown`, so it need not be long.
pub(crate) const PATIENCE: Duration = Duration::from_millis(100);

/// How long a client may take to notice that an unused connection was closed.
const NOTICE_WAIT: Duration = Duration::from_secs(1);

/// More than the buffers between client and server hold, so that the client
/// is still writing when the server stops reading.
const ENDLESS_BYTES: usize = 8 << 20;

/// In every place that may hold a secret, sent and answered.
pub(crate) const CANARY: &str = "canary";

/// One thing that can happen, and how to bring it about.
pub(crate) struct Situation {
    /// What a reader calls it.
    pub(crate) description: &'static str,
    /// For the path of the URL.
    name: &'static str,
    place: Place,
    /// What the server does on each connection. The same on all of them, so
    /// that a hidden repetition does not find it better disposed.
    steps: fn() -> Vec<Step>,
    /// How many requests there are of our own doing. The last one counts.
    pub(crate) request_count: usize,
    /// Whether the server closes before the last of them.
    closes_before_last: bool,
    /// Whether the caller may have to end it.
    stalls: bool,
    body_bytes: usize,
}

enum Place {
    /// An address where nobody listens.
    Nobody,
    /// A name without an address.
    NoAddress,
    /// The server, under this scheme.
    Server(&'static str),
}

/// What came of it.
pub(crate) struct Observed {
    pub(crate) outcome: Outcome,
    /// Requests of which the server got at least one byte.
    pub(crate) begun: usize,
    /// Requests that the server read to the end.
    pub(crate) read: usize,
}

pub(crate) enum Outcome {
    Answered(StatusCode),
    Failed(TransportError),
    /// The caller had to end it.
    Deadline,
}

impl Situation {
    const PLAIN: Self = Self {
        description: "",
        name: "",
        place: Place::Server("http"),
        steps: Vec::new,
        request_count: 1,
        closes_before_last: false,
        stalls: false,
        body_bytes: CANARY.len(),
    };
    pub(crate) const REFUSED: Self = Self {
        description: "connection refused",
        name: "refused",
        steps: Vec::new,
        place: Place::Nobody,
        ..Self::PLAIN
    };
    pub(crate) const UNKNOWN_NAME: Self = Self {
        description: "the name has no address",
        name: "unknown-name",
        steps: Vec::new,
        place: Place::NoAddress,
        ..Self::PLAIN
    };
    pub(crate) const NOT_TLS: Self = Self {
        description: "the server does not speak TLS",
        name: "not-tls",
        steps: || {
            let no_tls = b"HTTP/1.1 400 canary, this is no TLS\r\n\r\n";
            vec![Step::Hello, Step::Send(no_tls.to_vec())]
        },
        place: Place::Server("https"),
        ..Self::PLAIN
    };
    pub(crate) const RESET_BEFORE_READ: Self = Self {
        description: "reset before the request was read",
        name: "reset-before-read",
        steps: || vec![Step::Notice, Step::Reset],
        ..Self::PLAIN
    };
    pub(crate) const RESET_WITHIN: Self = Self {
        description: "reset within the request",
        name: "reset-within",
        steps: || vec![Step::ReadOneByte, Step::Reset],
        body_bytes: ENDLESS_BYTES,
        ..Self::PLAIN
    };
    pub(crate) const RESET_AFTER: Self = Self {
        description: "reset after the request",
        name: "reset-after",
        steps: || vec![Step::Read, Step::Reset],
        ..Self::PLAIN
    };
    pub(crate) const CLOSE_AFTER: Self = Self {
        description: "closed after the request",
        name: "close-after",
        steps: || vec![Step::Read],
        ..Self::PLAIN
    };
    pub(crate) const IDLE_CLOSE: Self = Self {
        description: "kept connection closed before the request",
        name: "idle-close",
        steps: || vec![Step::Read, Step::Send(answer(200, "", "")), Step::Close],
        request_count: 2,
        closes_before_last: true,
        ..Self::PLAIN
    };
    pub(crate) const LOSS_ON_KEPT: Self = Self {
        description: "kept connection reset after the request",
        name: "loss-on-kept",
        steps: || {
            let first = Step::Send(answer(200, "", ""));
            vec![Step::Read, first, Step::Read, Step::Reset]
        },
        request_count: 2,
        ..Self::PLAIN
    };
    pub(crate) const STALL_WITHIN_REQUEST: Self = Self {
        description: "too slow: the server stops reading within the request",
        name: "stall-within-request",
        steps: || vec![Step::ReadOneByte, Step::Hold],
        body_bytes: ENDLESS_BYTES,
        stalls: true,
        ..Self::PLAIN
    };
    pub(crate) const STALL_BEFORE_ANSWER: Self = Self {
        description: "too slow: the server read it and does not answer",
        name: "stall-before-answer",
        steps: || vec![Step::Read, Step::Hold],
        stalls: true,
        ..Self::PLAIN
    };
    pub(crate) const STALL_WITHIN_ANSWER: Self = Self {
        description: "too slow: the answer drips and never ends",
        name: "stall-within-answer",
        steps: || vec![Step::Read, Step::Drip(cut_answer()), Step::Hold],
        stalls: true,
        ..Self::PLAIN
    };
    pub(crate) const TRUNCATED: Self = Self {
        description: "answer cut off",
        name: "truncated",
        steps: || vec![Step::Read, Step::Send(cut_answer())],
        ..Self::PLAIN
    };
    pub(crate) const GARBAGE: Self = Self {
        description: "answer that is not HTTP",
        name: "garbage",
        steps: || {
            let garbage = b"canary is not HTTP\r\n\r\n";
            vec![Step::Read, Step::Send(garbage.to_vec())]
        },
        ..Self::PLAIN
    };

    pub(crate) const ALL: [&Self; 14] = [
        &Self::REFUSED,
        &Self::UNKNOWN_NAME,
        &Self::NOT_TLS,
        &Self::RESET_BEFORE_READ,
        &Self::RESET_WITHIN,
        &Self::RESET_AFTER,
        &Self::CLOSE_AFTER,
        &Self::IDLE_CLOSE,
        &Self::LOSS_ON_KEPT,
        &Self::STALL_WITHIN_REQUEST,
        &Self::STALL_BEFORE_ANSWER,
        &Self::STALL_WITHIN_ANSWER,
        &Self::TRUNCATED,
        &Self::GARBAGE,
    ];

    /// Brings `transport` into this situation, and ends a call that does not
    /// end by itself after `patience`.
    pub(crate) async fn observe(
        &self,
        transport: &dyn Transport,
        patience: Duration,
    ) -> Result<Observed, Violation> {
        let server = Server::start((self.steps)())?;
        let path = format!("/{CANARY}/{}", self.name);
        let url = match self.place {
            Place::Nobody => format!("http://{}{path}", refusing_address().await?),
            // Too long for a name, so that the lookup fails without asking anybody.
            Place::NoAddress => format!("http://{}.invalid{path}", "a".repeat(64)),
            Place::Server(scheme) => server.url(scheme, &path),
        };
        for _ in 1..self.request_count {
            let first = transport.send(self.request(&url)?).await;
            first.map_err(|err| Violation::new(format!("no answer: {err:?}")))?;
        }
        if self.closes_before_last {
            // Some notice only when they use it; that is what the duty is about.
            let closed = server.until(|record| record.closed == 1);
            let _: Result<(), _> = tokio::time::timeout(NOTICE_WAIT, closed).await;
        }
        let sending = transport.send(self.request(&url)?);
        let outcome = if self.stalls {
            match tokio::time::timeout(patience, sending).await {
                Ok(result) => result.into(),
                Err(_) => Outcome::Deadline,
            }
        } else {
            sending.await.into()
        };
        let record = server.record();
        Ok(Observed {
            outcome,
            begun: record.begun,
            read: record.seen.len(),
        })
    }

    /// A request with a secret in every place that has one.
    fn request(&self, url: &str) -> Result<Request<Body>, Violation> {
        let mut key = HeaderValue::from_static(CANARY);
        key.set_sensitive(true);
        Request::post(format!("{url}?q={CANARY}"))
            .header("x-api-key", key)
            .body(Body::from(CANARY.repeat(self.body_bytes / CANARY.len())))
            .map_err(|err| Violation::new(format!("the suite is wrong: {err}")))
    }
}

/// An answer of which the last bytes are missing.
fn cut_answer() -> Vec<u8> {
    let mut bytes = answer(200, "x-answer: canary\r\n", "canary and more");
    bytes.truncate(bytes.len() - 4);
    bytes
}

impl Observed {
    /// The error, if the transport gave one.
    pub(crate) fn error(&self) -> Option<&TransportError> {
        match &self.outcome {
            Outcome::Failed(err) => Some(err),
            Outcome::Answered(_) | Outcome::Deadline => None,
        }
    }

    /// What the caller has to assume.
    pub(crate) fn delivery(&self) -> Option<Delivery> {
        match &self.outcome {
            Outcome::Answered(_) => None,
            Outcome::Failed(err) => Some(err.delivery()),
            Outcome::Deadline => Some(Delivery::Unknown),
        }
    }

    /// What the server got of the last request.
    pub(crate) fn arrived(&self, situation: &Situation) -> &'static str {
        let count = situation.request_count;
        if self.read >= count {
            "all"
        } else if self.begun >= count {
            "some"
        } else {
            "nothing"
        }
    }
}

impl<T> From<Result<http::Response<T>, TransportError>> for Outcome {
    fn from(result: Result<http::Response<T>, TransportError>) -> Self {
        match result {
            Ok(answer) => Self::Answered(answer.status()),
            Err(err) => Self::Failed(err),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered(status) => write!(f, "none: answered {}", status.as_u16()),
            Self::Failed(err) => write!(f, "`{:?}` ({})", err.delivery(), kind(err.kind())),
            Self::Deadline => write!(f, "`{:?}` (the caller's deadline)", Delivery::Unknown),
        }
    }
}

fn kind(kind: TransportErrorKind) -> String {
    format!("`{kind:?}`")
}
