//! One call, from the check to the answer: attempts, waits and limits of time.

use std::pin::{Pin, pin};

use bytes::Bytes;
use http::{Request, Response};
use tokio::time::{Instant, sleep, timeout_at};
use tracing::{Instrument as _, Span, debug, debug_span, field};
use xgateway_api::answer::{self, AnswerError};
use xgateway_api::call::Call;
use xgateway_api::operation::Operation;
use xgateway_core::issue::{Issue, IssueKind, Issues, Path, Segment};
use xgateway_transport::{Body, Transport as _, TransportError, TransportErrorKind};

use crate::error::{
    CallerError, Error, ExchangeError, RetryAfter, UndecodableError, ValidationError,
};
use crate::retry::{Attempt, Decision, FirstSent, KeyUse, Outcome, StopReason};
use crate::wall_clock::WallTime;
use crate::{Answered, Attempts, Client, Deadline};

impl Client {
    /// Checks a call, sends it, and decodes the answer. If the [policy](crate::retry) allows it, tries again.
    ///
    /// A call that may move money is sent only with its idempotency key, although the gateway would take it without.
    ///
    /// # Errors
    ///
    /// [`Error`] says who is at fault and whether the gateway may have acted.
    pub async fn send<C: Call + ?Sized>(&self, call: &C) -> Result<Answered<C::Answer>, Error> {
        self.logged(C::OPERATION, self.see_through(call)).await
    }

    /// Has the log and the counters hear of a call.
    pub(crate) async fn logged<T>(
        &self,
        operation: &'static Operation,
        call: impl Future<Output = Result<Answered<T>, Error>>,
    ) -> Result<Answered<T>, Error> {
        let span = debug_span!(
            "xgateway",
            operation = operation.name,
            status = field::Empty,
            attempts = field::Empty,
        );
        // Pinned first: what is handed on then is an address, not the future with all that it holds.
        let call = pin!(call);
        let result = call.instrument(span.clone()).await;
        self.shared.tally.ended(&result);
        span.in_scope(|| match &result {
            Ok(answer) => {
                span.record("attempts", answer.attempts().count());
                debug!("answered");
            }
            // The error's own line holds nothing that was sent or received but codes and field names.
            Err(error) => {
                span.record("attempts", error.attempts().count());
                debug!(kind = %error.kind(), effect = %error.effect(), error = %error, "failed");
            }
        });
        result
    }

    async fn see_through<C: Call + ?Sized>(&self, call: &C) -> Result<Answered<C::Answer>, Error> {
        let operation = C::OPERATION;
        call.check()
            .and_then(|()| require_idempotency_key(call))
            .map_err(|issues| Error::Validation(ValidationError::local(operation, issues)))?;
        let shared = &*self.shared;
        let limits = shared.timeouts.of(operation);
        // Read once for an attempt: each reading costs about as much as checking a field.
        let mut now = Instant::now();
        let mut wall = shared.wall_clock.now();
        let own = Deadline::from(now, limits.call).with_wall(wall.after(limits.call));
        let end = own.or_earlier(self.deadline.unwrap_or(own));
        let mut attempts = Attempts::NONE;
        // When the gateway may have seen the order id first, this call's own requests included.
        let mut first_seen = self.key_first_sent;
        loop {
            let begun = now;
            let limit = match limits.attempt {
                Some(attempt) => end.or_earlier(Deadline::from(begun, attempt)),
                None => end,
            };
            let begun_on_wall = wall;
            // Of a request that repeats another one the key must live when it leaves.
            let repeated = first_seen.filter(|_| attempts.count() > 0);
            let outcome = self
                .attempt(call, (begun, wall), (limit, repeated), &mut attempts)
                .await;
            let mut error = match outcome {
                Ok(answer) => {
                    shared.retry_budget.earn();
                    return Ok(answer.with_attempts(attempts));
                }
                Err(error) => error,
            };
            let outcome = Outcome::of(&error);
            // An answer that is final comes from a gateway that does its work; what was never answered says nothing of it.
            if outcome == Outcome::Final && error.status().is_some() {
                shared.retry_budget.earn();
            }
            if outcome.leaves_doubt() {
                first_seen.get_or_insert(FirstSent::at(begun, begun_on_wall));
            }
            wall = shared.wall_clock.now();
            let attempt = Attempt {
                number: attempts.count(),
                remaining: end.remaining(Instant::now(), wall),
                draw: shared.jitter.draw(),
            };
            let key = call.idempotency_key().map(|_| KeyUse {
                first_seen: first_seen.map(|first| first.age(wall)),
            });
            let budget = shared.retry_budget.left();
            let mut decision = shared
                .retry_policy
                .decide(operation, outcome, attempt, key, budget);
            // Another clone may have taken the last one meanwhile.
            if matches!(decision, Decision::Retry { .. }) && !shared.retry_budget.take() {
                decision = Decision::Stop(StopReason::BudgetSpent);
            }
            match decision {
                Decision::Retry { after } => {
                    let effect = error.effect();
                    debug!(
                        attempt = attempts.count(),
                        kind = %error.kind(),
                        %effect,
                        wait = ?after,
                        "trying again"
                    );
                    attempts.follow(error.kind(), effect, after);
                    sleep(after).await;
                    now = Instant::now();
                    wall = shared.wall_clock.now();
                }
                Decision::Stop(reason) => {
                    attempts.stop(reason);
                    error.set_attempts(attempts);
                    return Err(error);
                }
            }
        }
    }

    /// Sends one request, which is made anew each time, and makes sense of what comes back.
    async fn attempt<C: Call + ?Sized>(
        &self,
        call: &C,
        now: (Instant, WallTime),
        (limit, repeated): (Deadline, Option<FirstSent>),
        attempts: &mut Attempts,
    ) -> Result<Answered<C::Answer>, Error> {
        let operation = C::OPERATION;
        let shared = &*self.shared;
        let exchange = shared
            .endpoint
            .request(call, &shared.paths)
            .map(|request| {
                let request = request.map(|body| self.in_time(operation, body, limit, repeated));
                self.begin(request, now, limit, attempts)
            })
            .map_err(|error| Error::Caller(CallerError::new(operation, error)))?;
        finish(operation, exchange, answer::decode::<C>).await
    }

    /// A body that may move money is looked at once more when there is a connection to send it on: the machine may have slept
    /// while it connected, and the clock of the runtime, by which the call would be given up, has not heard of it. Nor must it
    /// repeat another one whose key is too old by now.
    fn in_time(
        &self,
        operation: &Operation,
        body: Bytes,
        limit: Deadline,
        repeated: Option<FirstSent>,
    ) -> Body {
        let end = limit.wall();
        if !operation.moves_money || (end.is_none() && repeated.is_none()) {
            return Body::from(body);
        }
        let (clock, policy) = (self.shared.wall_clock.clone(), self.shared.retry_policy);
        Body::from(body).until(move || {
            let now = clock.now();
            end.is_some_and(|end| end.is_past(now))
                || repeated.is_some_and(|first| !policy.is_remembered(first.age(now)))
        })
    }

    /// Hands one request over, unless it is too late: [`finish`] does the rest.
    ///
    /// No future of its own, which would hold the request a second time.
    pub(crate) fn begin(
        &self,
        request: Request<Body>,
        (now, wall): (Instant, WallTime),
        limit: Deadline,
        attempts: &mut Attempts,
    ) -> Exchange<'_> {
        // The one case in which giving up proves something: nothing has been handed over yet. A machine that has slept since
        // the call began must not send what others may have given up for lost meanwhile.
        if limit.is_past(now, wall) {
            return None;
        }
        self.shared.tally.request(attempts.count() > 0);
        attempts.begin();
        Some((limit, self.shared.transport.send(request)))
    }
}

/// One request on its way, and until when it may be; nothing if there was no time to send it.
pub(crate) type Exchange<'a> = Option<(Deadline, BoxFuture<'a>)>;

type BoxFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Response<Bytes>, TransportError>> + Send + 'a>>;

/// Waits for what comes back, and makes sense of it.
pub(crate) async fn finish<T>(
    operation: &'static Operation,
    exchange: Exchange<'_>,
    decode: impl FnOnce(u16, &[u8]) -> Result<T, AnswerError>,
) -> Result<Answered<T>, Error> {
    let outcome = match exchange {
        Some((limit, exchange)) => timeout_at(limit.instant(), exchange)
            .await
            // Dropped at an unknown point, so it may have arrived.
            .unwrap_or_else(|_| Err(TransportError::unknown(TransportErrorKind::Timeout))),
        None => Err(TransportError::not_sent(TransportErrorKind::Timeout)),
    };
    let answer = outcome.map_err(|error| Error::Transport(ExchangeError::new(operation, error)))?;
    let status = answer.status();
    Span::current().record("status", status.as_u16());
    match decode(status.as_u16(), answer.body()) {
        Ok(data) => Ok(Answered::new(status, data)),
        Err(AnswerError::Refused(refusal)) => {
            let retry_after = RetryAfter::of(status, answer.headers());
            Err(Error::of_refusal(operation, status, refusal, retry_after))
        }
        Err(error) => {
            let error = UndecodableError::new(operation, status, error);
            Err(Error::Undecodable(error))
        }
    }
}

/// The gateway lets the key be left out; then nobody could ask what became of a lost request.
fn require_idempotency_key<C: Call + ?Sized>(call: &C) -> Result<(), Issues> {
    let key = match C::OPERATION.idempotency_key {
        Some(key) if C::OPERATION.moves_money => key,
        _ => return Ok(()),
    };
    if call
        .idempotency_key()
        .is_some_and(|value| !value.is_empty())
    {
        return Ok(());
    }
    let path = Path::Told([Segment::Key(key.into())].into());
    let message = format!(
        "policy: {key} is required, since it is the only way to learn what became of a lost request"
    );
    Err(Issue::new(IssueKind::Custom, path)
        .with_message(message)
        .into())
}
