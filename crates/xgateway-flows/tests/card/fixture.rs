use bytes::Bytes;
use http::{Response, StatusCode};
use jiff::civil::date;
use serde_json::{Value, json};
use xgateway_api::call::Call;
use xgateway_api::deposit::CardDeposit;
use xgateway_api::environment::Environment;
use xgateway_api::policy::CardPolicy;
use xgateway_api::types::{GetInvoice, GetTransaction, PublicInvoice, TransactionData};
use xgateway_client::retry::RetryPolicy;
use xgateway_client::{Answered, Client, Error};
use xgateway_core::secret::ApiKey;
use xgateway_flows::card::{Machine, Order, Reading};
use xgateway_transport::Transport;
use xgateway_transport::test_util::MockTransport;

pub(crate) const API_KEY: &str = "5f0c6a9e-0d6b-4a63-9a0e-5f2a7d3f1c11";

/// The body of a deposit that passes rules and policy.
pub(crate) fn body() -> Value {
    json!({
        "amount": 25.00,
        "accountId": "a67ec03c-0253-4c14-9961-28985186f90c",
        "baseCurrency": "EUR",
        "customerId": "customer-1",
        "customerDateOfBirth": "1971-03-04",
        "customerEmail": "canary.bird@example.com",
        "customerFirstName": "Canaria",
        "customerLastName": "Birdwell",
        "customerPhone": "49 15123456789",
        "userIp": "217.138.202.40",
        "billingAddress": {
            "addressLine1": "Feather Street 77",
            "city": "Cagetown",
            "countryCode": "CZ",
            "postalCode": "98765",
            "state": "Aviary"
        },
        "card": {
            "cardNumber": "4000 0000 0000 0002",
            "cardholderName": "CANARIA BIRDWELL",
            "expiryMonth": "12",
            "expiryYear": "2028",
            "cardSecurityCode": "739"
        },
        "orderId": "order-1",
        "redirectUrl": "https://shop.example.com/back"
    })
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

/// A client that tries once: what a flow makes of one answer is the question here.
pub(crate) fn client(transport: impl Transport) -> Client {
    let key = ApiKey::parse(API_KEY).unwrap();
    Client::builder(Environment::Demo, key, transport)
        .retry_policy(RetryPolicy::never())
        .build()
}

/// The invoice of the order, as the gateway shows it, with `changes`.
pub(crate) fn invoice(changes: &Value) -> Value {
    let mut invoice = json!({
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
    change(&mut invoice, changes);
    invoice
}

/// A transaction of that invoice, as the gateway shows it, with `changes`.
pub(crate) fn transaction(changes: &Value) -> Value {
    let mut transaction = json!({
        "id": "transaction-1",
        "invoiceId": "invoice-1",
        "orderId": "order-1",
        "customerId": "customer-1",
        "amount": "25.00",
        "currency": "EUR",
        "type": "deposit",
        "status": "confirmed"
    });
    change(&mut transaction, changes);
    transaction
}

pub(crate) fn success(data: &Value) -> String {
    json!({"data": data, "success": true}).to_string()
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

fn change(value: &mut Value, changes: &Value) {
    for (key, new) in changes.as_object().unwrap() {
        value[key] = new.clone();
    }
}
