//! The three models of what a repeated order id means, and at most one payment under each.

use expect_test::{Expect, expect};
use jiff::SignedDuration;
use xgateway_sandbox::IdempotencyModel::{Finish, Reject, Replay};
use xgateway_sandbox::{IdempotencyModel, SANDBOX_CARDS};

use crate::support::{Gateway, changes, order, with_card};

fn gateway(model: IdempotencyModel) -> Gateway {
    Gateway::with(|config| config.idempotency = model)
}

/// The statuses of the same body sent three times, then of another body, and how the order stands after that.
#[track_caller]
fn check(model: IdempotencyModel, card: &str, want: &Expect) {
    let mut gateway = gateway(model);
    let body = order("order-1", card);
    let answers: Vec<_> = (0..3).map(|_| gateway.deposit(&body)).collect();
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(answers[1].text, answers[2].text);
    let mut other = body;
    other["amount"] = 11.into();
    statuses.push(gateway.deposit(&other).status);
    let standing = match gateway.world.invoice("order-1") {
        Some(_) => gateway.standing("order-1"),
        None => "none".to_owned(),
    };
    want.assert_eq(&format!("{statuses:?} {standing}"));
}

#[test]
fn replay_repeats_the_first_answer() {
    check(
        Replay,
        "three_ds",
        &expect!["[201, 201, 201, 409] active []"],
    );
    check(
        Replay,
        "frictionless",
        &expect!["[201, 201, 201, 409] completed [confirmed]"],
    );
    check(
        Replay,
        "partner_failure",
        &expect!["[500, 500, 500, 409] none"],
    );
    check(
        Replay,
        "answer_lost",
        &expect!["[500, 500, 500, 409] completed [confirmed]"],
    );
    check(
        Replay,
        "insufficient_funds",
        &expect!["[400, 400, 400, 400] none"],
    );
}

#[test]
fn finish_does_what_was_left_undone() {
    check(
        Finish,
        "three_ds",
        &expect!["[201, 201, 201, 409] active []"],
    );
    check(
        Finish,
        "frictionless",
        &expect!["[201, 201, 201, 409] completed [confirmed]"],
    );
    check(
        Finish,
        "partner_failure",
        &expect!["[500, 201, 201, 409] completed [confirmed]"],
    );
    check(
        Finish,
        "answer_lost",
        &expect!["[500, 201, 201, 409] completed [confirmed]"],
    );
}

#[test]
fn reject_takes_an_order_id_once() {
    check(
        Reject,
        "three_ds",
        &expect!["[201, 409, 409, 409] active []"],
    );
    check(
        Reject,
        "partner_failure",
        &expect!["[500, 409, 409, 409] none"],
    );
    check(
        Reject,
        "answer_lost",
        &expect!["[500, 409, 409, 409] completed [confirmed]"],
    );
}

#[test]
fn a_replay_is_the_same_answer_byte_for_byte() {
    let mut gateway = gateway(Replay);
    let body = order("order-1", "three_ds");
    let first = gateway.deposit(&body);
    let events = changes(&gateway.world);
    assert_eq!(gateway.deposit(&body).text, first.text);
    assert_eq!(changes(&gateway.world), events);
}

#[test]
fn how_a_body_is_written_does_not_matter() {
    let mut gateway = gateway(Replay);
    let body = order("order-1", "three_ds");
    let first = gateway.deposit(&body);
    let mut same = body.clone();
    same["card"]["cardNumber"] = "4000-0000-0000-0002".into();
    same["unknown"] = 1.into();
    let text = serde_json::to_string_pretty(&same)
        .unwrap()
        .replace("\"amount\": 10,", "\"amount\": 1.0e1,");
    let answer = gateway.send(http::Method::POST, "/api/v2/gateway8", text);
    assert_eq!(answer.status(), 201);
    assert_eq!(answer.body().as_ref(), first.text.as_bytes());
}

#[test]
fn every_field_belongs_to_the_body() {
    let mut body = order("order-1", "three_ds");
    body["invoiceStrategy"] = "fixed".into();
    body["redirectUrl"] = "https://shop.example".into();
    body["billingAddress"]["addressLine2"] = "Suite 56".into();
    let mut paths = Vec::new();
    for (key, value) in body.as_object().unwrap() {
        match value.as_object() {
            Some(inner) => paths.extend(inner.keys().map(|name| format!("/{key}/{name}"))),
            None => paths.push(format!("/{key}")),
        }
    }
    paths.retain(|path| path != "/orderId");
    assert_eq!(paths.len(), 23);
    for path in paths {
        let mut gateway = gateway(Replay);
        assert_eq!(gateway.deposit(&body).status, 201);
        let mut other = body.clone();
        let value = other.pointer_mut(&path).unwrap();
        *value = match path.as_str() {
            "/amount" => 11.into(),
            "/baseCurrency" => "USD".into(),
            "/customerDateOfBirth" => "2000-02-11".into(),
            "/userIp" => "217.138.202.41".into(),
            "/billingAddress/countryCode" => "DE".into(),
            "/invoiceStrategy" => "floating".into(),
            "/redirectUrl" => "https://shop.example/other".into(),
            "/card/cardNumber" => "4000000000000408".into(),
            "/card/expiryMonth" => "11".into(),
            "/card/expiryYear" => "2029".into(),
            _ => format!("1{}", value.as_str().unwrap()).into(),
        };
        assert_eq!(gateway.deposit(&other).status, 409, "{path}");
    }
}

#[test]
fn a_field_that_is_left_out_is_another_body() {
    for field in ["redirectUrl", "invoiceStrategy"] {
        let mut body = order("order-1", "three_ds");
        body["invoiceStrategy"] = "fixed".into();
        body["redirectUrl"] = "https://shop.example".into();
        let mut gateway = gateway(Replay);
        gateway.deposit(&body);
        body.as_object_mut().unwrap().remove(field);
        assert_eq!(gateway.deposit(&body).status, 409, "{field}");
    }
}

#[test]
fn the_conflict_says_whether_the_body_was_another() {
    let want = expect![[
        r#"409 {"errors":[{"code":"conflict","message":"The order id was used before with another body."}],"success":false}"#
    ]];
    let mut replaying = gateway(Replay);
    replaying.deposit(&order("order-1", "three_ds"));
    want.assert_eq(&replaying.deposit(&order("order-1", "frictionless")).both());
    let want = expect![[
        r#"409 {"errors":[{"code":"conflict","message":"The order id was used before."}],"success":false}"#
    ]];
    let mut rejecting = gateway(Reject);
    rejecting.deposit(&order("order-1", "three_ds"));
    want.assert_eq(&rejecting.deposit(&order("order-1", "three_ds")).both());
}

#[test]
fn no_model_pays_twice() {
    for model in [Replay, Finish, Reject] {
        for card in SANDBOX_CARDS {
            let mut gateway = gateway(model);
            let body = order("order-1", card.name);
            for _ in 0..4 {
                let answer = gateway.deposit(&body);
                if answer.status == 201
                    && let Some(url) = answer.url()
                {
                    gateway.page(&url, "/approve");
                }
            }
            gateway.world.advance(SignedDuration::from_hours(48));
            let confirmed = gateway
                .callbacks()
                .iter()
                .filter(|it| it.starts_with("confirmed"))
                .count();
            assert!(confirmed <= 1, "{model:?} {}", card.name);
        }
    }
}

#[test]
fn a_forgotten_key_is_a_new_deposit() {
    let mut gateway = Gateway::with(|config| {
        config.idempotency_life = Some(SignedDuration::from_hours(24));
    });
    let body = order("order-1", "frictionless");
    gateway.deposit(&body);
    let first = gateway.id("order-1");
    gateway
        .world
        .advance(SignedDuration::from_hours(24) - SignedDuration::from_secs(1));
    gateway.deposit(&body);
    assert_eq!(gateway.id("order-1"), first);
    gateway.world.advance(SignedDuration::from_secs(1));
    gateway.deposit(&body);
    assert_ne!(gateway.id("order-1"), first);
    assert_eq!(gateway.callbacks().len(), 2);
}

#[test]
fn a_refusal_may_use_the_order_id_up() {
    for (model, want) in [
        (Replay, "[400, 400, 409, 400]"),
        (Finish, "[400, 400, 409, 400]"),
        (Reject, "[400, 409, 409, 409]"),
    ] {
        let mut gateway = Gateway::with(|config| {
            config.idempotency = model;
            config.refusals_take_orders = true;
        });
        let declined = order("order-1", "insufficient_funds");
        let statuses: Vec<_> = [
            &declined,
            &declined,
            &order("order-1", "frictionless"),
            &declined,
        ]
        .map(|body| gateway.deposit(body).status)
        .into();
        assert_eq!(format!("{statuses:?}"), want, "{model:?}");
        assert!(gateway.world.invoice("order-1").is_none());
        // What breaks the rules has used nothing up, nor what has no order id.
        let mut broken = order("order-2", "frictionless");
        broken["customerPhone"] = "no".into();
        assert_eq!(gateway.deposit(&broken).status, 422);
        assert_eq!(
            gateway.deposit(&order("order-2", "frictionless")).status,
            201
        );
        assert_eq!(gateway.deposit(&with_card("lost_card")).status, 400);
        assert_eq!(gateway.deposit(&with_card("frictionless")).status, 201);
    }
}

#[test]
fn a_refusal_that_used_the_order_id_up_is_told_again_whatever_has_changed() {
    let mut gateway = Gateway::with(|config| {
        config.refusals_take_orders = true;
        config.fixed_active_max = 1;
    });
    gateway.deposit(&order("order-1", "three_ds"));
    let mut refused = Vec::new();
    let mut other_account = order("account", "three_ds");
    other_account["accountId"] = "00000000-0000-4000-8000-000000000001".into();
    for body in [
        order("many", "three_ds"),
        order("lost", "lost_card"),
        order("unknown", "three_ds"),
        other_account,
    ] {
        let mut body = body;
        if body["orderId"] == "unknown" {
            body["card"]["cardNumber"] = "4111111111111111".into();
        }
        let first = gateway.deposit(&body);
        assert_eq!(first.status, 400, "{}", first.text);
        refused.push((body, first.text));
    }
    // There is room for another invoice again.
    gateway.world.advance(SignedDuration::from_mins(16));
    for (body, first) in refused {
        assert_eq!(gateway.deposit(&body).text, first, "{}", body["orderId"]);
    }
    let told = gateway.get("/_sandbox/explain/many").text;
    assert!(told.contains("uses the order id up"), "{told}");
}
