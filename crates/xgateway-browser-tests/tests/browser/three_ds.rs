//! The page on which the customer's bank asks.

use fantoccini::key::Key;
use jiff::SignedDuration;

use crate::stage::{THANKS, play};

#[tokio::test(flavor = "multi_thread")]
async fn approving_leads_to_the_merchant_and_back_changes_nothing() {
    play("approve", async |stage| {
        let url = stage.deposit("order-1", "three_ds").unwrap();
        stage.open(&url).await;
        stage.sees("Approve this payment?").await;
        stage.looks("three-ds").await;
        stage.press("button.approve").await;
        stage.sees(THANKS).await;
        assert_eq!(
            stage.browser.current_url().await.unwrap().as_str(),
            stage.shop
        );
        assert_eq!(stage.standing("order-1"), "completed [confirmed]");
        stage.browser.back().await.unwrap();
        stage.sees("Payment approved").await;
        assert_eq!(stage.standing("order-1"), "completed [confirmed]");
        stage.press("a.button").await;
        stage.sees(THANKS).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn declining_ends_on_the_page() {
    play("decline", async |stage| {
        let url = stage.deposit("order-1", "three_ds").unwrap();
        stage.open(&url).await;
        stage.press("button.decline").await;
        stage.sees("Payment declined").await;
        stage.looks("three-ds-declined").await;
        assert_eq!(stage.standing("order-1"), "canceled [failed]");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_may_come_back_until_it_expires() {
    play("leave", async |stage| {
        let url = stage.deposit("order-1", "three_ds").unwrap();
        stage.open(&url).await;
        stage.press("button.leave").await;
        stage
            .waits_for("//p[contains(., 'You left this page before')]")
            .await;
        assert_eq!(stage.standing("order-1"), "active []");
        stage
            .sandbox
            .world(|world| world.advance(SignedDuration::from_mins(15)));
        // The page is older than the invoice's end.
        stage.press("button.approve").await;
        stage.sees("Payment canceled").await;
        assert_eq!(stage.standing("order-1"), "canceled []");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_click_pays_once() {
    play("double", async |stage| {
        let url = stage.deposit("order-1", "three_ds").unwrap();
        stage.open(&url).await;
        let twice = "const button = document.querySelector('button.approve'); button.click(); button.click();";
        stage.browser.execute(twice, Vec::new()).await.unwrap();
        stage.sees(THANKS).await;
        // Another window that was left open.
        stage.open(&url).await;
        stage.sees("Payment approved").await;
        assert_eq!(stage.standing("order-1"), "completed [confirmed]");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keyboard_is_enough_and_a_slow_bank_is_waited_for() {
    play("keyboard", async |stage| {
        let url = stage.deposit("order-1", "three_ds_then_slow").unwrap();
        stage.open(&url).await;
        stage.sees("Approve this payment?").await;
        let body = stage.find("body").await;
        body.send_keys(&Key::Tab.to_string()).await.unwrap();
        let focused = stage.browser.active_element().await.unwrap();
        assert_eq!(focused.text().await.unwrap(), "Approve");
        focused.send_keys(&Key::Enter.to_string()).await.unwrap();
        stage.sees(THANKS).await;
        assert_eq!(stage.standing("order-1"), "processing [processing]");
        stage.open(&url).await;
        stage.sees("Payment in progress").await;
        stage
            .sandbox
            .world(|world| world.advance(SignedDuration::from_mins(1)));
        stage.browser.refresh().await.unwrap();
        stage.sees("Payment approved").await;
    })
    .await;
}
