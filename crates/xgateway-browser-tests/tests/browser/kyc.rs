//! The KYC vendor's page.

use jiff::SignedDuration;
use serde_json::json;
use xgateway_sandbox::EXAMPLE_AGREEMENT_HASHES;

use crate::stage::{Stage, play};

/// A customer with a link to the page.
fn link(stage: &Stage) -> String {
    let customer = "/api/v2/customer/customer-1/bank-transfer";
    stage.ask(
        &format!("{customer}/user"),
        &json!({
            "country": "GB", "currency": "EUR", "firstName": "John", "lastName": "Doe",
            "acceptedPrivacyPolicyHash": EXAMPLE_AGREEMENT_HASHES[0],
            "acceptedTermsAndConditionsHash": EXAMPLE_AGREEMENT_HASHES[1],
            "acceptedTermsOfServiceHash": EXAMPLE_AGREEMENT_HASHES[2],
        }),
    );
    let answer = stage.ask(
        &format!("{customer}/kyc/initiate"),
        &json!({"locale": "en"}),
    );
    answer["data"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_fails_may_try_again_and_the_page_follows() {
    play("kyc", async |stage| {
        stage.open(&link(&stage)).await;
        stage.sees("Who are you?").await;
        stage.waits_for("//strong[.='KYC_NEEDED']").await;
        stage.looks("kyc").await;
        stage.press("form[action$='/leave'] button").await;
        stage
            .waits_for("//p[not(contains(., 'two minutes'))]")
            .await;
        stage.press("form[action$='/fail'] button").await;
        stage.waits_for("//strong[.='KYC_PENDING']").await;
        let check = SignedDuration::from_secs(10);
        stage.sandbox.world(|world| world.advance(check));
        // Without a reload.
        stage.waits_for("//strong[.='SOFT_KYC_FAILED']").await;
        stage
            .waits_for("//p[contains(., 'Enter your date of birth')]")
            .await;
        stage.press("form[action$='/finish'] button").await;
        stage.waits_for("//strong[.='KYC_PENDING']").await;
        stage.sandbox.world(|world| world.advance(check));
        stage.waits_for("//strong[.='FULL_USER']").await;
        stage
            .waits_for("//p[contains(., 'nothing to do here')]")
            .await;
        stage.looks("kyc-passed").await;
        // An older page is of no use any more.
        stage.browser.back().await.unwrap();
        stage.waits_for("//strong[.='FULL_USER']").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_document_is_the_end() {
    play("kyc-refused", async |stage| {
        stage.open(&link(&stage)).await;
        stage.press("form[action$='/refuse'] button").await;
        stage.waits_for("//strong[.='KYC_PENDING']").await;
        stage
            .sandbox
            .world(|world| world.advance(SignedDuration::from_secs(10)));
        stage.waits_for("//strong[.='HARD_KYC_FAILED']").await;
    })
    .await;
}
