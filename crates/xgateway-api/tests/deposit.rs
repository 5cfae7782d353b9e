//! What the policy adds to the gateway's rules, item by item.

use expect_test::{Expect, expect};
use jiff::civil::{Date, date};
use xgateway_api::deposit::CardDeposit;
use xgateway_api::environment::Environment;
use xgateway_api::json::{self, ReadError};
use xgateway_api::policy::{CardPolicy, Rule};
use xgateway_api::types::Gateway8Request;

const TODAY: Date = date(2026, 11, 21);

/// Values by JSON pointer, as JSON.
type Changes = &'static [(&'static str, &'static str)];

/// A body that passes everywhere but in production, with changes.
fn body(changes: &[(&str, &str)]) -> Vec<u8> {
    let mut body = serde_json::json!({
        "amount": 25, "baseCurrency": "EUR", "orderId": "order-1",
        "accountId": "a67ec03c-0253-4c14-9961-28985186f90c", "customerId": "customer-1",
        "customerDateOfBirth": "2000-02-10", "customerEmail": "john.doe@example.com",
        "customerFirstName": "John", "customerLastName": "Doe", "customerPhone": "49 15123456789",
        "userIp": "217.138.202.40",
        "billingAddress": {"addressLine1": "Main Street 1", "city": "Prague", "countryCode": "CZ",
                           "postalCode": "15000", "state": "Praha"},
        "card": {"cardNumber": "4000 0000 0000 0002", "cardholderName": "John Doe",
                 "expiryMonth": "12", "expiryYear": "2028", "cardSecurityCode": "444"},
    });
    for (pointer, value) in changes {
        let value: serde_json::Value = serde_json::from_str(value).expect("JSON");
        match body.pointer_mut(pointer) {
            Some(place) => *place = value,
            None => body[&pointer[1..]] = value,
        }
    }
    serde_json::to_vec(&body).expect("JSON")
}

fn sandbox() -> Environment {
    Environment::sandbox("http://127.0.0.1:4010/api").expect("a loopback URL")
}

#[track_caller]
fn check(policy: &CardPolicy, changes: &[(&str, &str)], want: &Expect) {
    let got = match CardDeposit::from_json(&body(changes), policy) {
        Ok(deposit) => format!("{} for {}", deposit.amount(), deposit.order_id()),
        Err(error) => error.to_string(),
    };
    want.assert_eq(&got);
}

#[test]
fn a_redirect_url_is_read_as_the_gateway_reads_it() {
    let policy = CardPolicy::new(&sandbox(), TODAY);
    for url in [
        "https://bücher.example/danke",
        "https:shop.example/x",
        "HTTPS://shop.example",
        "http://localhost:8080/back",
        "http://[::1]/",
        "http:127.0.0.1",
    ] {
        let changed = format!("\"{url}\"");
        let deposit = CardDeposit::from_json(&body(&[("/redirectUrl", &changed)]), &policy);
        assert!(deposit.is_ok(), "{url}: {deposit:?}");
    }
}

#[test]
fn each_rule_says_its_name_and_can_be_relaxed_by_it() {
    let demo = CardPolicy::new(&Environment::Demo, TODAY);
    let here = CardPolicy::new(&sandbox(), TODAY);
    let cases: &[(&CardPolicy, Rule, Changes)] = &[
        (
            &here,
            Rule::OrderId,
            &[("/orderId", "\"4000000000000002\"")],
        ),
        (
            &here,
            Rule::OrderId,
            &[("/orderId", "\"john@example.com\"")],
        ),
        (&here, Rule::OrderIdPath, &[("/orderId", "\"2026/1127\"")]),
        (&here, Rule::CustomerId, &[("/customerId", "\"user.9\"")]),
        (
            &here,
            Rule::RedirectUrl,
            &[("/redirectUrl", "\"http://example.com\"")],
        ),
        (
            &here,
            Rule::RedirectUrl,
            &[("/redirectUrl", "\"javascript:alert(1)\"")],
        ),
        (
            &here,
            Rule::RedirectUrl,
            &[("/redirectUrl", "\"http://b\u{fc}cher.example/danke\"")],
        ),
        (
            &here,
            Rule::CardNumberLength,
            &[("/card/cardNumber", "\"40000000000000000002\"")],
        ),
        (
            &here,
            Rule::Luhn,
            &[("/card/cardNumber", "\"4000 0000 0000 0003\"")],
        ),
        (&here, Rule::Expiry, &[("/card/expiryYear", "\"2020\"")]),
        (&here, Rule::Expiry, &[("/card/expiryMonth", "\"13\"")]),
        (&demo, Rule::DemoAmount, &[("/amount", "10")]),
        (&demo, Rule::DemoAmount, &[("/amount", "150.01")]),
        (
            &demo,
            Rule::TestCard,
            &[("/card/cardNumber", "\"4111 1111 1111 1111\"")],
        ),
    ];
    for (policy, rule, changes) in cases {
        let error = CardDeposit::from_json(&body(changes), policy).unwrap_err();
        let ReadError::Invalid(issues) = error else {
            unreachable!("the body is JSON");
        };
        let prefix = format!("policy {rule}: ");
        let hits = issues
            .iter()
            .filter(|issue| issue.message().starts_with(&prefix))
            .count();
        assert_eq!(hits, 1, "{changes:?}: {issues}");
        assert!(
            issues.iter().all(|issue| issue.code() == "custom"),
            "{issues}"
        );
        let relaxed = (*policy).clone().relax(*rule);
        let request =
            json::read::<Gateway8Request>(&body(changes)).expect("only the policy objects");
        let left = relaxed.check(&request);
        assert!(
            left.iter()
                .all(|issue| !issue.message().starts_with(&prefix)),
            "{left:?}"
        );
    }
}

#[test]
fn an_order_id_that_climbs_in_a_path_is_refused_whatever_is_relaxed() {
    let policy = CardPolicy::new(&sandbox(), TODAY);
    for id in ["\".\"", "\"..\""] {
        for policy in [policy.clone(), policy.clone().relax(Rule::OrderId)] {
            let error = CardDeposit::from_json(&body(&[("/orderId", id)]), &policy).unwrap_err();
            assert!(
                error.to_string().contains("must not be `.` or `..`"),
                "{error}"
            );
        }
    }
}

#[test]
fn an_order_id_is_required_whatever_is_relaxed() {
    let mut policy = CardPolicy::new(&sandbox(), TODAY);
    for rule in Rule::ALL {
        policy = policy.relax(*rule);
    }
    let mut value: serde_json::Value = serde_json::from_slice(&body(&[])).expect("JSON");
    value.as_object_mut().expect("an object").remove("orderId");
    let error = CardDeposit::from_json(value.to_string().as_bytes(), &policy).unwrap_err();
    expect!["orderId: policy order-id: an order id is required, and this cannot be relaxed: without it nobody can ask what became of a lost request"]
        .assert_eq(&error.to_string());
}

#[test]
fn rules_and_policy_report_together() {
    check(
        &CardPolicy::new(&sandbox(), TODAY),
        &[
            ("/card/expiryYear", "\"2020\""),
            ("/customerId", "\"user.9\""),
        ],
        &expect![
            "customerId: policy customer-id: a customer id must not have a dot before a digit: the callback's hash would be ambiguous; card.expiryYear: policy expiry: the card is past its expiry"
        ],
    );
}

#[test]
fn production_takes_no_test_card_and_demo_no_other() {
    let production = CardPolicy::new(&Environment::Production, TODAY);
    check(
        &production,
        &[],
        &expect!["card.cardNumber: policy test-card: this is a documented test card"],
    );
    check(
        &production,
        &[("/card/cardNumber", "\"4111 1111 1111 1111\"")],
        &expect!["25 EUR for order-1"],
    );
    check(
        &CardPolicy::new(&Environment::Demo, TODAY),
        &[],
        &expect!["25 EUR for order-1"],
    );
}

#[test]
fn grown_up_on_the_birthday() {
    let policy = CardPolicy::new(&sandbox(), TODAY).require(Rule::Adult);
    check(
        &policy,
        &[("/customerDateOfBirth", "\"2008-11-21\"")],
        &expect!["25 EUR for order-1"],
    );
    check(
        &policy,
        &[("/customerDateOfBirth", "\"2008-11-22\"")],
        &expect!["customerDateOfBirth: policy adult: the customer must be at least 18"],
    );
}

#[test]
fn an_amount_is_exact_however_it_is_written() {
    let policy = CardPolicy::new(&sandbox(), TODAY);
    let read = |amount: &str| {
        let text = String::from_utf8(body(&[]))
            .expect("UTF-8")
            .replace("\"amount\":25", &format!("\"amount\":{amount}"));
        CardDeposit::from_json(text.as_bytes(), &policy).map(|deposit| deposit.amount().to_string())
    };
    assert_eq!(read("33333.33"), Ok("33333.33 EUR".to_owned()));
    assert_eq!(read("2.5e1"), Ok("25 EUR".to_owned()));
    assert_eq!(read("1E+3"), Ok("1000 EUR".to_owned()));
    assert_eq!(
        read(&format!("10.{}", "0".repeat(60))),
        Ok("10 EUR".to_owned())
    );
}
