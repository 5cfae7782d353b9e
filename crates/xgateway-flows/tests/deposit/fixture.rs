use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};
use xgateway_client::{Answered, Client};
use xgateway_core::id::{CustomerId, TransactionId};
use xgateway_core::money::Currency;
use xgateway_flows::deposit::{CallbackHint, Event, NamedOrder, Reading};
use xgateway_transport::test_util::MockTransport;

use crate::gateway::{changed, client, success};

pub(crate) fn customer() -> CustomerId {
    CustomerId::parse("customer-1").unwrap()
}

pub(crate) fn id(text: &str) -> TransactionId {
    TransactionId::parse(text).unwrap()
}

pub(crate) fn hint(text: &str) -> CallbackHint {
    CallbackHint::new(id(text))
}

/// A transaction of the customer, as the gateway shows it, with `changes`.
pub(crate) fn transaction(changes: &Value) -> Value {
    let transaction = json!({
        "id": "t-1",
        "invoiceId": null,
        "orderId": null,
        "customerId": "customer-1",
        "amount": "25.5",
        "currency": "tUSDT",
        "network": "tron",
        "transactionHash": "0xabc",
        "type": "deposit",
        "status": "confirmed"
    });
    changed(transaction, changes)
}

/// What a client makes of this transaction. There is no other way to such a reading.
pub(crate) fn read(asked: &str, changes: &Value) -> Event {
    read_of(asked, changes, NamedOrder::Unknown)
}

/// The same, of an order that the merchant knows or not.
pub(crate) fn read_of(asked: &str, changes: &Value, order: NamedOrder) -> Event {
    let asked = id(asked);
    let client = answering(success(&transaction(changes)));
    let answer = block_on(client.transaction(&asked)).unwrap();
    Event::TransactionRead {
        asked,
        reading: Reading::Found(Box::new(answer)),
        order,
    }
}

/// What a client makes of this address.
pub(crate) fn given(address: &str) -> Event {
    let client = answering(success(&json!({"address": address})));
    let customer = customer();
    let call = client.address(&Currency::TUsdt, &customer);
    let answer: Answered<_> = block_on(call).unwrap();
    Event::AddressGiven(Box::new(answer))
}

fn answering(body: String) -> Client {
    let mut transport = MockTransport::new();
    transport
        .expect_send()
        .return_once(move |_| Ok(Response::new(Bytes::from(body))));
    client(transport)
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap()
        .block_on(future)
}
