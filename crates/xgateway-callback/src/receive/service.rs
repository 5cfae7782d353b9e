use std::convert::Infallible;
use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use tower::Service;

use super::{Answer, Receiver, check_head};
use crate::error::CallbackError;
use crate::raw::BODY_BYTES_MAX;

/// The body of an answer.
pub type ReceiverBody = Full<Bytes>;

/// An answer on its way.
pub type ReceiverFuture =
    Pin<Box<dyn Future<Output = Result<Response<ReceiverBody>, Infallible>> + Send>>;

impl<B> Service<Request<B>> for Receiver
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Response = Response<ReceiverBody>;
    type Error = Infallible;
    type Future = ReceiverFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let receiver = self.clone();
        Box::pin(async move {
            let (head, body) = request.into_parts();
            // The head first: a body that nobody wants is not read.
            let answer = match check_head(&head.method, &head.headers) {
                Err(answer) => answer,
                Ok(()) => match Limited::new(body, BODY_BYTES_MAX).collect().await {
                    Ok(body) => receiver.receive(body.to_bytes()).await,
                    Err(error) if error.is::<LengthLimitError>() => {
                        Answer::refused(&CallbackError::TooLarge)
                    }
                    Err(_) => Answer::cut(),
                },
            };
            Ok(Response::from(answer).map(Full::new))
        })
    }
}
