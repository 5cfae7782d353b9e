//! The inspector: live, with reasons, and with buttons that do what they say.

use crate::stage::play;

#[tokio::test(flavor = "multi_thread")]
async fn the_timeline_follows_the_world() {
    play("timeline", async |stage| {
        stage.open("/inspector").await;
        stage.waits_for("//span[@data-state][.='Live.']").await;
        stage.deposit("order-<1>", "frictionless");
        let entry = "//li[contains(@class, 'request')][contains(., 'POST /api/v2/gateway8')]";
        stage
            .waits_for(&format!("{entry}[contains(., '201')]"))
            .await;
        stage.press("li.request summary").await;
        stage
            .waits_for("//p[contains(., 'Takes a card deposit, host to host.')]")
            .await;
        stage
            .waits_for("//pre[contains(., '\"cardSecurityCode\": \"**\"')]")
            .await;
        stage.looks("timeline").await;
        // A filter shows one kind, and stays live.
        stage.open("/inspector?kind=callback").await;
        stage
            .waits_for("//li[contains(., 'Callback 1 made')]")
            .await;
        stage.waits_for("//span[@data-state][.='Live.']").await;
        stage.deposit("order-2", "frictionless");
        stage
            .waits_for("//li[contains(., 'Callback 2 made')]")
            .await;
        let others = stage
            .browser
            .find_all(fantoccini::Locator::Css("li.change, li.request"));
        assert!(others.await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_is_sent_again() {
    play("resend", async |stage| {
        stage.deposit("order-1", "frictionless");
        let taken = |stage: &crate::stage::Stage| {
            stage.sandbox.world(|world| {
                let callbacks = world.take_callbacks();
                for callback in &callbacks {
                    world.record_callback_attempt(callback.number(), Some(200));
                }
                callbacks.len()
            })
        };
        assert_eq!((taken(&stage), taken(&stage)), (1, 0));
        stage.open("/inspector/payments").await;
        stage.looks("payments").await;
        stage.press("form[action$='/resend'] button").await;
        stage.sees("Timeline").await;
        assert_eq!((taken(&stage), taken(&stage)), (1, 0));
        // It is an entry of its own, which leads to its explanation.
        let entry = "//li[contains(., 'Callback 1 wanted again')]";
        stage.waits_for(entry).await;
        stage.press("li.callback summary").await;
        stage
            .press("li.callback details[open] a[href='/_sandbox/explain/callback%3A1']")
            .await;
        stage.waits_for("//*[contains(., 'callback_resent')]").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_and_faults_are_moved_by_hand() {
    play("controls", async |stage| {
        let url = stage.deposit("order-1", "three_ds").unwrap();
        stage.open("/inspector/controls").await;
        stage
            .press("form[action='/inspector/clock'] input[value='900'] + button")
            .await;
        stage
            .waits_for("//strong[contains(., '00:15:00 UTC')]")
            .await;
        assert_eq!(stage.standing("order-1"), "canceled []");
        stage.press("form[action='/inspector/faults'] button").await;
        stage
            .waits_for("//button[@aria-label='Remove fault 1']")
            .await;
        stage.looks("controls").await;
        stage.press("ul.faults button").await;
        stage
            .waits_for("//p[contains(., 'everything goes well')]")
            .await;
        stage.open(&url).await;
        stage.sees("Payment canceled").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_fits_a_phone() {
    play("pages", async |stage| {
        stage.deposit("order-1", "three_ds");
        for (path, name) in [
            ("/", "home"),
            ("/inspector/customers", "customers"),
            ("/inspector/accounts", "accounts"),
            ("/docs", "docs"),
        ] {
            stage.open(path).await;
            stage.find("h1").await;
            stage.looks(name).await;
        }
    })
    .await;
}
