//! `xgateway trigger` against a served sandbox.

use serde_json::Value;

use crate::sandbox::Served;

fn trigger(served: &Served, arguments: &[&str]) -> Value {
    let mut all = vec!["trigger", "--json"];
    all.extend(arguments);
    served.cli().run(&all).ends(0).json()
}

#[test]
fn a_card_deposit_comes_to_each_of_its_ends() {
    let served = Served::new(&["--clock", "manual"]);
    for (outcome, status, invoice, transaction) in [
        ("approved", 201, "completed", "confirmed"),
        ("declined", 201, "canceled", "failed"),
        ("abandoned", 201, "active", ""),
        ("bank-declined", 201, "canceled", "failed"),
        ("slow", 201, "processing", "processing"),
        ("frictionless", 201, "completed", "confirmed"),
        ("insufficient-funds", 400, "", ""),
        ("partner-failure", 500, "", ""),
        ("answer-lost", 500, "completed", "confirmed"),
        ("expired", 201, "canceled", ""),
    ] {
        let arguments = ["card", "--outcome", outcome, "--order", outcome];
        let made = trigger(&served, &arguments);
        assert_eq!(made["status"], status, "{outcome}: {made}");
        assert_eq!(
            made["invoice"].as_str().unwrap_or_default(),
            invoice,
            "{outcome}: {made}"
        );
        let told = made["transaction"].as_str().unwrap_or_default();
        assert_eq!(told, transaction, "{outcome}: {made}");
    }
}

#[test]
fn a_payment_to_an_address_comes_to_each_of_its_ends() {
    let served = Served::new(&["--clock", "manual"]);
    for (outcome, transaction) in [
        ("processing", "processing"),
        ("confirmed", "confirmed"),
        ("failed", "failed"),
        ("failed-then-confirmed", "confirmed"),
    ] {
        let made = trigger(&served, &["deposit", "--outcome", outcome]);
        assert_eq!(made["transaction"], transaction, "{outcome}: {made}");
        assert!(made["transactionId"].is_string() && made["address"].is_string());
    }
}

#[test]
fn only_a_sandbox_can_be_told_what_happens() {
    crate::fixture::Cli::new()
        .variable("XGATEWAY_ENVIRONMENT", "demo")
        .run(&["trigger", "card"])
        .ends(2)
        .says("only a sandbox can be told what happens");
}
