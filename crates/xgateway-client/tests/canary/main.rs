//! No card number, key or personal datum in what the client prints, whatever the gateway answers.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

// A binary of its own: a subscriber that comes and goes would disturb tests beside it.
mod banking;
#[path = "../client/fixture.rs"]
mod fixture;

use std::error::Error as _;
use std::fmt::Write as _;
use std::sync::Mutex;

use bytes::Bytes;
use http::{Response, StatusCode};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;
use xgateway_api::environment::Environment;
use xgateway_client::Client;
use xgateway_core::id::{CustomerId, OrderId};
use xgateway_core::money::Currency;
use xgateway_transport::test_util::MockTransport;
use xgateway_transport::{TransportError, TransportErrorKind};

use fixture::{API_KEY, DEPOSIT, api_key, deposit};

/// Texts of the request that nobody may see again.
const SECRETS: [&str; 16] = [
    API_KEY,
    "4000 0000 0000 0002",
    "4000000000000002",
    "739",
    "canary-customer",
    "1971-03-04",
    "canary.bird",
    "Canaria",
    "CANARIA",
    "irdwell",
    "15123456789",
    "217.138.202.40",
    "Feather Street",
    "Perch 5",
    "Cagetown",
    "98765",
];

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

#[tokio::test(start_paused = true)]
async fn nothing_of_the_request_is_shown() {
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_ansi(false)
        .without_time()
        .with_writer(|| LOG.make_writer())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);

    let mut shown = String::new();
    let echo = DEPOSIT.replace(['\n', '"'], " ");
    let message = format!(r#"{{"code":"bad_request","message":"{echo}"}}"#);
    let named = r#"{"code":"Canaria Birdwell","message":"x"}"#.to_owned();
    let issue = format!(
        r#"{{"code":"custom","message":"{echo}","path":["Canaria","739","4000 0000 0000 0002"]}}"#
    );
    let received = r#"{"received":"canary.bird@example.com","code":"invalid_enum_value","options":["Canaria"],"path":["baseCurrency"],"message":"Canaria"}"#.to_owned();
    let envelopes = [message, named, issue, received]
        .map(|error| format!(r#"{{"errors":[{error}],"success":false}}"#));
    let bodies = [
        DEPOSIT.to_owned(),
        format!(r#"{{"data":{{"threeDSURL":null,"message":"{echo}"}},"success":true}}"#),
        format!(r#"{{"data":"{echo}","success":true}}"#),
        format!(r#"{{"data":{DEPOSIT},"success":true}}"#),
        format!(r#"{{"data":{{"address":"{echo}","qrCodeURL":"{echo}"}},"success":true}}"#),
        r#"{"data":{"address":"n3Ur"},"success":true}"#.to_owned(),
        echo.clone(),
        String::new(),
    ];
    for status in [200, 201, 302, 400, 401, 404, 409, 422, 429, 500, 503] {
        for body in envelopes.iter().chain(&bodies) {
            shown += &call(answering(status, body.clone())).await;
            shown += &ask_for_address(answering(status, body.clone())).await;
        }
        for body in banking::ANSWERS {
            shown += &banking::onboard(&client(answering(status, body.to_owned()))).await;
        }
    }
    for failure in [TransportError::not_sent, TransportError::unknown] {
        let failing = || {
            let mut transport = MockTransport::new();
            transport
                .expect_send()
                .returning(move |_| Err(failure(TransportErrorKind::Io)));
            transport
        };
        shown += &call(failing()).await;
        shown += &read_order(failing()).await;
        shown += &banking::onboard(&client(failing())).await;
    }
    drop(guard);

    let log = String::from_utf8(LOG.lock().unwrap().clone()).unwrap();
    // The net catches something at all.
    for witness in [
        "create_card_deposit",
        "create_channel",
        "create_profile",
        "upload_document",
        "get_bank_accounts",
        "order-1",
        "status=400",
        "trying again",
    ] {
        assert!(log.contains(witness), "{witness} in {log}");
    }
    assert!(shown.contains("bad_request"));
    for secret in SECRETS.into_iter().chain(banking::SECRETS) {
        assert!(!log.contains(secret), "{secret} in the log");
        assert!(!shown.contains(secret), "{secret} in what is printed");
    }
}

/// Sends the deposit and prints all that can be printed of what comes of it.
async fn call(transport: MockTransport) -> String {
    let (client, deposit) = (client(transport), deposit());
    let mut shown = format!("{client:?} {client:#?}\n");
    match client.create_card_deposit(&deposit).await {
        Ok(answer) => writeln!(shown, "{answer:?} {answer:#?}").unwrap(),
        Err(error) => {
            writeln!(shown, "{error} {error:?} {error:#?} {}", error.advice()).unwrap();
            let mut source = error.source();
            while let Some(error) = source {
                writeln!(shown, "{error} {error:?}").unwrap();
                source = error.source();
            }
        }
    }
    shown
}

/// Reads the invoice and prints all that can be printed of what comes of it.
async fn read_order(transport: MockTransport) -> String {
    let order_id = OrderId::parse("order-1").unwrap();
    match client(transport).invoice_by_order(&order_id).await {
        Ok(answer) => format!("{answer:?}"),
        Err(error) => format!("{error} {error:?} {:?}", error.attempts()),
    }
}

/// With the default policy: what is tried again must show no more.
fn client(transport: MockTransport) -> Client {
    Client::new(Environment::Demo, api_key(), transport)
}

/// Asks for the customer's address and prints all that can be printed of what comes of it.
async fn ask_for_address(transport: MockTransport) -> String {
    let customer = CustomerId::parse("canary-customer").unwrap();
    match client(transport).address(&Currency::Btc, &customer).await {
        Ok(answer) => format!("{answer:?} {:?}", answer.data()),
        Err(error) => format!("{error} {error:?} {error:#?} {}", error.advice()),
    }
}

fn answering(status: u16, body: String) -> MockTransport {
    let mut transport = MockTransport::new();
    let body = Bytes::from(body);
    transport.expect_send().returning(move |_| {
        let mut answer = Response::new(body.clone());
        *answer.status_mut() = StatusCode::from_u16(status).unwrap();
        Ok(answer)
    });
    transport
}
