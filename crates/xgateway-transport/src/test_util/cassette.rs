use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde::{Deserialize, Serialize};

use super::scrub::{Scrub, is_secret, scrub_text};
use super::seen::Seen;
use super::{ExpectedRequest, Step};
use crate::{Delivery, TransportError, TransportErrorKind};

/// Recorded exchanges, scrubbed, as JSON text that can be kept in a file.
///
/// [`RecordingTransport`](super::RecordingTransport) makes one,
/// [`ReplayTransport`](super::ReplayTransport) plays it. Look it through before
/// it is committed: the recording knows only what it was told.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Cassette {
    version: Version,
    pub(super) exchanges: Vec<Exchange>,
}

/// Why text is not a [`Cassette`].
#[derive(Debug, thiserror::Error)]
#[error("not a cassette")]
pub struct CassetteError(#[source] Box<dyn Error + Send + Sync>);

/// The format of the text. Another one gets another variant.
#[derive(Clone, Copy, Default, Deserialize, Serialize)]
enum Version {
    #[default]
    #[serde(rename = "1")]
    One,
}

#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Exchange {
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    body: String,
    outcome: Outcome,
}

#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
enum Outcome {
    Answer {
        status: u16,
        headers: BTreeMap<String, String>,
        body: String,
    },
    Failure {
        #[serde(with = "KindText")]
        kind: TransportErrorKind,
        #[serde(with = "DeliveryText")]
        delivery: Delivery,
    },
}

#[derive(Deserialize, Serialize)]
#[serde(remote = "TransportErrorKind", rename_all = "camelCase")]
enum KindText {
    InvalidRequest,
    Body,
    Connect,
    Timeout,
    Io,
    AnswerTooLarge,
    InvalidAnswer,
}

#[derive(Deserialize, Serialize)]
#[serde(remote = "Delivery", rename_all = "camelCase")]
enum DeliveryText {
    NotSent,
    Unknown,
}

impl Cassette {
    /// Reads the text that [`to_json`](Self::to_json) wrote.
    ///
    /// # Errors
    ///
    /// [`CassetteError`] if `text` is anything else.
    pub fn from_json(text: &str) -> Result<Self, CassetteError> {
        serde_json::from_str(text).map_err(|err| CassetteError(err.into()))
    }

    /// The exchanges as JSON text, indented, with a line break at the end.
    pub fn to_json(&self) -> String {
        let mut text =
            serde_json::to_string_pretty(self).expect("text keys and values can be written");
        text.push('\n');
        text
    }

    /// The number of exchanges.
    pub fn exchange_count(&self) -> usize {
        self.exchanges.len()
    }
}

impl Exchange {
    pub(super) fn new(
        seen: &Seen,
        outcome: &Result<http::Response<Bytes>, TransportError>,
        scrub: &Scrub,
    ) -> Self {
        Self {
            method: seen.parts.method.to_string(),
            path: scrub_text(seen.parts.uri.path()),
            headers: kept_headers(&seen.parts.headers),
            body: scrub.body(&seen.body),
            outcome: match outcome {
                Ok(answer) => Outcome::Answer {
                    status: answer.status().as_u16(),
                    headers: kept_headers(answer.headers()),
                    body: scrub.body(answer.body()),
                },
                Err(err) => Outcome::Failure {
                    kind: err.kind(),
                    delivery: err.delivery(),
                },
            },
        }
    }

    /// The step of a script that plays this exchange.
    pub(super) fn into_step(self) -> Result<Step, CassetteError> {
        self.try_into_step()
            .map_err(|err| CassetteError(err.into()))
    }

    fn try_into_step(self) -> Result<Step, http::Error> {
        let method = Method::try_from(self.method.as_str())?;
        let request = ExpectedRequest::new(method, self.path);
        match self.outcome {
            Outcome::Answer {
                status,
                headers,
                body,
            } => {
                let mut answer = http::Response::new(body.into());
                *answer.status_mut() = StatusCode::from_u16(status)?;
                for (name, value) in &headers {
                    answer
                        .headers_mut()
                        .append(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
                }
                Ok(request.answers_with(answer))
            }
            Outcome::Failure { kind, delivery } => Ok(request.fails(match delivery {
                Delivery::NotSent => TransportError::not_sent(kind),
                Delivery::Unknown => TransportError::unknown(kind),
            })),
        }
    }
}

/// The headers that may be kept. Of several with one name, the last.
fn kept_headers(headers: &HeaderMap) -> BTreeMap<String, String> {
    headers
        .iter()
        .filter(|(name, value)| !is_secret(name, value))
        .filter_map(|(name, value)| {
            let text = value.to_str().ok()?;
            Some((name.to_string(), scrub_text(text)))
        })
        .collect()
}

impl fmt::Debug for Cassette {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cassette({} exchanges)", self.exchanges.len())
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::Body;

    #[tokio::test]
    async fn keeps_no_secret() {
        let mut secret = HeaderValue::from_static("canary");
        secret.set_sensitive(true);
        let request = http::Request::post("https://canary.example/v2/4111-1111-1111-1111?q=canary")
            .header("x-api-key", "canary")
            .header("authorization", "canary")
            .header("cookie", "canary")
            .header("x-other", secret)
            .header("x-trace", "card 4111111111111111")
            .body(Body::from(
                r#"{"cvc":"canary","card":"4111 1111 1111 1111","id":7}"#,
            ))
            .unwrap();
        let answer = http::Response::builder()
            .status(201)
            .header("set-cookie", "canary")
            .header("content-type", "application/json")
            .body(Bytes::from_static(br#"{"cvc":"canary"}"#))
            .unwrap();
        let scrub = Scrub::new(["/cvc"]);
        let seen = Seen::read(request).await.unwrap();
        let lost = Err(TransportError::unknown(TransportErrorKind::Io));
        let cassette = Cassette {
            version: Version::One,
            exchanges: vec![
                Exchange::new(&seen, &Ok(answer), &scrub),
                Exchange::new(&seen, &lost, &scrub),
            ],
        };
        expect![[r#"
            {
              "version": "1",
              "exchanges": [
                {
                  "method": "POST",
                  "path": "/v2/[scrubbed]",
                  "headers": {
                    "x-trace": "card [scrubbed]"
                  },
                  "body": "{\"card\":\"[scrubbed]\",\"cvc\":\"[scrubbed]\",\"id\":7}",
                  "outcome": {
                    "answer": {
                      "status": 201,
                      "headers": {
                        "content-type": "application/json"
                      },
                      "body": "{\"cvc\":\"[scrubbed]\"}"
                    }
                  }
                },
                {
                  "method": "POST",
                  "path": "/v2/[scrubbed]",
                  "headers": {
                    "x-trace": "card [scrubbed]"
                  },
                  "body": "{\"card\":\"[scrubbed]\",\"cvc\":\"[scrubbed]\",\"id\":7}",
                  "outcome": {
                    "failure": {
                      "kind": "io",
                      "delivery": "unknown"
                    }
                  }
                }
              ]
            }
        "#]]
        .assert_eq(&cassette.to_json());
        expect!["Cassette(2 exchanges)"].assert_eq(&format!("{cassette:?}"));
        let again = Cassette::from_json(&cassette.to_json()).unwrap();
        assert_eq!(again.to_json(), cassette.to_json());
    }

    #[test]
    fn refuses_other_text() {
        for text in ["", "{}", r#"{"version":"2","exchanges":[]}"#] {
            let err = Cassette::from_json(text).unwrap_err();
            assert_eq!(err.to_string(), "not a cassette");
            assert!(err.source().is_some());
        }
    }
}
