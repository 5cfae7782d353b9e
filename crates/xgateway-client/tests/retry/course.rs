//! Whole calls: when requests are sent, and what the result says of it. The clock is virtual.

use std::time::Duration;

use tokio::time::Instant;
use xgateway_api::operations::CREATE_CARD_DEPOSIT;
use xgateway_client::retry::{RetryBudget, RetryPolicy, StopReason};
use xgateway_client::{Client, Deadline, Effect, Error, ErrorKind};
use xgateway_core::id::{CustomerId, OrderId};
use xgateway_core::money::Currency;

use crate::check;
use crate::fixture::deposit;
use crate::scripted::Reply::{Broken, Hang, Lost, NotSent, RetryAfter, Status};
use crate::scripted::Scripted;

const SECOND: Duration = Duration::from_secs(1);
const CREATED: &str = r#"{"data":{"threeDSURL":null,"message":"Done."},"success":true}"#;
const INVOICE: &str =
    r#"{"data":{"id":"invoice-1","amount":"25.00","status":"active"},"success":true}"#;
const REFUSED: &str = r#"{"errors":[{"code":"bad_request","message":"No."}],"success":false}"#;

#[tokio::test(start_paused = true)]
async fn a_read_is_tried_again() {
    let gateway = Scripted::new([Lost, Status(503, ""), Status(200, INVOICE)]);
    let client = gateway.client(|builder| builder);
    let answer = client.invoice_by_order(&order_id()).await.unwrap();
    assert_eq!(gateway.times(), [0, 200, 600]);

    let attempts = answer.attempts();
    assert_eq!(attempts.count(), 3);
    assert_eq!(attempts.waited(), Duration::from_millis(600));
    let failed: Vec<_> = attempts
        .failed()
        .iter()
        .map(|it| (it.kind(), it.effect()))
        .collect();
    assert_eq!(
        failed,
        [
            (ErrorKind::Transport, Effect::Nothing),
            (ErrorKind::Gateway, Effect::Nothing)
        ]
    );
    assert_eq!(attempts.stopped(), None);
    let counters = client.counters();
    assert_eq!((counters.calls, counters.requests), (1, 3));
    assert_eq!(
        (counters.retries, counters.failures, counters.doubts),
        (2, 0, 0)
    );
}

#[tokio::test(start_paused = true)]
async fn a_read_is_given_up() {
    let gateway = Scripted::new([Status(503, "")]);
    let error = read(&gateway.client(|builder| builder)).await.unwrap_err();
    assert_eq!(gateway.times(), [0, 200, 600]);
    assert_eq!(
        error.to_string(),
        "the gateway failed: get_invoice was answered with status 503, after 3 attempts"
    );
    check(&error, 3, StopReason::AttemptsSpent, Effect::Nothing);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_an_answer() {
    for status in [400, 401, 404, 409, 422] {
        let gateway = Scripted::new([Status(status, REFUSED)]);
        let error = read(&gateway.client(|builder| builder)).await.unwrap_err();
        check(&error, 1, StopReason::Final, Effect::Nothing);
    }
    for status in [302, 410, 501] {
        let gateway = Scripted::new([Status(status, "")]);
        let error = read(&gateway.client(|builder| builder)).await.unwrap_err();
        check(&error, 1, StopReason::Final, Effect::Nothing);
    }
}

#[tokio::test(start_paused = true)]
async fn a_deposit_that_was_not_sent_is_sent() {
    let gateway = Scripted::new([NotSent, Status(429, ""), Status(201, CREATED)]);
    let client = gateway.client(|builder| builder);
    let answer = client.create_card_deposit(&deposit()).await.unwrap();
    assert_eq!(answer.attempts().count(), 3);
    assert_eq!(gateway.times(), [0, 200, 600]);
    // Made anew each time, and the same to the byte.
    let bodies = gateway.bodies();
    assert!(
        bodies
            .iter()
            .all(|body| *body == bodies[0] && !body.is_empty())
    );
}

#[tokio::test(start_paused = true)]
async fn after_a_doubt_a_deposit_is_not_sent_again() {
    for reply in [
        Lost,
        Status(500, ""),
        Status(503, ""),
        RetryAfter(503, "1"),
        Hang,
    ] {
        let gateway = Scripted::new([NotSent, reply, Status(201, CREATED)]);
        let client = gateway.client(|builder| builder);
        let error = client.create_card_deposit(&deposit()).await.unwrap_err();
        check(&error, 2, StopReason::InDoubt, Effect::Unknown);
        assert_eq!(client.counters().doubts, 1);
    }
}

/// Asking for an address twice does no harm, says the gateway; but not by a key, so nothing is repeated.
#[tokio::test(start_paused = true)]
async fn what_has_no_key_is_sent_once() {
    for reply in [Lost, Status(503, ""), RetryAfter(429, "1"), NotSent] {
        let gateway = Scripted::new([reply]);
        let client = gateway.client(|builder| {
            builder.retry_policy(RetryPolicy::default().assume_key_life(Duration::MAX))
        });
        let customer = CustomerId::parse("customer-1").unwrap();
        let error = client.address(&Currency::Btc, &customer).await.unwrap_err();
        assert_eq!(error.attempts().stopped(), Some(StopReason::NotRepeatable));
        assert_eq!(error.attempts().count(), 1);
    }
}

/// The first request may be the one that holds the order id, or may still arrive.
#[tokio::test(start_paused = true)]
async fn a_refusal_after_a_doubt_leaves_the_doubt() {
    let policy = RetryPolicy::default().assume_key_life(60 * SECOND);
    for status in [400, 401, 409, 422, 429] {
        let gateway = Scripted::new([Lost, Status(status, REFUSED)]);
        let client = gateway.client(|builder| builder.retry_policy(policy));
        let error = client.create_card_deposit(&deposit()).await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_eq!(error.effect(), Effect::Unknown, "{status}");
        assert!(error.advice().starts_with("read the invoice"), "{status}");
        assert_eq!(error.attempts().failed()[0].effect(), Effect::Unknown);
    }
    // The same refusal alone is one.
    let gateway = Scripted::new([Status(400, REFUSED)]);
    let client = gateway.client(|builder| builder.retry_policy(policy));
    let error = client.create_card_deposit(&deposit()).await.unwrap_err();
    assert_eq!(error.effect(), Effect::Nothing);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_was_used_before_may_be_too_old() {
    let policy = RetryPolicy::default().assume_key_life(60 * SECOND);
    for (ago, count) in [(29, 2), (31, 1), (u64::MAX, 1)] {
        let gateway = Scripted::new([Lost, Status(201, CREATED)]);
        let client = gateway
            .client(|builder| builder.retry_policy(policy))
            .with_key_first_sent(Duration::from_secs(ago));
        let _ = client.create_card_deposit(&deposit()).await;
        assert_eq!(gateway.times().len(), count, "{ago}");
    }
}

#[tokio::test(start_paused = true)]
async fn waits_as_long_as_it_is_asked_to() {
    for (status, text, times) in [
        (503, "2", vec![0, 2200]),
        (429, "2", vec![0, 2200]),
        (503, "Sun, 06 Nov 1994 08:49:40 GMT", vec![0, 3200]),
        (503, "Sun, 06 Nov 1994 08:00:00 GMT", vec![0, 200]),
        (503, "soon", vec![0, 200]),
        (502, "2", vec![0, 200]),      // Means nothing there.
        (503, "10", vec![0]),          // There is no time for that.
        (503, "99999999999", vec![0]), // Clamped to half a minute, for which there is no time either.
    ] {
        let gateway = Scripted::new([RetryAfter(status, text), Status(200, INVOICE)]);
        let _ = read(&gateway.client(|builder| builder)).await;
        assert_eq!(gateway.times(), times, "{status} {text}");
    }
    let gateway = Scripted::new([RetryAfter(503, "99999999999"), Status(200, INVOICE)]);
    read(&gateway.client(|builder| builder.timeout(60 * SECOND)))
        .await
        .unwrap();
    assert_eq!(gateway.times(), [0, 30_200]);
}

#[tokio::test(start_paused = true)]
async fn one_attempt_may_be_given_less_time_than_the_call() {
    let gateway = Scripted::new([Hang, Hang, Status(200, INVOICE)]);
    let client = gateway.client(|builder| builder.attempt_timeout(2 * SECOND));
    read(&client).await.unwrap();
    assert_eq!(gateway.times(), [0, 2200, 4600]);

    // Not where money moves, unless that is said.
    let gateway = Scripted::new([Hang]);
    let start = Instant::now();
    let client = gateway.client(|builder| builder.attempt_timeout(2 * SECOND));
    client.create_card_deposit(&deposit()).await.unwrap_err();
    assert_eq!(start.elapsed(), 30 * SECOND);
    let start = Instant::now();
    let client = gateway
        .client(|builder| builder.operation_attempt_timeout(&CREATE_CARD_DEPOSIT, 2 * SECOND));
    client.create_card_deposit(&deposit()).await.unwrap_err();
    assert_eq!(start.elapsed(), 2 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn the_whole_call_ends_in_time() {
    let gateway = Scripted::new([Hang]);
    let client = gateway.client(|builder| builder.attempt_timeout(4 * SECOND));
    let start = Instant::now();
    let error = read(&client).await.unwrap_err();
    assert_eq!(start.elapsed(), 10 * SECOND);
    check(&error, 3, StopReason::AttemptsSpent, Effect::Nothing);

    let start = Instant::now();
    let client = client.with_deadline(Deadline::after(7 * SECOND));
    let error = read(&client).await.unwrap_err();
    assert_eq!(start.elapsed(), 7 * SECOND);
    check(&error, 2, StopReason::NoTime, Effect::Nothing);

    // Now it is over.
    let error = read(&client).await.unwrap_err();
    check(&error, 0, StopReason::NoTime, Effect::Nothing);
}

#[tokio::test(start_paused = true)]
async fn clients_may_share_a_budget() {
    let budget = RetryBudget::new(1);
    let gateway = Scripted::new([NotSent]);
    let first = gateway.client(|builder| builder.retry_budget(budget.clone()));
    let second = gateway.client(|builder| builder.retry_budget(budget.clone()));
    let error = read(&first).await.unwrap_err();
    check(&error, 2, StopReason::BudgetSpent, Effect::Nothing);
    let error = read(&second.clone()).await.unwrap_err();
    check(&error, 1, StopReason::BudgetSpent, Effect::Nothing);
    assert_eq!(second.counters().budget_stops, 1);
    assert_eq!(second.retry_budget().left(), 0);
}

#[tokio::test(start_paused = true)]
async fn only_answers_pay_into_the_budget() {
    let broken = std::iter::repeat_n(Broken, 21);
    let replies = std::iter::once(NotSent).chain(broken);
    let gateway = Scripted::new(replies.chain([Status(404, REFUSED)]));
    let client = gateway.client(|builder| builder.retry_budget(RetryBudget::new(1)));
    for _ in 0..21 {
        let error = read(&client).await.unwrap_err();
        assert_eq!(error.attempts().stopped(), Some(StopReason::Final));
    }
    assert_eq!(client.retry_budget().left(), 0);
    for _ in 0..20 {
        read(&client).await.unwrap_err();
    }
    assert_eq!(client.retry_budget().left(), 1);
}

async fn read(client: &Client) -> Result<(), Error> {
    client.invoice_by_order(&order_id()).await.map(drop)
}

fn order_id() -> OrderId {
    OrderId::parse("order-1").unwrap()
}
