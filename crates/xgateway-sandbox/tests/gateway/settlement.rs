//! Transactions and their callbacks.

use expect_test::expect;
use jiff::SignedDuration;
use serde_json::{Value, json};
use xgateway_api::types::TransactionCallback;
use xgateway_core::callback::CallbackHash;
use xgateway_core::secret::SecretKey;

use crate::support::{Gateway, order};

fn paid(gateway: &mut Gateway, id: &str) -> String {
    gateway.deposit(&order(id, "frictionless"));
    gateway.world.invoice(id).unwrap().transactions.unwrap()[0]
        .id
        .clone()
}

#[test]
fn a_transaction_tells_all_that_the_document_lists() {
    let mut gateway = Gateway::new();
    let id = paid(&mut gateway, "order-1");
    let answer = gateway.get(&format!("/api/v2/transaction/{id}"));
    let want = expect![[
        r#"200 {"data":{"senderDetails":null,"amount":"10","applicationId":null,"currency":"EUR","customerId":"ff36a7a5-08fd-418a-a150-f6f2d36676a8","hash":"Zl2RCj7xgwpOosicIGWJ5VueRNcyF+IDmYtQHVJ0P6BJCkPSnZdpvY0sVysHXGwxF7AhKYblAhWAP96MdKt62w==","id":"fc50519e-6ff8-48be-bfb7-ced56bc6a40c","invoiceId":"15879d5d-dfb0-4edb-96e5-d9cab2797391","network":null,"orderId":"order-1","status":"confirmed","transactionHash":null,"type":"deposit","createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","info":{"exchangeRate":"1.0778292","referenceAmount":"10.78","referenceCurrency":"USD","referenceExchangeRate":"1","transactionAmount":"10.778292","transactionCurrency":"USDC","invoiceBaseAmount":"10","invoiceBaseCurrency":"EUR","transactionAmountBaseCurrency":"10"},"fees":{"processing":"0.289936","technical":null},"eur":"10","usd":"10.78"},"success":true}"#
    ]];
    want.assert_eq(&answer.both());
}

#[test]
fn a_callback_is_the_transaction_with_its_type_in_front() {
    let mut gateway = Gateway::new();
    let id = paid(&mut gateway, "order-1");
    let answer = gateway.get(&format!("/api/v2/transaction/{id}"));
    let data = answer
        .text
        .strip_prefix("{\"data\":{")
        .unwrap()
        .strip_suffix(",\"success\":true}")
        .unwrap();
    let callback = gateway.world.take_callbacks().remove(0);
    let text = String::from_utf8(callback.body().to_vec()).unwrap();
    assert_eq!(text, format!("{{\"callbackType\":\"transaction\",{data}"));
    assert_eq!(callback.subject_id(), id);
    assert_eq!(callback.number(), 1);
    serde_json::from_str::<TransactionCallback>(&text).unwrap();
}

/// The callback of the gateway's own text (seed "Channel payment flow").
const FIRST_EXAMPLE: &str = r#"{
  "amount": "10",
  "currency": "USD",
  "customerId": "demo_customer_id",
  "hash": "[HASH]",
  "id": "916c9ef9-8678-4676-b8bf-14e6333090f6",
  "invoiceId": "2ab1fcbe-6044-420b-8457-2d26bf58d70a",
  "network": null,
  "orderId": "demo_order_id",
  "status": "confirmed",
  "transactionHash": null,
  "type": "deposit",
  "info": {
    "exchangeRate": "1",
    "referenceAmount": "10",
    "referenceCurrency": "USD",
    "referenceExchangeRate": "1",
    "transactionAmount": "10",
    "transactionCurrency": "USDC"
  }
}"#;

#[test]
fn an_old_callback_has_the_keys_of_the_first_example_in_its_order() {
    let keys = |text: &str| -> Vec<String> {
        let ends = text.match_indices("\":");
        ends.map(|(end, _)| text[..end].rsplit('"').next().unwrap().to_owned())
            .collect()
    };
    let want = keys(FIRST_EXAMPLE);
    assert_eq!(want.len(), 18);
    let mut gateway = Gateway::with(|config| config.old_callbacks = true);
    paid(&mut gateway, "order-1");
    let wish = json!({"currency": "ETH", "customerId": "c"});
    let channel = gateway.post("/api/v2/channels", &wish).json();
    let payment = json!({"address": channel["data"]["address"], "amount": "0.1"});
    gateway.post("/_sandbox/deposits", &payment);
    gateway.world.advance(SignedDuration::from_mins(10));
    let callbacks = gateway.world.take_callbacks();
    assert_eq!(callbacks.len(), 2);
    for callback in callbacks {
        let text = String::from_utf8(callback.body().to_vec()).unwrap();
        assert_eq!(keys(&text), want, "{text}");
        serde_json::from_str::<TransactionCallback>(&text).unwrap();
    }
}

#[test]
fn the_hash_is_that_of_the_protocol() {
    let secret = SecretKey::parse("test_secret_key").unwrap();
    let mut gateway = Gateway::with(|config| config.secret_key = secret.clone());
    let mut body = order("order-1", "frictionless");
    body["customerId"] = "000394".into();
    body["amount"] = serde_json::from_str("200.50").unwrap();
    gateway.deposit(&body);
    let callback = gateway.world.take_callbacks().remove(0);
    let json: Value = serde_json::from_slice(callback.body()).unwrap();
    assert_eq!(json["amount"], "200.5");
    let texts: Vec<_> = ["id", "customerId", "amount", "currency"]
        .iter()
        .map(|key| json[key].as_str().unwrap())
        .collect();
    assert!(CallbackHash::of(&texts, &secret).matches(json["hash"].as_str().unwrap()));
}

#[test]
fn callbacks_are_taken_once() {
    let mut gateway = Gateway::new();
    paid(&mut gateway, "order-1");
    assert_eq!(gateway.world.take_callbacks().len(), 1);
    assert!(gateway.world.take_callbacks().is_empty());
    paid(&mut gateway, "order-2");
    assert_eq!(gateway.world.take_callbacks()[0].number(), 2);
}

#[test]
fn a_slow_bank_is_processing_for_a_minute() {
    let mut gateway = Gateway::new();
    let url = gateway
        .deposit(&order("order-1", "three_ds_then_slow"))
        .url()
        .unwrap();
    gateway.page(&url, "/approve");
    assert_eq!(gateway.standing("order-1"), "processing [processing]");
    assert!(gateway.callbacks().is_empty());
    gateway.world.advance(SignedDuration::from_secs(59));
    assert_eq!(gateway.standing("order-1"), "processing [processing]");
    gateway.world.advance(SignedDuration::from_secs(1));
    assert_eq!(gateway.standing("order-1"), "completed [confirmed]");
    assert_eq!(gateway.callbacks(), ["confirmed 10"]);
    let invoice = gateway.world.invoice("order-1").unwrap();
    let transaction = gateway
        .world
        .transaction(&invoice.transactions.unwrap()[0].id)
        .unwrap();
    assert_eq!(
        transaction.created_at.as_deref(),
        Some("2026-01-01T00:00:00.000Z")
    );
    assert_eq!(
        transaction.updated_at.as_deref(),
        Some("2026-01-01T00:01:00.000Z")
    );
}

#[test]
fn dollars_are_told_in_euro_too() {
    let mut gateway = Gateway::new();
    let mut body = order("order-1", "frictionless");
    body["baseCurrency"] = "USD".into();
    body["amount"] = serde_json::from_str("33.33").unwrap();
    gateway.deposit(&body);
    let invoice = gateway.world.invoice("order-1").unwrap();
    let transaction = gateway
        .world
        .transaction(&invoice.transactions.unwrap()[0].id)
        .unwrap();
    assert_eq!(transaction.usd.unwrap().as_str(), "33.33");
    // By the rate of that minute: 1.0778292.
    assert_eq!(transaction.eur.unwrap().as_str(), "30.92");
    assert_eq!(
        transaction.info.unwrap().exchange_rate.unwrap().as_str(),
        "1"
    );
}

#[test]
fn a_merchant_may_be_told_while_a_payment_is_under_way() {
    for is_told in [false, true] {
        let mut gateway = Gateway::with(|config| config.processing_callbacks = is_told);
        let url = gateway.deposit(&order("slow", "three_ds_then_slow")).url();
        gateway.page(&url.unwrap(), "/approve");
        let wish = json!({"currency": "ETH", "customerId": "c"});
        let channel = gateway.post("/api/v2/channels", &wish).json();
        let payment = json!({"address": channel["data"]["address"], "amount": "0.1"});
        gateway.post("/_sandbox/deposits", &payment);
        let early: &[&str] = if is_told {
            &["processing 10", "processing 0.1"]
        } else {
            &[]
        };
        assert_eq!(gateway.callbacks(), early);
        // The whole truth comes as ever.
        gateway.world.advance(SignedDuration::from_mins(10));
        assert_eq!(gateway.callbacks(), ["confirmed 10", "confirmed 0.1"]);
    }
}

#[test]
fn transactions_may_have_a_reference_number_of_a_bank() {
    let number = "111111111111";
    let mut gateway = Gateway::with(|config| config.utr = Some(number.to_owned()));
    let id = paid(&mut gateway, "order-1");
    let callback = gateway.world.take_callbacks().remove(0);
    let told: Value = serde_json::from_slice(callback.body()).unwrap();
    assert_eq!(told["additionalParams"], json!({"utr": number}));
    let read = gateway.get(&format!("/api/v2/transaction/{id}")).json();
    assert_eq!(read["data"]["additionalParams"], told["additionalParams"]);
    let known: TransactionCallback = serde_json::from_slice(callback.body()).unwrap();
    assert!(known.additional_params.is_some());
}
