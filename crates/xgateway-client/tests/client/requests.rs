//! What goes over the wire, to the byte, for every operation.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use expect_test::{Expect, expect};
use xgateway_api::environment::Environment;
use xgateway_api::operations;
use xgateway_api::types::{
    ExchangeDirection, Gateway8Request, GetExchangeRate, GetExchangeRateV1, RateCurrency,
    SimulatedStatus,
};
use xgateway_client::{AddressOperation, Client, ClientBuilder, Error};
use xgateway_core::id::{AccountId, CustomerId, InvoiceId, OrderId, TransactionId};
use xgateway_core::money::{Amount, Currency};
use xgateway_transport::test_util::MockTransport;

use crate::banking;
use crate::fixture::{API_KEY, DEPOSIT, api_key, deposit};
use crate::once::client;

/// The operations that have a golden below; those of payments by bank have theirs in a file of their own.
const COVERED: [&str; 10] = [
    "create_card_deposit",
    "get_invoice",
    "get_transaction",
    "simulate_transaction",
    "create_wallet_address",
    "create_channel",
    "get_exchange_rate_v1",
    "get_exchange_rate",
    "get_balances",
    "get_balance",
];

#[test]
fn every_operation_has_a_golden() {
    // A form is no call: its texts and its file go another way.
    let calls = operations::ALL.iter().filter(|it| it.form.is_none());
    let names: Vec<_> = calls.map(|it| it.name).collect();
    let covered: Vec<_> = COVERED.iter().chain(banking::COVERED).copied().collect();
    assert_eq!(names, covered);
}

#[tokio::test]
async fn create_card_deposit() {
    check(
        async |client| client.create_card_deposit(&deposit()).await.map(drop),
        &expect![[r#"
            POST https://api.demo.xgateway.tech/api/v2/gateway8
            accept: application/json
            content-type: application/json
            x-api-key: (the key, marked as sensitive)

            {"amount":25.00,"accountId":"a67ec03c-0253-4c14-9961-28985186f90c","baseCurrency":"EUR","customerId":"canary-customer","customerDateOfBirth":"1971-03-04","customerEmail":"canary.bird@example.com","customerFirstName":"Canaria","customerLastName":"Birdwell","customerPhone":"49 15123456789","userIp":"217.138.202.40","billingAddress":{"addressLine1":"Feather Street 77","addressLine2":"Perch 5","city":"Cagetown","countryCode":"CZ","postalCode":"98765","state":"Aviary"},"card":{"cardNumber":"4000 0000 0000 0002","cardholderName":"CANARIA BIRDWELL","expiryMonth":"12","expiryYear":"2028","cardSecurityCode":"739"},"orderId":"order-1","redirectUrl":"https://shop.example.com/back"}"#]],
    )
    .await;
}

/// The gateway would take it. Nobody could ask what became of it.
#[tokio::test]
async fn money_does_not_move_without_an_order_id() {
    for order_id in [None, Some("")] {
        let mut request: serde_json::Value = serde_json::from_str(DEPOSIT).unwrap();
        request.as_object_mut().unwrap().remove("orderId");
        if let Some(order_id) = order_id {
            request["orderId"] = order_id.into();
        }
        let request: Gateway8Request = serde_json::from_value(request).unwrap();
        let mut transport = MockTransport::new();
        transport.expect_send().never();
        let error = client(transport).send(&request).await.unwrap_err();
        assert!(matches!(error, Error::Validation(_)), "{error}");
        assert!(!error.may_have_acted());
    }
}

#[tokio::test]
async fn get_invoice() {
    check(
        async |client| {
            let id = InvoiceId::parse("5d7c2f4a-0000-4000-8000-000000000001").unwrap();
            client.invoice(&id).await.map(drop)
        },
        &expect![[r"
            GET https://api.demo.xgateway.tech/api/v2/invoices/5d7c2f4a-0000-4000-8000-000000000001
            accept: application/json
            x-api-key: (the key, marked as sensitive)

        "]],
    )
    .await;
    check(
        async |client| {
            let id = OrderId::parse("2026/order 1?ä").unwrap();
            client.invoice_by_order(&id).await.map(drop)
        },
        &expect![[r"
            GET https://api.demo.xgateway.tech/api/v2/invoices/2026%2Forder%201%3F%C3%A4
            accept: application/json
            x-api-key: (the key, marked as sensitive)

        "]],
    )
    .await;
}

#[tokio::test]
async fn get_transaction() {
    check(
        async |client| {
            let id = TransactionId::parse("a1b2c3d4-0000-4000-8000-000000000001").unwrap();
            client.transaction(&id).await.map(drop)
        },
        &expect![[r"
            GET https://api.demo.xgateway.tech/api/v2/transaction/a1b2c3d4-0000-4000-8000-000000000001
            accept: application/json
            x-api-key: (the key, marked as sensitive)

        "]],
    )
    .await;
}

#[tokio::test]
async fn simulate_transaction() {
    check(
        async |client| {
            let invoice = InvoiceId::parse("5d7c2f4a-0000-4000-8000-000000000001").unwrap();
            let amount = Amount::parse("25.00", Currency::Eur).unwrap();
            let ended = client.simulate_transaction(&invoice, &amount, SimulatedStatus::Confirmed);
            ended.await.map(drop)
        },
        &expect![[r#"
            POST https://api.demo.xgateway.tech/api/v2/transaction/simulate
            accept: application/json
            content-type: application/json
            x-api-key: (the key, marked as sensitive)

            {"amount":"25.00","invoiceId":"5d7c2f4a-0000-4000-8000-000000000001","status":"confirmed"}"#]],
    )
    .await;
}

#[tokio::test]
async fn create_channel() {
    let customer = CustomerId::parse("customer-1").unwrap();
    check(
        async |client| client.address(&Currency::EUsdt, &customer).await.map(drop),
        &expect![[r#"
            POST https://api.demo.xgateway.tech/api/v2/channels
            accept: application/json
            content-type: application/json
            x-api-key: (the key, marked as sensitive)

            {"currency":"eUSDT","customerId":"customer-1"}"#]],
    )
    .await;
}

#[tokio::test]
async fn create_wallet_address() {
    let customer = CustomerId::parse("customer-1").unwrap();
    check_with(
        |builder| builder.address_operation(AddressOperation::WalletAddress),
        async |client| client.address(&Currency::Btc, &customer).await.map(drop),
        &expect![[r#"
            POST https://api.demo.xgateway.tech/api/v1/wallet/address
            accept: application/json
            content-type: application/json
            x-api-key: (the key, marked as sensitive)

            {"currency":"BTC","customerId":"customer-1"}"#]],
    )
    .await;
}

#[tokio::test]
async fn get_exchange_rate_v1() {
    check(
        async |client| {
            let call = GetExchangeRateV1 {
                source: RateCurrency::Rub,
                target: RateCurrency::Eur,
                amount: Some("100".to_owned()),
            };
            client.send(&call).await.map(drop)
        },
        &expect![[r"
            GET https://api.demo.xgateway.tech/api/v1/exchange/rate?source=RUB&target=EUR&amount=100
            accept: application/json

        "]],
    )
    .await;
}

/// The key stays at home: the operation needs none.
#[tokio::test]
async fn get_exchange_rate() {
    check(
        async |client| {
            client
                .rate(&Currency::Rub, &Currency::EUsdt)
                .await
                .map(drop)
        },
        &expect![[r"
            GET https://api.demo.xgateway.tech/api/v2/exchange/rate?source=RUB&target=eUSDT
            accept: application/json

        "]],
    )
    .await;
    check(
        async |client| {
            let amount = Amount::parse("100.50", Currency::Rub).unwrap();
            client.convert(&amount, &Currency::Eur).await.map(drop)
        },
        &expect![[r"
            GET https://api.demo.xgateway.tech/api/v2/exchange/rate?source=RUB&target=EUR&amount=100.50
            accept: application/json

        "]],
    )
    .await;
    check(
        async |client| {
            let call = GetExchangeRate {
                source: RateCurrency::Rub,
                target: RateCurrency::Eur,
                amount: Some("100.5".to_owned()),
                direction: Some(ExchangeDirection::ToSource),
                invoice_id: Some("an id&more".to_owned()),
            };
            client.send(&call).await.map(drop)
        },
        &expect![[r"
            GET https://api.demo.xgateway.tech/api/v2/exchange/rate?source=RUB&target=EUR&amount=100.5&direction=toSource&invoiceId=an%20id%26more
            accept: application/json

        "]],
    )
    .await;
}

#[tokio::test]
async fn get_balances() {
    check(
        async |client| client.balances().await.map(drop),
        &expect![[r"
            GET https://api.demo.xgateway.tech/api/v2/balance/accounts
            accept: application/json
            x-api-key: (the key, marked as sensitive)

        "]],
    )
    .await;
}

#[tokio::test]
async fn get_balance() {
    let account = AccountId::parse("account/1").unwrap();
    check(
        async |client| client.balance(&account).await.map(drop),
        &expect![[r"
            GET https://api.demo.xgateway.tech/api/v2/balance/accounts/account%2F1
            accept: application/json
            x-api-key: (the key, marked as sensitive)

        "]],
    )
    .await;
}

/// Runs a call and compares the one request that it sends.
async fn check(call: impl AsyncFnOnce(Client) -> Result<(), Error>, want: &Expect) {
    check_with(|builder| builder, call, want).await;
}

async fn check_with(
    settings: impl FnOnce(ClientBuilder) -> ClientBuilder,
    call: impl AsyncFnOnce(Client) -> Result<(), Error>,
    want: &Expect,
) {
    let seen = Arc::new(Mutex::new(String::new()));
    let mut transport = MockTransport::new();
    let sink = seen.clone();
    transport.expect_send().times(1).returning(move |request| {
        let (parts, body) = request.into_parts();
        let mut text = format!("{} {}\n", parts.method, parts.uri);
        let mut headers: Vec<_> = parts
            .headers
            .iter()
            .map(|(name, value)| {
                if value == API_KEY {
                    assert!(value.is_sensitive());
                    format!("{name}: (the key, marked as sensitive)")
                } else {
                    format!("{name}: {}", value.to_str().unwrap())
                }
            })
            .collect();
        headers.sort();
        for header in headers {
            writeln!(text, "{header}").unwrap();
        }
        let body = std::str::from_utf8(body.as_bytes().unwrap()).unwrap();
        write!(text, "\n{body}").unwrap();
        *sink.lock().unwrap() = text;
        Ok(http::Response::new(Bytes::new()))
    });
    // The answer is empty: what becomes of it is another test's matter.
    let builder = Client::builder(Environment::Demo, api_key(), transport);
    let _ = call(settings(builder).build()).await;
    want.assert_eq(&seen.lock().unwrap());
}
