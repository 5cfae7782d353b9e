use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::{Buf, Bytes, BytesMut};
use http_body::Body as _;
use tower_service::Service;

use crate::{Body, Delivery, Transport, TransportError, TransportErrorKind};

/// Any error of a service.
pub type ServiceError = Box<dyn Error + Send + Sync>;

/// The most bytes of an answer that are taken, unless told otherwise.
const ANSWER_BYTES_MAX: usize = 8 << 20;

/// A service as a [`Transport`]: cloned for each request, made ready, called once.
///
/// # Was it sent?
///
/// | what happened | error |
/// |---|---|
/// | the service did not become ready: the request is still here | `not_sent(Connect)` |
/// | its error is a [`TransportError`] | that one |
/// | any other error of the service | `unknown(Io)` |
/// | the body of the answer broke off | the same, and never `NotSent` |
/// | the answer is too large | `unknown(AnswerTooLarge)` |
///
/// What another error proves, and whether its text may be shown, only its author knows: without
/// [`with_errors`](Self::with_errors) it counts as a doubt, and its text is dropped. A [`TransportError`] that is merely
/// the *source* of another error proves nothing: there may have been more than one exchange.
#[derive(Clone)]
pub struct ServiceTransport<S> {
    service: S,
    judge: Arc<dyn Fn(ServiceError) -> TransportError + Send + Sync>,
    answer_bytes_max: usize,
}

impl<S> ServiceTransport<S> {
    /// Wraps `service`, whose errors prove nothing unless they are [`TransportError`]s.
    pub fn new(service: S) -> Self {
        Self::with_errors(service, |_| TransportError::unknown(TransportErrorKind::Io))
    }

    /// Wraps `service`, whose errors mean what `judge` says. It is not asked about [`TransportError`]s.
    ///
    /// Say [`NotSent`](Delivery::NotSent) only of what proves that no byte can have been processed. What becomes the
    /// source must hold no URL, header or body.
    ///
    /// ```
    /// use xgateway_transport::tower::ServiceTransport;
    /// use xgateway_transport::{TransportError, TransportErrorKind};
    /// # let service = ();
    ///
    /// let transport = ServiceTransport::with_errors(service, |err| {
    ///     match err.downcast_ref::<std::io::Error>().map(std::io::Error::kind) {
    ///         // This service connects first, and has no other such error.
    ///         Some(std::io::ErrorKind::ConnectionRefused) => {
    ///             TransportError::not_sent(TransportErrorKind::Connect).with_source(err)
    ///         }
    ///         _ => TransportError::unknown(TransportErrorKind::Io),
    ///     }
    /// });
    /// ```
    pub fn with_errors(
        service: S,
        judge: impl Fn(ServiceError) -> TransportError + Send + Sync + 'static,
    ) -> Self {
        Self {
            service,
            judge: Arc::new(judge),
            answer_bytes_max: ANSWER_BYTES_MAX,
        }
    }

    /// The most bytes of an answer's body that are taken: 8 MiB.
    #[must_use]
    pub fn answer_bytes_max(self, bytes: usize) -> Self {
        Self {
            answer_bytes_max: bytes,
            ..self
        }
    }

    fn judge(&self, err: impl Into<ServiceError>) -> TransportError {
        match err.into().downcast::<TransportError>() {
            Ok(err) => *err,
            Err(err) => (self.judge)(err),
        }
    }

    async fn read<B>(
        &self,
        answer: http::Response<B>,
    ) -> Result<http::Response<Bytes>, TransportError>
    where
        B: http_body::Body<Error: Into<ServiceError>>,
    {
        let (head, body) = answer.into_parts();
        let mut body = pin!(body);
        let too_large = || TransportError::unknown(TransportErrorKind::AnswerTooLarge);
        let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
        if announced > self.answer_bytes_max {
            return Err(too_large());
        }
        // The announcement is not to be trusted with memory.
        let mut bytes = BytesMut::with_capacity(announced.min(1 << 20));
        while let Some(frame) = poll_fn(|context| body.as_mut().poll_frame(context)).await {
            let frame = frame.map_err(|err| after_the_head(self.judge(err)))?;
            // Trailers say nothing that a caller asked for.
            if let Ok(data) = frame.into_data() {
                if data.remaining() > self.answer_bytes_max - bytes.len() {
                    return Err(too_large());
                }
                put(&mut bytes, data);
            }
        }
        Ok(http::Response::from_parts(head, bytes.freeze()))
    }
}

/// There was an answer, so there was a request.
fn after_the_head(err: TransportError) -> TransportError {
    match err.delivery() {
        Delivery::Unknown => err,
        Delivery::NotSent => TransportError::unknown(err.kind()),
    }
}

fn put(bytes: &mut BytesMut, mut data: impl Buf) {
    while data.has_remaining() {
        let chunk = data.chunk();
        bytes.extend_from_slice(chunk);
        let length = chunk.len();
        data.advance(length);
    }
}

#[async_trait]
impl<S, B> Transport for ServiceTransport<S>
where
    S: Service<http::Request<Body>, Response = http::Response<B>> + Clone + Send + Sync + 'static,
    S::Future: Send,
    S::Error: Into<ServiceError>,
    B: http_body::Body<Data: Send, Error: Into<ServiceError>> + Send + 'static,
{
    async fn send(
        &self,
        request: http::Request<Body>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let mut service = self.service.clone();
        if poll_fn(|context| service.poll_ready(context))
            .await
            .is_err()
        {
            return Err(TransportError::not_sent(TransportErrorKind::Connect)
                .with_source("the service did not become ready"));
        }
        let answered = service.call(request).await;
        let answer = answered.map_err(|err| self.judge(err))?;
        self.read(answer).await
    }
}

/// A service may hold anything, so it is not shown.
impl<S> fmt::Debug for ServiceTransport<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceTransport")
            .field("answer_bytes_max", &self.answer_bytes_max)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use http_body::Frame;

    use super::*;

    /// Frames of an answer, of which one may be a failure.
    type Frames = Vec<Result<&'static str, ServiceError>>;

    /// Answers, or fails, as the function says.
    #[derive(Clone)]
    struct Says {
        ready: fn() -> Result<(), ServiceError>,
        answer: fn() -> Result<Frames, ServiceError>,
    }

    struct Answer(std::vec::IntoIter<Result<&'static str, ServiceError>>);

    impl http_body::Body for Answer {
        type Data = Bytes;
        type Error = ServiceError;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, ServiceError>>> {
            let frame = self.0.next();
            Poll::Ready(frame.map(|it| it.map(|text| Frame::data(text.into()))))
        }
    }

    impl Service<http::Request<Body>> for Says {
        type Response = http::Response<Answer>;
        type Error = ServiceError;
        type Future = std::future::Ready<Result<Self::Response, ServiceError>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ServiceError>> {
            Poll::Ready((self.ready)())
        }

        fn call(&mut self, _: http::Request<Body>) -> Self::Future {
            let frames = (self.answer)();
            std::future::ready(frames.map(|it| http::Response::new(Answer(it.into_iter()))))
        }
    }

    const READY: fn() -> Result<(), ServiceError> = || Ok(());

    fn lie() -> ServiceError {
        TransportError::not_sent(TransportErrorKind::Connect).into()
    }

    async fn send(transport: ServiceTransport<Says>) -> Result<Bytes, TransportError> {
        let answer = transport.send(http::Request::new(Body::empty())).await?;
        Ok(answer.into_body())
    }

    #[track_caller]
    fn check(err: &TransportError, delivery: Delivery, kind: TransportErrorKind) {
        assert_eq!((err.delivery(), err.kind()), (delivery, kind), "{err:?}");
    }

    #[tokio::test]
    async fn frames_become_one_body() {
        let answer = || Ok(vec![Ok("a"), Ok(""), Ok("bc")]);
        let says = Says {
            ready: READY,
            answer,
        };
        assert_eq!(send(ServiceTransport::new(says)).await.unwrap(), "abc");
    }

    #[tokio::test]
    async fn an_error_proves_nothing_and_is_not_shown() {
        let answer = || Err(ServiceError::from("canary"));
        let says = Says {
            ready: READY,
            answer,
        };
        let err = send(ServiceTransport::new(says)).await.unwrap_err();
        check(&err, Delivery::Unknown, TransportErrorKind::Io);
        assert!(!format!("{err:?}").contains("canary"));
    }

    /// Not even if it was caused by one that does: there may have been another exchange before.
    #[tokio::test]
    async fn a_cause_proves_nothing() {
        let answer = || Err(io::Error::other(lie()).into());
        let says = Says {
            ready: READY,
            answer,
        };
        let err = send(ServiceTransport::new(says)).await.unwrap_err();
        check(&err, Delivery::Unknown, TransportErrorKind::Io);
    }

    #[tokio::test]
    async fn the_error_of_a_transport_is_believed() {
        let answer = || Err(lie());
        let says = Says {
            ready: READY,
            answer,
        };
        let err = send(ServiceTransport::new(says)).await.unwrap_err();
        check(&err, Delivery::NotSent, TransportErrorKind::Connect);
    }

    #[tokio::test]
    async fn an_error_means_what_its_author_says() {
        let answer = || Err(ServiceError::from("no route"));
        let says = Says {
            ready: READY,
            answer,
        };
        let transport = ServiceTransport::with_errors(says, |err| {
            TransportError::not_sent(TransportErrorKind::Connect).with_source(err)
        });
        let err = send(transport).await.unwrap_err();
        check(&err, Delivery::NotSent, TransportErrorKind::Connect);
        assert_eq!(err.source().unwrap().to_string(), "no route");
    }

    #[tokio::test]
    async fn what_is_not_ready_got_nothing() {
        let ready = || Err(ServiceError::from("canary"));
        let answer = || panic!("nobody was ready");
        let err = send(ServiceTransport::new(Says { ready, answer }))
            .await
            .unwrap_err();
        check(&err, Delivery::NotSent, TransportErrorKind::Connect);
        assert!(!format!("{err:?}").contains("canary"));
    }

    #[tokio::test]
    async fn after_the_head_nobody_can_say_that_nothing_was_sent() {
        let answer = || Ok(vec![Ok("a"), Err(lie())]);
        let says = Says {
            ready: READY,
            answer,
        };
        let err = send(ServiceTransport::new(says)).await.unwrap_err();
        check(&err, Delivery::Unknown, TransportErrorKind::Connect);
    }

    #[tokio::test]
    async fn an_answer_has_a_limit() {
        let answer = || Ok(vec![Ok("a"), Ok("bc")]);
        let transport = ServiceTransport::new(Says {
            ready: READY,
            answer,
        });
        let body = send(transport.clone().answer_bytes_max(3)).await.unwrap();
        assert_eq!(body, "abc");
        let err = send(transport.answer_bytes_max(2)).await.unwrap_err();
        check(&err, Delivery::Unknown, TransportErrorKind::AnswerTooLarge);
    }
}
