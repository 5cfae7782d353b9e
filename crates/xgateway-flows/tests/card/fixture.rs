use bytes::Bytes;
use http::{Response, StatusCode};
use jiff::civil::date;
use serde_json::{Value, json};
use xgateway_api::call::Call;
use xgateway_api::deposit::CardDeposit;
use xgateway_api::environment::Environment;
use xgateway_api::policy::CardPolicy;
use xgateway_api::types::{GetInvoice, GetTransaction, PublicInvoice, TransactionData};
use xgateway_client::{Answered, Error};
use xgateway_flows::card::{Machine, Order, Reading};
use xgateway_transport::test_util::MockTransport;

use crate::body::body_with;
use crate::gateway::{changed, client, success};

/// The body of a deposit that passes rules and policy.
pub(crate) fn body() -> Value {
    body_with(&json!({"redirectUrl": "https://shop.example.com/back"}))
}

pub(crate) fn deposit() -> CardDeposit {
    deposit_of(&body())
}

pub(crate) fn deposit_of(body: &Value) -> CardDeposit {
    let policy = CardPolicy::new(&Environment::Demo, date(2026, 11, 21));
    CardDeposit::from_json(body.to_string().as_bytes(), &policy).unwrap()
}

pub(crate) fn machine() -> Machine {
    let (machine, _send) = Machine::begin(Order::from(&deposit()));
    machine
}

/// The invoice of the order, as the gateway shows it, with `changes`.
pub(crate) fn invoice(changes: &Value) -> Value {
    let invoice = json!({
        "id": "invoice-1",
        "orderId": "order-1",
        "customerId": "customer-1",
        "amount": "25.00",
        "baseCurrency": "EUR",
        "status": "active",
        "strategy": "fixed",
        "type": "deposit",
        "paymentUrl": "https://checkout.example.com/invoice-1",
        "transactions": []
    });
    changed(invoice, changes)
}

/// A transaction of that invoice, as the gateway shows it, with `changes`.
pub(crate) fn transaction(changes: &Value) -> Value {
    let transaction = json!({
        "id": "transaction-1",
        "invoiceId": "invoice-1",
        "orderId": "order-1",
        "customerId": "customer-1",
        "amount": "25.00",
        "currency": "EUR",
        "type": "deposit",
        "status": "confirmed"
    });
    changed(transaction, changes)
}

pub(crate) fn refusal(code: &str) -> String {
    json!({"errors": [{"code": code, "message": "No."}], "success": false}).to_string()
}

/// What a client makes of this invoice. There is no other way to such a reading.
pub(crate) fn invoice_reading(invoice: &Value) -> Reading<PublicInvoice> {
    let call = GetInvoice {
        invoice_id: "order-1".to_owned(),
    };
    Reading::of(answered(&call, 200, success(invoice)))
}

/// What a client makes of this transaction.
pub(crate) fn transaction_reading(transaction: &Value) -> Reading<TransactionData> {
    let call = GetTransaction {
        transaction_id: "transaction-1".to_owned(),
    };
    Reading::of(answered(&call, 200, success(transaction)))
}

/// What a client makes of an answer to `call`.
pub(crate) fn answered<C: Call>(
    call: &C,
    status: u16,
    body: String,
) -> Result<Answered<C::Answer>, Error> {
    let mut transport = MockTransport::new();
    transport.expect_send().return_once(move |_| {
        let mut answer = Response::new(Bytes::from(body));
        *answer.status_mut() = StatusCode::from_u16(status).unwrap();
        Ok(answer)
    });
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap()
        .block_on(client(transport).send(call))
}
