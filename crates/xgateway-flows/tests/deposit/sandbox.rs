//! The flow over the sandbox: callbacks twice, late, out of order, lost and in bursts, and a ledger that is exact.

use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::SignedDuration;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use xgateway_api::environment::Environment;
use xgateway_api::types::TransactionCallback;
use xgateway_client::Client;
use xgateway_core::id::{CustomerId, TransactionId};
use xgateway_core::money::Currency;
use xgateway_core::secret::ApiKey;
use xgateway_flows::deposit::{CallbackHint, DepositFlow, NoOrders, Progress};
use xgateway_sandbox::{ChannelCurrency, Config, Sandbox, World};

const CURRENCIES: [Currency; 4] = [
    Currency::TUsdt,
    Currency::EUsdc,
    Currency::Eth,
    Currency::Btc,
];

fn client(sandbox: &Sandbox) -> Client {
    let environment = Environment::sandbox(&sandbox.base_url()).unwrap();
    let key = sandbox.world(|world| world.config().api_key.expose().to_owned());
    Client::new(
        environment,
        ApiKey::parse(key).unwrap(),
        sandbox.transport(),
    )
}

fn flow(sandbox: &Sandbox, customer: &str) -> DepositFlow {
    let customer = CustomerId::parse(customer).unwrap();
    DepositFlow::new(client(sandbox), customer, NoOrders)
}

fn pay(sandbox: &Sandbox, payment: &Value) -> String {
    let request = http::Request::post("/_sandbox/deposits")
        .header("content-type", "application/json")
        .body(Bytes::from(payment.to_string()))
        .unwrap();
    let answer = sandbox.world(|world| world.handle(&request));
    assert_eq!(answer.status(), 201);
    let answer: Value = serde_json::from_slice(answer.body()).unwrap();
    answer["data"]["transactionId"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_deposit_from_the_address_to_the_credit() {
    let sandbox = Sandbox::new(Config::new(1));
    let mut flow = flow(&sandbox, "customer-1");
    let address = flow.address(&Currency::TUsdt).await.unwrap();
    pay(
        &sandbox,
        &json!({"address": address.as_str(), "amount": "25.5"}),
    );
    sandbox.world(|world| world.advance(SignedDuration::from_mins(5)));
    let callback = sandbox.world(World::take_callbacks).remove(0);
    let callback: TransactionCallback = serde_json::from_slice(callback.body()).unwrap();
    let hint = CallbackHint::of(&callback).unwrap();
    let Progress::Credit(deposit) = flow.callback_hint(&hint).await else {
        panic!("it is confirmed");
    };
    assert_eq!(deposit.amount().to_string(), "25.5 tUSDT");
    let again = flow.address(&Currency::TUsdt).await.unwrap();
    assert_eq!(again, address);
}

#[tokio::test]
async fn a_payment_is_credited_in_whatever_currency_it_is_told() {
    for (told, want) in [
        (ChannelCurrency::Code, "25.123456 tUSDT"),
        (ChannelCurrency::Symbol, "25.123456 USDT"),
        // What it is worth.
        (ChannelCurrency::Reference, "25.23 USD"),
    ] {
        let mut config = Config::new(1);
        config.channel_currency = told;
        let sandbox = Sandbox::new(config);
        let mut flow = flow(&sandbox, "customer-1");
        let address = flow.address(&Currency::TUsdt).await.unwrap();
        let payment = json!({"address": address.as_str(), "amount": "25.123456"});
        let id = pay(&sandbox, &payment);
        sandbox.world(|world| world.advance(SignedDuration::from_mins(30)));
        let hint = CallbackHint::new(TransactionId::parse(&id).unwrap());
        let Progress::Credit(deposit) = flow.callback_hint(&hint).await else {
            panic!("it is confirmed");
        };
        assert_eq!(deposit.amount().to_string(), want);
    }
}

#[tokio::test]
async fn every_payment_is_credited_once_whatever_callbacks_go_through() {
    let mut config = Config::new(7);
    config.channel_order_ids = true;
    let dials = &mut config.callback_dials;
    dials.duplicate_percent = 40;
    dials.delay_max = SignedDuration::from_secs(90);
    dials.reorder_percent = 40;
    dials.loss_percent = 30;
    dials.burst = SignedDuration::from_secs(20);
    let sandbox = Sandbox::new(config);

    let mut flows = BTreeMap::new();
    let mut paid: BTreeMap<(String, Code), Decimal> = BTreeMap::new();
    for customer in ["a", "b", "c"] {
        let mut flow = flow(&sandbox, customer);
        for (number, currency) in CURRENCIES.iter().enumerate() {
            let address = flow.address(currency).await.unwrap();
            for index in 0_i64..10 {
                let outcome = match index {
                    0 => "failed",
                    1 | 2 => "failed_then_confirmed",
                    _ => "confirmed",
                };
                let amount = Decimal::new(100 + index + i64::try_from(number).unwrap(), 2);
                pay(
                    &sandbox,
                    &json!({
                        "address": address.as_str(), "amount": amount.to_string(),
                        "currency": currency.as_str(), "outcome": outcome,
                    }),
                );
                if outcome != "failed" {
                    let key = (customer.to_owned(), Code::of(currency));
                    *paid.entry(key).or_default() += amount;
                }
            }
        }
        flows.insert(customer.to_owned(), flow);
    }

    let mut ledger: BTreeMap<(String, Code), Decimal> = BTreeMap::new();
    let (mut hints, mut refusals) = (0_u16, 0_u16);
    for _ in 0..600 {
        sandbox.world(|world| world.advance(SignedDuration::from_secs(30)));
        for callback in sandbox.world(World::take_callbacks) {
            hints += 1;
            let body: TransactionCallback = serde_json::from_slice(callback.body()).unwrap();
            // The merchant fails now and then, and takes its state up again.
            let mut status = if hints.is_multiple_of(5) { 500 } else { 200 };
            let hint = CallbackHint::of(&body).unwrap();
            // Whoever it says: all flows get it, and only the right one may act.
            for (customer, flow) in &mut flows {
                if hints.is_multiple_of(3) {
                    let snapshot = flow.snapshot();
                    *flow = DepositFlow::resume(client(&sandbox), &snapshot, NoOrders).unwrap();
                }
                if let Progress::Credit(deposit) = flow.callback_hint(&hint).await {
                    assert_eq!(deposit.customer_id().as_str(), customer);
                    if hints.is_multiple_of(4) {
                        // The ledger refuses, and the process goes on with the same flow.
                        refusals += 1;
                        status = 500;
                        continue;
                    }
                    flow.credited(&deposit).unwrap();
                    let amount = deposit.amount();
                    let key = (customer.clone(), Code::of(amount.currency()));
                    *ledger.entry(key).or_default() += amount.value();
                }
            }
            sandbox.world(|world| world.record_callback_attempt(callback.number(), Some(status)));
        }
    }
    assert!(hints > 200 && refusals > 10, "{hints}, {refusals}");
    assert_eq!(ledger, paid);
}

/// A currency that can be sorted.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Code(String);

impl Code {
    fn of(currency: &Currency) -> Self {
        Self(currency.as_str().to_owned())
    }
}
