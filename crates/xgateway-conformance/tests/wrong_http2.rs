//! For each duty of HTTP/2, an adapter that breaks it and no other.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

use std::fmt;
use std::pin::Pin;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use xgateway_conformance::http2::DUTIES;
use xgateway_transport::{Body, Transport, TransportError};
use xgateway_transport_hyper::HyperTransport;

type Answer = Result<Response<Bytes>, TransportError>;
type Answering = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// Calls the right adapter in a wrong way.
struct Wrong(
    HyperTransport,
    fn(HyperTransport, Request<Body>) -> Answering,
);

#[async_trait]
impl Transport for Wrong {
    async fn send(&self, request: Request<Body>) -> Answer {
        (self.1)(self.0.clone(), request).await
    }
}

impl fmt::Debug for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wrong")
    }
}

async fn check(mistake: fn(HyperTransport, Request<Body>) -> Answering, broken: &[&str]) {
    let mut got = Vec::new();
    for duty in DUTIES {
        let right = HyperTransport::builder().http2_prior_knowledge(true);
        let transport = Wrong(right.build().unwrap(), mistake);
        if duty.check(&transport).await.is_err() {
            got.push(duty.name());
        }
    }
    assert_eq!(got, broken);
}

#[tokio::test]
async fn speaks_another_version() {
    let mistake = |_, request| -> Answering {
        Box::pin(async move { HyperTransport::new().unwrap().send(request).await })
    };
    // It never gets an answer, and fails in the one place where nobody asks for one.
    check(
        mistake,
        &[
            "sends_over_http2",
            "what_was_given_up_before_its_turn_is_never_sent_whole",
            "a_refused_stream_is_unknown",
        ],
    )
    .await;
}

#[tokio::test]
async fn cuts_bodies() {
    let mistake = |right: HyperTransport, request: Request<Body>| -> Answering {
        let cut = |body: Body| {
            let bytes = body.into_bytes().unwrap();
            Body::from(bytes.slice(..bytes.len().min(20)))
        };
        Box::pin(async move { right.send(request.map(cut)).await })
    };
    check(mistake, &["sends_over_http2"]).await;
}

#[tokio::test]
async fn goes_on_with_what_was_dropped() {
    let mistake = |right: HyperTransport, request: Request<Body>| -> Answering {
        Box::pin(async move {
            tokio::spawn(async move { right.send(request).await })
                .await
                .unwrap()
        })
    };
    check(
        mistake,
        &["what_was_given_up_before_its_turn_is_never_sent_whole"],
    )
    .await;
}

#[tokio::test]
async fn trusts_what_the_server_says_of_a_lost_request() {
    let mistake = |right: HyperTransport, request: Request<Body>| -> Answering {
        Box::pin(async move {
            let sent = right.send(request).await;
            sent.map_err(|err| TransportError::not_sent(err.kind()))
        })
    };
    check(mistake, &["a_refused_stream_is_unknown"]).await;
}

#[tokio::test]
async fn repeats_what_was_refused() {
    let mistake = |right: HyperTransport, request: Request<Body>| -> Answering {
        Box::pin(async move {
            let again = Request::post(request.uri())
                .body(Body::from(request.body().as_bytes().unwrap().to_vec()))
                .unwrap();
            match right.send(request).await {
                Ok(answer) => Ok(answer),
                Err(_) => right.send(again).await,
            }
        })
    };
    check(mistake, &["a_refused_stream_is_unknown"]).await;
}
