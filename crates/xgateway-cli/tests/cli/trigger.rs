//! `xgateway trigger` against a served sandbox.

use serde_json::Value;

use crate::fixture::Cli;
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
        let moved = made["clockMovedSeconds"].as_i64().unwrap_or_default();
        let wanted = if outcome == "expired" { 900 } else { 0 };
        assert_eq!(moved, wanted, "{outcome}: {made}");
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
fn a_customers_kyc_comes_to_each_of_its_ends() {
    let served = Served::new(&["--clock", "manual"]);
    for (outcome, status) in [
        ("created", "CREATED"),
        ("needed", "KYC_NEEDED"),
        ("needs-data", "PENDING_KYC_DATA"),
        ("pending", "KYC_PENDING"),
        ("passed", "FULL_USER"),
        ("soft-failed", "SOFT_KYC_FAILED"),
        ("corrected", "FULL_USER"),
        ("hard-failed", "HARD_KYC_FAILED"),
        ("reversed", "HARD_KYC_FAILED"),
    ] {
        // An id that must be written differently in a path.
        let customer = format!("kyc/{outcome} \u{e9}");
        let arguments = ["kyc", "--outcome", outcome, "--customer", &customer];
        let made = trigger(&served, &arguments);
        assert_eq!(made["kyc"], status, "{outcome}: {made}");
        assert_eq!(made["customerId"], customer, "{outcome}: {made}");
        let has_message = made["kycEndUserErrorMessage"].is_string();
        assert_eq!(has_message, outcome == "soft-failed", "{made}");
        assert_eq!(made["kycLink"].is_string(), outcome == "needed", "{made}");
    }
    // A customer who is there already is told, and nothing else happens.
    served
        .cli()
        .run(&["trigger", "kyc", "--customer", "kyc/passed \u{e9}"])
        .ends(5)
        .says("409");
}

#[test]
fn a_withdrawal_fails() {
    let served = Served::new(&["--clock", "manual"]);
    let made = trigger(&served, &["withdraw-failure", "--order", "w-1"]);
    assert_eq!(made["transaction"], "failed", "{made}");
    assert_eq!(made["orderId"], "w-1");
    assert!(made["transactionId"].is_string());
    served
        .cli()
        .run(&["trigger", "withdraw-failure", "--currency", "XXX"])
        .ends(3)
        .says("the sandbox answered 400");
}

#[test]
fn an_id_that_is_made_up_could_be_no_card_number() {
    let served = Served::new(&["--clock", "manual"]);
    let made = trigger(&served, &["card"]);
    let order = made["orderId"].as_str().unwrap();
    let digits = order.split(|character: char| !character.is_ascii_digit());
    assert!(digits.map(str::len).all(|count| count < 12), "{order}");
}

#[test]
fn a_sandbox_with_a_token_is_told_with_the_token() {
    let token = |cli: Cli| cli.variable("XGATEWAY_SANDBOX_TOKEN", "canary-token");
    let served = Served::with(&token(Cli::new()), &["--clock", "manual"]);
    for arguments in [&["trigger", "deposit"][..], &["sandbox", "clock", "+1h"]] {
        token(served.cli()).run(arguments).ends(0);
        served
            .cli()
            .run(arguments)
            .ends(4)
            .says("set XGATEWAY_SANDBOX_TOKEN");
    }
    // Whatever else answers there.
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", other.local_addr().unwrap());
    let answering = std::thread::spawn(move || {
        let (mut stream, _) = other.accept().unwrap();
        let mut request = [0; 4096];
        assert!(std::io::Read::read(&mut stream, &mut request).unwrap() > 0);
        let answer =
            b"HTTP/1.1 501 Not Implemented\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        std::io::Write::write_all(&mut stream, answer).unwrap();
    });
    Cli::new()
        .run(&["sandbox", "clock", "--url", &url])
        .ends(10)
        .says(&format!("cannot be served by what answers at {url}"))
        .says("it answered with status 501");
    answering.join().unwrap();
}

#[test]
fn only_a_sandbox_can_be_told_what_happens() {
    Cli::new()
        .variable("XGATEWAY_ENVIRONMENT", "demo")
        .run(&["trigger", "card"])
        .ends(2)
        .says("only a sandbox can be told what happens");
}

#[test]
fn whatever_stands_in_an_id_names_the_same_thing() {
    let served = Served::new(&["--clock", "manual"]);
    for id in ["a?b", "a#b", "a/b", "a b", "\u{fc}", "%41", "a+b"] {
        let made = trigger(&served, &["card", "--order", id]);
        assert_eq!(made["orderId"], id);
        assert_eq!(made["invoice"], "completed", "{id}: {made}");
        let made = trigger(&served, &["kyc", "--customer", id, "--outcome", "created"]);
        assert_eq!(made["customerId"], id);
        assert_eq!(made["kyc"], "CREATED", "{id}: {made}");
    }
    for id in ["..", "."] {
        for arguments in [["card", "--order", id], ["kyc", "--customer", id]] {
            let all = [&["trigger"], &arguments[..]].concat();
            served.cli().run(&all).ends(2);
        }
    }
}
