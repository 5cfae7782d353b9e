//! Addresses, rates and balances: what the client makes of the answers.

use bytes::Bytes;
use xgateway_api::types::{ChannelRequest, GetExchangeRate, RateCurrency};
use xgateway_client::{Client, Effect, Error};
use xgateway_core::id::CustomerId;
use xgateway_core::money::{Amount, Currency, Rounding};
use xgateway_transport::test_util::MockTransport;

use crate::once::client;

fn answering(body: &'static str) -> Client {
    let mut transport = MockTransport::new();
    transport
        .expect_send()
        .times(1)
        .return_once(move |_| Ok(http::Response::new(Bytes::from_static(body.as_bytes()))));
    client(transport)
}

fn customer() -> CustomerId {
    CustomerId::parse("customer-1").unwrap()
}

#[tokio::test]
async fn an_address_belongs_to_whom_it_was_asked_for() {
    let client = answering(
        r#"{"data":{"address":"n3UrMJG4rxAbXfVWo8dpZ4JLsDZMFm8LM9","qrCodeURL":"https://a.example/1.svg","new":1},"success":true}"#,
    );
    let answer = client.address(&Currency::Btc, &customer()).await.unwrap();
    let address = answer.data();
    assert_eq!(address.as_str(), "n3UrMJG4rxAbXfVWo8dpZ4JLsDZMFm8LM9");
    assert_eq!(address.customer_id(), &customer());
    assert_eq!(address.currency(), &Currency::Btc);
    assert_eq!(address.qr_code_url(), Some("https://a.example/1.svg"));
}

#[tokio::test]
async fn an_address_that_is_none_is_not_shown_to_a_customer() {
    let client = answering(r#"{"data":{"address":"send it\nhere"},"success":true}"#);
    let error = client
        .address(&Currency::Btc, &customer())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Undecodable(_)), "{error}");
    assert_eq!(error.effect(), Effect::Acted);
    assert!(!format!("{error} {error:?}").contains("here"));
}

#[tokio::test]
async fn fiat_money_has_no_address_and_nothing_is_sent() {
    // A mock without an expectation: any request would fail the test.
    let client = client(MockTransport::new());
    let error = client
        .address(&Currency::Eur, &customer())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Validation(_)), "{error}");
    let call = ChannelRequest::new(&Currency::Unknown("DOGE".into()), &customer());
    let error = client.send(&call).await.unwrap_err();
    assert_eq!(error.effect(), Effect::Nothing);
    let call = GetExchangeRate {
        source: RateCurrency::Eur,
        target: RateCurrency::Usd,
        amount: Some("1e3".to_owned()),
        direction: None,
        invoice_id: None,
    };
    let error = client.send(&call).await.unwrap_err();
    assert!(matches!(error, Error::Validation(_)), "{error}");
}

#[tokio::test]
async fn a_rate_keeps_every_digit() {
    let client = answering(r#"{"data":"1200000000.00332217540039999959","success":true}"#);
    let rate = client.rate(&Currency::Btc, &Currency::Uzs).await.unwrap();
    assert_eq!(
        rate.data().to_string(),
        "1 BTC = 1200000000.00332217540039999959 UZS"
    );
    let amount = Amount::parse("0.1", Currency::Btc).unwrap();
    let converted = rate.data().convert(&amount, Rounding::HalfEven).unwrap();
    assert_eq!(converted.to_string(), "120000000.00 UZS");
    for body in [
        r#"{"data":"0","success":true}"#,
        r#"{"data":[1.5],"success":true}"#,
    ] {
        let error = answering(body)
            .rate(&Currency::Btc, &Currency::Uzs)
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Undecodable(_)), "{error}");
        assert_eq!(error.effect(), Effect::Nothing); // A read changes nothing.
    }
    // From the digits of a number, too.
    let client = answering(r#"{"data":1200000000.00332217540039999959,"success":true}"#);
    let number = client.rate(&Currency::Btc, &Currency::Uzs).await.unwrap();
    assert_eq!(number.data().to_string(), rate.data().to_string());
}

#[tokio::test]
async fn balances_come_as_they_are_written() {
    let client = answering(
        r#"{"data":[{"accountId":"account-1","currency":"TRY","balance":"1000.00","withdrawableBalance":"950.00"}],"success":true}"#,
    );
    let answer = client.balances().await.unwrap();
    let [balance] = &answer.data()[..] else {
        unreachable!("one was sent");
    };
    assert_eq!(balance.account_id().as_str(), "account-1");
    assert_eq!(balance.total().as_str(), "1000.00");
}
