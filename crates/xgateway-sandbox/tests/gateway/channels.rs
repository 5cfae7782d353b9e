//! Addresses, payments on the blockchain, rates and balances.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use xgateway_api::types::CallbackType;
use xgateway_core::callback::CallbackHash;
use xgateway_core::money::{Currency, LongDecimal};
use xgateway_sandbox::{CardCurrency, ChannelCurrency};

use crate::support::{Answer, Gateway, changes, order};

impl Gateway {
    fn address(&mut self, currency: &str, customer: &str) -> String {
        let body = json!({"currency": currency, "customerId": customer});
        let answer = self.post("/api/v2/channels", &body);
        assert_eq!(answer.status, 200, "{}", answer.text);
        text(&answer.json()["data"]["address"])
    }

    /// Pays to an address and says the transaction's id.
    fn pay(&mut self, body: &Value) -> String {
        let answer = self.post("/_sandbox/deposits", body);
        assert_eq!(answer.status, 201, "{}", answer.text);
        text(&answer.json()["data"]["transactionId"])
    }

    fn status(&mut self, id: &str) -> String {
        let answer = self.get(&format!("/api/v2/transaction/{id}"));
        text(&answer.json()["data"]["status"])
    }

    fn rate(&mut self, query: &str) -> Answer {
        self.get(&format!("/api/v2/exchange/rate?{query}"))
    }

    fn balance(&mut self, currency: &str) -> String {
        let accounts = self.get("/api/v2/balance/accounts").json();
        let accounts = accounts["data"].as_array().unwrap();
        let account = accounts.iter().find(|it| it["currency"] == currency);
        text(&account.unwrap()["balance"])
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

#[test]
fn an_address_is_the_same_for_ever_and_by_either_name() {
    let mut gateway = Gateway::new();
    for currency in Currency::KNOWN.iter().filter(|it| it.network().is_some()) {
        let address = gateway.address(currency.as_str(), "customer-1");
        gateway.world.advance(SignedDuration::from_hours(1000));
        assert_eq!(gateway.address(currency.as_str(), "customer-1"), address);
        let body = json!({"currency": currency.as_str(), "customerId": "customer-1"});
        let old = gateway.post("/api/v1/wallet/address", &body);
        assert_eq!(old.json()["data"]["address"], address);
        assert_ne!(gateway.address(currency.as_str(), "customer-2"), address);
        // Another world with this seed knows it too.
        let mut other = Gateway::new();
        assert_eq!(other.address(currency.as_str(), "customer-1"), address);
    }
}

#[test]
fn networks_like_ethereum_share_one_address() {
    let mut gateway = Gateway::new();
    let shared = gateway.address("ETH", "c");
    for currency in Currency::KNOWN {
        if currency.network().is_some() {
            let is_shared = gateway.address(currency.as_str(), "c") == shared;
            assert_eq!(is_shared, currency.is_evm(), "{currency}");
        }
    }
}

#[test]
fn the_image_of_an_address_is_served() {
    let mut gateway = Gateway::new();
    let body = json!({"currency": "BTC", "customerId": "c"});
    let answer = gateway.post("/api/v2/channels", &body).json();
    let url = text(&answer["data"]["qrCodeURL"]);
    let path = url.strip_prefix("http://sandbox.invalid").unwrap();
    let image = gateway.send(http::Method::GET, path, "");
    assert_eq!(image.headers()["content-type"], "image/svg+xml");
    assert!(image.body().starts_with(b"<svg xmlns="));
    for unknown in ["/public/", "/public/x.svg", &path[..path.len() - 4]] {
        assert_eq!(gateway.get(unknown).status, 404, "{unknown}");
    }
}

#[test]
fn what_has_no_address_is_refused_by_the_rules() {
    let mut gateway = Gateway::new();
    for currency in ["EUR", "USDT", "DOGE"] {
        let body = json!({"currency": currency, "customerId": "c"});
        assert_eq!(gateway.post("/api/v2/channels", &body).status, 422);
    }
    let answer = gateway.post("/api/v2/channels", &json!({"currency": "BTC"}));
    assert_eq!(answer.status, 422);
    assert!(answer.text.contains("customerId"), "{}", answer.text);
}

#[test]
fn a_payment_is_confirmed_after_enough_blocks() {
    let mut gateway = Gateway::new();
    let address = gateway.address("tUSDT", "customer-1");
    let small = gateway.pay(&json!({"address": address, "amount": "25.50"}));
    let large = gateway.pay(&json!({"address": address, "amount": "2500"}));
    assert_eq!(gateway.status(&small), "processing");
    assert!(gateway.world.take_callbacks().is_empty());

    gateway.world.advance(SignedDuration::from_secs(19 * 3 - 1));
    assert_eq!(gateway.status(&small), "processing");
    gateway.world.advance(SignedDuration::from_secs(1));
    assert_eq!(gateway.status(&small), "confirmed");
    assert_eq!(gateway.status(&large), "processing");
    gateway.world.advance(minutes(1));
    assert_eq!(gateway.status(&large), "confirmed");
    assert_eq!(gateway.callbacks(), ["confirmed 25.5", "confirmed 2500"]);
}

#[test]
fn the_callback_tells_the_code_and_its_hash_is_true() {
    let mut gateway = Gateway::new();
    let address = gateway.address("eUSDC", "customer-1");
    let id = gateway.pay(&json!({
        "address": address, "amount": "0.000001", "transactionHash": "0xabc",
    }));
    gateway.world.advance(minutes(10));
    let callback = gateway.world.take_callbacks().remove(0);
    let body: Value = serde_json::from_slice(callback.body()).unwrap();
    assert_eq!(callback.subject_id(), id);
    assert_eq!(callback.kind(), CallbackType::Transaction);
    assert_eq!(body["callbackType"], "transaction");
    assert_eq!(body["currency"], "eUSDC");
    assert_eq!(body["network"], "ethereum");
    assert_eq!(body["transactionHash"], "0xabc");
    let invoice = uuid::Uuid::parse_str(body["invoiceId"].as_str().unwrap()).unwrap();
    assert_eq!(
        (invoice.get_version_num(), invoice.get_variant()),
        (4, uuid::Variant::RFC4122)
    );
    let read = gateway.get(&format!("/api/v2/transaction/{id}")).json();
    assert_eq!(read["data"]["invoiceId"], body["invoiceId"]);
    let explained = gateway.get(&format!("/_sandbox/explain/{invoice}"));
    assert!(explained.text.contains(&id), "{}", explained.text);
    assert_eq!(body["info"]["transactionCurrency"], "eUSDC");
    assert!(body["info"].get("invoiceBaseAmount").is_none());
    let secret = &gateway.world.config().secret_key;
    let texts = [&*id, "customer-1", "0.000001", "eUSDC"];
    assert_eq!(
        text(&body["hash"]),
        CallbackHash::of(&texts, secret).to_string()
    );
    // The transaction's own answer is the same, less the type.
    let mut told = body;
    told.as_object_mut().unwrap().remove("callbackType");
    let read = gateway.get(&format!("/api/v2/transaction/{id}")).json();
    assert_eq!(read["data"], told);
}

#[test]
fn a_shared_address_tells_currencies_apart() {
    let mut gateway = Gateway::new();
    let address = gateway.address("ETH", "c");
    gateway.address("eUSDT", "c");
    let newest = gateway.pay(&json!({"address": address, "amount": "1"}));
    let named = gateway.pay(&json!({"address": address, "amount": "1", "currency": "ETH"}));
    let currency = |gateway: &Gateway, id: &str| gateway.world.transaction(id).unwrap().currency;
    assert_eq!(currency(&gateway, &newest), Currency::EUsdt);
    assert_eq!(currency(&gateway, &named), Currency::Eth);
    let body = json!({"address": address, "amount": "1", "currency": "BNB"});
    assert_eq!(gateway.post("/_sandbox/deposits", &body).status, 404);
}

#[test]
fn a_blockchain_has_every_transaction_once() {
    let mut gateway = Gateway::new();
    let address = gateway.address("BTC", "c");
    let body = json!({"address": address, "amount": "0.5", "transactionHash": "h"});
    let id = gateway.pay(&body);
    assert_eq!(gateway.pay(&body), id);
    let other = json!({"address": address, "amount": "0.6", "transactionHash": "h"});
    assert_eq!(gateway.post("/_sandbox/deposits", &other).status, 409);
    gateway.world.advance(minutes(600));
    assert_eq!(gateway.pay(&body), id);
    assert_eq!(gateway.callbacks(), ["confirmed 0.5"]);
    // Without a hash each is another.
    let plain = json!({"address": address, "amount": "0.5"});
    assert_ne!(gateway.pay(&plain), gateway.pay(&plain));
}

#[test]
fn confirmed_may_follow_failed() {
    let mut gateway = Gateway::new();
    let address = gateway.address("SOL", "c");
    let pay = |outcome: &str| json!({"address": address, "amount": "1", "outcome": outcome});
    let lost = gateway.pay(&pay("failed"));
    let late = gateway.pay(&pay("failed_then_confirmed"));
    gateway.world.advance(minutes(2));
    assert_eq!(gateway.status(&lost), "failed");
    assert_eq!(gateway.status(&late), "failed");
    assert_eq!(gateway.balance("SOL"), "0");
    gateway.world.advance(minutes(60));
    assert_eq!(gateway.status(&lost), "failed");
    assert_eq!(gateway.status(&late), "confirmed");
    assert_eq!(gateway.callbacks(), ["failed 1", "failed 1", "confirmed 1"]);
}

#[test]
fn what_nobody_can_pay_is_refused() {
    let mut gateway = Gateway::new();
    let address = gateway.address("tUSDT", "c");
    let events = changes(&gateway.world);
    for (body, status) in [
        (json!({"address": "nowhere", "amount": "1"}), 404),
        (json!({"address": address, "amount": "0"}), 400),
        (json!({"address": address, "amount": "0.0000001"}), 400),
        (
            json!({"address": address, "amount": "9999999999999999"}),
            400,
        ),
        (json!({"address": address, "amount": 1}), 400),
        (json!({"address": address, "amount": "1", "more": 1}), 400),
        (
            json!({"address": address, "amount": "1", "transactionHash": "a b"}),
            400,
        ),
        (
            json!({"address": address, "amount": "1", "outcome": "maybe"}),
            400,
        ),
        (json!([]), 400),
    ] {
        assert_eq!(
            gateway.post("/_sandbox/deposits", &body).status,
            status,
            "{body}"
        );
    }
    assert_eq!(gateway.get("/_sandbox/deposits").status, 405);
    // A form on somebody's page cannot say that it sends JSON.
    let request = http::Request::post("/_sandbox/deposits")
        .header("content-type", "text/plain")
        .body(
            json!({"address": address, "amount": "1"})
                .to_string()
                .into(),
        )
        .unwrap();
    assert_eq!(gateway.world.handle(&request).status(), 415);
    assert_eq!(changes(&gateway.world), events);
}

#[test]
fn time_can_pass_over_http() {
    let mut gateway = Gateway::new();
    let before = gateway.world.now();
    let answer = gateway.post("/_sandbox/clock", &json!({"seconds": 90}));
    assert_eq!(
        answer.both(),
        r#"200 {"data":"2026-01-01T00:01:30.000Z","success":true}"#
    );
    assert_eq!(
        gateway.world.now().duration_since(before),
        SignedDuration::from_secs(90)
    );
    for body in [json!({"seconds": -1}), json!({}), json!({"seconds": "1"})] {
        assert_eq!(gateway.post("/_sandbox/clock", &body).status, 400, "{body}");
    }
}

#[test]
fn balances_follow_confirmed_payments_less_fees() {
    let mut gateway = Gateway::new();
    assert_eq!(gateway.balance("tUSDT"), "0");
    let address = gateway.address("tUSDT", "c");
    let id = gateway.pay(&json!({"address": address, "amount": "100"}));
    assert_eq!(gateway.balance("tUSDT"), "0");
    gateway.world.advance(minutes(5));
    let fees = gateway.world.transaction(&id).unwrap().fees.unwrap();
    let fee = |fee: Option<LongDecimal>| fee.unwrap().value().unwrap();
    let (processing, technical) = (fee(fees.processing), fee(fees.technical));
    assert!(processing > Decimal::ONE && technical > Decimal::ZERO);
    let want = Decimal::from(100) - processing - technical;
    assert_eq!(gateway.balance("tUSDT"), want.normalize().to_string());

    assert_eq!(gateway.balance("EUR"), "0.00");
    gateway.deposit(&order("order-1", "frictionless"));
    let card: Decimal = gateway.balance("EUR").parse().unwrap();
    assert!(
        card > Decimal::from(9) && card < Decimal::from(10),
        "{card}"
    );
}

#[test]
fn one_account_can_be_read_alone() {
    let mut gateway = Gateway::new();
    let accounts = gateway.get("/api/v2/balance/accounts").json();
    for account in accounts["data"].as_array().unwrap() {
        let id = text(&account["accountId"]);
        let one = gateway
            .get(&format!("/api/v2/balance/accounts/{id}"))
            .json();
        assert_eq!(one["data"], *account);
        let currency = text(&account["currency"]);
        let number = format!("{currency}-{}-{currency}", &id[..8]);
        assert_eq!(text(&account["accountNumber"]), number);
    }
    assert_eq!(gateway.get("/api/v2/balance/accounts/x").status, 404);
}

#[test]
fn a_rate_needs_no_key_and_moves_with_the_clock() {
    let mut gateway = Gateway::new();
    let request = http::Request::get("/api/v1/exchange/rate?amount=100&source=RUB&target=EUR")
        .body(bytes::Bytes::new())
        .unwrap();
    let answer = gateway.world.handle(&request);
    assert_eq!(answer.status(), 200);
    let query = "source=RUB&target=EUR&amount=100";
    let first = gateway.rate(query).text;
    assert_eq!(answer.body(), first.as_bytes());
    assert_eq!(gateway.rate(query).text, first);
    gateway.world.advance(minutes(1));
    assert_ne!(gateway.rate(query).text, first);
    assert_eq!(
        gateway.rate("source=EUR&target=EUR").both(),
        r#"200 {"data":"1","success":true}"#
    );
}

#[test]
fn a_rate_goes_both_ways() {
    let mut gateway = Gateway::new();
    let mut number =
        |query: &str| -> Decimal { text(&gateway.rate(query).json()["data"]).parse().unwrap() };
    let there = number("source=EUR&target=BTC&amount=100");
    let back = number(&format!(
        "source=EUR&target=BTC&amount={there}&direction=toSource"
    ));
    assert!(
        (back - Decimal::from(100)).abs() < Decimal::new(1, 10),
        "{back}"
    );
    assert_eq!(there.scale(), 20);
}

#[test]
fn a_card_payment_goes_by_the_rate_that_the_api_tells() {
    for strategy in ["fixed", "floating"] {
        let mut gateway = Gateway::new();
        let mut body = order("order-1", "three_ds");
        body["invoiceStrategy"] = strategy.into();
        let url = gateway.deposit(&body).url().unwrap();
        gateway.world.advance(minutes(5));
        gateway.page(&url, "/approve");
        let (id, pair) = (gateway.id("order-1"), "source=EUR&target=USD");
        let told = gateway.rate(&format!("{pair}&invoiceId={id}")).json()["data"].clone();
        let transaction = gateway
            .world
            .invoice("order-1")
            .unwrap()
            .transactions
            .unwrap()[0]
            .id
            .clone();
        let path = format!("/api/v2/transaction/{transaction}");
        let data = gateway.get(&path).json()["data"].clone();
        assert_eq!(data["info"]["exchangeRate"], told, "{strategy}");
        let decimal = |value: &Value| -> Decimal { text(value).parse().unwrap() };
        let moved = decimal(&data["amount"]) * decimal(&told);
        assert_eq!(
            decimal(&data["info"]["transactionAmount"]),
            moved.round_dp(6)
        );
        assert_eq!(decimal(&data["usd"]), moved.round_dp(2));
        gateway.world.advance(minutes(60));
        assert_eq!(gateway.get(&path).json()["data"], data, "{strategy}");
    }
}

#[test]
fn an_invoice_keeps_its_rate() {
    let mut gateway = Gateway::new();
    gateway.deposit(&order("order-1", "three_ds"));
    let id = gateway.id("order-1");
    let locked = gateway
        .rate(&format!("source=EUR&target=RUB&invoiceId={id}"))
        .text;
    assert_eq!(gateway.rate("source=EUR&target=RUB").text, locked);
    gateway.world.advance(minutes(5));
    assert_ne!(gateway.rate("source=EUR&target=RUB").text, locked);
    let query = format!("source=EUR&target=RUB&invoiceId={id}");
    assert_eq!(gateway.rate(&query).text, locked);
    assert_eq!(
        gateway.rate("source=EUR&target=RUB&invoiceId=x").status,
        404
    );
    // Version 1 knows no such parameter.
    let old = gateway.get("/api/v1/exchange/rate?source=EUR&target=RUB&invoiceId=x");
    assert_eq!(old.status, 200);
}

#[test]
fn a_query_that_breaks_rules_gets_all_its_issues() {
    let mut gateway = Gateway::new();
    let answer = gateway.rate("target=XXX&amount=-1&direction=up");
    assert_eq!(answer.status, 422);
    let codes: Vec<_> = answer.json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|issue| format!("{} {}", text(&issue["path"][0]), text(&issue["code"])))
        .collect();
    assert_eq!(
        codes,
        [
            "source invalid_type",
            "target invalid_enum_value",
            "amount invalid_string",
            "direction invalid_enum_value"
        ]
    );
    let long = format!("source=BTC&target=UZS&amount={}", "9".repeat(28));
    assert_eq!(gateway.rate(&long).status, 422);
    let longer = format!("source=BTC&target=UZS&amount={}", "9".repeat(40));
    assert_eq!(gateway.rate(&longer).status, 422);
}

proptest! {
    #[test]
    fn no_payment_panics_and_balances_stay_exact(
        payments in prop::collection::vec(
            (prop::sample::select(Currency::KNOWN), "[0-9]{1,16}(\\.[0-9]{1,18})?"), 1..12,
        ),
    ) {
        let mut gateway = Gateway::new();
        let mut paid: BTreeMap<String, (Decimal, Decimal)> = BTreeMap::new();
        for (currency, amount) in payments {
            if currency.network().is_none() {
                continue;
            }
            let address = gateway.address(currency.as_str(), "c");
            let body = json!({"address": address, "amount": amount, "currency": currency.as_str()});
            let answer = gateway.post("/_sandbox/deposits", &body);
            if answer.status == 400 {
                continue;
            }
            gateway.world.advance(SignedDuration::from_hours(2));
            let id = text(&answer.json()["data"]["transactionId"]);
            let told = gateway.world.transaction(&id).unwrap();
            prop_assert_eq!(told.status.as_str(), "confirmed");
            let fees = told.fees.unwrap();
            let fee = |fee: Option<LongDecimal>| fee.unwrap().value().unwrap();
            let fees = fee(fees.processing) + fee(fees.technical);
            let amount = told.amount.value();
            prop_assert!(fees >= Decimal::ZERO && fees <= amount);
            let sums = paid.entry(currency.as_str().to_owned()).or_default();
            *sums = (sums.0 + amount, sums.1 + fees);
        }
        for (currency, (amount, fees)) in paid {
            let balance: Decimal = gateway.balance(&currency).parse().unwrap();
            // Sums of more than 28 digits are rounded at the end.
            prop_assert!((balance - (amount - fees)).abs() < Decimal::new(1, 10));
        }
    }
}

#[test]
fn a_payment_without_an_invoice_may_have_no_id_of_one_either() {
    let mut gateway = Gateway::with(|config| config.no_linked_invoices = true);
    let address = gateway.address("ETH", "customer-1");
    let id = gateway.pay(&json!({"address": address, "amount": "1"}));
    let read = gateway.get(&format!("/api/v2/transaction/{id}")).json();
    assert_eq!(read["data"].get("invoiceId"), Some(&Value::Null));
}

#[test]
fn a_payment_to_an_address_may_name_an_order_that_nobody_has_sent() {
    let mut gateway = Gateway::with(|config| config.channel_order_ids = true);
    let address = gateway.address("ETH", "customer-1");
    let id = gateway.pay(&json!({"address": address, "amount": "1"}));
    let read = gateway.get(&format!("/api/v2/transaction/{id}")).json();
    assert_eq!(read["data"]["orderId"], "demo_order_id");
    assert_eq!(gateway.get("/api/v2/invoices/demo_order_id").status, 404);
}

#[test]
fn the_rates_of_a_transaction_lead_from_what_is_told_to_what_moved_and_on_to_the_books() {
    // In whatever currency it is told, and for one that is worth far from a dollar, too.
    let check = |data: &Value| {
        let number = |value: &Value| -> Decimal { value.as_str().unwrap().parse().unwrap() };
        let info = &data["info"];
        let moved = number(&info["transactionAmount"]);
        let close = |got: Decimal, want: Decimal| {
            // Amounts in fiat money are rounded to cents.
            (got - want).abs() <= want / Decimal::from(1000)
        };
        // No rate of the gateway has more decimals (protocol §8).
        assert!(number(&info["exchangeRate"]).scale() <= 20, "{data}");
        let led = number(&data["amount"]) * number(&info["exchangeRate"]);
        assert!(close(led, moved), "{data}");
        let booked = moved * number(&info["referenceExchangeRate"]);
        assert!(close(booked, number(&info["referenceAmount"])), "{data}");
    };
    for told in [
        ChannelCurrency::Code,
        ChannelCurrency::Symbol,
        ChannelCurrency::Reference,
    ] {
        for code in ["BTC", "tUSDT"] {
            let mut gateway = Gateway::with(|config| config.channel_currency = told);
            let address = gateway.address(code, "customer-1");
            let id = gateway.pay(&json!({"address": address, "amount": "100"}));
            let read = gateway.get(&format!("/api/v2/transaction/{id}")).json();
            check(&read["data"]);
        }
    }
    for told in [CardCurrency::Invoice, CardCurrency::Moved] {
        let mut gateway = Gateway::with(|config| config.card_currency = told);
        gateway.deposit(&order("order-1", "frictionless"));
        let invoice = gateway.get("/api/v2/invoices/order-1").json();
        let id = text(&invoice["data"]["transactions"][0]["id"]);
        let read = gateway.get(&format!("/api/v2/transaction/{id}")).json();
        check(&read["data"]);
    }
}

#[test]
fn a_transaction_may_name_an_application() {
    let mut gateway = Gateway::with(|config| config.application_id = Some("shop-app".to_owned()));
    let address = gateway.address("ETH", "customer-1");
    let id = gateway.pay(&json!({"address": address, "amount": "1"}));
    gateway.deposit(&order("order-1", "frictionless"));
    gateway.world.advance(SignedDuration::from_mins(30));
    let read = gateway.get(&format!("/api/v2/transaction/{id}")).json();
    assert_eq!(read["data"]["applicationId"], "shop-app");
    let told = gateway.world.take_callbacks();
    assert_eq!(told.len(), 2);
    for callback in told {
        let told: Value = serde_json::from_slice(callback.body()).unwrap();
        assert_eq!(told["applicationId"], "shop-app");
    }
}

#[test]
fn a_payment_to_an_address_is_told_in_each_currency_of_the_examples() {
    for (told, want) in [
        (ChannelCurrency::Code, json!(["tUSDT", "tron", "tUSDT"])),
        (ChannelCurrency::Symbol, json!(["USDT", "tron", "tUSDT"])),
        (ChannelCurrency::Reference, json!(["USD", null, "USDT"])),
    ] {
        let mut gateway = Gateway::with(|config| config.channel_currency = told);
        let address = gateway.address("tUSDT", "customer-1");
        let id = gateway.pay(&json!({"address": address, "amount": "25"}));
        let read = gateway.get(&format!("/api/v2/transaction/{id}")).json();
        let data = &read["data"];
        let got = json!([
            data["currency"],
            data["network"],
            data["info"]["transactionCurrency"]
        ]);
        assert_eq!(got, want, "{told:?}");
        let is_reference = told == ChannelCurrency::Reference;
        let amount = if is_reference {
            data["info"]["referenceAmount"].clone()
        } else {
            json!("25")
        };
        assert_eq!(data["amount"], amount, "{told:?}");
        assert_eq!(data["transactionHash"].is_null(), is_reference);
        // Whatever is told is what the hash covers.
        gateway.world.advance(SignedDuration::from_mins(30));
        let callback = gateway.world.take_callbacks().pop().unwrap();
        let told: Value = serde_json::from_slice(callback.body()).unwrap();
        let texts = ["id", "customerId", "amount", "currency"].map(|key| text(&told[key]));
        let texts: Vec<_> = texts.iter().map(String::as_str).collect();
        let hash = CallbackHash::of(&texts, &gateway.world.config().secret_key);
        assert_eq!(told["hash"], hash.to_string());
    }
}
