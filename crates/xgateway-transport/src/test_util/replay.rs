use async_trait::async_trait;
use bytes::Bytes;

use super::cassette::{Cassette, CassetteError, Exchange};
use super::script::{ScriptError, ScriptedTransport};
use super::scrub::scrub_text;
use super::seen::Seen;
use crate::{Body, Transport, TransportError};

/// Plays a [`Cassette`]: the same requests in the same order get the same
/// answers and failures, as far as scrubbing has left them.
///
/// Requests are told apart by method and path; headers, query and body may be
/// others than those recorded. One that does not fit fails with a report, as in
/// [`ScriptedTransport`].
#[derive(Clone, Debug)]
pub struct ReplayTransport(ScriptedTransport);

impl ReplayTransport {
    /// Puts in `cassette`, wound back to its start.
    ///
    /// # Errors
    ///
    /// [`CassetteError`] if its text was edited into something that is not HTTP.
    pub fn new(cassette: Cassette) -> Result<Self, CassetteError> {
        let steps = cassette.exchanges.into_iter().map(Exchange::into_step);
        let steps = steps.collect::<Result<Vec<_>, _>>()?;
        Ok(Self(ScriptedTransport::new(steps)))
    }

    /// Checks that all was played and nothing else was asked.
    ///
    /// # Errors
    ///
    /// [`ScriptError`] with what departs from the recording.
    pub fn finish(&self) -> Result<(), ScriptError> {
        self.0.finish()
    }
}

#[async_trait]
impl Transport for ReplayTransport {
    async fn send(
        &self,
        request: http::Request<Body>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let mut seen = Seen::read(request).await?;
        // The recorded path went through the same.
        seen.target = scrub_text(seen.parts.uri.path());
        self.0.play(&seen)
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use expect_test::expect;
    use http::StatusCode;

    use super::*;
    use crate::test_util::{ExpectedRequest, RecordingTransport, Scrub};
    use crate::{Delivery, TransportErrorKind};

    fn get(target: &str) -> http::Request<Body> {
        http::Request::get(format!("https://gateway.example{target}"))
            .body(Body::empty())
            .unwrap()
    }

    async fn recorded() -> ReplayTransport {
        let gateway = ScriptedTransport::new([
            ExpectedRequest::get("/v2/invoices/123456789012").answers(StatusCode::OK, r#"{"a":1}"#),
            ExpectedRequest::get("/v2/invoices/2")
                .fails(TransportError::unknown(TransportErrorKind::Io)),
        ]);
        let recording = RecordingTransport::new(gateway, Scrub::default());
        recording
            .send(get("/v2/invoices/123456789012"))
            .await
            .unwrap();
        recording.send(get("/v2/invoices/2")).await.unwrap_err();
        let text = recording.cassette().to_json();
        ReplayTransport::new(Cassette::from_json(&text).unwrap()).unwrap()
    }

    #[tokio::test]
    async fn gives_the_recorded_answers_and_failures() {
        let replay = recorded().await;
        let answer = replay
            .send(get("/v2/invoices/123456789012?now"))
            .await
            .unwrap();
        assert_eq!(answer.body(), r#"{"a":1}"#);
        assert_eq!(answer.headers()["content-type"], "application/json");
        let err = replay.send(get("/v2/invoices/2")).await.unwrap_err();
        assert_eq!(err.kind(), TransportErrorKind::Io);
        assert_eq!(err.delivery(), Delivery::Unknown);
        replay.finish().unwrap();
    }

    #[tokio::test]
    async fn reports_a_near_miss() {
        let replay = recorded().await;
        let err = replay.send(get("/v2/invoices/2")).await.unwrap_err();
        expect![[r"
            request 1 does not match: GET /v2/invoices/2
              closest is step 2 of 2: GET /v2/invoices/2
              it matches, but step 1 comes first"]]
        .assert_eq(&err.source().unwrap().to_string());
        expect![[r"
            request 1 does not match: GET /v2/invoices/2
              closest is step 2 of 2: GET /v2/invoices/2
              it matches, but step 1 comes first
            step 1 of 2 was not played: GET /v2/invoices/[scrubbed]
            step 2 of 2 was not played: GET /v2/invoices/2"]]
        .assert_eq(&replay.finish().unwrap_err().to_string());
    }

    #[test]
    fn refuses_a_cassette_that_is_not_http() {
        let text = r#"{"version":"1","exchanges":[{"method":"GET","path":"/","headers":{},"body":"",
            "outcome":{"answer":{"status":99,"headers":{},"body":""}}}]}"#;
        let cassette = Cassette::from_json(text).unwrap();
        assert_eq!(
            ReplayTransport::new(cassette).unwrap_err().to_string(),
            "not a cassette"
        );
    }
}
