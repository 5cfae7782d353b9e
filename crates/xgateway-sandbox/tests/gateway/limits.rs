//! How many invoices a customer may have, and for how long.

use expect_test::expect;
use jiff::SignedDuration;

use crate::support::{Gateway, order};

fn floating(id: &str) -> serde_json::Value {
    let mut body = order(id, "three_ds");
    body["invoiceStrategy"] = "floating".into();
    body
}

#[test]
fn ten_invoices_at_a_fixed_rate_may_be_active() {
    let mut gateway = Gateway::new();
    for number in 0..10 {
        assert_eq!(
            gateway
                .deposit(&order(&format!("order-{number}"), "three_ds"))
                .status,
            201
        );
    }
    let want = expect![[
        r#"400 {"errors":[{"code":"bad_request","message":"The customer has too many active invoices."}],"success":false}"#
    ]];
    want.assert_eq(&gateway.deposit(&order("one-more", "three_ds")).both());
    let mut other = order("other-customer", "three_ds");
    other["customerId"] = "another".into();
    assert_eq!(gateway.deposit(&other).status, 201);
    // A floating one does not count, and one that has ended makes room.
    assert_eq!(gateway.deposit(&floating("floating")).status, 201);
    let id = gateway.id("order-3");
    gateway.simulate(&id, "confirmed", "10");
    assert_eq!(gateway.deposit(&order("one-more", "three_ds")).status, 201);
}

#[test]
fn a_floating_invoice_cancels_the_earlier_one() {
    let mut gateway = Gateway::new();
    gateway.deposit(&order("fixed", "three_ds"));
    gateway.deposit(&floating("first"));
    gateway.deposit(&floating("second"));
    assert_eq!(gateway.standing("first"), "canceled []");
    assert_eq!(gateway.standing("second"), "active []");
    assert_eq!(gateway.standing("fixed"), "active []");
    assert!(gateway.callbacks().is_empty());
}

#[test]
fn invoices_expire_by_the_worlds_clock() {
    let mut gateway = Gateway::new();
    gateway.deposit(&order("fixed", "three_ds"));
    gateway.deposit(&floating("floating"));
    gateway
        .world
        .advance(SignedDuration::from_secs(15 * 60 - 1));
    assert_eq!(gateway.standing("fixed"), "active []");
    gateway.world.advance(SignedDuration::from_secs(1));
    assert_eq!(gateway.standing("fixed"), "canceled []");
    assert_eq!(gateway.standing("floating"), "active []");
    gateway.world.advance(SignedDuration::from_hours(30));
    assert_eq!(gateway.standing("floating"), "canceled []");
    let expired = gateway
        .world
        .events()
        .iter()
        .rfind(|event| event.name() == "invoice_changed")
        .unwrap();
    let start = gateway.world.config().start;
    assert_eq!(expired.at(), start + SignedDuration::from_hours(24));
    assert_eq!(
        gateway.world.now(),
        start + SignedDuration::from_hours(30) + SignedDuration::from_mins(15)
    );
    assert!(gateway.callbacks().is_empty());
}

#[test]
fn the_clock_neither_goes_back_nor_overflows() {
    let mut gateway = Gateway::new();
    let start = gateway.world.now();
    gateway.world.advance(SignedDuration::from_secs(-5));
    gateway.world.advance(SignedDuration::MIN);
    assert_eq!(gateway.world.now(), start);
    gateway.deposit(&order("order-1", "three_ds"));
    gateway.world.advance(SignedDuration::MAX);
    assert_eq!(gateway.standing("order-1"), "canceled []");
    let mut last = order("order-2", "three_ds");
    last["card"]["expiryYear"] = "9999".into();
    assert_eq!(gateway.deposit(&last).status, 201);
}
