//! No card number, key or personal datum in what the flow prints, logs or stores, whatever the gateway answers.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

// A binary of its own: a subscriber that comes and goes would disturb tests beside it.
#[expect(dead_code, reason = "the other tests use all of it")]
#[path = "../card/fixture.rs"]
mod fixture;

#[path = "../card/body.rs"]
mod body;
#[path = "../card/gateway.rs"]
mod gateway;

use std::fmt::Write as _;
use std::sync::Mutex;

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::json;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;
use xgateway_core::id::TransactionId;
use xgateway_flows::card::{CallbackHint, CardDepositFlow, Progress};
use xgateway_transport::test_util::MockTransport;

use fixture::{body, deposit, invoice, refusal, transaction};
use gateway::{API_KEY, client, success};

/// Texts of the request that nobody may see again.
const SECRETS: [&str; 14] = [
    API_KEY,
    "4000 0000 0000 0002",
    "4000000000000002",
    "739",
    "1971-03-04",
    "canary.bird",
    "Canaria",
    "CANARIA",
    "irdwell",
    "15123456789",
    "217.138.202.40",
    "Feather Street",
    "Cagetown",
    "98765",
];

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

#[tokio::test]
async fn nothing_of_the_request_is_shown_or_stored() {
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_ansi(false)
        .without_time()
        .with_writer(|| LOG.make_writer())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);

    let echo = body().to_string().replace('"', " ");
    let message = json!({"errors": [{"code": "bad_request", "message": echo}], "success": false});
    let issues = json!({"errors": [{"code": "custom", "message": echo, "path": ["Canaria"]}]});
    let url = format!("https://bank.example/3ds?{}", SECRETS[5]);
    let listed = json!({"paymentUrl": url, "transactions": [{"id": "transaction-1", "status": "confirmed"}]});
    let posts = [
        (201, success(&json!({"threeDSURL": url, "message": echo}))),
        (201, success(&json!({"threeDSURL": null, "message": echo}))),
        (201, echo.clone()),
        (400, message.to_string()),
        (409, message.to_string()),
        (422, issues.to_string()),
        (500, message.to_string()),
    ];
    let reads = [
        (200, success(&invoice(&json!({"paymentUrl": url})))),
        (200, success(&invoice(&listed))),
        (200, success(&invoice(&json!({"orderId": echo})))),
        (404, refusal("not_found")),
        (500, message.to_string()),
        (200, echo.clone()),
    ];
    let mut shown = String::new();
    for post in &posts {
        for read in &reads {
            shown += &run(post.clone(), read.clone()).await;
        }
    }
    drop(guard);

    let log = String::from_utf8(LOG.lock().unwrap().clone()).unwrap();
    // The net catches something at all.
    for witness in [
        "create_card_deposit",
        "order-1",
        "card flow stepped",
        "a person must look",
    ] {
        assert!(log.contains(witness), "{witness} in the log");
    }
    for witness in [
        "Deposited",
        "ThreeDsRequired",
        "Refused",
        "Unknown",
        "Contradiction",
        "\"version\":1",
    ] {
        assert!(shown.contains(witness), "{witness} in what is printed");
    }
    for secret in SECRETS {
        assert!(!log.contains(secret), "{secret} in the log");
        assert!(!shown.contains(secret), "{secret} in what is printed");
    }
}

/// Plays a deposit and prints all that can be printed of it.
async fn run(post: (u16, String), read: (u16, String)) -> String {
    let mut transport = MockTransport::new();
    transport.expect_send().returning(move |request| {
        let (status, body) = match request.uri().path() {
            "/api/v2/gateway8" => post.clone(),
            "/api/v2/invoices/order-1" => read.clone(),
            _ => (200, success(&transaction(&json!({})))),
        };
        let mut answer = Response::new(Bytes::from(body));
        *answer.status_mut() = StatusCode::from_u16(status).unwrap();
        Ok(answer)
    });
    let mut flow = CardDepositFlow::new(client(transport), deposit());
    let hint = CallbackHint::new(TransactionId::parse("transaction-1").unwrap());
    let mut shown = String::new();
    // Before the start the flow holds the card, and its `Debug` is that of the API's types.
    writeln!(shown, "{}", flow.snapshot()).unwrap();
    print(&mut shown, &flow.start().await, &flow);
    print(&mut shown, &flow.customer_returned().await, &flow);
    print(&mut shown, &flow.callback_hint(&hint).await, &flow);
    print(&mut shown, &flow.grace_elapsed().await, &flow);
    shown
}

fn print(shown: &mut String, progress: &Progress, flow: &CardDepositFlow) {
    writeln!(shown, "{progress:?} {progress:#?}").unwrap();
    writeln!(shown, "{flow:?} {flow:#?} {}", flow.snapshot()).unwrap();
}
