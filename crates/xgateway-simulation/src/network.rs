//! The network between the merchant and the gateway, which may do whatever networks do.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use xgateway::transport::{Body, Transport, TransportError, TransportErrorKind};

use crate::kinds::{Fault, Point, RequestFault};
use crate::sim::{Event, Millis, Sim, State};

/// What came of an exchange.
pub(crate) type Outcome = Result<Response<Bytes>, TransportError>;

/// Where an answer is laid down for whoever waits for it.
pub(crate) type Slot = Arc<Mutex<Option<Outcome>>>;

/// What becomes of an answer on its way back.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AnswerFate {
    Arrives(Millis),
    Lost,
    Cut,
    Garbled,
    Proxy,
}

/// How long the merchant ever waits for an answer: longer than any deadline of the client.
const PATIENCE: Millis = 30_000;

/// The merchant's way to the gateway.
#[derive(Debug)]
pub(crate) struct Network(pub(crate) Sim);

/// Which request it is: the crash points have its name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Deposit,
    Invoice,
    Transaction,
    Address,
}

#[async_trait]
impl Transport for Network {
    async fn send(&self, request: Request<Body>) -> Outcome {
        let (head, body) = request.into_parts();
        let body = body
            .into_bytes()
            .map_err(|_| TransportError::not_sent(TransportErrorKind::InvalidRequest))?;
        let request = Request::from_parts(head, body);
        let kind = Kind::of(&request);
        self.0.point(kind.before()).await;
        let slot = Slot::default();
        let doing = self.0.with(|state| {
            state.tell("merchant", || told(&request));
            if kind == Kind::Deposit {
                state.note_deposit(request.body());
            }
            state.depart(request, &slot);
            state.may_crash_within(kind.within(), PATIENCE)
        });
        let outcome = poll_fn(|_| match lock(&slot).take() {
            Some(outcome) => Poll::Ready(outcome),
            None => Poll::Pending,
        })
        .await;
        drop(doing);
        self.0.point(kind.after()).await;
        outcome
    }
}

impl State {
    fn note_deposit(&mut self, body: &Bytes) {
        if self.deposits.contains(body) {
            self.fault(Fault::SentAgain, "merchant");
        } else {
            self.deposits.push(body.clone());
        }
    }

    /// A request leaves the merchant.
    fn depart(&mut self, request: Request<Bytes>, slot: &Slot) {
        let percent = self.weather().network_percent;
        let latency = self.latency();
        if percent == 0 || !self.tape.happens(percent) {
            return self.send(latency, request, slot, AnswerFate::Arrives(latency));
        }
        let fault = RequestFault::ALL[self.tape.choose(&[1; RequestFault::ALL.len()])];
        self.coverage.request(fault);
        self.tell("network", || fault.to_string());
        let broken = |delivery: fn(TransportErrorKind) -> TransportError, kind| Err(delivery(kind));
        match fault {
            RequestFault::ConnectionRefused => {
                let outcome = broken(TransportError::not_sent, TransportErrorKind::Connect);
                self.reply(latency, slot, outcome);
            }
            RequestFault::Reset => {
                let outcome = broken(TransportError::unknown, TransportErrorKind::Io);
                self.reply(latency, slot, outcome);
            }
            RequestFault::Delayed => {
                let delay = self.delay();
                self.send(delay, request, slot, AnswerFate::Arrives(latency));
            }
            RequestFault::Duplicated => {
                let again = self.delay();
                self.after(
                    again,
                    Event::Request {
                        request: request.clone(),
                        reply: None,
                    },
                );
                self.send(latency, request, slot, AnswerFate::Arrives(latency));
            }
            RequestFault::ProxyBeforeCommit => self.reply(latency, slot, Ok(proxy_answer())),
            RequestFault::Overloaded => self.reply(latency, slot, Ok(overloaded())),
            RequestFault::AnswerLost => self.send(latency, request, slot, AnswerFate::Lost),
            RequestFault::AnswerReset => {
                self.after(
                    latency,
                    Event::Request {
                        request,
                        reply: None,
                    },
                );
                // It may break before the request is there.
                let at = self.latency();
                self.reply(
                    at,
                    slot,
                    Err(TransportError::unknown(TransportErrorKind::Io)),
                );
            }
            RequestFault::AnswerDelayed => {
                let delay = self.delay();
                self.send(latency, request, slot, AnswerFate::Arrives(delay));
            }
            RequestFault::AnswerCut => self.send(latency, request, slot, AnswerFate::Cut),
            RequestFault::AnswerGarbled => self.send(latency, request, slot, AnswerFate::Garbled),
            RequestFault::ProxyAfterCommit => self.send(latency, request, slot, AnswerFate::Proxy),
            // Nothing more happens: the client will grow tired.
            RequestFault::Lost => {}
        }
    }

    /// A request has come to the gateway.
    pub(crate) fn arrive(&mut self, request: &Request<Bytes>, reply: Option<(Slot, AnswerFate)>) {
        let answer = self.gateway.answer(self.now, request);
        self.tell("gateway", || {
            format!("answers {} to {}", answer.status(), told(request))
        });
        let Some((slot, fate)) = reply else { return };
        match fate {
            AnswerFate::Arrives(latency) => self.reply(latency, &slot, Ok(answer)),
            AnswerFate::Lost => {}
            AnswerFate::Cut => {
                let half = answer.body().len() / 2;
                self.reply(1, &slot, Ok(answer.map(|body| body.slice(..half))));
            }
            AnswerFate::Garbled => {
                let error = TransportError::unknown(TransportErrorKind::InvalidAnswer);
                self.reply(1, &slot, Err(error));
            }
            AnswerFate::Proxy => self.reply(1, &slot, Ok(proxy_answer())),
        }
    }

    fn send(&mut self, after: Millis, request: Request<Bytes>, slot: &Slot, fate: AnswerFate) {
        let reply = Some((Arc::clone(slot), fate));
        self.after(after, Event::Request { request, reply });
    }

    fn reply(&mut self, after: Millis, slot: &Slot, outcome: Outcome) {
        let slot = Arc::clone(slot);
        self.after(after, Event::Answer { slot, outcome });
    }

    /// How long a message takes. In bad weather they overtake each other.
    pub(crate) fn latency(&mut self) -> Millis {
        if self.weather().is_calm() {
            return 1;
        }
        [1, 20, 300, 3_000][self.tape.choose(&[8, 4, 2, 1])]
    }

    /// How long a message takes that is held up: shorter and longer than the client's deadlines.
    pub(crate) fn delay(&mut self) -> Millis {
        [5_000, 15_000, 40_000, 80_000][self.tape.choose(&[1; 4])]
    }
}

/// Lays an answer down. Nobody may be there any more.
pub(crate) fn lay_down(slot: &Slot, outcome: Outcome) {
    *lock(slot) = Some(outcome);
}

fn lock(slot: &Slot) -> std::sync::MutexGuard<'_, Option<Outcome>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The request in a few words, without what is in it.
fn told(request: &Request<Bytes>) -> String {
    let path = request.uri().path();
    format!(
        "{} {}",
        request.method(),
        path.strip_prefix("/api").unwrap_or(path)
    )
}

fn proxy_answer() -> Response<Bytes> {
    answer(StatusCode::BAD_GATEWAY, "<html>Bad Gateway</html>")
}

fn overloaded() -> Response<Bytes> {
    let body = r#"{"errors":[{"code":"service_unavailable","message":"Later."}],"success":false}"#;
    answer(StatusCode::SERVICE_UNAVAILABLE, body)
}

fn answer(status: StatusCode, body: &'static str) -> Response<Bytes> {
    let mut answer = Response::new(Bytes::from_static(body.as_bytes()));
    *answer.status_mut() = status;
    answer
}

impl Kind {
    fn of(request: &Request<Bytes>) -> Self {
        let path = request.uri().path();
        if request.method() == Method::GET {
            if path.contains("/invoices/") {
                Self::Invoice
            } else {
                Self::Transaction
            }
        } else if path.ends_with("/channels") {
            Self::Address
        } else {
            Self::Deposit
        }
    }

    fn before(self) -> Point {
        match self {
            Self::Deposit => Point::BeforeDeposit,
            Self::Invoice => Point::BeforeInvoice,
            Self::Transaction => Point::BeforeTransaction,
            Self::Address => Point::BeforeAddress,
        }
    }

    fn within(self) -> Point {
        match self {
            Self::Deposit => Point::WithinDeposit,
            Self::Invoice => Point::WithinInvoice,
            Self::Transaction => Point::WithinTransaction,
            Self::Address => Point::WithinAddress,
        }
    }

    fn after(self) -> Point {
        match self {
            Self::Deposit => Point::AfterDeposit,
            Self::Invoice => Point::AfterInvoice,
            Self::Transaction => Point::AfterTransaction,
            Self::Address => Point::AfterAddress,
        }
    }
}
