use std::collections::VecDeque;
use std::future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;

use crate::{Body, SharedTransport, Transport, TransportError, TransportErrorKind};

/// What the network does to one call.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// Nothing: the inner transport answers.
    Pass,
    /// No connection: the inner transport sees nothing, and the caller is told
    /// [`NotSent`](crate::Delivery::NotSent).
    RefuseConnection,
    /// The request gets lost: the inner transport sees nothing, and the caller
    /// is told [`Unknown`](crate::Delivery::Unknown).
    LoseRequest,
    /// The answer gets lost: the inner transport acts, and the caller is told
    /// [`Unknown`](crate::Delivery::Unknown).
    LoseAnswer,
    /// The request gets stuck: the inner transport sees nothing, and the caller
    /// waits for ever.
    HangBefore,
    /// The answer gets stuck: the inner transport acts, and the caller waits
    /// for ever.
    HangAfter,
}

/// A failing network before a working transport: one [`Fault`] per call, then
/// none.
///
/// [`LoseRequest`](Fault::LoseRequest) and [`LoseAnswer`](Fault::LoseAnswer)
/// look the same to the caller and differ in whether money moved. Code that
/// resolves an unknown outcome must pass with both.
///
/// Clones share the plan and the counts.
///
/// ```
/// use xgateway_transport::test_util::{ExpectedRequest, Fault, FaultyTransport, ScriptedTransport};
/// use xgateway_transport::{Body, Delivery, Transport};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let gateway = ScriptedTransport::new([
///     ExpectedRequest::post("/v2/gateway8").answers(http::StatusCode::CREATED, "{}"),
/// ]);
/// let transport = FaultyTransport::new(gateway.clone()).then(Fault::LoseAnswer);
///
/// let request = http::Request::post("https://gateway.example/v2/gateway8").body(Body::empty())?;
/// let err = transport.send(request).await.unwrap_err();
///
/// assert_eq!(err.delivery(), Delivery::Unknown);
/// assert_eq!(transport.arrived_count(), 1); // The gateway has acted all the same.
/// gateway.finish()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct FaultyTransport {
    inner: SharedTransport,
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    plan: Mutex<VecDeque<Fault>>,
    calls: AtomicUsize,
    arrived: AtomicUsize,
}

impl FaultyTransport {
    /// Wraps `inner`, so far without a fault.
    pub fn new(inner: impl Transport) -> Self {
        Self {
            inner: SharedTransport::new(inner),
            state: Arc::default(),
        }
    }

    /// Plans `fault` for the first call that has no plan yet.
    #[must_use]
    pub fn then(self, fault: Fault) -> Self {
        self.plan(fault);
        self
    }

    /// The same as [`then`](Self::then), for a transport that is already in use.
    pub fn plan(&self, fault: Fault) {
        self.state
            .plan
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push_back(fault);
    }

    /// The number of calls so far.
    pub fn call_count(&self) -> usize {
        self.state.calls.load(Ordering::SeqCst)
    }

    /// The number of calls that the inner transport has seen.
    pub fn arrived_count(&self) -> usize {
        self.state.arrived.load(Ordering::SeqCst)
    }

    fn next_fault(&self) -> Fault {
        self.state.calls.fetch_add(1, Ordering::SeqCst);
        self.state
            .plan
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front()
            .unwrap_or(Fault::Pass)
    }

    async fn pass_on(
        &self,
        request: http::Request<Body>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        self.state.arrived.fetch_add(1, Ordering::SeqCst);
        self.inner.send(request).await
    }
}

#[async_trait]
impl Transport for FaultyTransport {
    async fn send(
        &self,
        request: http::Request<Body>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        match self.next_fault() {
            Fault::Pass => self.pass_on(request).await,
            Fault::RefuseConnection => Err(TransportError::not_sent(TransportErrorKind::Connect)),
            Fault::LoseRequest => Err(TransportError::unknown(TransportErrorKind::Io)),
            Fault::LoseAnswer => {
                // An error of the inner transport is kept: there was no answer to lose.
                self.pass_on(request).await?;
                Err(TransportError::unknown(TransportErrorKind::Io))
            }
            Fault::HangBefore => future::pending().await,
            Fault::HangAfter => {
                self.pass_on(request).await?;
                future::pending().await
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use expect_test::{Expect, expect};

    use super::*;
    use crate::test_util::MockTransport;

    async fn check(plan: &[Fault], want: &Expect) {
        let mut inner = MockTransport::new();
        inner
            .expect_send()
            .returning(|_| Ok(http::Response::new(Bytes::new())));
        let transport = FaultyTransport::new(inner);
        for fault in plan {
            transport.plan(*fault);
        }

        let request = http::Request::new(Body::empty());
        let outcome = match tokio::time::timeout(Duration::ZERO, transport.send(request)).await {
            Ok(Ok(answer)) => answer.status().to_string(),
            Ok(Err(err)) => format!("{:?} {:?}", err.kind(), err.delivery()),
            Err(_) => "no answer".to_owned(),
        };
        let (calls, arrived) = (transport.call_count(), transport.arrived_count());
        want.assert_eq(&format!("{outcome}; {calls} called, {arrived} arrived"));
    }

    #[tokio::test]
    async fn each_fault_says_what_the_caller_and_the_gateway_see() {
        check(&[], &expect!["200 OK; 1 called, 1 arrived"]).await;
        check(&[Fault::Pass], &expect!["200 OK; 1 called, 1 arrived"]).await;
        check(
            &[Fault::RefuseConnection],
            &expect!["Connect NotSent; 1 called, 0 arrived"],
        )
        .await;
        check(
            &[Fault::LoseRequest],
            &expect!["Io Unknown; 1 called, 0 arrived"],
        )
        .await;
        check(
            &[Fault::LoseAnswer],
            &expect!["Io Unknown; 1 called, 1 arrived"],
        )
        .await;
        check(
            &[Fault::HangBefore],
            &expect!["no answer; 1 called, 0 arrived"],
        )
        .await;
        check(
            &[Fault::HangAfter],
            &expect!["no answer; 1 called, 1 arrived"],
        )
        .await;
    }

    #[tokio::test]
    async fn faults_strike_in_order_and_then_cease() {
        let mut inner = MockTransport::new();
        inner
            .expect_send()
            .returning(|_| Ok(http::Response::new(Bytes::new())));
        let transport = FaultyTransport::new(inner)
            .then(Fault::LoseAnswer)
            .then(Fault::Pass)
            .then(Fault::LoseRequest);

        let mut answered = Vec::new();
        for _ in 0..4 {
            let request = http::Request::new(Body::empty());
            answered.push(transport.send(request).await.is_ok());
        }
        assert_eq!(answered, [false, true, false, true]);
        assert_eq!(transport.arrived_count(), 3);
    }

    #[tokio::test]
    async fn an_answer_that_never_was_cannot_be_lost() {
        let mut inner = MockTransport::new();
        inner
            .expect_send()
            .returning(|_| Err(TransportError::not_sent(TransportErrorKind::Connect)));
        let transport = FaultyTransport::new(inner).then(Fault::LoseAnswer);
        let err = transport
            .send(http::Request::new(Body::empty()))
            .await
            .unwrap_err();
        assert_eq!(err.kind(), TransportErrorKind::Connect);
    }
}
