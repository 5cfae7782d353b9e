//! What the client makes of every status with every kind of body.

use std::error::Error as _;
use std::fmt::Write as _;

use bytes::Bytes;
use expect_test::{Expect, expect};
use http::{Response, StatusCode};
use xgateway_api::call::Call;
use xgateway_api::types::{GetInvoice, SimulateTransactionRequest, SimulatedStatus};
use xgateway_client::{Effect, Error, ErrorKind};
use xgateway_transport::test_util::MockTransport;
use xgateway_transport::{TransportError, TransportErrorKind};

use crate::fixture::deposit;
use crate::once::client;

const STATUSES: [u16; 32] = [
    100, 200, 201, 202, 204, 299, 300, 301, 302, 303, 307, 308, 400, 401, 402, 403, 404, 405, 408,
    409, 410, 413, 415, 418, 422, 425, 429, 451, 500, 502, 503, 599,
];

const BODIES: [(&str, &str); 6] = [
    (
        "success",
        r#"{"data":{"threeDSURL":null,"message":"Done.","id":"invoice-1","amount":"25.00","status":"active"},"success":true}"#,
    ),
    (
        "refusal",
        r#"{"errors":[{"code":"bad_request","message":"Card details are invalid."}],"success":false}"#,
    ),
    (
        "issues",
        r#"{"errors":[{"code":"too_big","maximum":4,"type":"string","inclusive":true,"exact":false,"message":"String must contain at most 4 character(s)","path":["card","expiryYear"]}],"success":false}"#,
    ),
    ("object", "{}"),
    ("empty", ""),
    ("garbage", "<html>it was 4000 0000 0000 0002"),
];

#[tokio::test]
async fn a_card_deposit_by_status_and_body() {
    check_table(&deposit(), &expect![[r"
        status success                refusal                issues                 object                 empty                  garbage
        100    gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown
        200    ok                     gateway Unknown        gateway Unknown        undecodable Acted      undecodable Acted      undecodable Acted
        201    ok                     gateway Unknown        gateway Unknown        undecodable Acted      undecodable Acted      undecodable Acted
        202    ok                     gateway Unknown        gateway Unknown        undecodable Acted      undecodable Acted      undecodable Acted
        204    ok                     gateway Unknown        gateway Unknown        undecodable Acted      undecodable Acted      undecodable Acted
        299    ok                     gateway Unknown        gateway Unknown        undecodable Acted      undecodable Acted      undecodable Acted
        300    gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown
        301    gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown
        302    gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown
        303    gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown
        307    gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown
        308    gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown
        400    gateway Unknown        refused Nothing        validation Nothing     gateway Unknown        gateway Unknown        gateway Unknown
        401    gateway Unknown        authentication Nothing authentication Nothing gateway Unknown        gateway Unknown        gateway Unknown
        402    gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown
        403    gateway Unknown        refused Nothing        refused Nothing        gateway Unknown        gateway Unknown        gateway Unknown
        404    gateway Unknown        refused Nothing        refused Nothing        gateway Unknown        gateway Unknown        gateway Unknown
        405    gateway Unknown        refused Nothing        refused Nothing        gateway Unknown        gateway Unknown        gateway Unknown
        408    gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown
        409    gateway Unknown        refused Nothing        refused Nothing        gateway Unknown        gateway Unknown        gateway Unknown
        410    gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown
        413    gateway Unknown        refused Nothing        refused Nothing        gateway Unknown        gateway Unknown        gateway Unknown
        415    gateway Unknown        refused Nothing        refused Nothing        gateway Unknown        gateway Unknown        gateway Unknown
        418    gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown
        422    gateway Unknown        refused Nothing        validation Nothing     gateway Unknown        gateway Unknown        gateway Unknown
        425    gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown
        429    rate limited Nothing   rate limited Nothing   rate limited Nothing   rate limited Nothing   rate limited Nothing   rate limited Nothing
        451    gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown
        500    gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown
        502    gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown
        503    gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown
        599    gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown        gateway Unknown"]]).await;
}

#[tokio::test]
async fn a_read_by_status_and_body() {
    let call = GetInvoice {
        invoice_id: "order-1".to_owned(),
    };
    check_table(&call, &expect![[r"
        status success                refusal                issues                 object                 empty                  garbage
        100    gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing
        200    ok                     gateway Nothing        gateway Nothing        undecodable Nothing    undecodable Nothing    undecodable Nothing
        201    ok                     gateway Nothing        gateway Nothing        undecodable Nothing    undecodable Nothing    undecodable Nothing
        202    ok                     gateway Nothing        gateway Nothing        undecodable Nothing    undecodable Nothing    undecodable Nothing
        204    ok                     gateway Nothing        gateway Nothing        undecodable Nothing    undecodable Nothing    undecodable Nothing
        299    ok                     gateway Nothing        gateway Nothing        undecodable Nothing    undecodable Nothing    undecodable Nothing
        300    gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing
        301    gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing
        302    gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing
        303    gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing
        307    gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing
        308    gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing
        400    refused Nothing        refused Nothing        validation Nothing     refused Nothing        refused Nothing        refused Nothing
        401    authentication Nothing authentication Nothing authentication Nothing authentication Nothing authentication Nothing authentication Nothing
        402    gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing
        403    refused Nothing        refused Nothing        refused Nothing        refused Nothing        refused Nothing        refused Nothing
        404    refused Nothing        refused Nothing        refused Nothing        refused Nothing        refused Nothing        refused Nothing
        405    refused Nothing        refused Nothing        refused Nothing        refused Nothing        refused Nothing        refused Nothing
        408    gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing
        409    refused Nothing        refused Nothing        refused Nothing        refused Nothing        refused Nothing        refused Nothing
        410    gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing
        413    refused Nothing        refused Nothing        refused Nothing        refused Nothing        refused Nothing        refused Nothing
        415    refused Nothing        refused Nothing        refused Nothing        refused Nothing        refused Nothing        refused Nothing
        418    gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing
        422    refused Nothing        refused Nothing        validation Nothing     refused Nothing        refused Nothing        refused Nothing
        425    gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing
        429    rate limited Nothing   rate limited Nothing   rate limited Nothing   rate limited Nothing   rate limited Nothing   rate limited Nothing
        451    gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing
        500    gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing
        502    gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing
        503    gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing
        599    gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing        gateway Nothing"]]).await;
}

#[tokio::test]
async fn says_in_one_line_what_happened_and_in_another_what_to_do() {
    check(
        400,
        BODIES[1].1,
        &expect![[r"
        the gateway refused: create_card_deposit was answered with status 400 (bad_request)
          nothing was done: read the gateway's reason; the same request is refused again as long as that holds"]],
    )
    .await;
    check(
        400,
        BODIES[2].1,
        &expect![[r"
        create_card_deposit is not valid: card.expiryYear (too_big)
          nothing was done: correct the fields that the issues name, then send it again"]],
    )
    .await;
    check(
        400,
        r#"{"errors":[{"code":"Canaria Birdwell","message":"x"}]}"#,
        &expect![[r"
            the gateway refused: create_card_deposit was answered with status 400 (unreadable code)
              nothing was done: read the gateway's reason; the same request is refused again as long as that holds"]],
    )
    .await;
    check(401, r#"{"errors":[{"code":"unauthorized","message":"x"}]}"#, &expect![[r"
        the gateway did not accept the key: create_card_deposit was answered with status 401 (unauthorized)
          nothing was done: check the API key and that it belongs to this environment, then send it again"]]).await;
    check(409, BODIES[1].1, &expect![[r"
        the gateway refused: create_card_deposit was answered with status 409 (bad_request)
          nothing was done: read the invoice by its order id: the order id belongs to an earlier request"]]).await;
    check(
        422,
        r#"{"errors":[{"code":"custom","message":"canary.bird@example.com","path":["canary.bird@example.com"]}]}"#,
        &expect![[r"
            create_card_deposit is not valid: an unknown field (custom)
              nothing was done: correct the fields that the issues name, then send it again"]],
    )
    .await;
    check(
        429,
        "",
        &expect![[r"
        the gateway wants fewer calls: create_card_deposit was answered with status 429
          nothing was done: wait, then send it again"]],
    )
    .await;
    check(302, "", &expect![[r"
        the gateway failed: create_card_deposit was answered with status 302
          the gateway may have acted: read the invoice by its order id before anything is sent again"]]).await;
    check(500, BODIES[1].1, &expect![[r"
        the gateway failed: create_card_deposit was answered with status 500 (bad_request)
          the gateway may have acted: read the invoice by its order id before anything is sent again"]]).await;
    check(
        201,
        "<html>",
        &expect![[r"
        the answer to create_card_deposit with status 201 cannot be read
          the gateway has acted: read the invoice by its order id before anything is sent again"]],
    )
    .await;
}

#[tokio::test]
async fn its_line_stays_short() {
    let errors = |count: usize, code: &str| {
        let error = format!(r#"{{"code":"{code}","message":"x"}}"#);
        format!(r#"{{"errors":[{}]}}"#, vec![error; count].join(","))
    };
    check(400, &errors(1, &"x".repeat(40)), &expect![[r"
        the gateway refused: create_card_deposit was answered with status 400 (xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx)
          nothing was done: read the gateway's reason; the same request is refused again as long as that holds"]]).await;
    check(
        400,
        &errors(1, &"x".repeat(41)),
        &expect![[r"
        the gateway refused: create_card_deposit was answered with status 400 (unreadable code)
          nothing was done: read the gateway's reason; the same request is refused again as long as that holds"]],
    )
    .await;
    check(400, &errors(10, "a"), &expect![[r"
        the gateway refused: create_card_deposit was answered with status 400 (a, a, a, a, a, a, a, a, a, a)
          nothing was done: read the gateway's reason; the same request is refused again as long as that holds"]]).await;
    check(400, &errors(12, "a"), &expect![[r"
        the gateway refused: create_card_deposit was answered with status 400 (a, a, a, a, a, a, a, a, a, a and 2 more)
          nothing was done: read the gateway's reason; the same request is refused again as long as that holds"]]).await;
}

#[tokio::test]
async fn a_broken_exchange_says_what_the_transport_knows() {
    check_exchange(
        TransportError::not_sent(TransportErrorKind::Connect),
        &expect![[r"
            create_card_deposit was not sent
              because could not connect; the request was not sent
              nothing was done: nothing was done: send it again later"]],
    )
    .await;
    check_exchange(
        TransportError::unknown(TransportErrorKind::Io).with_source("the cable is cut"),
        &expect![[r"
            create_card_deposit got no whole answer
              because the exchange broke off; the request may have reached the gateway
              because the cable is cut
              the gateway may have acted: read the invoice by its order id before anything is sent again"]],
    )
    .await;
}

#[tokio::test]
async fn an_invalid_request_stays_here_and_reads_like_the_gateways_verdict() {
    let request = SimulateTransactionRequest {
        amount: "ten".to_owned(),
        invoice_id: "invoice-1".to_owned(),
        status: SimulatedStatus::Confirmed,
    };
    // A mock without an expectation: any request would fail the test.
    let error = client(MockTransport::new())
        .send(&request)
        .await
        .unwrap_err();
    expect![[r"
        simulate_transaction is not valid: amount (invalid_string)
          nothing was done: correct the fields that the issues name, then send it again"]]
    .assert_eq(&describe(&error));

    let Error::Validation(local) = error else {
        panic!("validation, not {error:?}");
    };
    assert!(!local.is_remote());
    let envelope = format!(
        r#"{{"errors":{},"success":false}}"#,
        serde_json::to_string(local.issues()).unwrap()
    );
    let valid = SimulateTransactionRequest {
        amount: "10".to_owned(),
        ..request
    };
    let error = answer(&valid, 422, &envelope).await.unwrap_err();
    let Error::Validation(remote) = error else {
        panic!("validation, not {error:?}");
    };
    assert!(remote.is_remote());
    assert_eq!(remote.issues(), local.issues());
}

#[tokio::test]
async fn keeps_what_cannot_be_read_for_those_who_ask() {
    let error = answer(&deposit(), 201, BODIES[5].1).await.unwrap_err();
    let Error::Undecodable(error) = error else {
        panic!("undecodable, not {error:?}");
    };
    assert_eq!(error.body(), "<html>it was **");
    assert!(!error.reason().is_empty());

    let long = "x".repeat(10_000);
    let error = answer(&deposit(), 201, &long).await.unwrap_err();
    let Error::Undecodable(error) = error else {
        panic!("undecodable, not {error:?}");
    };
    assert!(error.body().chars().count() < 2_100);
}

#[tokio::test]
async fn only_the_gateways_own_envelope_proves_that_there_is_nothing() {
    let call = GetInvoice {
        invoice_id: "order-1".to_owned(),
    };
    let own = r#"{"errors":[{"code":"not_found","message":"Invoice not found."}],"success":false}"#;
    let other = r#"{"errors":[{"code":"route_not_found","message":"No route."}],"success":false}"#;
    for (status, body, want) in [
        (404, own, true),
        (404, other, false),
        (404, "<html>", false),
        (404, "", false),
        (404, r#"{"errors":[]}"#, false),
        (400, own, false),
        (500, own, false),
    ] {
        let error = answer(&call, status, body).await.unwrap_err();
        assert_eq!(error.is_not_found(), want, "{status} {body}");
    }
}

#[tokio::test]
async fn tells_how_long_the_gateway_asks_to_wait() {
    let mut transport = MockTransport::new();
    transport.expect_send().times(1).returning(|_| {
        let answer = Response::builder().status(429).header("retry-after", "30");
        Ok(answer.body(Bytes::new()).unwrap())
    });
    let error = client(transport)
        .create_card_deposit(&deposit())
        .await
        .unwrap_err();
    let Error::RateLimited(error) = error else {
        panic!("rate limited, not {error:?}");
    };
    assert_eq!(error.retry_after(), Some("30"));
}

/// One line per status, one column per body.
async fn check_table(call: &impl Call, want: &Expect) {
    let mut table = "status".to_owned();
    for (name, _) in BODIES {
        write!(table, " {name:22}").unwrap();
    }
    for status in STATUSES {
        write!(table, "\n{status:<6}").unwrap();
        for (_, body) in BODIES {
            let outcome = match answer(call, status, body).await {
                Ok(()) => "ok".to_owned(),
                Err(error) => {
                    assert_eq!(error.may_have_acted(), error.effect() != Effect::Nothing);
                    assert!(!error.advice().is_empty());
                    format!("{} {:?}", error.kind(), error.effect())
                }
            };
            write!(table, " {outcome:22}").unwrap();
        }
    }
    let table: Vec<_> = table.lines().map(str::trim_end).collect();
    want.assert_eq(&table.join("\n"));
}

async fn check(status: u16, body: &str, want: &Expect) {
    let error = answer(&deposit(), status, body).await.unwrap_err();
    want.assert_eq(&describe(&error));
}

async fn check_exchange(failure: TransportError, want: &Expect) {
    let mut transport = MockTransport::new();
    transport
        .expect_send()
        .times(1)
        .return_once(|_| Err(failure));
    let error = client(transport)
        .create_card_deposit(&deposit())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    want.assert_eq(&describe(&error));
}

async fn answer<C: Call>(call: &C, status: u16, body: &str) -> Result<(), Error> {
    let body = Bytes::from(body.to_owned());
    let mut transport = MockTransport::new();
    transport.expect_send().times(1).returning(move |_| {
        let mut answer = Response::new(body.clone());
        *answer.status_mut() = StatusCode::from_u16(status).unwrap();
        Ok(answer)
    });
    client(transport).send(call).await.map(drop)
}

fn describe(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        write!(text, "\n  because {error}").unwrap();
        source = error.source();
    }
    write!(text, "\n  {}: {}", error.effect(), error.advice()).unwrap();
    text
}
