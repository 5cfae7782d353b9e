//! How long the client waits. The clock is virtual, so nobody sleeps.

use std::time::Duration;

use tokio::time::Instant;
use xgateway_api::environment::Environment;
use xgateway_api::operations::GET_INVOICE;
use xgateway_client::{Client, Deadline, Effect, Error};
use xgateway_core::id::OrderId;
use xgateway_transport::test_util::{MockTransport, NeverTransport};
use xgateway_transport::{Delivery, TransportErrorKind};

use crate::fixture::{api_key, deposit};
use crate::once::client;

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn waits_longer_where_money_moves() {
    check(&client(NeverTransport), 30 * SECOND, 10 * SECOND).await;
}

#[tokio::test(start_paused = true)]
async fn waits_as_it_was_told() {
    let builder = || Client::builder(Environment::Demo, api_key(), NeverTransport);
    check(&builder().timeout(SECOND).build(), 30 * SECOND, SECOND).await;
    let client = builder()
        .operation_timeout(&GET_INVOICE, 3 * SECOND)
        .operation_timeout(&GET_INVOICE, 2 * SECOND)
        .timeout(SECOND)
        .build();
    check(&client, 30 * SECOND, 2 * SECOND).await;
}

#[tokio::test(start_paused = true)]
async fn a_deadline_covers_several_calls() {
    let client = client(NeverTransport).with_deadline(Deadline::after(12 * SECOND));
    let id = OrderId::parse("order-1").unwrap();
    let start = Instant::now();
    client.invoice_by_order(&id).await.unwrap_err();
    assert_eq!(start.elapsed(), 10 * SECOND);
    client.invoice_by_order(&id).await.unwrap_err();
    assert_eq!(start.elapsed(), 12 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn after_the_deadline_nothing_is_sent() {
    // A mock without an expectation: any request would fail the test.
    let client = client(MockTransport::new()).with_deadline(Deadline::after(Duration::ZERO));
    let error = client.create_card_deposit(&deposit()).await.unwrap_err();
    assert_eq!(error.effect(), Effect::Nothing);
}

#[tokio::test(start_paused = true)]
async fn a_far_deadline_does_no_harm() {
    let client = client(NeverTransport).with_deadline(Deadline::after(Duration::MAX));
    check(&client, 30 * SECOND, 10 * SECOND).await;
}

async fn check(client: &Client, deposit_time: Duration, read_time: Duration) {
    let start = Instant::now();
    let error = client.create_card_deposit(&deposit()).await.unwrap_err();
    assert_eq!(start.elapsed(), deposit_time);
    assert_eq!(error.effect(), Effect::Unknown);
    let transport = if let Error::Transport(error) = &error {
        Some((error.delivery(), error.transport().kind()))
    } else {
        None
    };
    assert_eq!(
        transport,
        Some((Delivery::Unknown, TransportErrorKind::Timeout)),
        "{error:?}"
    );

    let start = Instant::now();
    let id = OrderId::parse("order-1").unwrap();
    let error = client.invoice_by_order(&id).await.unwrap_err();
    assert_eq!(start.elapsed(), read_time);
    assert_eq!(error.effect(), Effect::Nothing); // A read changes nothing.
}
