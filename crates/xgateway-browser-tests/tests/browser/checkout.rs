//! The page with the address to which a customer pays.

use jiff::SignedDuration;
use serde_json::json;

use crate::stage::play;

#[tokio::test(flavor = "multi_thread")]
async fn the_page_follows_the_payment() {
    play("checkout", async |stage| {
        let wish = json!({"currency": "ETH", "customerId": "customer-1"});
        let answer = stage.ask("/api/v2/channels", &wish);
        let address = answer["data"]["address"].as_str().unwrap().to_owned();
        stage.open(&format!("/checkout/{address}")).await;
        stage.sees("Pay with ETH").await;
        let script = "const image = document.querySelector('img.qr'); return image.complete && image.naturalWidth > 0";
        let has_image = stage.browser.execute(script, Vec::new()).await.unwrap();
        assert_eq!(has_image, true, "the QR code is drawn");
        stage.looks("checkout").await;
        stage.ask("/_sandbox/deposits", &json!({"address": address, "amount": "0.5"}));
        stage.waits_for("//li[contains(., '0.5 ETH')][contains(., 'processing')]").await;
        stage.sandbox.world(|world| world.advance(SignedDuration::from_hours(1)));
        stage.waits_for("//li[contains(., '0.5 ETH')][contains(., 'confirmed')]").await;
        stage.looks("checkout-paid").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_an_invoice_follows_it() {
    play("invoice", async |stage| {
        let url = stage.deposit("order-1", "three_ds").unwrap();
        let invoice = stage
            .sandbox
            .world(|world| world.invoice("order-1"))
            .unwrap();
        stage.open(&format!("/checkout/{}", invoice.id)).await;
        stage.waits_for("//strong[.='active']").await;
        stage.sandbox.three_ds(&url).approve();
        stage.waits_for("//strong[.='completed']").await;
    })
    .await;
}
