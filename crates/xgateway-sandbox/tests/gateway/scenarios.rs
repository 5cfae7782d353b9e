//! Scenarios with a merchant who gets it wrong, and one who does nothing: that they can fail, and are determined.

use std::sync::Mutex;

use async_trait::async_trait;
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;
use xgateway_core::secret::SecretKey;
use xgateway_sandbox::{Merchant, Sandbox, Scenario, ScenarioReport, ScenarioVerdict};
use xgateway_transport::{Body, Transport as _};

/// Believes every callback, and credits it.
struct Naive {
    sandbox: Sandbox,
    credits: Mutex<Vec<(String, Decimal)>>,
}

#[async_trait]
impl Merchant for Naive {
    async fn pay(&self, body: &[u8], _now: Timestamp) {
        let key = self
            .sandbox
            .world(|world| world.config().api_key.expose().to_owned());
        let request = http::Request::post("http://sandbox.invalid/api/v2/gateway8")
            .header("x-api-key", key)
            .header("content-type", "application/json")
            .body(Body::from(body.to_vec()))
            .unwrap();
        drop(self.sandbox.transport().send(request).await);
    }

    async fn look(&self, _order: &str, _now: Timestamp) {}

    async fn sweep(&self, _now: Timestamp) {}

    async fn callback(&self, body: Vec<u8>, _now: Timestamp) -> u16 {
        let body: Value = serde_json::from_slice(&body).unwrap();
        let order = body["orderId"].as_str().unwrap().to_owned();
        let amount = body["amount"].as_str().unwrap().parse().unwrap();
        if body["status"] == "confirmed" {
            self.credits.lock().unwrap().push((order, amount));
        }
        200
    }

    fn add_key(&self, _key: SecretKey) {}

    fn credits(&self, order: &str) -> Vec<Decimal> {
        let credits = self.credits.lock().unwrap();
        let theirs = credits.iter().filter(|(of, _)| of == order);
        theirs.map(|(_, amount)| *amount).collect()
    }
}

fn play(name: &str, seed: u64) -> (ScenarioReport, String) {
    play_this(&Scenario::named(name).unwrap(), seed)
}

fn play_this(scenario: &Scenario, seed: u64) -> (ScenarioReport, String) {
    let sandbox = scenario.sandbox(seed);
    let merchant = Naive {
        sandbox: sandbox.clone(),
        credits: Mutex::default(),
    };
    let report = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(scenario.play(&sandbox, &merchant));
    (
        report,
        sandbox.world(|world| serde_json::to_string(world.events()).unwrap()),
    )
}

#[test]
fn a_naive_merchant_doubles_and_loses_money() {
    let (doubled, _) = play("callback_storm", 1);
    assert!(!doubled.ok);
    assert!(doubled.orders[0].credited.len() > 1);
    let (lost, _) = play("callbacks_lost", 1);
    assert!(!lost.ok);
    assert_eq!(
        (lost.orders[0].charged.len(), lost.orders[0].credited.len()),
        (1, 0)
    );
    let (charged_twice, _) = play("key_expiry", 1);
    assert!(!charged_twice.ok);
    for report in [&doubled, &lost, &charged_twice] {
        assert_eq!(report.verdict, ScenarioVerdict::DoubledOrLost);
    }
    assert_eq!(charged_twice.orders[0].charged.len(), 2);
}

#[test]
fn the_same_seed_gives_the_same_log_in_every_scenario() {
    for name in Scenario::shipped() {
        assert_eq!(play(name, 7).1, play(name, 7).1, "{name}");
    }
    assert_ne!(play("callback_storm", 7).1, play("callback_storm", 8).1);
}

#[test]
fn an_expectation_that_is_wrong_is_told_apart_from_money_that_is() {
    let scenario = Scenario::parse(
        "name: mine\nsummary: Somebody pays.\nsteps:\n  - deposit: {order: a, card: frictionless}\n  - press: {order: a, \
         button: approve}\n  - deliver: true\nexpect: [{order: a, paid: false}]\n",
    )
    .unwrap();
    let (report, _) = play_this(&scenario, 1);
    assert!(!report.ok);
    assert_eq!(report.verdict, ScenarioVerdict::OtherThanExpected);
    assert_eq!(report.not_done, ["steps[1]: a has no 3DS page"]);
    assert_eq!(report.story.len(), 3);
    assert_eq!(report.story[1].events, ["a has no 3DS page"]);
    let told = report.story[0].events.join("\n");
    assert!(
        told.contains("Transaction confirmed: The money is there."),
        "{told}"
    );
}
