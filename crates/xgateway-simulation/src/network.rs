//! The network between the merchant and the gateway, which may do whatever networks do.

mod kind;

use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use xgateway::transport::{Body, Transport, TransportError, TransportErrorKind};

use self::kind::Kind;
use crate::kinds::{Fault, Late, RequestFault, Track};
use crate::sim::{Event, Millis, Sim, State};
use crate::tape::Tape;

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

/// When the merchant's process may end after a request has left: before it arrives, before it is answered, and at last
/// longer than any deadline of the client. Most are answered soon, so most of these times are short.
const ENDS: [Millis; 6] = [0, 1, 30, 500, 5_000, 20_000];

/// The merchant's way to the gateway.
#[derive(Debug)]
pub(crate) struct Network(pub(crate) Sim);

#[async_trait]
impl Transport for Network {
    async fn send(&self, request: Request<Body>) -> Outcome {
        let (head, body) = request.into_parts();
        // A document is streamed, from memory.
        let body = body
            .collect()
            .await
            .map_err(|_| TransportError::not_sent(TransportErrorKind::InvalidRequest))?
            .to_bytes();
        let request = Request::from_parts(head, body);
        let kind = Kind::of(&request);
        self.0.point(kind.before()).await;
        let slot = Slot::default();
        let doing = self.0.with(|state| {
            state.tell("merchant", || told(&request));
            if kind == Kind::Deposit {
                state.note_deposit(request.body());
            }
            // Many requests come before that for an account. What befalls it is drawn apart, so that they can be left out.
            let drew = (kind == Kind::Account).then(|| state.tape.turn_to(Track::Accounts));
            state.depart(request, &slot);
            if let Some(track) = drew {
                state.tape.turn_to(track);
            }
            let when = |tape: &mut Tape| ENDS[tape.choose(&[1; ENDS.len()])];
            state.may_crash_within(kind.within(), when)
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
        self.late(Late::Request);
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
                self.after(again, Event::Copy(request.clone()));
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
        let asks = self.gateway.asks(self.now, request);
        let answer = self.answer(request);
        if let Some(asks) = asks.filter(|_| answer.status().is_success()) {
            self.asked.push(asks);
        }
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

    /// A request comes that the network has made of another one.
    pub(crate) fn arrive_again(&mut self, request: &Request<Bytes>) {
        self.answer(request);
    }

    fn answer(&mut self, request: &Request<Bytes>) -> Response<Bytes> {
        let answer = self.gateway.answer(self.now, request);
        self.tell("gateway", || {
            format!("answers {} to {}", answer.status(), told(request))
        });
        answer
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
