//! One golden request for each operation of payments by bank.

use http::{Method, StatusCode};
use serde_json::json;
use xgateway_api::environment::Environment;
use xgateway_api::json;
use xgateway_api::path::Paths;
use xgateway_api::types::{
    BankCurrency, CreateKycLinkRequest, CustomerBankAccountStatus, KycStatus,
};
use xgateway_client::{Client, Effect};
use xgateway_core::id::CustomerId;
use xgateway_transport::test_util::{ExpectedRequest, MockTransport, ScriptedTransport};

use crate::fixture::{API_KEY, api_key};
use crate::once::client;

/// The operations that have a golden below.
pub(crate) const COVERED: &[&str] = &[
    "create_profile",
    "correct_profile",
    "create_applicant",
    "start_verification",
    "get_kyc",
    "create_kyc_link",
    "import_kyc_token",
    "create_bank_account",
    "get_bank_accounts",
];

const BASE: &str = "/api/v2/customer/customer%2F1/bank-transfer";

const NO_JSON: &str = "content-type";

fn customer() -> CustomerId {
    CustomerId::parse("customer/1").unwrap()
}

fn expected(method: Method, tail: &str) -> ExpectedRequest {
    ExpectedRequest::new(method, format!("{BASE}{tail}")).header("x-api-key", API_KEY)
}

fn posted(tail: &str) -> ExpectedRequest {
    expected(Method::POST, tail).header("content-type", "application/json")
}

#[tokio::test]
async fn profile_and_applicant_are_created_and_corrected() {
    let profile = json!({
        "country": "GB", "currency": "EUR", "email": "jane@example.com", "firstName": "Jane", "lastName": "Roe",
    });
    let applicant = json!({
        "address1": "45 Pitt Street", "postCode": "2000", "city": "Sydney", "country": "AU",
        "dateOfBirth": "1990-12-25", "sourceOfFunds": "SALARY",
    });
    let correction = json!({"dateOfBirth": "1990-12-26", "address": {"addressLine2": "Level 3"}});
    let gateway = ScriptedTransport::new([
        posted("/user").json(profile.clone()).answers(
            StatusCode::CREATED,
            r#"{"data":"User successfully created","success":true}"#,
        ),
        posted("/kyc/applicant").json(applicant.clone()).answers(
            StatusCode::CREATED,
            r#"{"data":"KYC applicant was created successfully","success":true}"#,
        ),
        expected(Method::PATCH, "")
            .header("content-type", "application/json")
            .json(correction.clone())
            .answers(StatusCode::NO_CONTENT, ""),
    ]);
    let client = client(gateway);
    let body = json::read(profile.to_string().as_bytes()).unwrap();
    let answer = client.create_profile(&customer(), body).await.unwrap();
    assert_eq!(answer.data(), "User successfully created");
    let body = json::read(applicant.to_string().as_bytes()).unwrap();
    client.create_applicant(&customer(), body).await.unwrap();
    let body = json::read(correction.to_string().as_bytes()).unwrap();
    client.correct_profile(&customer(), body).await.unwrap();
}

#[tokio::test]
async fn a_verification_is_started_without_a_body_and_any_success_will_do() {
    let started = || {
        expected(Method::POST, "/kyc/verification")
            .no_header(NO_JSON)
            .bytes("")
    };
    let gateway = ScriptedTransport::new([
        started().answers(StatusCode::NO_CONTENT, ""),
        started().answers(
            StatusCode::NO_CONTENT,
            r#"{"data":"KYC verification started","success":true}"#,
        ),
    ]);
    let client = client(gateway);
    client.start_verification(&customer()).await.unwrap();
    client.start_verification(&customer()).await.unwrap();
}

#[tokio::test]
async fn a_kyc_status_is_read_whatever_the_missing_documents_look_like() {
    let gateway = ScriptedTransport::new([
        expected(Method::GET, "/kyc").answers(
            StatusCode::OK,
            r#"{"data":{"id":"customer/1","status":null},"success":true}"#,
        ),
        expected(Method::GET, "/kyc").answers(
            StatusCode::OK,
            r#"{"data":{"id":"customer/1","status":"SOFT_KYC_FAILED","docsMissing":[{"docType":"PASSPORT"},"SELFIE"]},"success":true}"#,
        ),
    ]);
    let client = client(gateway);
    let unknown = client.kyc(&customer()).await.unwrap().into_data();
    assert_eq!(unknown.status, None);
    let failed = client.kyc(&customer()).await.unwrap().into_data();
    assert_eq!(failed.status, Some(KycStatus::SoftKycFailed));
    assert_eq!(failed.docs_missing.map(|it| it.len()), Some(2));
}

#[tokio::test]
async fn links_tokens_and_accounts() {
    let gateway = ScriptedTransport::new([
        posted("/kyc/initiate").json(json!({"locale": "en"})).answers(
            StatusCode::CREATED,
            r#"{"data":"https://checkout.xgateway.tech/kyc/1","success":true}"#,
        ),
        posted("/kyc/export")
            .json(json!({"token": "share-token"}))
            .answers(StatusCode::CREATED, ""),
        posted("/account")
            .json(json!({"currency": "EUR"}))
            .answers(StatusCode::CREATED, r#"{"data":{"any":"thing"},"success":true}"#),
        expected(Method::GET, "/accounts").answers(
            StatusCode::OK,
            r#"{"data":[{"country":"MT","currency":"EUR","iban":"MT36CFTE28004000000000003225049","bic":"CFTEMTM1","id":"a1","status":"ACTIVE"}],"success":true}"#,
        ),
    ]);
    let client = client(gateway);
    let body = CreateKycLinkRequest {
        locale: Some("en".to_owned()),
        application_id: None,
        is_kyc_no_sdk: None,
    };
    let link = client.create_kyc_link(&customer(), body).await.unwrap();
    assert_eq!(link.data(), "https://checkout.xgateway.tech/kyc/1");
    client
        .import_kyc_token(&customer(), "share-token".into())
        .await
        .unwrap();
    client
        .create_bank_account(&customer(), BankCurrency::Eur)
        .await
        .unwrap();
    let accounts = client.bank_accounts(&customer()).await.unwrap();
    assert_eq!(accounts.data()[0].status, CustomerBankAccountStatus::Active);
}

#[tokio::test]
async fn a_path_that_nobody_documented_can_be_another() {
    let mut paths = Paths::default();
    paths
        .set("get_bank_accounts", "/v3/{id}/virtual-accounts")
        .unwrap();
    let gateway =
        ScriptedTransport::new([
            ExpectedRequest::get("/api/v3/customer%2F1/virtual-accounts")
                .answers(StatusCode::OK, r#"{"data":[],"success":true}"#),
        ]);
    let client = Client::builder(Environment::Demo, api_key(), gateway)
        .paths(paths)
        .build();
    let accounts = client.bank_accounts(&customer()).await.unwrap();
    assert!(accounts.data().is_empty());
}

#[tokio::test]
async fn what_breaks_a_rule_is_not_sent() {
    // A mock without an expectation: any request would fail the test.
    let client = client(MockTransport::new());
    let currency = BankCurrency::Unknown("CHF".into());
    let error = client.create_bank_account(&customer(), currency).await;
    assert_eq!(error.unwrap_err().effect(), Effect::Nothing);
    let error = client.import_kyc_token(&customer(), "".into()).await;
    assert_eq!(error.unwrap_err().effect(), Effect::Nothing);
}
