use std::collections::VecDeque;
use std::error::Error;
use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;

use super::expected::{Miss, Step, without_query};
use super::seen::Seen;
use crate::{Body, Transport, TransportError, TransportErrorKind};

/// Plays a conversation: it waits for the next request of a script and gives
/// its answer.
///
/// Any other request fails with
/// [`InvalidRequest`](crate::TransportErrorKind::InvalidRequest), and the source
/// of that error reports a near miss: the step that came closest and what about
/// it did not match. [`finish`](Self::finish) reports it once more, since the
/// code under test may have handled the error, along with steps that nobody
/// asked for. A test that does not call it proves little.
///
/// Reports show paths, header names and types, no values; see
/// [`show_values`](Self::show_values).
///
/// Clones share the script, so a test keeps one and gives the other away.
///
/// ```
/// use http::StatusCode;
/// use serde_json::json;
/// use xgateway_transport::test_util::{ExpectedRequest, ScriptedTransport};
/// use xgateway_transport::{Body, Transport};
///
/// let script = ScriptedTransport::new([
///     ExpectedRequest::post("/v2/gateway8")
///         .header("content-type", "application/json")
///         .json(json!({"amount": "10.50", "currency": "EUR"}))
///         .answers(StatusCode::CREATED, r#"{"invoiceId":42}"#),
/// ]);
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let request = http::Request::post("https://gateway.example/v2/gateway8")
///     .header("content-type", "application/json")
///     .body(Body::from(r#"{"currency": "EUR", "amount": "10.50"}"#))?;
/// let answer = script.send(request).await?;
///
/// assert_eq!(answer.status(), StatusCode::CREATED);
/// script.finish()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct ScriptedTransport(Arc<Mutex<Script>>);

struct Script {
    /// Steps still to come, with their place in the script, counted from one.
    ahead: VecDeque<(usize, Step)>,
    step_count: usize,
    request_count: usize,
    reports: Vec<String>,
    any_order: bool,
    show_values: bool,
}

impl ScriptedTransport {
    /// Waits for these steps, one after the other.
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        let ahead: VecDeque<_> = (1..).zip(steps).collect();
        Self(Arc::new(Mutex::new(Script {
            step_count: ahead.len(),
            ahead,
            request_count: 0,
            reports: Vec::new(),
            any_order: false,
            show_values: false,
        })))
    }

    /// Lets the steps come in any order, each once: for calls in parallel.
    #[must_use]
    pub fn any_order(self) -> Self {
        self.script().any_order = true;
        self
    }

    /// Shows values in reports. Only for requests without real personal data.
    ///
    /// Headers that are marked sensitive, and those that usually hold keys,
    /// stay hidden.
    #[must_use]
    pub fn show_values(self) -> Self {
        self.script().show_values = true;
        self
    }

    /// Checks that the whole script was played and that nothing else was asked.
    ///
    /// # Errors
    ///
    /// [`ScriptError`] with a report for each request that did not match and
    /// the list of the steps that are left.
    pub fn finish(&self) -> Result<(), ScriptError> {
        let script = self.script();
        let mut report = script.reports.concat();
        for (number, step) in &script.ahead {
            let _ = writeln!(
                report,
                "step {number} of {} was not played: {}",
                script.step_count, step.request,
            );
        }
        if report.is_empty() {
            Ok(())
        } else {
            Err(ScriptError(report))
        }
    }

    pub(super) fn play(&self, seen: &Seen) -> Result<http::Response<Bytes>, TransportError> {
        self.script().play(seen)
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Script {
    fn play(&mut self, seen: &Seen) -> Result<http::Response<Bytes>, TransportError> {
        self.request_count += 1;
        let candidate_count = if self.any_order { self.ahead.len() } else { 1 };
        let matching = self
            .ahead
            .iter()
            .take(candidate_count)
            .position(|(_, step)| step.request.misses(seen, false).is_empty());
        if let Some((_, step)) = matching.and_then(|index| self.ahead.remove(index)) {
            return step.outcome;
        }
        let report = self.near_miss(seen);
        self.reports.push(report.clone());
        Err(TransportError::not_sent(TransportErrorKind::InvalidRequest)
            .with_source(ScriptError(report)))
    }

    fn near_miss(&self, seen: &Seen) -> String {
        let mut report = format!(
            "request {} does not match: {} {}\n",
            self.request_count,
            seen.parts.method,
            without_query(&seen.target),
        );
        let closest = self
            .ahead
            .iter()
            .map(|(number, step)| (number, step, step.request.misses(seen, self.show_values)))
            .min_by_key(|(_, _, misses)| misses.iter().map(|miss| miss.distance).sum::<u32>());
        let Some((number, step, misses)) = closest else {
            report.push_str("  no step is left\n");
            return report;
        };
        let _ = writeln!(
            report,
            "  closest is step {number} of {}: {}",
            self.step_count, step.request,
        );
        for Miss { text, .. } in &misses {
            for line in text.lines() {
                let _ = writeln!(report, "  {line}");
            }
        }
        if let (true, Some((next, _))) = (misses.is_empty(), self.ahead.front()) {
            let _ = writeln!(report, "  it matches, but step {next} comes first");
        }
        report
    }
}

#[async_trait]
impl Transport for ScriptedTransport {
    async fn send(
        &self,
        request: http::Request<Body>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let seen = Seen::read(request).await?;
        self.play(&seen)
    }
}

impl fmt::Debug for ScriptedTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let script = self.script();
        write!(
            f,
            "ScriptedTransport({} of {} steps left)",
            script.ahead.len(),
            script.step_count,
        )
    }
}

/// How a conversation departed from its script, in lines.
///
/// `Debug` prints the same report, so that `finish().unwrap()` is readable.
#[derive(Clone, Eq, PartialEq)]
pub struct ScriptError(String);

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.trim_end())
    }
}

impl fmt::Debug for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}\n")
    }
}

impl Error for ScriptError {}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use http::StatusCode;
    use serde_json::json;

    use super::*;
    use crate::Delivery;
    use crate::test_util::ExpectedRequest;

    fn deposit() -> ExpectedRequest {
        ExpectedRequest::post("/v2/gateway8")
            .header("x-api-key", "key-of-the-test")
            .no_header("cookie")
            .json(json!({"amount": "10.50", "cardNumber": "4111111111111111"}))
    }

    fn request(method: &str, target: &str, key: &str, body: &str) -> http::Request<Body> {
        http::Request::builder()
            .method(method)
            .uri(format!("https://gateway.example{target}"))
            .header("x-api-key", key)
            .body(Body::from(body.to_owned()))
            .unwrap()
    }

    async fn check(script: ScriptedTransport, request: http::Request<Body>, want: &Expect) {
        let err = script.send(request).await.unwrap_err();
        assert_eq!(err.kind(), TransportErrorKind::InvalidRequest);
        assert_eq!(err.delivery(), Delivery::NotSent);
        let report = err.source().unwrap().to_string();
        assert!(
            script
                .finish()
                .unwrap_err()
                .to_string()
                .starts_with(&report)
        );
        want.assert_eq(&report);
    }

    #[tokio::test]
    async fn plays_its_steps_in_order() {
        let script = ScriptedTransport::new([
            deposit().answers(StatusCode::CREATED, "{}"),
            ExpectedRequest::get("/v2/invoices/42?full=1")
                .fails(TransportError::unknown(TransportErrorKind::Io)),
        ]);
        let body = r#"{ "cardNumber": "4111111111111111", "amount": "10.50" }"#;
        let first = request("POST", "/v2/gateway8", "key-of-the-test", body);
        let second = request("GET", "/v2/invoices/42?full=1", "any", "");

        let answer = script.send(first).await.unwrap();
        assert_eq!(answer.status(), StatusCode::CREATED);
        assert!(script.finish().is_err());
        let err = script.send(second).await.unwrap_err();
        assert_eq!(err.kind(), TransportErrorKind::Io);
        script.finish().unwrap();
    }

    #[tokio::test]
    async fn a_near_miss_shows_no_value() {
        check(
            ScriptedTransport::new([
                ExpectedRequest::get("/v2/gateway8").answers(StatusCode::OK, ""),
                deposit().answers(StatusCode::OK, ""),
            ])
            .any_order(),
            request(
                "POST",
                "/v2/gateway8?email=a",
                "another-key",
                r#"{"amount":"10.50","cardNumber":"4000000000000002"}"#,
            ),
            &expect![[r#"
                request 1 does not match: POST /v2/gateway8
                  closest is step 2 of 2: POST /v2/gateway8
                  target: the query differs
                  header x-api-key: another value
                  body:
                    {
                      "amount": <string>
                  -   "cardNumber": <string>
                  +   "cardNumber": <another string>
                    }"#]],
        )
        .await;
    }

    #[tokio::test]
    async fn shows_values_on_request_but_no_key() {
        check(
            ScriptedTransport::new([deposit()
                .header("accept", "text/html")
                .json_at("/amount", json!("11.00"))
                .json_at("/email", json!("a"))
                .bytes("{}")
                .answers(StatusCode::OK, "")])
            .show_values(),
            request(
                "GET",
                "/v2/gateway8",
                "another-key",
                r#"{"amount":"10.50"}"#,
            ),
            &expect![[r#"
                request 1 does not match: GET /v2/gateway8
                  closest is step 1 of 1: POST /v2/gateway8
                  method: expected POST, got GET
                  header x-api-key: another value
                  body:
                    {
                      "amount": "10.50"
                  -   "cardNumber": "4111111111111111"
                    }
                  header accept: missing
                  body at /amount:
                  - "11.00"
                  + "10.50"
                  body at /email: missing
                  body:
                  - {}
                  + {"amount":"10.50"}"#]],
        )
        .await;
    }

    #[tokio::test]
    async fn tells_a_wrong_order_from_a_wrong_request() {
        check(
            ScriptedTransport::new([
                deposit().answers(StatusCode::OK, ""),
                ExpectedRequest::get("/v2/invoices/42").answers(StatusCode::OK, ""),
            ]),
            request("GET", "/v2/invoices/42", "any", ""),
            &expect![[r"
                request 1 does not match: GET /v2/invoices/42
                  closest is step 2 of 2: GET /v2/invoices/42
                  it matches, but step 1 comes first"]],
        )
        .await;
    }

    #[tokio::test]
    async fn reports_a_request_after_the_end() {
        check(
            ScriptedTransport::new([]),
            request("GET", "/v2/invoices/42", "any", ""),
            &expect![[r"
                request 1 does not match: GET /v2/invoices/42
                  no step is left"]],
        )
        .await;
    }

    #[tokio::test]
    async fn compares_exact_bytes_and_whole_urls() {
        check(
            ScriptedTransport::new([ExpectedRequest::get("https://other.example/a")
                .bytes("{ }")
                .answers(StatusCode::OK, "")]),
            request("GET", "/a", "any", "{}"),
            &expect![[r"
                request 1 does not match: GET /a
                  closest is step 1 of 1: GET https://other.example/a
                  target: expected https://other.example/a, got https://gateway.example/a
                  body: expected 3 bytes, got 2; the first 1 are the same"]],
        )
        .await;
    }

    #[test]
    fn lists_what_was_not_played() {
        let script =
            ScriptedTransport::new([deposit().answers(StatusCode::OK, "4111111111111111")]);
        expect!["step 1 of 1 was not played: POST /v2/gateway8"]
            .assert_eq(&script.finish().unwrap_err().to_string());
        expect!["ScriptedTransport(1 of 1 steps left)"].assert_eq(&format!("{script:?}"));
    }
}
