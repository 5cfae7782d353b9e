//! Test doubles that answer by themselves, through the suite for these, and
//! those that wrap a transport, through the whole one.

#![expect(clippy::unwrap_used, reason = "makers of test objects may panic")]

use bytes::Bytes;
use http::{Response, StatusCode};
use xgateway_transport::test_util::{
    ExpectedRequest, FaultyTransport, MockTransport, RecordingTransport, ReplayTransport,
    ScriptedTransport, Scrub,
};
use xgateway_transport_hyper::HyperTransport;

const URL: &str = "https://gateway.example/v2/ping";

fn mock() -> MockTransport {
    let mut mock = MockTransport::new();
    mock.expect_send()
        .returning(|_| Ok(Response::new(Bytes::from_static(b"pong"))));
    mock
}

/// Enough steps for any duty.
fn scripted() -> ScriptedTransport {
    ScriptedTransport::new(
        (0..64).map(|_| ExpectedRequest::get("/v2/ping").answers(StatusCode::OK, "pong")),
    )
}

fn hyper() -> HyperTransport {
    HyperTransport::new().unwrap()
}

mod mocked {
    xgateway_conformance::in_process_suite!(super::mock, super::URL);
}

mod scripted {
    xgateway_conformance::in_process_suite!(super::scripted, super::URL);
}

mod replayed {
    use xgateway_transport::test_util::Cassette;

    use super::ReplayTransport;

    fn replay() -> ReplayTransport {
        let exchange = r#"{"method":"GET","path":"/v2/ping","headers":{},"body":"","outcome":
            {"answer":{"status":200,"headers":{},"body":"pong"}}}"#;
        let exchanges = [exchange; 64].join(",");
        let text = format!(r#"{{"version":"1","exchanges":[{exchanges}]}}"#);
        ReplayTransport::new(Cassette::from_json(&text).unwrap()).unwrap()
    }

    xgateway_conformance::in_process_suite!(replay, super::URL);
}

mod recording_a_mock {
    use super::{RecordingTransport, Scrub};

    xgateway_conformance::in_process_suite!(
        || RecordingTransport::new(super::mock(), Scrub::default()),
        super::URL
    );
}

mod recording {
    use super::{RecordingTransport, Scrub};

    xgateway_conformance::transport_suite!(|| RecordingTransport::new(
        super::hyper(),
        Scrub::default()
    ));
}

mod without_faults {
    use super::FaultyTransport;

    xgateway_conformance::transport_suite!(|| FaultyTransport::new(super::hyper()));
}
