//! `transaction/simulate`, case by case (protocol §11.4).

use expect_test::{Expect, expect};
use jiff::SignedDuration;
use serde_json::json;
use xgateway_sandbox::Mode;

use crate::support::{Gateway, order};

/// Leaves an invoice in a state, then simulates, and shows the answer, how it stands and the callbacks that follow.
#[track_caller]
fn check(prepare: &[&str], status: &str, amount: &str, want: &Expect) {
    let mut gateway = Gateway::new();
    gateway.deposit(&order("order-1", "three_ds_then_slow"));
    let id = gateway.id("order-1");
    let url = gateway
        .deposit(&order("order-1", "three_ds_then_slow"))
        .url()
        .unwrap();
    for step in prepare {
        match *step {
            "confirmed" | "failed" => assert_eq!(gateway.simulate(&id, step, "10").status, 200),
            "expire" => gateway.world.advance(SignedDuration::from_mins(15)),
            button => assert_eq!(gateway.page(&url, button).status(), 303),
        }
    }
    gateway.callbacks();
    let answer = gateway.simulate(&id, status, amount);
    let standing = gateway.standing("order-1");
    want.assert_eq(&format!(
        "{}, {standing}, callbacks {:?}",
        answer.status,
        gateway.callbacks()
    ));
}

#[test]
fn an_active_invoice_gets_a_transaction_of_the_given_amount() {
    check(
        &[],
        "confirmed",
        "12.34",
        &expect![[r#"200, completed [confirmed], callbacks ["confirmed 12.34"]"#]],
    );
    check(
        &[],
        "failed",
        "12.34",
        &expect![[r#"200, canceled [failed], callbacks ["failed 12.34"]"#]],
    );
}

#[test]
fn a_canceled_invoice_can_be_paid_after_all() {
    check(
        &["failed"],
        "confirmed",
        "9.99",
        &expect![[r#"200, completed [confirmed], callbacks ["confirmed 9.99"]"#]],
    );
    check(
        &["/decline"],
        "confirmed",
        "10",
        &expect![[r#"200, completed [confirmed], callbacks ["confirmed 10"]"#]],
    );
    check(
        &["expire"],
        "confirmed",
        "10",
        &expect![[r#"200, completed [confirmed], callbacks ["confirmed 10"]"#]],
    );
}

#[test]
fn what_has_ended_so_only_gets_its_callback_again() {
    check(
        &["confirmed"],
        "confirmed",
        "99",
        &expect![[r#"200, completed [confirmed], callbacks ["confirmed 10"]"#]],
    );
    check(
        &["failed"],
        "failed",
        "99",
        &expect![[r#"200, canceled [failed], callbacks ["failed 10"]"#]],
    );
    check(
        &["failed", "confirmed"],
        "confirmed",
        "99",
        &expect![[r#"200, completed [confirmed], callbacks ["confirmed 10"]"#]],
    );
}

#[test]
fn nothing_else_can_be_simulated() {
    check(
        &["confirmed"],
        "failed",
        "10",
        &expect!["400, completed [confirmed], callbacks []"],
    );
    check(
        &["/approve"],
        "confirmed",
        "10",
        &expect!["400, processing [processing], callbacks []"],
    );
    check(
        &["expire"],
        "failed",
        "10",
        &expect!["400, canceled [], callbacks []"],
    );
}

#[test]
fn amounts_that_cannot_be() {
    for amount in ["0", "10.001", "1000000000000001", &"9".repeat(60)] {
        check(
            &[],
            "confirmed",
            amount,
            &expect!["400, active [], callbacks []"],
        );
    }
    check(
        &[],
        "confirmed",
        "1000000000000000",
        &expect![[r#"200, completed [confirmed], callbacks ["confirmed 1000000000000000"]"#]],
    );
}

#[test]
fn a_callback_that_is_sent_again_is_the_same() {
    let mut gateway = Gateway::new();
    gateway.deposit(&order("order-1", "frictionless"));
    let id = gateway.id("order-1");
    gateway.world.advance(SignedDuration::from_hours(1));
    gateway.simulate(&id, "confirmed", "10");
    let callbacks = gateway.world.take_callbacks();
    assert_eq!(callbacks[0].body(), callbacks[1].body());
    assert_ne!(callbacks[0].number(), callbacks[1].number());
}

#[test]
fn the_answers_are_those_of_the_document() {
    let mut gateway = Gateway::new();
    gateway.deposit(&order("order-1", "three_ds"));
    let id = gateway.id("order-1");
    let done = expect![[r#"200 {"data":"Transaction has been simulated.","success":true}"#]];
    done.assert_eq(&gateway.simulate(&id, "confirmed", "10").both());
    let state = expect![[
        r#"400 {"errors":[{"code":"bad_request","message":"The invoice is in no state that can be simulated."}],"success":false}"#
    ]];
    state.assert_eq(&gateway.simulate(&id, "failed", "10").both());
    let unknown = expect![[
        r#"404 {"errors":[{"code":"not_found","message":"There is nothing with this id."}],"success":false}"#
    ]];
    unknown.assert_eq(
        &gateway
            .simulate("00000000-0000-4000-8000-000000000000", "failed", "10")
            .both(),
    );
    // Only the invoice's own id will do.
    unknown.assert_eq(&gateway.simulate("order-1", "failed", "10").both());
    let invalid = expect![[
        r#"422 {"errors":[{"code":"invalid_type","expected":"string","received":"number","path":["amount"],"message":"Expected string, received number"},{"code":"invalid_type","expected":"string","received":"undefined","path":["invoiceId"],"message":"Required"},{"expected":"'confirmed' | 'failed'","received":"undefined","code":"invalid_type","path":["status"],"message":"Required"}],"success":false}"#
    ]];
    invalid.assert_eq(
        &gateway
            .post("/api/v2/transaction/simulate", &json!({"amount": 10}))
            .both(),
    );
}

#[test]
fn nothing_is_simulated_in_production() {
    let mut gateway = Gateway::with(|config| config.mode = Mode::Live);
    gateway.deposit(&order("order-1", "three_ds"));
    let id = gateway.id("order-1");
    let answer = gateway.simulate(&id, "confirmed", "10");
    assert_eq!(
        answer.both(),
        r#"400 {"errors":[{"code":"bad_request","message":"Transactions can be simulated on Demo only."}],"success":false}"#
    );
    assert_eq!(gateway.standing("order-1"), "active []");
}
